"""Answers that are text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """Stands where a schema would: the body is text of the media type that it is declared under."""


TEXT = Text()
