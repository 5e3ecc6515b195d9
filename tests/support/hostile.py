"""Four maps that are hard on a service, each in its own way; the same questions can be put to all of them.

| map | what is hard |
| --- | --- |
| fat | few nodes with megabytes of text: a number of nodes says nothing about the work |
| dense | premises by the hundred on every argument: few nodes, hundreds of thousands of links, circles |
| hub | 20,000 assertions of one statement, by one speaker in one source |
| deep | a chain of 30,000 arguments |

Every map has the ids of `COMMON`, so that one request fits all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from graph.maps.port import Store
from schemas.node import AnyNode
from tests.support.chronicle import Chronicle
from tests.support.nodes import actor, argument, assertion, motive, source, statement

COMMON = {
    "actor": "speaker",
    "motive": "goal",
    "source": "paper",
    "statement": "centre",
    "argument": "step",
    "assertion": "said",
}
"""A node of each kind that every map has. What is hard lies around `centre`; `step` leads from `start` to it."""
START = "start"
"""A statement that bears on `centre`, in the deep map from as far away as there is."""

_FAT, _TEXT = 60, 19_000
_DENSE_STATEMENTS, _DENSE_ARGUMENTS, _PREMISES = 300, 1_500, 200
_REFERENCES = 20_000
_DEEP = 30_000


def _common() -> Iterator[AnyNode]:
    yield actor("speaker", "The Speaker")
    yield actor("other", "Another", affiliations=("speaker",))
    yield source("paper", "A paper", publisher="speaker")
    yield source("copy", "A copy", repeats=("paper",))
    yield motive("goal", "speaker", "The speaker wants it.")


def tame() -> Iterator[AnyNode]:
    """Nothing hard, with the same ids: what a question costs for the first time in a process is spent on this."""
    yield from _common()
    concerns = ({"motive": "goal", "role": "driver"},)
    yield statement("centre", "what everything is about", concerns=concerns)
    yield statement(START, "what it starts from")
    yield statement("aside", "what is said of the matter beside it")
    yield argument("step", START, "centre")
    yield argument("doubt", "aside", "step", "opposing")
    yield argument("from-centre", "centre", "goal")
    yield assertion("said", "centre", "paper", chain=("speaker",))
    yield assertion("heard", START, "copy", chain=("other",))


def fat() -> Iterator[AnyNode]:
    """Nodes whose texts are as long as they may be, in an alphabet of two bytes a letter; `centre` has a megabyte."""
    yield from _common()
    tags = tuple(f"{n:05}" + "x" * 195 for n in range(5_000))
    concerns = ({"motive": "goal", "role": "driver"},)
    yield statement("centre", _long("the centre"), note=_long("noted"), tags=tags, concerns=concerns)
    for n in range(_FAT):
        name = START if n == 0 else f"s{n:03}"
        yield statement(name, _long(f"what {n} says"), note=_long(f"noted of {n}"))
        target = ("centre", "goal", f"s{n - 1:03}")[n % 3 if n > 1 else 0]
        more = {"warrant": _long("since"), "rationale": _long("read so"), "note": _long("noted")}
        yield argument("step" if n == 0 else f"a{n:03}", name, target, _stance(n), **more)
        said = "said" if n == 0 else f"x{n:03}"
        of = "centre" if n == 0 else name
        yield assertion(said, of, "paper", chain=("speaker",), wording=_long("in words"), note=_long("noted"))


def dense(arguments: int = _DENSE_ARGUMENTS) -> Iterator[AnyNode]:
    """Arguments of two hundred premises each, aimed anywhere, at each other too."""
    yield from _common()
    random = Random(1)
    names = ["centre", START, *(f"s{n:03}" for n in range(_DENSE_STATEMENTS - 2))]
    for name in names:
        yield statement(name, f"what {name} says of the matter", concerns=({"motive": "goal", "role": "driver"},))
        yield assertion("said" if name == "centre" else f"x-{name}", name, "paper", chain=("other", "speaker"))
    yield argument("step", tuple(names[1:_PREMISES]), "centre")
    for n in range(1, arguments):
        target = f"a{random.randrange(1, n):04}" if n % 20 == 0 else random.choice(("goal", *names))
        premises = random.sample([name for name in names if name != target], _PREMISES)
        yield argument(f"a{n:04}", tuple(premises), target, _stance(n))


def hub() -> Iterator[AnyNode]:
    """One statement with 20,000 assertions, by one speaker in one source, and 5,000 arguments."""
    yield from _common()
    yield statement("centre", "what everything is about", concerns=({"motive": "goal", "role": "driver"},))
    names = [START, *(f"s{n:02}" for n in range(99))]
    for name in names:
        yield statement(name, f"what {name} says of it")
    yield argument("from-centre", "centre", "goal")
    for n in range(_REFERENCES):
        yield assertion("said" if n == 0 else f"x{n:05}", "centre", "paper", chain=("speaker",))
    for n in range(_REFERENCES // 4):
        yield argument("step" if n == 0 else f"a{n:05}", names[n % len(names)], "centre", _stance(n))


def deep(length: int = _DEEP) -> Iterator[AnyNode]:
    """A chain of 30,000 arguments that ends in `centre`; some links of it are asserted."""
    yield from _common()
    names = [START, *(f"s{n:05}" for n in range(1, length)), "centre"]
    for n, name in enumerate(names):
        yield statement(name, f"what {name} says of the matter")
        if n < length:
            yield argument(f"a{n:05}" if n < length - 1 else "step", name, names[n + 1], _stance(n))
        if n % 50 == 0:
            yield assertion("said" if name == "centre" else f"x{n:05}", name, "paper", chain=("speaker",))
    yield argument("from-centre", "centre", "goal")


HOSTILE: dict[str, Callable[[], Iterator[AnyNode]]] = {"fat": fat, "dense": dense, "hub": hub, "deep": deep}


async def put(store: Store, name: str) -> None:
    """Put one of HOSTILE, or `tame`, into an open store as a map of its name: one change, and a small one behind it."""
    told = Chronicle(name)
    for nodes in (HOSTILE.get(name, tame)(), [actor("other", "Another one")]):
        change = told.next(*nodes)
        await store.commit(told.header, [change])


def _stance(n: int) -> str:
    return "opposing" if n % 7 == 3 else "supporting"


def _long(beginning: str) -> str:
    return (beginning + " — что об этом говорят в одном предложении обычной длины ") * (_TEXT // 70)
