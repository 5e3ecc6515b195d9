"""Changes in plain words, told from the log alone."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from graph.maps.history import changed_fields
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.change import Change, Edit, Reversal
from schemas.node import label, read_node
from schemas.vocabulary import KINDS, Kind

_NAMED_AT_MOST = 3
_LABEL, _VALUE = 80, 60
_SEVERAL: dict[str, str] = {kind: f"{kind}s" for kind in KINDS}


def sentence_of(change: Change) -> str:
    """What a change did, as one sentence that begins with its author."""
    done = _done(change)
    if change.reversal is None:
        return f"{change.by} {done or 'changed nothing'}."
    taken = _taken(change.reversal)
    if done is None:
        return f"{change.by} {taken}; nothing of it was left."
    return f"{change.by} {taken} and so {done}."


def label_of_edit(edit: Edit) -> str:
    """What to print for what an edit is about: its text, name or title; of an argument what it bears on."""
    document = edit.before if edit.after is None else edit.after
    if document is None:
        return edit.id
    if edit.kind == "map":
        return str(msgspec.json.decode(bytes(document)).get("title", edit.id))
    node = read_node(edit.kind, bytes(document))
    if isinstance(node, Argument):
        return f"{' with '.join(node.premises)} {node.stance} {node.target}"
    return label(node)


def _taken(reversal: Reversal) -> str:
    if reversal.since:
        return f"reverted everything since revision {reversal.revision}"
    return {"undo": "undid", "redo": "redid", "revert": "reverted"}[reversal.act] + f" revision {reversal.revision}"


def _done(change: Change) -> str | None:
    title = next((edit for edit in change.edits if edit.kind == "map"), None)
    nodes = [edit for edit in change.edits if edit.kind != "map"]
    if title is not None and title.before is None:
        counted = f" with {_counted(nodes)}" if nodes else ""
        return f"made the map “{_short(label_of_edit(title), _LABEL)}”{counted}"
    parts = [] if title is None else [_retitled(title)]
    verbs = _VERBS if change.reversal is None else _BACK
    for deed, verb in verbs.items():
        edits = [edit for edit in nodes if deed_of(edit) == deed]
        if not edits:
            continue
        if len(nodes) <= _NAMED_AT_MOST:
            parts += [_updated(edit) for edit in edits] if verb == "changed" else [f"{verb} {_together(edits)}"]
        else:
            parts.append(f"{verb} {_counted(edits)}")
    return _listed(parts) if parts else None


_VERBS = {"create": "added", "update": "changed", "delete": "deleted"}
_BACK = {"create": "brought back", "update": "changed", "delete": "took out"}
"""The same of a change that takes back what was done before."""


def deed_of(edit: Edit) -> str:
    """Whether an edit creates, updates or deletes."""
    return "create" if edit.before is None else "delete" if edit.after is None else "update"


def _together(edits: Sequence[Edit]) -> str:
    return _listed([_named(edit) for edit in edits])


def _updated(edit: Edit) -> str:
    differing = [(name, _value(was), _value(now)) for name, was, now in changed_fields(edit)]
    named = _named(edit)
    if len(differing) != 1:
        return (
            f"changed {_listed([_word(name) for name, _, _ in differing])} of {named}"
            if differing
            else f"touched {named}"
        )
    [(name, was, now)] = differing
    return f"{_from_to(_word(name), named, was, now)}"


def _from_to(name: str, named: str, was: Any, now: Any) -> str:
    if _plain(was) and _plain(now):
        return f"changed the {name} of {named} from {_said(was)} to {_said(now)}"
    if was is None and _plain(now):
        return f"set the {name} of {named} to {_said(now)}"
    if now is None:
        return f"cleared the {name} of {named}"
    return f"changed the {name} of {named}"


def _retitled(edit: Edit) -> str:
    parts = [(name, _value(was), _value(now)) for name, was, now in changed_fields(edit)]
    return (
        _listed([_from_to(name, "the map", was or None, now or None) for name, was, now in parts]) or "touched the map"
    )


def _named(edit: Edit) -> str:
    document = edit.before if edit.after is None else edit.after
    if document is None or edit.kind == "map":
        return edit.id
    node = read_node(edit.kind, bytes(document))
    if isinstance(node, Argument):
        does = "for" if node.stance == "supporting" else "against"
        return f"the argument {edit.id} {does} {node.target}"
    if isinstance(node, Assertion):
        return f"the assertion {edit.id} of {node.of} in {node.source}"
    return f"the {edit.kind} “{_short(label(node).rstrip('.'), _LABEL)}” ({edit.id})"


def _counted(edits: Iterable[Edit]) -> str:
    counts: dict[Kind, int] = dict.fromkeys(KINDS, 0)
    for edit in edits:
        if edit.kind != "map":
            counts[edit.kind] += 1
    return _listed([f"{n:,} {kind if n == 1 else _SEVERAL[kind]}" for kind, n in counts.items() if n])


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _value(raw: bytes | None) -> Any:
    return None if raw is None else msgspec.json.decode(raw)


def _plain(value: Any) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= _VALUE)


def _said(value: Any) -> str:
    return f"“{_short(value, _VALUE)}”" if isinstance(value, str) else str(value).lower()


def _word(name: str) -> str:
    return name.replace("_", " ")


def _short(text: str, most: int) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= most else f"{whole[: most - 1].rstrip()}…"
