"""What is answered of remarks beside themselves."""

from schemas.base import Id
from service.models.answers import Answered


class RemarkDeleted(Answered):
    """A remark that was taken back."""

    deleted: list[Id]
    """Its id."""
