"""Staff pages shared by all tiers: what waits, the list, one case, and applying for somebody."""
