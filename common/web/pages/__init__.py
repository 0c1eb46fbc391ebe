"""Pages of cases: the public's at a station, and the desk's at every tier."""
