"""The OpenAPI document has the forms that generators of clients understand, and its examples are true to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from service.reference.openapi import for_clients
from tests.support.document import DOCUMENT

SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = [operation for methods in DOCUMENT["paths"].values() for operation in methods.values()]
# A component of such a name hides what the language or the client's own runtime calls so.
TAKEN = {"Array", "Client", "Date", "Error", "File", "Function", "Map", "Object", "Promise", "Record", "Request"}
TAKEN |= {"Response", "Set", "String", "Symbol", "Unset"}


def _resolved(one: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in one:
        found: Any = DOCUMENT
        for step in one["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        one = found
    return one


def _schemas(schema: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A schema and everything inside of it, each with its place."""
    yield place, schema
    for name, one in schema.get("properties", {}).items():
        yield from _schemas(one, f"{place}/{name}")
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from _schemas(schema[name], f"{place}/{name}")
    for name in ("anyOf", "oneOf", "allOf"):
        for i, one in enumerate(schema.get(name, ())):
            yield from _schemas(one, f"{place}/{name}/{i}")


def _sent_and_answered() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in SCHEMAS.items():
        yield from _schemas(schema, name)
    for operation in OPERATIONS:
        for said in (operation.get("requestBody", {}), *map(_resolved, operation["responses"].values())):
            for content in said.get("content", {}).values():
                yield from _schemas(content["schema"], operation["operationId"])


def _parameters() -> Iterator[tuple[str, dict[str, Any]]]:
    for operation in OPERATIONS:
        for one in map(_resolved, operation.get("parameters", ())):
            yield f"{operation['operationId']}/{one['name']}", one


def test_no_body_and_no_answer_says_what_a_missing_field_would_be() -> None:
    assert [place for place, schema in _sent_and_answered() if "default" in schema] == []


def test_every_list_of_words_has_a_name_and_a_type() -> None:
    whole = [*_sent_and_answered(), *(pair for at, one in _parameters() for pair in _schemas(one["schema"], at))]
    assert [place for place, schema in whole if len(schema.get("enum", ())) > 1 and place not in SCHEMAS] == []
    assert [place for place, schema in whole if "enum" in schema and "type" not in schema] == []


def test_an_alternative_of_objects_is_told_apart_by_a_field() -> None:
    for place, schema in _sent_and_answered():
        others = [_resolved(one) for one in schema.get("oneOf", ())]
        if sum(one.get("type") == "object" for one in others) > 1:
            told = schema["discriminator"]
            assert len(told["mapping"]) == len(others), place
            for word, reference in told["mapping"].items():
                fields = _resolved({"$ref": reference})
                assert fields["properties"][told["propertyName"]]["const"] == word, place
                assert told["propertyName"] in fields["required"], place
        assert "anyOf" not in schema, place


def test_no_component_has_a_name_that_clients_need_for_something_else() -> None:
    assert set(SCHEMAS) & TAKEN == set()
    assert [name for name in SCHEMAS if not name.isidentifier() or name.endswith(("Input", "Output"))] == []
    own = [name for name, schema in SCHEMAS.items() if _snake(name) in schema.get("properties", {})]
    assert own == [], "in Python the variable of a model and that of its field would be one"


def _snake(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name).lstrip("_")


def test_nothing_that_is_updated_has_a_required_field() -> None:
    updates = {name: schema for name, schema in SCHEMAS.items() if name.endswith("Update") and name != "BatchUpdate"}
    assert len(updates) >= 7
    assert [name for name, schema in updates.items() if schema.get("required")] == []


def test_a_title_does_not_repeat_a_name() -> None:
    assert [place for place, schema in _sent_and_answered() if "title" in schema] == []


def test_a_parameter_is_never_null() -> None:
    for place, one in _parameters():
        for _, schema in _schemas(one["schema"], place):
            assert schema.get("default", "") is not None, place
            assert "null" not in schema.get("type", ""), place


def test_what_operations_share_is_said_once() -> None:
    shared = DOCUMENT["components"]["parameters"]
    assert {"map", "as_of", "sources", "actors", "motives", "basis", "min_confidence", "without"} <= set(shared)
    assert {"If-Match", "If-None-Match", "Idempotency-Key", "cursor"} <= set(shared)
    inside = [
        status
        for one in OPERATIONS
        for status, said in one["responses"].items()
        if status > "399" and "$ref" not in said
    ]
    assert inside == []


