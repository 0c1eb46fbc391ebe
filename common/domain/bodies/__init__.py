"""Bodies of entries: what each kind says, as frozen dataclasses."""
