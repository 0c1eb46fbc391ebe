"""Sign-in, the locked box, accounts, and the page of the line, alike on every tier."""
