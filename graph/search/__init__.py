"""Texts folded for comparing, and near duplicates."""
