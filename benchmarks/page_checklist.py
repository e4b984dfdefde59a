"""The result page against 25 things that readers of such pages look for, each 0 (missing), 1 (partly) or 2 (done).

The list and its scale are those on which seven other tools were scored by hand. Here each item is a check that a
browser makes on the pages of three files, and an item's score is that of its worst file: `s10k` and `s100k` (generated)
and a wide table of countries, one of those that the tests read.
"""

import json
import re
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from tests.journeys.in_the_browser.looking import FITS

from benchmarks.lighthouse import chromium_path, chromium_switches
from benchmarks.measured import Row, run
from benchmarks.served import analysed, served, upload
from benchmarks.tables import table_path

ROOT = Path(__file__).parent.parent
WIDE_TABLE = ROOT / "tests" / "tables" / "country-codes.csv"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {320: 700, 390: 844, 820: 1180, 1440: 900}
LARGE_S, LARGE_MIB = 5, 300
DONE, PARTLY, MISSING = 2, 1, 0
SETTLES_MS = 10_000  # charts follow the width of the window a frame later
PATIENCE_MS = 120_000
AMOUNT = re.compile(r"\d")


@dataclass
class Look:
    """One file's page in a browser, its report, and what was asked of other sites while it was looked at."""

    page: Page
    report: dict[str, Any]
    address: str
    job: str
    file: Path
    strangers: list[str] = field(default_factory=list)

    def text(self, place: str) -> str:
        return self.page.locator(place).first.inner_text()

    def at(self, width: int, path: str | None = None) -> Page:
        """The page of the result, or another, at a width."""
        self.page.set_viewport_size({"width": width, "height": WIDTHS[width]})
        target = self.address + (path or f"/results/?id={self.job}")
        if path is not None or self.page.url != target:
            self.page.goto(target)
        self.page.locator("h1").first.wait_for()
        if path is None:
            self.page.locator("#rows").wait_for(state="attached", timeout=PATIENCE_MS)
        return self.page


Check = Callable[[Look], int]


def _fits(look: Look, width: int) -> bool:
    """Whether nothing sticks out at this width once the page has settled."""
    return bool(look.at(width).evaluate(FITS, [width, SETTLES_MS]))


def measure() -> list[Row]:
    """Return one row for each item: its score on each file, and its own, the least of them."""
    files = [table_path("s10k"), WIDE_TABLE, table_path("s100k")]
    scores: dict[str, dict[str, int]] = {name: {} for name in ITEMS}
    with served() as address, browser() as chromium:
        jobs = {file: analysed(address, file) for file in files}
        for file, job in jobs.items():
            with looked_at(chromium, address, job, file) as look:
                for name, check in ITEMS.items():
                    scores[name][file.stem] = _score(name, check, look)
                    print(f"{file.stem:15} {scores[name][file.stem]} {name}", flush=True)
    return [{"item": name, **found, "score": min(found.values())} for name, found in scores.items()]


def _score(name: str, check: Check, look: Look) -> int:
    try:
        return check(look)
    except PlaywrightError as error:  # what the check looked for never came
        print(f"{name}: {str(error)[:400]}", flush=True)
        return MISSING


def markdown(rows: list[Row]) -> str:
    """Return the items with their scores, and the sum."""
    files = [key for key in rows[0] if key not in ("item", "score")]
    lines = [f"| # | item | {' | '.join(files)} | score |", "|---:|---|" + "---:|" * (len(files) + 1)]
    lines += [
        f"| {place} | {row['item']} | {' | '.join(str(row[file]) for file in files)} | {row['score']} |"
        for place, row in enumerate(rows, 1)
    ]
    return "\n".join([*lines, "", f"Sum: {sum(int(row['score']) for row in rows)} of {DONE * len(rows)}."])


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium_path(), args=chromium_switches())
        yield started
        started.close()


