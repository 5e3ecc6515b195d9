"""What the world sees: the HTTP service, its settings and its command line."""
