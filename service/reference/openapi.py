"""The OpenAPI document: what the framework makes of the path functions, with shared parts named and examples put in.

What the framework writes is right, and yet breaks clients that are made from it. A last pass brings the same facts into
the forms that generators understand, which `tests/clients/` tries with three of them:

- No field of a body or an answer has a `default`: of a field with a default generators make one that is always
  sent, and in a merge patch absent and default are not the same.
- A list of words is a component of its own (`Verdict`), so that it is one type wherever it stands.
- What may be null is `type: [string, "null"]`, and an alternative is a `oneOf` where only one side can fit.
- A parameter cannot be null. Parameters that operations share are components.
- A title that only repeats a name is left out: generators name types by it.
"""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from schemas.query import ViewQuery
from schemas.vocabulary import KINDS
from service.http.routing import SECURITY, StrictRoute
from service.models.filters import LIST_QUERIES
from service.models.responses import MEANING, PROBLEM
from service.reference.examples import EXAMPLES


class Words(NamedTuple):
    """A list of words: its name, what it is for, and the words in their order."""

    name: str
    about: str
    words: tuple[str, ...]


_NAMES = {"Ask": "WhatIfPart", "Gradual": "GradualSemantics", "Place": "ProblemPlace", "Stopped": "EvaluationReason"}
"""Aliases whose name says enough where they stand, and too little beside all others."""
_ABOUT = {
    "AcceptanceMode": "In some labelling, or in every one.",
    "ActorKind": "What sort of actor.",
    "ArgumentSemantics": "A semantics that gives verdicts.",
    "ArgumentBasis": "What an argument rests on, as it is derived.",
    "Attack": "How an opposing argument attacks.",
    "Basis": "What a step rests on.",
    "BasisFilter": "Which steps stay in a view.",
    "Became": "What became of a node.",
    "Cause": "Why a node has its verdict.",
    "Choice": "Whose value a field has after a merge, or that of both.",
    "Confidence": "How sure a reading is.",
    "CruxKind": "What may be taken out.",
    "Deed": "What was done to a node.",
    "Direction": "Which way to go from a node.",
    "DraftStatus": "What became of a draft.",
    "DuplicateSign": "By what two nodes look the same.",
    "EvaluatedKind": "The kinds of node that an evaluation judges.",
    "EvaluationReason": "Why an evaluation is not complete.",
    "GradualSemantics": "A semantics that gives strengths.",
    "Inclusion": "What the nodes of a drawing have beside their fields.",
    "InfluenceMethod": "How influence is measured.",
    "Kind": "The kinds of node.",
    "KindOrMap": "The kinds of node, and `map` for what the map says of itself.",
    "KindWord": "A kind of node, in the singular or in the plural.",
    "Leaning": "Which way a passage leans on the map's question.",
    "LogOrder": "Which end of a map's history comes first.",
    "Mark": "Whether the author of a remark agrees with what its node says.",
    "Match": "How a passage fits the statement's text.",
    "Measure": "How the structure of a map is measured.",
    "Modality": "How an assertion is put forward.",
    "MotiveRole": "The part that a statement plays for a motive.",
    "Op": "What an operation of a batch does.",
    "Origin": "Where a statement comes from.",
    "PassageFit": "How an assertion is found in a text.",
    "PathOrder": "What comes first of paths.",
    "PathReason": "Why an answer of paths or connections is not complete, or is empty.",
    "Precision": "How precisely a date is known.",
    "ProblemPlace": "Which part of a request a fault is in.",
    "Reading": "What support means to a labelling.",
    "Relation": "What a link says, read from its source to its target.",
    "Reliability": "Admiralty code of a source, A (reliable) to F (cannot be judged).",
    "Reversing": "Whether a change takes back its author's last one, makes that again, or takes back any others.",
    "Scope": "What a key allows; each allows what stands before it too.",
    "SearchReason": "Why an answer of a search is not complete.",
    "Semantics": "A semantics that a map can be evaluated under.",
    "SourceKind": "What sort of source.",
    "SourceStatus": "What became of a source.",
    "SpeakerCue": "Why somebody is taken for the speaker of a passage.",
    "Stance": "Which way something bears on its target.",
    "Standing": "How a node stands against what opposes it: its verdict in the words that people read.",
    "StructureReason": "Why a measure is not that of the whole view.",
    "SummaryDetail": "How much a summary tells.",
    "SummaryFormat": "How a summary is written.",
    "TextFormat": "How a text is given.",
    "Verdict": "What a labelling says of a node.",
    "WhatIfPart": "A part of the answer to a hypothetical question.",
}

