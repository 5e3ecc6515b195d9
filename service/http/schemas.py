"""Schemas of pydantic models and Structs in one list of components."""

from collections.abc import Iterable
from typing import Any

import msgspec
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from service.wire.text import Text

_AT = "#/components/schemas/{name}"


class Schemas:
    """Schemas by name, and the reference to each shape."""

    def __init__(self, sent: Iterable[Any], answered: Iterable[Any]) -> None:
        """What is sent is described as it is read, what is answered as it is written."""
        modes: list[tuple[Any, JsonSchemaMode]] = [
            *((one, "validation") for one in dict.fromkeys(sent)),
            *((one, "serialization") for one in dict.fromkeys(answered)),
        ]
        self._references: dict[Any, dict[str, Any]] = {}
        self.components: dict[str, Any] = {}
        self._add_models([pair for pair in modes if _is_model(pair[0])])
        self._add_structs([one for one, _ in modes if not _is_model(one) and not isinstance(one, Text)])

    def reference(self, shape: Any) -> dict[str, Any]:
        """The schema of a shape: a reference into the components."""
        return {"type": "string"} if isinstance(shape, Text) else self._references[shape]

    def _add_models(self, models: list[tuple[Any, JsonSchemaMode]]) -> None:
        found, whole = models_json_schema(models, ref_template="#/components/schemas/{model}")
        self.components.update(whole.get("$defs", {}))
        self._references.update({model: schema for (model, _), schema in found.items()})

    def _add_structs(self, structs: list[Any]) -> None:
        references, whole = msgspec.json.schema_components(structs, ref_template=_AT)
        twice = set(whole) & set(self.components)
        if twice:
            raise ValueError(f"two shapes have one name: {sorted(twice)}")
        self.components.update(whole)
        self._references.update(zip(structs, references, strict=True))


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)
