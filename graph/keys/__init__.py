"""Keys: how one is made and told from a forgery, and the port of where they are kept."""