@contextmanager
def looked_at(chromium: Browser, address: str, job: str, file: Path) -> Iterator[Look]:
    context = chromium.new_context(reduced_motion="reduce", color_scheme="light")
    with urllib.request.urlopen(f"{address}/api/result?jobId={job}") as answer:
        look = Look(context.new_page(), json.load(answer), address, job, file)
    look.page.set_default_timeout(PATIENCE_MS)
    context.on(
        "request",
        lambda asked: None if asked.url.startswith((address, "data:", "blob:")) else look.strangers.append(asked.url),
    )
    yield look
    context.close()


def _scored(*claims: bool) -> int:
    """All claims true: done; some: partly."""
    return DONE if all(claims) else PARTLY if any(claims) else MISSING


def headline(look: Look) -> int:
    fits = []
    for width, height in WIDTHS.items():
        box = look.at(width).locator("h1").bounding_box()
        fits.append(box is not None and box["y"] + box["height"] <= height)
    said = look.text("h1").replace("\u00a0", " ")
    return _scored(said == look.report["insights"]["businessSummary"][0] and bool(AMOUNT.search(said)), all(fits))


def provenance(look: Look) -> int:
    head, receipt = look.text("article header"), look.text("#receipt")
    return _scored(
        look.file.name in head and f"{look.report['fileInfo']['rows']:,}" in head,
        look.page.locator("article header time[datetime]").count() == 1,
        look.report["schemaVersion"] in receipt and look.job in receipt,
    )


def itemised_quality(look: Look) -> int:
    shown = look.text("#quality")
    lost = look.report["quality"]["deductions"]
    return _scored(
        str(look.report["qualityScore"]) in str(look.page.locator("#quality").text_content()),
        all(deduction["title"] in shown for deduction in lost) and shown.count("fix: +") == len(lost),
    )


def kpi_change(look: Look) -> int:
    """Without two whole periods there is no change to tell; then each card must still say how it was computed."""
    cards = look.report["kpis"]["cards"]
    shown = look.text("#figures").replace("\u00a0", " ")
    changed = [card for card in cards if card.get("changeDisplay")]
    has_time = any(column["inferred_type"] == "datetime" for column in look.report["schema"])
    return _scored(
        len(cards) == 4 and all(card["display"] in shown for card in cards),
        shown.count("How computed") == len(cards),
        all(f"{card['changeDisplay']}" in shown and card["period"] in shown for card in changed),
        bool(changed) or not has_time,
    )


def ranked(look: Look) -> int:
    order = ("critical", "high", "medium", "low", "info")
    found = look.report["insights"]["analystInsights"]
    places = [order.index(insight["severity"]) for insight in found]
    entries = look.page.locator("#insights ol > li")
    return _scored(
        entries.count() == min(5, len(found)) >= 1 and entries.first.inner_text().startswith("1"),
        all(
            found[index]["headline"] in entries.nth(index).inner_text().replace("\u00a0", " ")
            for index in range(entries.count())
        ),
        places == sorted(places) or len(set(places)) > 1,
    )


def evidence(look: Look) -> int:
    page, found = look.page, []
    for index in range(page.locator("#insights ol > li").count()):
        page.locator("#insights ol > li").nth(index).get_by_role("button", name="Evidence").click()
        drawer = page.get_by_role("dialog")
        drawer.wait_for()
        told = drawer.inner_text()
        found.append("Figures, recomputed" in told and "Rests on" in told and "What to do" in told)
        page.keyboard.press("Escape")
        drawer.wait_for(state="detached")
    return _scored(bool(found), all(found))


def verified(look: Look) -> int:
    entries = look.page.locator("#insights ol > li")
    marks = entries.get_by_text("Verified", exact=True).count()
    return _scored(
        marks == entries.count() > 0,
        look.page.locator("article header").get_by_text("Verified").count() == 1,
        "recomputed and found equal" in look.text("#insights"),
    )


def finding_titles(look: Look) -> int:
    """A title that states a finding has a slot of a fact in its template; the rest must be few."""
    charts = look.report["chartSpecs"]
    stating = [chart for chart in charts if "{f_" in chart["titleTemplate"]]
    return _scored(bool(stating), 2 * len(stating) >= len(charts))


