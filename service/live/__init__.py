"""Event streams: what happens to maps, told to whoever listens."""
