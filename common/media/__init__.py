"""Photographs and scans: checked, turned upright, made smaller."""
