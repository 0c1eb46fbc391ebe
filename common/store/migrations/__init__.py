"""The tables' history. Only CreateModel, AddIndex and AddField with null or db_default: others lose rows."""
