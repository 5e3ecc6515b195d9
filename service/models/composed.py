"""The base of models that are put together from the fields of others."""

from typing import ClassVar

from pydantic import ConfigDict

from schemas.base import Record


class Composed(Record):
    """Must stand last among the bases, so that its configuration counts."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        use_attribute_docstrings=False,  # such a model has no source text to read them from
    )
