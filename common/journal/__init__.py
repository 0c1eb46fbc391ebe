"""Entries, chains and parcels: bytes in, bytes out."""
