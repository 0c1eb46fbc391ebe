"""Backup and restore of a node's directory (docs/spec/backup.md)."""
