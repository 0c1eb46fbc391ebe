"""Attacks on a county of real programs: what a thief, a stranger and a township's administrator find."""
