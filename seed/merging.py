"""Merges a newer edition into a map that its users have worked on, three ways: nothing of theirs is lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graph.snapshot.relations import REFERENCES_OF, Reference
from schemas.change import Command
from schemas.vocabulary import KINDS, Kind

Fields = dict[str, Any]


class Held(NamedTuple):
    """A node as a map or an edition has it."""

    kind: Kind
    fields: Fields
    """What a client wrote of it, without what is at its default."""


Nodes = Mapping[str, Held]
"""The nodes of a map or an edition by id."""

_ONE_THING: Mapping[Kind, Sequence[frozenset[str]]] = {
    "argument": [frozenset({"premises", "target", "stance"})],
    "assertion": [frozenset({"quote", "locator"})],
}
"""Fields that say one thing together: where a user changed one of them, none of them is taken from the edition."""


class Kept(NamedTuple):
    """Something in which a map stays as its users made it, although the edition has it otherwise."""

    id: str
    why: str
    """A sentence for the user."""


@dataclass(frozen=True)
class Merge:
    """What to do to a map, and what stays beside the edition."""

    commands: tuple[Command, ...]
    kept: tuple[Kept, ...]


def merge_edition(mine: Nodes, base: Nodes, new: Nodes) -> Merge:
    """Work out how a map that was made from the edition `base` comes to the edition `new`; O(nodes + references).

    What its users left as it was in `base` follows the edition. What they changed, made or deleted stays; where the
    edition changes the same, it is told in `kept`. The commands leave no reference dangling.
    """
    merging = _Merging(mine, dict(mine))
    for node_id in sorted({*base, *new}, key=lambda one: (one not in new, one)):
        merging.take(node_id, base.get(node_id), new.get(node_id))
    merging.mend_references()
    return Merge(tuple(merging.commands()), tuple(sorted(merging.kept.values())))


@dataclass
class _Merging:
    mine: Nodes
    after: dict[str, Held]
    kept: dict[str, Kept] = field(default_factory=dict)

    def take(self, node_id: str, base: Held | None, new: Held | None) -> None:
        """Take over what the edition does to one node, as far as nobody else did something to it."""
        mine = self.mine.get(node_id)
        if new in (base, mine):
            return
        if mine == base:
            self._set(node_id, new)
        elif new is None:
            self._keep(node_id, "the edition drops it; it stays, since you changed it")
        elif mine is None:
            self._keep(node_id, "the edition changes it; it stays deleted, as you left it")
        elif base is None or mine.kind != new.kind:
            self._keep(node_id, f"the edition has {_a(new.kind)} of this id; yours stays")
        else:
            self._take_fields(node_id, mine, base, new)

    def mend_references(self) -> None:
        """Leave out, or leave in, what would make a reference dangle; each node is settled once."""
        holders: dict[str, list[str]] = {}
        for holder, one in self.after.items():
            for named in _named_in(one):
                holders.setdefault(named, []).append(holder)
        todo = sorted(named for named in holders if named not in self.after)
        while todo:
            absent = todo.pop()
            if absent in self.after:  # another that refers to it had it settled
                continue
            for holder in tuple(holders.get(absent, ())):
                held = self.after.get(holder)
                if absent in self.after or held is None or absent not in _named_in(held):
                    continue
                if absent in self.mine or held != self.mine.get(holder):  # else the map itself is not whole
                    todo += self._settle(absent, holder, holders)

    def _settle(self, absent: str, holder: str, holders: dict[str, list[str]]) -> Iterator[str]:
        """Take back what the edition did to one of two nodes, of which one refers to the other; what is absent now."""
        settled = absent if absent in self.mine else holder
        if settled == absent:
            self._keep(absent, f"the edition drops it; it stays, since {holder} refers to it")
        else:
            self._keep(holder, f"the edition's refers to {absent}, which you deleted; it is left out")
        self._set(settled, self.mine.get(settled))
        if settled not in self.after:
            yield settled
            return
        for named in _named_in(self.after[settled]):
            holders.setdefault(named, []).append(settled)
            if named not in self.after:
                yield named

    def commands(self) -> Iterator[Command]:
        """Creates kind by kind, then updates, then deletes, each in the order of ids."""
        made = [i for i in sorted(self.after) if i not in self.mine]
        for node_id in sorted(made, key=lambda one: KINDS.index(self.after[one].kind)):
            held = self.after[node_id]
            yield Command(op="create", kind=held.kind, id=node_id, value=held.fields)
        for node_id in sorted(self.after):
            before, after = self.mine.get(node_id), self.after[node_id]
            if before is not None and before != after:
                yield Command(op="update", kind=after.kind, id=node_id, value=_patch(before.fields, after.fields))
        for node_id in sorted(i for i in self.mine if i not in self.after):
            yield Command(op="delete", kind=self.mine[node_id].kind, id=node_id)

    def _take_fields(self, node_id: str, mine: Held, base: Held, new: Held) -> None:
        fields, clashing = dict(mine.fields), set()
        for names in _units(new.kind, {*base.fields, *new.fields}):
            theirs, own, was = (_part(held.fields, names) for held in (new, mine, base))
            if theirs in (was, own):
                continue
            if own == was:
                fields = {n: v for n, v in fields.items() if n not in names} | theirs
            else:
                clashing |= {n for n in names if own.get(n) != theirs.get(n)}
        self._set(node_id, Held(mine.kind, fields))
        if clashing:
            self._keep(node_id, f"the edition changes {' and '.join(sorted(clashing))} too; yours stays")

    def _set(self, node_id: str, held: Held | None) -> None:
        if held is None:
            self.after.pop(node_id, None)
        else:
            self.after[node_id] = held

    def _keep(self, node_id: str, why: str) -> None:
        self.kept[node_id] = Kept(node_id, why)


def _units(kind: Kind, names: set[str]) -> Iterator[frozenset[str]]:
    together = [unit for unit in _ONE_THING.get(kind, ()) if unit & names]
    yield from together
    yield from (frozenset({name}) for name in sorted(names.difference(*together)))


def _part(fields: Fields, names: frozenset[str]) -> Fields:
    return {name: fields[name] for name in names if name in fields}


def _named_in(held: Held) -> set[str]:
    return {named for reference in REFERENCES_OF[held.kind] for named in _ids(reference, held.fields)}


def _ids(reference: Reference, fields: Fields) -> Sequence[str]:
    value = fields.get(reference.field)
    if not value:
        return ()
    if reference.inner is not None:
        return [item[reference.inner] for item in value]
    return value if reference.many else (value,)


def _patch(before: Fields, after: Fields) -> Fields:
    """The merge patch from one to the other; an object goes whole, with nulls for what it lacks."""
    patch: Fields = dict.fromkeys(name for name in before if name not in after)
    for name, value in after.items():
        was = before.get(name)
        if value != was:
            both = isinstance(value, dict) and isinstance(was, dict)
            patch[name] = {**dict.fromkeys(set(was or ()) - set(value)), **value} if both else value
    return patch


def _a(kind: Kind) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
