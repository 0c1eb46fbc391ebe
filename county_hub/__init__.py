"""The county's program: custodian of cases, root of identity, keeper of the catalogue."""
