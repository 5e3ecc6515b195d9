"""The reference: the OpenAPI document, its page, and a page for each code of a problem."""

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI, Path, Response
from fastapi.responses import HTMLResponse

from graph.errors import NotFound
from service.http.context import Context, ReadContext
from service.http.encoding import HTML, JSON, encode
from service.http.problems import CODES
from service.http.responses import tagged
from service.http.routing import Router, needs
from service.models.responses import reads_of_service

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
nav ul { columns: 16rem; padding-left: 1.2rem; }
h2 { margin-top: 3rem; border-bottom: 1px solid; }
section { margin: 2rem 0; }
h3 code { font-size: 1rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8886; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid #8886; }
"""
Document = Mapping[str, Any]


def page(document: Document) -> bytes:
    """The whole reference."""
    operations = list(_operations(document))
    shared = document["components"].get("parameters", {})
    groups: dict[str, list[tuple[str, str, Document]]] = {}
    for one in operations:
        groups.setdefault(one[2]["tags"][0], []).append(one)
    info = document["info"]
    parts = [
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>",
        _paragraphs(info.get("description", "")),
        '<p>The same as a document for programs: <a href="/openapi.json">openapi.json</a>.</p>',
        f"<nav aria-label='Operations'>{''.join(_contents(n, g) for n, g in groups.items())}</nav><main>",
        *(f"<h2>{escape(n)}</h2>{''.join(_operation(*one, shared) for one in g)}" for n, g in groups.items()),
        "<h2>Shapes</h2>",
        *(_schema(n, s) for n, s in sorted(document["components"]["schemas"].items())),
        "</main>",
    ]
    return _whole_page(f"{info['title']}: reference", "".join(parts))


def problem_page(code: str) -> bytes | None:
    """What a code means; None for one that is never sent."""
    if code not in CODES:
        return None
    title, meaning = CODES[code]
    back = '<p><a href="/docs/problems">All codes</a> · <a href="/docs">Reference</a></p>'
    return _whole_page(
        f"Problem: {title}", f"<main><h1>{escape(title)}</h1><p><code>{code}</code></p>{_text(meaning)}</main>{back}"
    )


def problems_page() -> bytes:
    """All codes."""
    rows = "".join(
        f'<tr><th scope="row"><a href="/docs/problems/{code}"><code>{code}</code></a></th>'
        f"<td>{escape(title)}</td><td>{escape(meaning)}</td></tr>"
        for code, (title, meaning) in sorted(CODES.items())
    )
    head = '<tr><th scope="col">Code</th><th scope="col">Title</th><th scope="col">Meaning</th></tr>'
    return _whole_page("Problems", f"<main><h1>Problems</h1><table>{head}{rows}</table></main>")


def _whole_page(title: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    ).encode()


def _operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def _contents(name: str, group: list[tuple[str, str, Document]]) -> str:
    items = "".join(f'<li><a href="#{o["operationId"]}">{escape(o["operationId"])}</a></li>' for _, _, o in group)
    return f"<p>{escape(name)}</p><ul>{items}</ul>"


def _operation(path: str, method: str, operation: Document, shared: Document) -> str:
    parts = [
        f'<section id="{operation["operationId"]}"><h3>{escape(operation["operationId"])} '
        f"<code>{method} {escape(path)}</code></h3>",
        _paragraphs(operation.get("description") or operation["summary"]),
        _parameters([shared.get(p.get("$ref", "").rsplit("/", 1)[-1], p) for p in operation.get("parameters", ())]),
        _body(operation.get("requestBody")),
        _responses(operation["responses"]),
    ]
    return "".join(parts) + "</section>"


def _parameters(parameters: Any) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(p["name"])}</code></th>'
        f"<td>{p['in']}{', required' if p.get('required') else ''}</td>"
        f"<td>{_shape(p['schema'])}</td><td>{_text(p.get('description', ''))}</td></tr>"
        for p in parameters
    )
    head = "".join(f'<th scope="col">{h}</th>' for h in ("Parameter", "In", "Is", "Meaning"))
    return f"<table><tr>{head}</tr>{rows}</table>"


def _body(body: Document | None) -> str:
    if body is None:
        return ""
    content = next(iter(body["content"].values()))
    return f"<p>Body ({escape(', '.join(body['content']))}): {_shape(content['schema'])}</p>{_example(content)}"


def _responses(responses: Document) -> str:
    parts = []
    for status, response in responses.items():
        content = response.get("content", {})
        shapes = ", ".join(f"{escape(media)} {_shape(one['schema'])}" for media, one in content.items())
        about = _text(response.get("description", "")) if "$ref" not in response else "a problem"
        parts.append(f"<li><strong>{status}</strong> {about} {shapes}</li>")
    example = next((_example(c) for r in responses.values() for c in r.get("content", {}).values()), "")
    return f"<ul>{''.join(parts)}</ul>{example}"


def _schema(name: str, schema: Document) -> str:
    required = set(schema.get("required", ()))
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(field)}</code></th><td>{_shape(one)}'
        f"{'' if field in required else ', may be left out'}</td><td>{_text(one.get('description', ''))}</td></tr>"
        for field, one in schema.get("properties", {}).items()
    )
    table = f"<table>{rows}</table>" if rows else f"<p>{_shape(schema)}</p>"
    about = _text(schema.get("description", ""))
    return f'<section id="shape-{escape(name)}"><h3>{escape(name)}</h3>{about}{table}</section>'


def _shape(schema: Document) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f'<a href="#shape-{escape(name)}">{escape(name)}</a>'
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(_shape(one) for one in schema[several])
    if "const" in schema or "enum" in schema:
        return ", ".join(f"<code>{escape(str(v))}</code>" for v in schema.get("enum", [schema.get("const")]))
    if "array" in schema.get("type", ""):
        return f"list of {_shape(schema.get('items', {}))}" + (" or null" if "null" in schema["type"] else "")
    types = schema.get("type", "anything")
    return escape(" or ".join(types) if isinstance(types, list) else types)


def _example(content: Document) -> str:
    if "example" not in content:
        return ""
    text = msgspec.json.format(msgspec.json.encode(content["example"]), indent=2).decode()
    return f"<pre><code>{escape(text)}</code></pre>"


def _paragraphs(text: str) -> str:
    return "".join(_text(part) for part in re.split(r"\n\s*\n", text))


def _text(text: str) -> str:
    return "<p>" + re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)) + "</p>" if text else ""


router = Router(tags=["Reference"])
_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
_READ = reads_of_service()
_PAGE = reads_of_service()
_Code = Annotated[str, Path(alias="code", description="Code of a problem.")]


@router.get("/openapi.json", response_model=dict[str, Any], responses=_READ, openapi_extra=needs(None))
async def read_openapi(context: ReadContext) -> Response:
    """The OpenAPI document of this service."""
    return tagged(context, await _once(context, "document", lambda app: encode(app.openapi())), media=JSON)


@router.get("/docs", response_class=HTMLResponse, responses=_PAGE, openapi_extra=needs(None))
async def read_reference(context: ReadContext) -> Response:
    """The reference as a page that needs nothing from elsewhere."""
    return _html(context, await _once(context, "page", lambda app: page(app.openapi())))


@router.get("/docs/problems", response_class=HTMLResponse, responses=_PAGE, openapi_extra=needs(None))
async def list_problems(context: ReadContext) -> Response:
    """Every code that a problem may have, as a page."""
    return _html(context, problems_page())


@router.get(
    "/docs/problems/{code}", response_class=HTMLResponse, responses=reads_of_service(404), openapi_extra=needs(None)
)
async def read_problem(context: ReadContext, code: _Code) -> Response:
    """What a code means and what to do about it, as a page."""
    found = problem_page(code)
    if found is None:
        raise NotFound(f"no problem has the code {code[:100]!r}; /docs/problems lists those that there are")
    return _html(context, found)


def _html(context: Context, body: bytes) -> Response:
    return tagged(context, body, media=HTML, headers=_HEADERS)


async def _once(context: Context, name: str, make: Callable[[FastAPI], bytes]) -> bytes:
    """What is made of all operations, once and off the event loop: it takes half a second."""
    app: FastAPI = context.request.app
    kept: dict[str, bytes] = app.state.reference
    if name not in kept:
        kept[name] = await context.service.work.run(lambda: make(app), client=context.principal.client)
    return kept[name]
