"""The county hub's pages beside those of cases: nodes, catalogue, grants, calendar."""
