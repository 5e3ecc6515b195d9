"""Argument paths, connections, and what reaches what."""
