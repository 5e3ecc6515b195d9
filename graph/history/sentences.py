"""Changes in plain words, told from the log alone."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from graph.maps.history import changed_fields
from schemas.change import Change, Edit, Redacted, Reversal
from schemas.node import Argument, Assertion, label, read_node
from schemas.vocabulary import KINDS, Kind

_NAMED_AT_MOST = 3
_LABEL, _VALUE = 80, 60
_SEVERAL: dict[str, str] = {kind: f"{kind}s" for kind in KINDS}


def sentence_of(change: Change) -> str:
    """What a change did, as one sentence that begins with its author."""
    if change.redaction is not None:
        return f"{change.by} took {_redacted(change.redaction)} out of the map and all its history."
    if change.born is not None:
        return f"{change.by} made this revision; what it did, and all before it, is not kept any more."
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


def _redacted(redaction: Redacted) -> str:
    more = len(redaction.nodes) - _NAMED_AT_MOST
    nodes = ", ".join(redaction.nodes[:_NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
    texts = "" if not redaction.texts else "a text" if redaction.texts == 1 else f"{redaction.texts} texts"
    said = f"what {nodes} said" if nodes else ""
    return " and ".join(part for part in (said, texts) if part)


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
    told = None if title is not None else _merge(nodes) or _judgement(nodes)
    if told is not None:
        return told
    parts = [] if title is None else [_retitled(title)]
    verbs = _VERBS if change.reversal is None else _BACK
    for deed, verb in verbs.items():
        edits = [edit for edit in nodes if deed_of(edit) == deed]
        if not edits:
            continue
        if len(nodes) <= _NAMED_AT_MOST:
            parts += [_updated(edit) for edit in edits] if verb == "changed" else [f"{verb} {_together(edits)}"]
        elif verb in _WITH_WHAT_HUNG_ON_IT:
            parts.append(f"{verb} {_headed(edits)}")
        else:
            parts.append(f"{verb} {_counted(edits)}")
    return _listed(parts) if parts else None


def _merge(nodes: Sequence[Edit]) -> str | None:
    """A merge, or its being taken back: one node that goes or comes, and another whose `merged` has its id else."""
    moved = [edit for edit in nodes if deed_of(edit) != "update"]
    if len(moved) != 1:
        return None
    [gone] = moved
    side = "after" if gone.after is None else "before"
    other = "before" if gone.after is None else "after"
    for edit in nodes:
        if edit is gone or edit.kind != gone.kind:
            continue
        had, has = (_ids(getattr(edit, one), "merged") for one in (other, side))
        if gone.id in has and gone.id not in had:
            rest = len(nodes) - 2
            others = f"; {rest:,} other {'node names' if rest == 1 else 'nodes name'}" if rest else ""
            if gone.after is None:
                return f"merged {_named(gone)} into {_named(edit)}{others and f'{others} that one now'}"
            return f"parted {_named(gone)} from {_named(edit)} again{others and f'{others} them as before'}"
    return None


def _judgement(nodes: Sequence[Edit]) -> str | None:
    """That two nodes are not the same, kept at both, or that this was taken back."""
    if len(nodes) != 2 or any([name for name, _, _ in changed_fields(edit)] != ["different_from"] for edit in nodes):
        return None
    one, other = sorted(nodes, key=lambda edit: edit.id)
    side = {name: other.id in _ids(getattr(one, name), "different_from") for name in ("before", "after")}
    if side["before"] == side["after"]:
        return None
    said = "judged" if side["after"] else "took back the judgement"
    return f"{said} that {_named(one)} and {_named(other)} are not the same"


def _ids(document: msgspec.Raw | None, field: str) -> Sequence[str]:
    return () if document is None else msgspec.json.decode(bytes(document)).get(field, ())


_VERBS = {"create": "added", "update": "changed", "delete": "deleted"}
_BACK = {"create": "brought back", "update": "changed", "delete": "took out"}
"""The same of a change that takes back what was done before."""
_WITH_WHAT_HUNG_ON_IT = ("deleted", "brought back", "took out")


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


def _headed(edits: Sequence[Edit]) -> str:
    """Many nodes: what the others hang on by its name, where there is one such, and the others by their numbers."""
    first = min((KINDS.index(edit.kind) for edit in edits if edit.kind != "map"), default=0)
    heads = [edit for edit in edits if edit.kind == KINDS[first]]
    if len(heads) != 1:
        return _counted(edits)
    rest = _counted(edit for edit in edits if edit is not heads[0])
    return f"{_named(heads[0])}{f' with {rest}' if rest else ''}"


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
