"""Nodes of each kind in one line, for tests."""

from __future__ import annotations

from typing import Any

from schemas.node import Actor, Argument, Assertion, Motive, Source, Statement


def actor(id: str, name: str = "North Korea", **fields: Any) -> Actor:
    return Actor(id=id, **{"name": name, "actor_kind": "state", **fields})


def motive(id: str, actor: str, text: str = "Money drives it", **fields: Any) -> Motive:
    return Motive(id=id, actor=actor, **{"name": "money", "category": "finance", "text": text, **fields})


def statement(id: str, text: str = "It sells shells", **fields: Any) -> Statement:
    return Statement(id=id, text=text, **fields)


def argument(
    id: str, premises: str | tuple[str, ...], target: str, stance: Any = "supporting", **fields: Any
) -> Argument:
    held = (premises,) if isinstance(premises, str) else premises
    return Argument(id=id, premises=held, target=target, stance=stance, **fields)


def source(id: str, title: str = "An article", **fields: Any) -> Source:
    return Source(id=id, **{"title": title, "source_kind": "article", **fields})


def assertion(id: str, of: str, source: str, **fields: Any) -> Assertion:
    return Assertion(id=id, of=of, source=source, **fields)
