"""Exchange by a folder: a stick that is carried, a ferry directory at a gate (docs/spec/folder.md)."""
