"""Read HTML escapes such as `&amp;` and `&euro;`, left in cells by an export from a web page."""

import re
from collections.abc import Collection

from datapilot.reading.columns.evidence import Evidence
from datapilot.reading.late import late
from datapilot.reading.text_table import quoted

ENTITY = r"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|[A-Za-z]{2,8});"
_WELL_KNOWN = late(
    r"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|amp|lt|gt|quot|apos|nbsp|[aeiouAEIOU](?:acute|grave|circ|uml|tilde)|[nN]tilde|[cC]cedil|szlig|ndash|mdash|rsquo|lsquo|ldquo|rdquo|hellip|copy|reg|trade|deg|euro|pound);"
)


def has_entities(evidence: Evidence) -> bool:
    """True when texts carry escapes that leave no doubt."""
    return any("&" in text and _WELL_KNOWN().search(text) for text in evidence.values)


def entities_of(text: str) -> list[str]:
    """Return the escapes in the text that stand for a character."""
    return [entity for entity in re.findall(ENTITY, text) if unescaped(entity) != entity] if "&" in text else []


def unescaped(text: str) -> str:
    """Return the text with its escapes as characters."""
    from html import unescape  # noqa: PLC0415  # the list of all entities, which few tables need

    return unescape(text)


def unescaping_sql(text: str, entities: Collection[str]) -> str:
    """Return the SQL of the text, itself SQL, with these escapes as characters."""
    expression = text
    for entity in sorted(entities, key=lambda e: (e == "&amp;", e)):  # last, or &amp;lt; would become <
        expression = f"replace({expression}, {quoted(entity)}, {quoted(unescaped(entity))})"
    return expression
