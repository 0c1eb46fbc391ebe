"""A county on one machine, to look at: three real programs on loopback, and the story they can play."""