_SORT = "Fields to order by, with `-` before one for the other direction."


def _aliases() -> Iterator[tuple[str, Any]]:
    """Every named list of words of the schemas and of the service's own models."""
    for package in map(importlib.import_module, ("schemas", "service.models")):
        for module in sorted(one.name for one in pkgutil.iter_modules(package.__path__)):
            for name, value in vars(importlib.import_module(f"{package.__name__}.{module}")).items():
                if get_origin(value) is Literal and len(get_args(value)) > 1:
                    yield _NAMES.get(name, name), value
    for kind in KINDS:
        yield f"{kind.capitalize()}Sort", LIST_QUERIES[kind].model_fields["sort"].annotation


def _collected() -> dict[frozenset[str], Words]:
    found: dict[frozenset[str], Words] = {}
    for name, alias in _aliases():
        words = get_args(alias)
        about = _SORT if name.endswith("Sort") else _ABOUT.get(name)
        if about is None:
            raise ValueError(f"say in _ABOUT what the list of words {name} is for: {', '.join(words)}")
        known = found.setdefault(frozenset(words), Words(name, about, words))
        if known.name != name:
            raise ValueError(f"{known.name} and {name} are one list of words; let one be the other")
    return found


WORDS: Mapping[frozenset[str], Words] = _collected()
"""Every list by its words."""


_FIELDS = {
    "after": "Afterwards.",
    "before": "Before.",
    "category": "What kind of drive a motive is.",
    "cause": "Why it has its verdict.",
    "changed": "What is judged otherwise.",
    "complete": "Whether this is all there is; if not, `reason` says why.",
    "created_at": "When it was made.",
    "created_by": "Who made it.",
    "description": "What it is about, for readers.",
    "detail": "What is wrong, where, and what to do about it.",
    "directed": "Always true: links have a direction.",
    "gained": "What is there only afterwards.",
    "heading": "What the part is about.",
    "id": "Its id.",
    "items": "What was found, in a total order.",
    "kind": "Its kind.",
    "lost": "What is no longer there afterwards.",
    "map": "Id of the map.",
    "members": "Ids of what goes together.",
    "method": "How it is measured.",
    "motive": "Id of the motive.",
    "motives": "The motives in the order of their strengths.",
    "multigraph": "Always true: two nodes may have several links.",
    "nodes": "The nodes.",
    "note": "A remark of the map's author; it counts in no verdict.",
    "opposing": "How many oppose.",
    "over": "What may be taken out.",
    "question": "What the map is to answer.",
    "rank_after": "Its place among the motives afterwards, from 1.",
    "rank_before": "Its place among the motives before, from 1.",
    "reading": "What attack and support mean here.",
    "reason": "Why the answer is not complete; null where it is.",
    "revision": "Revision of the map that was asked.",
    "sections": "The parts in their order.",
    "sentences": "The sentences in their order.",
    "single": "What decides alone.",
    "source": "Id of the node that it begins at.",
    "status": "The HTTP status.",
    "strength": "Between 0 and 1.",
    "strength_after": "Its strength afterwards, between 0 and 1.",
    "strength_before": "Its strength before, between 0 and 1.",
    "supporting": "How many support.",
    "tags": "Words of the analyst's own to find it by.",
    "target": "Id of the node that is asked about.",
    "text": "The sentence.",
    "title": "What it is called.",
    "updated_at": "When it was last changed.",
    "updated_by": "Who changed it last.",
}


def say_what_fields_are(schemas: dict[str, Any]) -> None:
    """Describe, in place, each field of these schemas that is not described yet. O(fields)."""
    for schema in schemas.values():
        for name, field in schema.get("properties", {}).items():
            if name in _FIELDS and "$ref" not in field:
                field.setdefault("description", _FIELDS[name])


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


ANSWERS = Path(__file__).parent / "examples.json"
"""An answer for each operation by its id; `python -m scripts.reference_examples` writes it."""
_METHODS = ("get", "post", "put", "patch", "delete")
_MERGE_PATCH = "application/merge-patch+json"

