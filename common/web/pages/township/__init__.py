"""The township's pages beside those of cases: its stations, and what it carries unread."""
