"""Make one HTML file of a report: the page itself with the report inside, which works offline and asks no server."""

import html
import json
from functools import cache
from pathlib import Path

from datapilot import __version__
from datapilot.contracts.errors import WebAppMissing

MOULD_NAME = ".standalone.template"
MOULD = Path(__file__).parent.parent / "_web" / MOULD_NAME
GENERATOR, TITLE, REPORT = "@@GENERATOR@@", "@@TITLE@@", "@@REPORT@@"


def page_of(report_json: str, *, mould: Path = MOULD) -> str:
    """Return the page of a report that is given as its own JSON. Raises WebAppMissing where no page was built."""
    report = json.loads(report_json)
    summary = report["insights"]["businessSummary"]
    title = ": ".join([report["fileInfo"]["name"], *summary[:1]])
    return _filled(
        _mould(mould),
        {
            GENERATOR: html.escape(f"DataPilot AI {__version__}"),
            TITLE: html.escape(title),
            # Inside a script element only "<" can end it or open a comment.
            REPORT: report_json.strip().replace("<", "\\u003c"),
        },
    )


def _filled(mould: str, values: dict[str, str]) -> str:
    """Put each value where its marker stands. Each marker stands once, and no value is searched for another's."""
    page = []
    rest = mould
    for marker, value in values.items():
        before, _, rest = rest.partition(marker)
        page += [before, value]
    return "".join([*page, rest])


@cache
def _mould(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise WebAppMissing("The web app is not built, so there is no page to save. `make setup` builds it.") from None
