"""The tables' history. Only CreateModel, AddIndex and AddField with null or db_default: others lose rows.

An index names columns (``journal_id``), never relations: SQLite takes an unknown name for a text. No description
may hold a semicolon: statements are split there.
"""
