"""Verdicts: which conclusions stand, under each semantics."""
