"""Examples: the map of two articles as data, with what reads it and checks it against the texts."""
