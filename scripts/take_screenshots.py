"""Photograph the page. Without arguments: the pictures of README and docs, in docs/images. With files: the result page
of each at three widths in both themes, into --out, for whoever wants to judge it.

Needs Chromium (the tests' own, or the one that DATAPILOT_CHROMIUM names) and a built page (`make setup`).
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys.product import EXAMPLES, Product, running  # noqa: E402

IMAGES = ROOT / "docs" / "images"
WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900)}
THEMES = ("light", "dark")
PATIENCE_MS = 120_000  # nobody waits for these pictures; a busy machine may
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="files whose result pages to photograph")
    parser.add_argument("--out", type=Path, default=Path("screenshots"), help="where those pictures go")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as product, chromium() as browser:
        if wanted.files:
            wanted.out.mkdir(parents=True, exist_ok=True)
            photograph_files(browser, product, wanted.files, wanted.out)
        else:
            photograph_tour(browser, product)


@contextmanager
def chromium() -> Iterator[Browser]:
    found = os.environ.get("DATAPILOT_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        sys.exit("no Chromium: sudo apt-get install -y chromium")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=[*as_root, "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, product: Product, place: str, *, width: str = "desktop", theme: str = "light"
) -> Iterator[Page]:
    """Offer the page at a place, its charts drawn."""
    size: Any = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    scheme: Any = theme
    context = browser.new_context(
        base_url=product.address, viewport=size, color_scheme=scheme, reduced_motion="reduce", locale="en-GB"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(place)
    page.locator("h1").first.wait_for()
    if place.startswith("/results/"):
        page.locator("figure svg.recharts-surface, figure table").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    yield page
    context.close()


def place_of_a_drawn_one(product: Product, job_id: str) -> int:
    """Return which finding is the first whose evidence has a chart."""
    found = product.result(job_id)["insights"]["analystInsights"]
    return next(place for place, one in enumerate(found) if any(item["chartId"] for item in one["evidence"]))


def photograph_files(browser: Browser, product: Product, files: list[Path], out: Path) -> None:
    for file in files:
        job_id = product.upload(file)
        record = product.finish(job_id, seconds=300)
        place = f"/results/?id={job_id}" if record["status"] == "completed" else f"/jobs/?id={job_id}"
        for width in WIDTHS:
            for theme in THEMES:
                with opened(browser, product, place, width=width, theme=theme) as page:
                    shoot(page, out / f"{file.stem}_{width}_{theme}.png")


def photograph_tour(browser: Browser, product: Product) -> None:
    """Six pictures: the result in light and dark, on a phone, a finding's evidence, a part, two analyses compared."""
    sales, shops = (product.upload(EXAMPLES / name) for name in ("sales_demo.csv", "umsatz_filialen.csv"))
    energy = product.upload(EXAMPLES / "energy_readings.json")
    for job_id in (sales, shops, energy):
        assert product.finish(job_id)["status"] == "completed"
    half = Path(product.folder, "sales_before.csv")
    lines = (EXAMPLES / "sales_demo.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    half.write_text("".join(lines[: len(lines) * 2 // 3]), encoding="utf-8")
    earlier = product.upload(half)
    assert product.finish(earlier)["status"] == "completed"

    with opened(browser, product, f"/results/?id={sales}") as page:
        shoot(page, IMAGES / "result.png")
        page.get_by_role("button", name="Evidence").nth(place_of_a_drawn_one(product, sales)).click()
        page.get_by_role("dialog").locator("svg.recharts-surface").first.wait_for()
        shoot(page, IMAGES / "evidence.png")
    with opened(browser, product, f"/results/?id={energy}", theme="dark") as page:
        shoot(page, IMAGES / "result-dark.png")
    with opened(browser, product, f"/results/?id={shops}", width="phone") as page:
        shoot(page, IMAGES / "result-phone.png")
    with opened(browser, product, f"/results/?id={sales}") as page:
        figure = page.locator("#charts figure").filter(has_text="by region").first
        figure.get_by_role("button", name="Show as table").click()
        figure.get_by_role("button", name="West").click()
        page.get_by_text("of 1,546 rows. Key figures").wait_for()
        page.get_by_role("button", name="Show as chart").click()
        page.evaluate("document.getElementById('charts').scrollIntoView()")
        page.mouse.move(0, 0)  # no chart under it, so that none shows what it says of a point
        shoot(page, IMAGES / "part.png")
    with opened(browser, product, f"/compare/?a={earlier}&b={sales}") as page:
        page.get_by_role("heading", name="Findings", exact=True).wait_for()
        shoot(page, IMAGES / "compare.png")


def shoot(page: Page, target: Path) -> None:
    page.wait_for_timeout(400)  # the last chart's text settles when its font is in
    page.screenshot(path=target)
    print(target)


if __name__ == "__main__":
    main()
