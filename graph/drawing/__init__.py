"""Nodes and edges for drawing: of a whole view, or of what lies around a node."""
