"""Vectors of the formats in docs/spec, and what writes them."""
