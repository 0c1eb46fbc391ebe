"""What all three tiers share; the layers inside are listed from top to bottom in ``pyproject.toml``."""