def units(look: Look) -> int:
    """Every chart says what its figures count: on an axis, or in the subtitle where bars lie."""
    charts = look.report["chartSpecs"]
    named = [bool(chart["yLabel"] and chart["subtitle"]) or chart["type"] == "heatmap" for chart in charts]
    with_unit = [column for column in look.report["schema"] if column.get("unit")]
    shown = look.text("#columns")
    return _scored(all(named), all(column["unit"] in shown or column["unit"] == "share" for column in with_unit[:20]))


def table_twin(look: Look) -> int:
    page, twins = look.at(1440), []
    figures = page.locator("main figure")
    for index in range(figures.count()):
        figure = figures.nth(index)
        if figure.get_attribute("data-chart") == "heatmap":
            twins.append(figure.locator("table td").count() > 0)
            continue
        figure.get_by_role("button", name="Show as table").click()
        twins.append(figure.locator("table tbody tr").count() > 0)
        figure.get_by_role("button", name="Show as chart").click()
    return _scored(bool(twins), all(twins))


def receipt(look: Look) -> int:
    told = look.text("#receipt")
    return _scored(
        "letters are" in told,
        "separated by" in told and "header stands" in told,
        "row was rejected" in told or "not be kept" in told,
    )


def preview(look: Look) -> int:
    rows = look.at(1440).locator("#rows table tbody tr").count()
    cards = look.at(390).locator("#rows details:visible").count()
    return _scored(rows == len(look.report["cleanedPreview"]), cards >= 1)


def exports(look: Look) -> int:
    page = look.at(1440)
    saved = page.context.request.get(f"{look.address}/api/jobs/{look.job}/page")
    result = page.context.request.get(f"{look.address}/api/result?jobId={look.job}")
    page.locator("summary").filter(has_text="Download").first.click()
    offered = page.locator("article header details a").count()
    return _scored(
        saved.ok and len(saved.body()) > 100_000,
        result.json()["jobId"] == look.job,
        len(page.pdf()) > 20_000,
        offered >= 3,
    )


def mobile(look: Look) -> int:
    return _scored(*(_fits(look, width) for width in (320, 390)), headline(look) == DONE)


def dark(look: Look) -> int:
    """It follows the system, and the reader may choose."""
    page = look.at(1440)
    ground = "getComputedStyle(document.body).backgroundColor"
    # Not a function to wait for: the page's policy lets nobody turn text into code, this check neither.
    in_theme = {name: page.locator(f"html[data-theme={name}]") for name in ("light", "dark")}
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    in_theme["dark"].wait_for(state="attached")
    followed = page.evaluate(ground) != light
    page.emulate_media(color_scheme="light")
    in_theme["light"].wait_for(state="attached")
    page.get_by_role("radio", name="Dark").first.evaluate("radio => radio.click()")
    in_theme["dark"].wait_for(state="attached")
    page.get_by_role("radio", name="System").first.evaluate("radio => radio.click()")
    in_theme["light"].wait_for(state="attached")
    return _scored(followed, page.evaluate(ground) == light)


def keyboard_and_axe(look: Look) -> int:
    page = look.at(1440)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document)")["violations"]
    grave = sum(len(one["nodes"]) for one in found if one["impact"] in ("critical", "serious"))
    reached = False
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.innerText?.trim()") == "Evidence":
            page.keyboard.press("Enter")
            reached = page.get_by_role("dialog").is_visible()
            page.keyboard.press("Escape")
            break
    return MISSING if grave > 5 else _scored(grave == 0, reached)


def nothing_off_site(look: Look) -> int:
    return DONE if not look.strangers else MISSING


def progress_and_cancel(look: Look) -> int:
    with tempfile.TemporaryDirectory() as folder:
        wide = Path(folder, "wide.csv")
        with wide.open("w", encoding="ascii") as out:
            out.write(",".join(f"measure {column}" for column in range(400)) + "\n")
            for row in range(8000):
                out.write(",".join(str((row * 7919 + column * 104729) % 9973) for column in range(400)) + "\n")
        job = upload(look.address, wide)
    page = look.at(1440, f"/jobs/?id={job}")
    page.get_by_role("button", name="Cancel").click()
    steps = page.locator("main ol > li").count()
    page.get_by_role("dialog").get_by_role("button", name="Stop it").click()
    page.get_by_role("heading", level=1, name="Cancelled").wait_for()
    return _scored(steps >= 5, page.get_by_text("Nothing was published").is_visible())


