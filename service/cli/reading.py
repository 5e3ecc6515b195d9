"""`argumap node` and `list`: one node with its links, and the nodes of a kind."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli.api import path
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.nodes import EVERY, Nodes
from service.cli.options import Ids
from service.cli.output import line, raw, table
from service.cli.question import Question, reading

_Id = Annotated[str, typer.Argument(metavar="ID", help="A node of any kind.")]
_Kind = Annotated[
    str, typer.Argument(metavar="KIND", help="actors, motives, statements, arguments, sources or assertions.")
]
_Filters = Annotated[
    Ids, typer.Option("--where", metavar="FIELD=VALUE", help="Only nodes with this value; any of several. Repeatable.")
]
_Words = Annotated[str | None, typer.Option("--q", metavar="WORDS", help="Only nodes whose texts have these words.")]
_Sort = Annotated[str | None, typer.Option("--sort", metavar="FIELD", help="Order by it; -FIELD the other way round.")]
_Limit = Annotated[int, typer.Option("--limit", metavar="N", help="So many nodes at most.")]
_ALWAYS = ("id", "kind", "version", "created_at", "created_by", "updated_at", "updated_by", "links")


def register_reading(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("node", epilog=examples("argumap node p-50", "argumap node food --source s-kh --json"))(
        reading(show_node)
    )
    app.command(
        "list",
        epilog=examples(
            "argumap list motives",
            "argumap list arguments --where stance=opposing --sort=-updated_at",
            "argumap list statements --q rice --limit 20 --json",
        ),
    )(reading(list_kind))


def show_node(asked: Question, node_id: _Id) -> None:
    """A node of any kind with all that it says and every link that it has."""
    with asked.target.api() as api:
        base = asked.base(api)
        reply = api.get(f"{base}{path('nodes', node_id)}", asked.view)
        if asked.as_json:
            raw(reply)
            return
        node = reply.value
        others = {end for link in node["links"] for end in (link["source"], link["target"])} - {node["id"]}
        nodes = Nodes.of(api, base, asked, others, EVERY)
    if node["id"] != node_id:
        line(f"{node_id} was merged into {node['id']}.")
    line(f"{node['kind'].capitalize()} {node['id']}, version {node['version']}")
    said = [(name, _said(value)) for name, value in node.items() if name not in _ALWAYS and value not in (None, [], {})]
    table(("FIELD", "VALUE"), said, wrapped=True)
    if node["links"]:
        line()
        rows = [_link(node["id"], link, nodes) for link in node["links"]]
        table(("LINK", "", "NODE"), rows, wrapped=True)
    line()
    line(f"Made {node['created_at']} by {node['created_by']}; changed {node['updated_at']} by {node['updated_by']}.")


def list_kind(
    asked: Question, kind: _Kind, where: _Filters = None, q: _Words = None, sort: _Sort = None, limit: _Limit = 100
) -> None:
    """The nodes of a kind, filtered and in an order."""
    parameters = [_filter(word) for word in where or ()]
    parameters += [(name, value) for name, value in (("q", q), ("sort", sort)) if value is not None]
    with asked.target.api() as api:
        plural = kind if kind.endswith("s") else f"{kind}s"
        reply = api.get(f"{asked.base(api)}{path(plural)}", [*parameters, ("limit", str(limit)), *asked.view])
    answer = reply.value
    if asked.as_json:
        raw(reply)
    elif answer["items"]:
        table(("ID", "TEXT"), [(item["id"], _label(item)) for item in answer["items"]])
        if answer["next"]:
            line()
            line(f"{len(answer['items'])} of {answer['total']}; a higher --limit shows more.")
    if not answer["items"]:
        raise CliError(ExitCode.NO, f"the view has no such {plural}")


def _filter(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not (name and equals):
        raise CliError(ExitCode.MISUSE, f"{word!r} filters nothing; it looks like stance=opposing")
    return name, value


def _label(item: Mapping[str, Any]) -> str:
    if item["kind"] == "argument":
        does = "supports" if item["stance"] == "supporting" else "opposes"
        return f"{' with '.join(item['premises'])} {does} {item['target']}"
    if item["kind"] == "assertion":
        return f"{item['source']} on {item['of']}: {item['wording'] or item['quote'] or ''}".rstrip(": ")
    return str(item.get("text") or item.get("name") or item.get("title"))


def _link(node_id: str, link: Mapping[str, Any], nodes: Nodes) -> tuple[str, str, str]:
    out = link["source"] == node_id
    return link["relation"], "→" if out else "←", nodes.named(link["target"] if out else link["source"])


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_said, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_said(one)}" for name, one in value.items() if one not in (None, [], {}))
    return str(value)
