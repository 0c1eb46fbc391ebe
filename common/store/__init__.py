"""The databases: engine, tables of all tiers, one migration history, queries."""
