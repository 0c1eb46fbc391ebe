"""Ways bytes travel between nodes."""
