"""The village's program: takes applications in and hands results over, line or no line."""
