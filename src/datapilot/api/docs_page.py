"""The page /api/docs: every address and every error code, written from the OpenAPI description. Loads nothing."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from datapilot.api.errors import KINDS

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; } h3 { margin: 2rem 0 .25rem; font-size: 1rem; }
code, .verb { font-family: ui-monospace, monospace; }
.verb { font-weight: 700; display: inline-block; min-width: 3.5rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #8885; }
p { margin: .25rem 0; }
"""
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'"
)


def docs_page(openapi: Mapping[str, Any]) -> str:
    """Return the page as HTML."""
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(openapi['info']['title'])} API</title><style>{STYLE}</style></head><body><main>",
            f"<h1>{escape(openapi['info']['title'])} API {escape(openapi['info']['version'])}</h1>",
            f"<p>{escape(openapi['info'].get('description', ''))}</p>",
            '<p>Machine-readable: <a href="/api/openapi.json">/api/openapi.json</a></p>',
            "<h2>Addresses</h2>",
            *_addresses(openapi),
            "<h2>Error codes</h2><p>Every error is problem JSON (RFC 9457) with one of these in <code>code</code>.</p>",
            "<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>What helps</th></tr></thead><tbody>",
            *_codes(),
            "</tbody></table></main></body></html>",
        )
    )


def _addresses(openapi: Mapping[str, Any]) -> Iterator[str]:
    schemas = openapi["components"]["schemas"]
    for path, verbs in openapi["paths"].items():
        for verb, operation in verbs.items():
            yield f'<h3><span class="verb">{verb.upper()}</span> <code>{escape(path)}</code></h3>'
            yield f"<p>{escape(operation.get('description') or operation.get('summary', ''))}</p>"
            if taken := [*_parameters(operation), *_bodies(operation, schemas)]:
                yield f"<p>Takes: {'; '.join(taken)}</p>"
            yield f"<p>Answers: {'; '.join(_answers(operation))}</p>"


def _parameters(operation: Mapping[str, Any]) -> Iterator[str]:
    for each in operation.get("parameters", ()):
        need = ", required" if each.get("required") else ""
        yield f"<code>{escape(each['name'])}</code> ({escape(each['in'])}{need})"


def _bodies(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[str]:
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        schema = schemas[_named(content)] if _named(content) else content["schema"]
        names = ", ".join(f"<code>{escape(name)}</code>" for name in schema["properties"])
        yield f"{escape(kind)} with {names}"


def _answers(operation: Mapping[str, Any]) -> Iterator[str]:
    for status, answer in sorted(operation["responses"].items()):
        if status < "300":
            form = _named(next(iter(answer.get("content", {}).values()), {}))
            yield f"{status} {f'<code>{escape(form)}</code>' if form else escape(answer['description'])}"
        else:
            links = (f'<a href="#{code}">{code}</a>' for code in re.findall(r"`(\w+)`", answer["description"]))
            yield f"{status} {', '.join(links) or escape(answer['description'])}"


def _named(content: Mapping[str, Any]) -> str:
    """Return the name of the schema that the content refers to, or ""."""
    return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]


def _codes() -> Iterator[str]:
    for code, kind in sorted(KINDS.items()):
        yield (
            f'<tr id="{code}"><td><code>{code}</code></td><td>{kind.status}</td>'
            f"<td>{escape(kind.title)}</td><td>{escape(kind.advice or '')}</td></tr>"
        )
