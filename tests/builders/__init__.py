"""Builders: the smallest true things tests are made of."""