def test_the_document_says_where_by_what_licence_and_with_which_key() -> None:
    assert [one["url"] for one in DOCUMENT["servers"]] == ["/"], "wherever the document is read"
    assert DOCUMENT["info"]["license"] == {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    [[name, scheme]] = DOCUMENT["components"]["securitySchemes"].items()
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert {name: []} in DOCUMENT["security"]


def test_a_body_is_of_a_media_type() -> None:
    said = [part for one in OPERATIONS for part in (one.get("requestBody", {}), *one["responses"].values())]
    assert [media for part in said for media in _resolved(part).get("content", {}) if media.count("/") != 1] == []


def test_times_and_addresses_say_so() -> None:
    formats = {"created_at": "date-time", "updated_at": "date-time", "url": "uri"}
    for name, schema in SCHEMAS.items():
        for field, one in schema.get("properties", {}).items():
            if field in formats:
                assert one["format"] == formats[field], (name, field)


def _examples() -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Every example with its schema."""
    for place, one in _parameters():
        if "example" in one:
            yield place, one["schema"], one["example"]
    for operation in OPERATIONS:
        name = operation["operationId"]
        said = {"body": operation.get("requestBody", {}), **operation["responses"]}
        for part, response in said.items():
            for media, content in _resolved(response).get("content", {}).items():
                if "example" in content:
                    yield f"{name}/{part}/{media}", content["schema"], content["example"]


EXAMPLES = {place: (schema, example) for place, schema, example in _examples()}


@pytest.mark.parametrize("place", EXAMPLES)
def test_an_example_fits_its_own_schema(place: str) -> None:
    schema, example = EXAMPLES[place]
    whole = {**schema, "components": DOCUMENT["components"]}
    checker = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [f"{error.json_path}: {error.message[:300]}" for error in checker.iter_errors(example)] == []


def test_the_pass_changes_a_copy_and_changes_nothing_twice() -> None:
    before = str(DOCUMENT)
    again = for_clients(DOCUMENT)
    assert str(DOCUMENT) == before
    assert again == DOCUMENT


def test_the_pass_knows_each_form_by_its_shape() -> None:
    fields = {
        "word": {"anyOf": [{"enum": ["supporting", "opposing"], "type": "string"}, {"type": "null"}], "default": None},
        "short": {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}], "title": "Short", "default": None},
        "either": {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Thing"}]},
        "nested": {"anyOf": [{"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"type": "null"}]},
        "unclear": {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "string", "pattern": "x"}]},
        "default": {"type": "string", "default": "x"},
    }
    asked = {"name": "n", "in": "query", "schema": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None}}
    document = {
        "paths": {"/a": {"get": {"operationId": "a", "parameters": [asked], "responses": {}}}},
        "components": {"schemas": {"Thing": {"type": "object", "properties": fields}}},
    }
    made = for_clients(document)
    found = made["components"]["schemas"]["Thing"]["properties"]
    assert found["word"] == {"oneOf": [{"$ref": "#/components/schemas/Stance"}, {"type": "null"}]}
    assert found["short"] == {"type": ["string", "null"], "maxLength": 5}
    assert found["either"] == {"oneOf": [{"type": "string"}, {"$ref": "#/components/schemas/Thing"}]}
    assert found["nested"] == {"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}
    assert found["unclear"] == fields["unclear"]
    assert found["default"] == {"type": "string"}
    assert made["components"]["schemas"]["Stance"]["enum"] == ["supporting", "opposing"]
    [parameter] = made["paths"]["/a"]["get"]["parameters"]
    assert parameter["schema"] == {"type": "integer"}


def test_a_model_is_not_called_as_a_list_of_words() -> None:
    stance = {"type": "object", "properties": {"is": {"type": "string", "enum": ["supporting", "opposing"]}}}
    with pytest.raises(ValueError, match="both called Stance"):
        for_clients({"paths": {}, "components": {"schemas": {"Stance": stance}}})


def test_the_document_is_well_formed() -> None:
    validate(DOCUMENT)
