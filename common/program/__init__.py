"""What the three programs share: the run loop of `serve`, settings, and the commands all of them have."""
