"""What people hand in as files: checked by content, made into upright plain pages, marked."""
