"""Programs for whoever keeps the seed data."""
