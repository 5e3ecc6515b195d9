"""The operations, one noun in each file; each asks one of the two doors and says what came of it."""
