"""Keys, suites, certificates and password hashes."""
