"""Sends every example of the document through the Python client: `python every_example.py DOCUMENT ADDRESS KEY`.

Says for each operation what its answer was read as, or what was wrong.
"""

from __future__ import annotations

import importlib
import json
import keyword
import sys
import traceback
from pathlib import Path
from typing import Any, get_args, get_type_hints

from argumap_client import Client

FIRST = ("create_map", "run_batch", "create_remark")
LAST = ("delete_assertion", "delete_argument", "delete_source", "delete_statement", "delete_motive", "delete_actor")


def main(document: str, address: str, key: str) -> None:
    whole = json.loads(Path(document).read_text(encoding="utf-8"))
    operations = {one["operationId"]: one for methods in whole["paths"].values() for one in methods.values()}
    shared = whole["components"]["parameters"]
    operations["sign_in"]["requestBody"]["content"]["application/json"]["example"]["key"] = key
    went: dict[str, str | None] = {}
    shown = {"Authorization": f"Bearer {key}"}
    with Client(base_url=address, headers=shown, raise_on_unexpected_status=True) as client:
        for name in sorted(operations, key=_place):
            try:
                _send(client, operations[name], shared)
            except Exception:
                went[name] = traceback.format_exc()
            else:
                went[name] = None
    print(json.dumps(went))


def _place(name: str) -> tuple[int, str]:
    """Where an operation comes: what makes the map, what reads it, what changes it, what deletes it."""
    if name in FIRST:
        return FIRST.index(name), ""
    if name in LAST:
        return 10 + LAST.index(name), ""
    verbs = ("create", "change", "delete")
    verb = name.split("_", maxsplit=1)[0]
    return (20 if name == "delete_map" else 3 + verbs.index(verb) if verb in verbs else 2), name


def _send(client: Client, operation: dict[str, Any], shared: dict[str, Any]) -> None:
    tag, name = operation["tags"][0].lower(), operation["operationId"]
    call = importlib.import_module(f"argumap_client.api.{tag}.{name}").sync_detailed
    given: dict[str, Any] = {}
    for one in operation.get("parameters", ()):
        parameter = shared[one["$ref"].rsplit("/", 1)[1]] if "$ref" in one else one
        if "example" in parameter:
            given[_variable(parameter["name"])] = _typed(call, parameter["name"], parameter["example"])
    if "requestBody" in operation:
        content = next(iter(operation["requestBody"]["content"].values()))
        given["body"] = _model(call).from_dict(content["example"])
    answer = call(client=client, **given)
    assert answer.status_code < 300, answer.content.decode()
    if "application/json" in answer.headers["content-type"]:
        # What was read is written back as it came: no field was lost and none was made up.
        assert _plain(answer.parsed.to_dict()) == json.loads(answer.content), answer.content.decode()


def _plain(value: Any) -> Any:
    """What the client writes, with times as the service writes them."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.replace("+00:00", "Z") if isinstance(value, str) else value


def _variable(name: str) -> str:
    plain = name.replace("-", "_").lower()
    return f"{plain}_" if keyword.iskeyword(plain) or plain in {"map"} else plain


def _typed(call: Any, name: str, example: Any) -> Any:
    """An example as the client's own type of the parameter: words are members of an enumeration there."""
    hint = get_type_hints(call)[_variable(name)]
    several = [part for one in get_args(hint) or (hint,) for part in (get_args(one) or (one,))]
    for kind in several:
        if isinstance(kind, type) and hasattr(kind, "__members__"):
            return [kind(one) for one in example] if isinstance(example, list) else kind(example)
    return example


def _model(call: Any) -> Any:
    hint = get_type_hints(call)["body"]
    return next(one for one in get_args(hint) or (hint,) if hasattr(one, "from_dict"))


if __name__ == "__main__":
    main(*sys.argv[1:])
