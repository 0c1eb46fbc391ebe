"""A second decoder, written from docs/spec alone; it imports nothing of the product."""
