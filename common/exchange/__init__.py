"""Seal, stage, drive sessions, apply: where journal, sync and store meet."""
