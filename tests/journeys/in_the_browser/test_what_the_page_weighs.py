"""What the page weighs, and under which policy it is sent."""

import re

import pytest
from tests.journeys.product import Product

from datapilot.api.web import BUILT

pytestmark = pytest.mark.browser


BUDGET_KB = {"results/index.html": 185}  # JavaScript of the first load, brotli, before the lazy charts
BUDGET_KB_DEFAULT = 165


def test_pages_stay_light() -> None:
    """The scripts that a page loads at first stay within their budget, compressed as they are sent."""
    heavy = {}
    for html in BUILT.rglob("*.html"):
        scripts = re.findall(r"<script\b(?![^>]*nomodule)[^>]*\ssrc=\"([^\"]+)\"", html.read_text(), re.IGNORECASE)
        sent = [BUILT / f"{script.lstrip('/')}.br" for script in dict.fromkeys(scripts)]
        kb = sum(file.stat().st_size for file in sent if file.exists()) / 1024
        page = html.relative_to(BUILT).as_posix()
        print(f"{page:28} {kb:6.1f} KB")
        if kb > BUDGET_KB.get(page, BUDGET_KB_DEFAULT):
            heavy[page] = kb

    assert heavy == {}


@pytest.mark.spec("H1")
def test_policy_forbids_inline_code(product: Product) -> None:
    """The page is sent with a policy under which injected code would not run."""
    policy = product.http.get("/").headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
