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

FIRST = (
    "create_map",
    "run_batch",
    "create_remark",
    "attach_source_text",
    "create_draft",
    "create_remark_of_draft",
    "change_draft",
)
DECIDING = ("delete_remark_of_draft", "accept_draft", "decline_draft")
REFUSED = {"adopt_hand_edits": 501, "ask_cypher": 501, "decline_draft": 409}
"""What the store of this service, SQLite, cannot do, and what is decided already: the client reads the problem."""
AFTER_ALL = ("undo", "redo", "delete_map", "restore_map")
LAST = ("delete_assertion", "delete_argument", "delete_source", "delete_statement", "delete_motive", "delete_actor")


def main(document: str, address: str, key: str) -> None:
    whole = json.loads(Path(document).read_text(encoding="utf-8"))
    operations = {
        one["operationId"]: {**one, "method": method, "path": path}
        for path, methods in whole["paths"].items()
        for method, one in methods.items()
    }
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
    """Where an operation comes: what makes the map, what reads it, changes it, deletes from it, takes all back."""
    if name in FIRST:
        return FIRST.index(name), ""
    if name in DECIDING:
        return 10, f"~{DECIDING.index(name)}"  # behind what reads, before the map is another
    if name in LAST:
        return 20 + LAST.index(name), ""
    if name in AFTER_ALL:
        return 30 + AFTER_ALL.index(name), ""
    verbs = ("create", "change", "remove", "delete")
    verb = name.split("_", maxsplit=1)[0]
    return (11 + verbs.index(verb) if verb in verbs else 10), name


def _send(client: Client, operation: dict[str, Any], shared: dict[str, Any]) -> None:
    if "text/plain" in operation.get("requestBody", {}).get("content", {}):
        _send_text(client, operation, shared)
        return
    tag, name = operation["tags"][0].lower().replace(" ", "_"), operation["operationId"]
    call = importlib.import_module(f"argumap_client.api.{tag}.{name}").sync_detailed
    given: dict[str, Any] = {}
    for name, example in _parameters(operation, shared).items():
        given[_variable(name)] = _typed(call, name, example)
    if "requestBody" in operation:
        content = next(iter(operation["requestBody"]["content"].values()))
        given["body"] = _model(call).from_dict(content["example"])
    answer = call(client=client, **given)
    if operation["operationId"] in REFUSED:
        assert answer.status_code == REFUSED[operation["operationId"]], answer.content.decode()
        assert answer.parsed.status == answer.status_code
        return
    assert answer.status_code < 300, answer.content.decode()
    if "application/json" in answer.headers["content-type"]:
        # What was read is written back as it came: no field was lost and none was made up.
        assert _plain(answer.parsed.to_dict()) == json.loads(answer.content), answer.content.decode()


def _send_text(client: Client, operation: dict[str, Any], shared: dict[str, Any]) -> None:
    """The generator knows no bodies of plain text: they go through the connection of the client."""
    path = operation["path"].format(**_parameters(operation, shared))
    text = operation["requestBody"]["content"]["text/plain"]["example"]
    sent = {"content": text, "headers": {"Content-Type": "text/plain; charset=utf-8"}}
    answer = client.get_httpx_client().request(operation["method"].upper(), path, **sent)
    assert answer.status_code < 300, answer.text


def _parameters(operation: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """The examples of the parameters by their names."""
    several = (
        shared[one["$ref"].rsplit("/", 1)[1]] if "$ref" in one else one for one in operation.get("parameters", ())
    )
    return {one["name"]: one["example"] for one in several if "example" in one}


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
