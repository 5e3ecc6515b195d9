"""Strengths: how strongly each node stands."""
