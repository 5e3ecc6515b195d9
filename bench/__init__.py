"""Measurements against peers and limits, each in the same run."""
