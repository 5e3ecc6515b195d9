"""A map's past told: each change as a sentence and by its effect, and two states compared."""
