"""Papers given to people, rendered from facts and versioned templates."""
