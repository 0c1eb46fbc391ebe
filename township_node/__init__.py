"""The township's program: carries for its villages, pre-reviews and decides what is its own."""