def history(look: Look) -> int:
    page = look.at(1440, "/history/")
    page.get_by_role("searchbox").wait_for()
    all_rows = page.locator("main li").count()
    page.get_by_role("searchbox").fill(look.file.name)
    return _scored(all_rows >= 3, 1 <= page.locator("main li").count() < all_rows)


def compare(look: Look) -> int:
    page = look.at(1440, "/history/")
    for place in (0, 1):
        page.get_by_role("checkbox").nth(place).check()
    page.get_by_role("link", name="Compare these two").click()
    page.get_by_role("heading", name="Findings", exact=True).wait_for()
    parts = [
        page.get_by_role("heading", name=name, exact=True).count() == 1 for name in ("Findings", "Figures", "Columns")
    ]
    return _scored(*parts)


def feedback(look: Look) -> int:
    entries = look.at(1440).locator("#insights ol > li")
    offered = [
        entries.get_by_role("button", name=name, exact=True).count() == entries.count()
        for name in ("Helpful", "Not helpful", "Edit")
    ]
    entries.first.get_by_role("button", name="Helpful", exact=True).click()
    look.page.get_by_text("Kept, thank you.").wait_for()
    return _scored(*offered)


def works_offline(look: Look) -> int:
    """The saved page opens from disk with the network off; the product itself asked nobody."""
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder, "page.html")
        saved.write_bytes(look.page.context.request.get(f"{look.address}/api/jobs/{look.job}/page").body())
        owner = look.page.context.browser
        assert owner is not None
        alone = owner.new_context(offline=True)
        page = alone.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(saved.as_uri())
        page.locator("figure svg.recharts-surface, figure table").first.wait_for(state="attached")
        alone.close()
    return _scored(asked == [saved.as_uri()], not look.strangers)


def large(_: Look) -> int:
    """s100k, whole process: quick, small, and every row counted."""
    path = table_path("s100k")
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).with_name("datapilot")), "analyze", str(path), "--json", f"{folder}/r.json"]
        taken = run(command)
        rows = json.loads(Path(folder, "r.json").read_text(encoding="utf-8"))["fileInfo"]["rows"]
    print(f"s100k: {taken.wall_s:.1f} s, {taken.cpu_s:.1f} s of processor, {taken.peak_mib:.0f} MiB", flush=True)
    return _scored(taken.wall_s < LARGE_S, taken.peak_mib < LARGE_MIB, rows == 100_000)


def wide(look: Look) -> int:
    """Every column is there to be found, and the page still fits."""
    page = look.at(1440)
    columns = [column["name"] for column in look.report["schema"]]
    search = page.locator("#columns").get_by_role("searchbox")
    if search.count():
        search.fill(columns[-1])
    found = page.locator("#columns table tbody tr").filter(has_text=columns[-1]).count() >= 1
    return _scored(found, all(_fits(look, width) for width in WIDTHS))


def without_a_model(look: Look) -> int:
    metadata = look.report["insights"]["metadata"]
    return _scored(metadata["source"] == "rules", len(look.report["insights"]["analystInsights"]) >= 3)


ITEMS: dict[str, Check] = {
    "headline finding, in the first screen": headline,
    "provenance: file, time, version": provenance,
    "quality score itemised": itemised_quality,
    "key figures with their change": kpi_change,
    "insights ranked": ranked,
    "evidence": evidence,
    "verified mark": verified,
    "chart titles state the finding": finding_titles,
    "units": units,
    "table twin of charts": table_twin,
    "receipt of reading": receipt,
    "preview": preview,
    "export as HTML, PDF, JSON": exports,
    "mobile layout": mobile,
    "dark mode": dark,
    "keyboard and axe": keyboard_and_axe,
    "no off-site requests": nothing_off_site,
    "progress and cancel": progress_and_cancel,
    "history": history,
    "compare": compare,
    "feedback for each finding": feedback,
    "works offline": works_offline,
    "large file": large,
    "wide file": wide,
    "insights without a model": without_a_model,
}
