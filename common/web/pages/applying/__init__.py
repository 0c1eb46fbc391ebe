"""Applying, step by step: alike for a villager at the kiosk and a helper at the desk."""
