"""Texts of sources: their paragraphs and sentences, where assertions stand in them, and what a passage holds."""
