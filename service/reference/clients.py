"""The last pass over the OpenAPI document: the same facts, in the forms that generators of clients understand.

What the framework writes is right, and yet breaks clients that are made from it. Here it is brought into these
forms, which `tests/clients/` tries with three generators:

- No field of a body or an answer has a `default`: of a field with a default generators make one that is always
  sent, and in a merge patch absent and default are not the same.
- A list of words is a component of its own (`Verdict`), so that it is one type wherever it stands.
- What may be null is `type: [string, "null"]`, and an alternative is a `oneOf` where only one side can fit.
- A parameter cannot be null. Parameters that operations share are components.
- A title that only repeats a name is left out: generators name types by it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from service.reference.fields import say_what_fields_are
from service.reference.words import WORDS, Words

Json = dict[str, Any]
_AT = "#/components/{}/{}"
_SHARED = 2
"""Operations that say the same before it is said once for all."""
_SUBSCHEMAS = ("anyOf", "oneOf", "allOf", "prefixItems")
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key of the service. Where no keys are set up, none is asked for.",
}


def for_clients(document: Mapping[str, Any]) -> Json:
    """The document as generators need it; the one given stays as it is. O(document)."""
    made: Json = msgspec.json.decode(msgspec.json.encode(document))
    components = made.setdefault("components", {})
    used: set[Words] = set()
    pass_ = _Pass(components.get("schemas", {}), used)
    schemas = {name: _without_default(pass_.schema(one)) for name, one in pass_.schemas.items()}
    say_what_fields_are(schemas)
    for operation in _operations(made):
        pass_.operation(operation)
    for one in used:
        if "properties" in pass_.schemas.get(one.name, {}):
            raise ValueError(f"a model and a list of words are both called {one.name}")
        schemas[one.name] = {"type": "string", "enum": list(one.words), "description": one.about}
    components["schemas"] = dict(sorted(schemas.items()))
    components["parameters"] = _share_parameters(made)
    components["securitySchemes"] = {"key": _KEY}
    made["security"] = [{}, {"key": []}]
    return made


class _Pass:
    """What is done to each schema, with the components that it may refer to."""

    def __init__(self, schemas: Json, used: set[Words]) -> None:
        self.schemas = schemas
        self.used = used

    def operation(self, operation: Json) -> None:
        """Mend every schema of an operation, in place."""
        for parameter in operation.get("parameters", ()):
            if "schema" in parameter:
                parameter["schema"] = self.schema(_never_null(parameter["schema"]))
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for said in (*bodies, *operation["responses"].values()):
            for content in said.get("content", {}).values():
                if "schema" in content:
                    content["schema"] = _without_default(self.schema(content["schema"]))

    def schema(self, schema: Json) -> Json:
        """A schema with everything inside of it in the forms that generators understand."""
        made = {name: value for name, value in schema.items() if name != "title"}
        if "properties" in made:
            made["properties"] = {name: self.schema(one) for name, one in made["properties"].items()}
        for name in ("items", "additionalProperties"):
            if isinstance(made.get(name), dict):
                made[name] = self.schema(made[name])
        for name in _SUBSCHEMAS:
            if name in made:
                made[name] = [self.schema(one) for one in made[name]]
        return self._alternative(self._word(made))

    def _word(self, schema: Json) -> Json:
        """A reference instead of a list of words that has a name."""
        words = schema.get("enum")
        named = WORDS.get(frozenset(words)) if words and len(words) > 1 else None
        if named is None:
            return schema
        self.used.add(named)
        rest = {name: value for name, value in schema.items() if name not in ("enum", "type")}
        return {"$ref": _AT.format("schemas", named.name), **rest}

    def _alternative(self, schema: Json) -> Json:
        """What may be null as one type, and an alternative of which only one side can fit as such."""
        if "anyOf" not in schema:
            return schema
        rest = {name: value for name, value in schema.items() if name != "anyOf"}
        several = [part for one in schema["anyOf"] for part in (one["oneOf"] if one.keys() == {"oneOf"} else [one])]
        others = [one for one in several if one.get("type") != "null"]
        if len(others) == 1 and len(several) == 2 and _is_plain(others[0]):
            return {**others[0], **rest, "type": [others[0]["type"], "null"]}
        types = [self._type(one) for one in several]
        return {**rest, "oneOf" if len(set(types)) == len(types) else "anyOf": several}

    def _type(self, schema: Json) -> str:
        """The type of JSON that fits a schema."""
        while "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            schema = self.schemas.get(name, {"type": "string"})  # else one of the lists of words
        return str(schema.get("type", "object"))


def _operations(document: Json) -> Iterator[Json]:
    for methods in document["paths"].values():
        yield from methods.values()


def _is_plain(schema: Json) -> bool:
    """Whether a schema is one type, to which null can be added."""
    return isinstance(schema.get("type"), str) and "const" not in schema and "enum" not in schema


def _never_null(schema: Json) -> Json:
    """A parameter's schema: null cannot be sent, and what is left out needs no default of nothing."""
    made = {name: value for name, value in schema.items() if not (name == "default" and value in (None, []))}
    others = [one for one in made.get("anyOf", ()) if one.get("type") != "null"]
    if len(others) == 1:
        del made["anyOf"]
        return {**others[0], **made}
    return {**made, "anyOf": others} if others else made


def _without_default(schema: Any) -> Any:
    """A schema without what it says of a field that is left out."""
    if isinstance(schema, list):
        return [_without_default(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _without_default(value) for name, value in schema.items() if name not in ("default", "properties")}
    if "properties" in schema:  # one of which may be called `default`
        made["properties"] = {name: _without_default(one) for name, one in schema["properties"].items()}
    return made


def _share_parameters(document: Json) -> Json:
    """Refer to each parameter that several operations have alike; of two that differ the more frequent one."""
    shared: Json = document["components"].get("parameters", {})
    said = [(one, several, i) for several in _parameters(document) for i, one in enumerate(several) if "name" in one]
    for text, count in Counter(_text(one) for one, _, _ in said).most_common():
        one = msgspec.json.decode(text)
        if count >= _SHARED:
            shared.setdefault(one["name"], one)
    for one, several, i in said:
        if shared.get(one["name"]) == one:
            several[i] = {"$ref": _AT.format("parameters", one["name"])}
    return dict(sorted(shared.items()))


def _parameters(document: Json) -> Iterator[list[Json]]:
    for operation in _operations(document):
        yield operation.get("parameters", [])


def _text(value: Json) -> bytes:
    return msgspec.json.encode(value, order="deterministic")
