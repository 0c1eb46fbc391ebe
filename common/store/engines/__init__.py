"""The two databases below: SQLite (SQLCipher too) and PostgreSQL, behind one interface (docs/adr/0022)."""