_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags that the client has; 304 where one of them still holds.",
    "schema": {"type": "string"},
}
"""Every read that has a tag heeds it; named here once, since a parameter costs each request its share."""


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    made = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes,
        tags=app.openapi_tags, license_info=app.license_info, separate_input_output_schemas=False,
        servers=[{"url": "/", "description": "The service that gives this document."}],
    )  # fmt: skip
    components = made.setdefault("components", {})
    components["schemas"] |= _problem_schemas()
    answers = msgspec.json.decode(ANSWERS.read_bytes()) if ANSWERS.exists() else {}
    of_view = {r.name for r in app.state.routes if isinstance(r, StrictRoute) and r.is_of_view}
    of_nodes = {r.name for r in app.state.routes if r.path.startswith("/v1/maps/{map}/") and "{id}" in r.path}
    for operation in _operations(made):
        if operation["operationId"] in of_view:
            own = operation.get("parameters", [])
            # What the path names already is no parameter a second time: generators would call both by other names.
            named = {one["name"] for one in own}
            operation["parameters"] = [*own, *(one for one in _view_parameters() if one["name"] not in named)]
            _tell_of_labels(operation, components["schemas"])
        _tell_of_keys(operation)
        _name_problems(operation)
        _take_merge_patches(operation)
        if "304" in operation["responses"]:
            operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
        if operation["operationId"] in of_nodes:
            operation["responses"]["308"] = {"$ref": "#/components/responses/308"}
        _put_examples(operation, answers.get(operation["operationId"]))
    components["responses"] = {str(status): _problem_response(status) for status in MEANING if status != 304}
    _drop(components["schemas"])
    return for_clients(made)


_LABELS = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "description": "Only with `labels=true`: what to print for every id in the answer.",
}


def _tell_of_labels(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """The field that every answer about a view has when it is asked for."""
    content = operation["responses"]["200"].get("content", {}).get("application/json", {})
    waiting = [content.get("schema", {})]
    while waiting:
        schema = waiting.pop()
        waiting += schema.get("oneOf", []) + schema.get("anyOf", [])
        named = schemas.get(schema.get("$ref", "").rpartition("/")[2])
        if named is not None:
            waiting += named.get("oneOf", []) + named.get("anyOf", [])
            if "properties" in named:
                named["properties"].setdefault("labels", _LABELS)


def _view_parameters() -> list[dict[str, Any]]:
    """The parameters that every view of a map has."""
    schema = ViewQuery.model_json_schema()
    return [
        {"name": name, "in": "query", "required": False, "description": one.pop("description"), "schema": one}
        for name, one in schema["properties"].items()
    ]


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in made["paths"].values():
        for method, operation in methods.items():
            if method in _METHODS:
                yield operation


def _problem_schemas() -> dict[str, Any]:
    whole = PROBLEM.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    return {**whole.pop("$defs", {}), "Problem": whole}


def _problem_response(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    made: dict[str, Any] = {"description": MEANING[status], "content": content}
    if status == 308:
        schema = {"type": "string", "format": "uri-reference"}
        made["headers"] = {"Location": {"description": "The same address of the other node.", "schema": schema}}
    if status in (429, 503):
        made["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return made


def _tell_of_keys(operation: dict[str, Any]) -> None:
    """Which keys may use it; the scheme itself is the whole document's, since a service without keys asks for none."""
    scopes = [scope for one in operation.pop("security") for scope in one[SECURITY]]
    operation["x-key-scope"] = scopes[0] if scopes else None
    for status in (401, 403, 429) if scopes else ():
        operation["responses"].setdefault(str(status), _problem_response(status))


def _name_problems(operation: dict[str, Any]) -> None:
    """A problem stands in an operation as a reference; the framework's own shape of a 422 goes."""
    for status in operation["responses"]:
        if int(status) >= 400:
            operation["responses"][status] = {"$ref": f"#/components/responses/{status}"}


def _take_merge_patches(operation: dict[str, Any]) -> None:
    content = operation.get("requestBody", {}).get("content", {})
    if operation["operationId"].startswith("change_") and "application/json" in content:
        content[_MERGE_PATCH] = content["application/json"]


def _put_examples(operation: dict[str, Any], answer: Any) -> None:
    example = EXAMPLES.get(operation["operationId"], {})
    for parameter in operation.get("parameters", ()):
        given = example.get("path" if parameter["in"] == "path" else "query", {})
        if parameter["name"] in given:
            parameter["example"] = given[parameter["name"]]
    sent = example.get("body", example.get("text"))
    if sent is not None:
        for content in operation["requestBody"]["content"].values():
            content["example"] = sent
    good = next(iter(sorted(operation["responses"])))
    content = operation["responses"][good].get("content", {})
    if answer is not None and "application/json" in content:
        content["application/json"]["example"] = answer


def _drop(schemas: dict[str, Any]) -> None:
    """The framework's own models of a fault are nowhere answered."""
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
