"""Pages: application factory, sign-in, forms, and what two tiers show alike."""
