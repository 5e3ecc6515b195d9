"""What stands, how strongly, why, and what would change it: pure functions of a snapshot."""
