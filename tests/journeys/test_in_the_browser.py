"""The fifth journey: a person with a browser. Upload, watch, read; cancel another; on phone, tablet and desktop."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.journeys.product import EXAMPLES, ROOT, Product

pytestmark = pytest.mark.browser

WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900)}
THEMES = ("light", "dark")
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
READING_MS = 20_000

TELL_VIOLATIONS = (
    "document.addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective))"
)


@dataclass
class Visit:
    """A page and everything that went wrong on it."""

    page: Page
    troubles: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium: the machine's, or the one that DATAPILOT_CHROMIUM names."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("DATAPILOT_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert found, "no Chromium: sudo apt-get install -y chromium"
    # Chromium refuses its sandbox to root, which is who runs it in a container.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=[*as_root, "--disable-dev-shm-usage"])
        yield started
        started.close()


@contextmanager
def visit(browser: Browser, product: Product, *, width: str = "desktop", theme: str = "light") -> Iterator[Visit]:
    """Offer a page that remembers console errors, policy violations and requests to other sites."""
    size: Any = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    scheme: Any = theme
    context: BrowserContext = browser.new_context(
        base_url=product.address, viewport=size, color_scheme=scheme, reduced_motion="reduce"
    )
    context.add_init_script(TELL_VIOLATIONS)
    seen = Visit(context.new_page())
    seen.page.on("console", lambda message: seen.troubles.append(message.text) if message.type == "error" else None)
    seen.page.on("pageerror", lambda error: seen.troubles.append(str(error)))
    seen.page.on("request", lambda request: _note_stranger(request.url, product, seen))
    try:
        yield seen
    finally:
        context.close()


def _note_stranger(url: str, product: Product, seen: Visit) -> None:
    if not url.startswith((product.address, "data:", "blob:")):
        seen.troubles.append(f"asked another site: {url}")


@dataclass(frozen=True)
class Jobs:
    """Ids of jobs whose pages stay as they are."""

    completed: str
    failed: str


@pytest.fixture(scope="module")
def jobs(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Jobs:
    """A completed job of the first sample, and one that failed because its file was no table."""
    empty = tmp_path_factory.mktemp("bad") / "no table.csv"
    empty.write_bytes(bytes(range(256)) * 16)
    found = Jobs(product.upload(EXAMPLES / "sales_demo.csv"), product.upload(empty))
    assert product.finish(found.completed)["status"] == "completed"
    assert product.finish(found.failed)["status"] == "failed"
    return found


@pytest.mark.spec("H1", "H3", "H4", "H5")
@pytest.mark.parametrize("width", WIDTHS)
def test_file_becomes_a_page(browser: Browser, product: Product, width: str) -> None:
    """Choosing a file starts the upload, the steps are shown, and the page goes to the result by itself."""
    with visit(browser, product, width=width) as seen:
        page = seen.page
        page.goto("/")

        page.set_input_files("input[type=file]", EXAMPLES / "sales_demo.csv")
        page.wait_for_url(re.compile(r"/(jobs|results)/\?id=job_"), timeout=READING_MS)
        page.wait_for_url(re.compile(r"/results/\?id=job_"), timeout=READING_MS)

        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("sales_demo.csv").first).to_be_visible()
        expect(page.get_by_text(re.compile("quality", re.IGNORECASE)).first).to_be_visible()
        expect(page.locator("main svg").first).to_be_attached(timeout=READING_MS)
        assert seen.troubles == []


@pytest.mark.spec("I7", "H3")
def test_newcomer_tries_a_sample(browser: Browser, product: Product) -> None:
    """Somebody without a file at hand picks a sample and reads its result."""
    with visit(browser, product) as seen:
        seen.page.goto("/")

        seen.page.get_by_role("button", name=re.compile("sales", re.IGNORECASE)).first.click()
        seen.page.wait_for_url(re.compile(r"/results/\?id=job_"), timeout=READING_MS)

        expect(seen.page.get_by_role("heading", level=1)).to_be_visible()
        assert seen.troubles == []


@pytest.mark.spec("D3", "H4")
def test_running_job_is_cancelled_while_another_is_read(
    browser: Browser, product: Product, jobs: Jobs, wide_file: Path
) -> None:
    """Cancel asks once, stops the job and says so; the result of another job can be read all the while."""
    with visit(browser, product) as seen, visit(browser, product) as other:
        seen.page.goto("/")
        seen.page.set_input_files("input[type=file]", wide_file)
        seen.page.wait_for_url(re.compile(r"/jobs/\?id=job_"), timeout=READING_MS)
        job_id = seen.page.url.partition("id=")[2]

        other.page.goto(f"/results/?id={jobs.completed}")
        expect(other.page.get_by_role("heading", level=1)).to_be_visible()
        seen.page.get_by_role("button", name="Cancel").click()
        seen.page.get_by_role("dialog").get_by_role("button", name="Stop it").click()

        expect(seen.page.get_by_role("heading", level=1)).to_contain_text("Cancelled", timeout=READING_MS)
        assert product.job(job_id)["status"] == "cancelled"
        assert not product.stored(f"results/{job_id}.json").exists()
        assert seen.troubles == other.troubles == []


@pytest.mark.spec("H7")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("place", ["/", "/history/", "/jobs/", "/results/"])
def test_page_is_accessible(
    browser: Browser, product: Product, jobs: Jobs, *, place: str, width: str, theme: str
) -> None:
    """axe finds nothing to complain of, nothing overflows sideways, and nothing goes wrong, at any width and theme."""
    query = {"/jobs/": f"?id={jobs.failed}", "/results/": f"?id={jobs.completed}"}.get(place, "")
    with visit(browser, product, width=width, theme=theme) as seen:
        seen.page.goto(place + query)
        seen.page.wait_for_load_state("networkidle")
        expect(seen.page.get_by_role("heading", level=1)).to_be_visible()

        seen.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = seen.page.evaluate("rules => axe.run(document, {runOnly: rules})", AXE_RULES)
        overflow = seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

        assert [f"{problem['id']}: {problem['nodes'][0]['html'][:200]}" for problem in found["violations"]] == []
        assert overflow <= 0
        assert seen.troubles == []


@pytest.mark.spec("H1")
def test_policy_forbids_inline_code(product: Product) -> None:
    """The page is sent with a policy under which injected code would not run."""
    policy = product.http.get("/").headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
