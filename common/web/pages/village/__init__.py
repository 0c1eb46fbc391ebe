"""The public pages of a station: home, guide, apply, receipt, progress."""
