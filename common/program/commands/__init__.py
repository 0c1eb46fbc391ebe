"""The commands the three programs share; each tier's program is a choice of them."""
