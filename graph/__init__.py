"""What is true: the graph of one map, its rules, its editing and the stores that keep it."""
