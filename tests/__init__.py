"""Tests, in folders by what they prove."""
