"""A visit with a browser: a page of a given width and theme that remembers everything that goes wrong on it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page
from tests.journeys.product import Product

WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900)}
READING_MS = 180_000  # a loaded machine; usually a second
TELL_VIOLATIONS = (
    "document.addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective))"
)


@dataclass
class Visit:
    """A page and everything that went wrong on it."""

    page: Page
    troubles: list[str] = field(default_factory=list)


@contextmanager
def visit(browser: Browser, product: Product, *, width: str = "desktop", theme: str = "light") -> Iterator[Visit]:
    """Offer a page that remembers console errors, policy violations and requests to other sites."""
    size: Any = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    scheme: Any = theme
    context: BrowserContext = browser.new_context(
        base_url=product.address, viewport=size, color_scheme=scheme, reduced_motion="reduce",
        has_touch=width == "phone",
    )  # fmt: skip
    context.set_default_timeout(READING_MS)
    context.add_init_script(TELL_VIOLATIONS)
    seen = Visit(context.new_page())
    seen.page.on("console", lambda message: _note_error(message, seen))
    seen.page.on("pageerror", lambda error: seen.troubles.append(str(error)))
    seen.page.on("request", lambda request: _note_stranger(request.url, product, seen))
    try:
        yield seen
    finally:
        context.close()


def _note_error(message: ConsoleMessage, seen: Visit) -> None:
    if message.type == "error":
        seen.troubles.append(f"{message.text} at {message.location.get('url', '')}")


def _note_stranger(url: str, product: Product, seen: Visit) -> None:
    if not url.startswith((product.address, "data:", "blob:")):
        seen.troubles.append(f"asked another site: {url}")


@dataclass(frozen=True)
class Jobs:
    """Ids of jobs whose pages stay as they are."""

    completed: str
    failed: str
    other: str


def focused(page: Page) -> str:
    """Return what the focused element says."""
    return str(page.evaluate("document.activeElement?.innerText?.trim() ?? ''"))


def headline(product: Product, job_id: str) -> str:
    """Return the main finding of a result."""
    return str(product.result(job_id)["insights"]["businessSummary"][0])


def revenue_by_region(page: Page, jobs: Jobs) -> Locator:
    """Open the analysis of the sales sample, and return its chart of revenue by region."""
    page.goto(f"/results/?id={jobs.completed}")
    return page.locator("#charts figure").filter(has_text=re.compile("of revenue by region", re.IGNORECASE))
