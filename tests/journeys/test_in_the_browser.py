"""The fifth journey: a person with a browser. Upload, watch, read; cancel another; on phone, tablet and desktop."""

import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pdfplumber
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright
from tests.journeys.product import EXAMPLES, ROOT, Product, run, running

from datapilot.api.web import BUILT

pytestmark = pytest.mark.browser

WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900)}
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_COLOURS = ["color-contrast", "link-in-text-block"]
READING_MS = 180_000  # a loaded machine; usually a second

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
    expect.set_options(timeout=READING_MS)  # the browser shares its cores with two other processes of tests
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


@pytest.fixture(scope="module")
def jobs(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Jobs:
    """Two completed jobs of samples, and one that failed because its file was no table."""
    empty = tmp_path_factory.mktemp("bad") / "no table.csv"
    empty.write_bytes(bytes(range(256)) * 16)
    found = Jobs(
        product.upload(EXAMPLES / "sales_demo.csv"),
        product.upload(empty),
        product.upload(EXAMPLES / "umsatz_filialen.csv"),
    )
    assert product.finish(found.other)["status"] == "completed"
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
        expect(page.locator("main svg").first).to_be_attached()
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


DROP = """([zone, text]) => {
  const carried = new DataTransfer()
  carried.items.add(new File([text], 'dropped.csv', {type: 'text/csv'}))
  for (const name of ['dragenter', 'dragover', 'drop'])
    zone.dispatchEvent(new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer: carried}))
}"""


@pytest.mark.spec("H3")
@pytest.mark.parametrize("way", ["dropped", "pasted"])
def test_table_comes_without_a_choice_of_files(browser: Browser, product: Product, way: str) -> None:
    """A file that is dropped on the zone, or cells that are pasted, become a result like a file that was chosen."""
    text = "region,units\n" + "".join(f"{'North' if n % 3 else 'South'},{n}\n" for n in range(40))
    with visit(browser, product) as seen:
        page = seen.page
        page.goto("/")
        expect(page.get_by_role("button", name=re.compile("^Sales demo"))).to_be_enabled()

        if way == "dropped":
            zone = page.get_by_text("Drop a table here").element_handle()
            page.evaluate(DROP, [zone, text])
        else:
            page.locator("summary").filter(has_text="Or paste a table").click()
            page.get_by_label("The table, as text").fill(text)
            page.get_by_role("button", name="Analyse what was pasted").click()
        page.wait_for_url(re.compile(r"/results/\?id=job_"), timeout=READING_MS)

        expect(page.get_by_text("40 rows", exact=False).first).to_be_visible()
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
        seen.page.reload()
        expect(seen.page.get_by_role("progressbar")).to_be_visible()

        other.page.goto(f"/results/?id={jobs.completed}")
        expect(other.page.get_by_role("heading", level=1)).to_be_visible()
        seen.page.get_by_role("button", name="Cancel").click()
        seen.page.get_by_role("dialog").get_by_role("button", name="Stop it").click()

        expect(seen.page.get_by_role("heading", level=1)).to_contain_text("Cancelled")
        assert product.job(job_id)["status"] == "cancelled"
        assert not product.stored(f"results/{job_id}.json").exists()
        assert seen.troubles == other.troubles == []


MAY_SHIFT = 0.05  # cumulative layout shift; what moves under the reader's eyes costs his trust
COUNT_SHIFTS = """new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted = (window.shifted ?? 0) + entry.value
}).observe({type: 'layout-shift', buffered: true})"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def complaints(page: Page, rules: list[str] = AXE_RULES) -> list[str]:
    """Return what axe has against the page as it stands, drawers included, and whether it scrolls sideways."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    said = [f"{problem['id']}: {problem['nodes'][0]['html'][:200]}" for problem in found["violations"]]
    return said + (["scrolls sideways"] if page.evaluate(OVERFLOW) > 0 else [])


def complaints_in_both_themes(page: Page) -> list[str]:
    """Return the complaints about the page in the light theme, and in the dark one those about colours, which are all
    that it changes."""
    said = complaints(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    said += [f"dark: {one}" for one in complaints(page, AXE_COLOURS)]
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    return said


def revenue_by_region(page: Page, jobs: Jobs) -> Locator:
    """Open the analysis of the sales sample, and return its chart of revenue by region."""
    page.goto(f"/results/?id={jobs.completed}")
    return page.locator("#charts figure").filter(has_text=re.compile("of revenue by region", re.IGNORECASE))


@pytest.mark.spec("H2", "H7")
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_accessible(browser: Browser, product: Product, jobs: Jobs, width: str) -> None:
    """axe finds nothing to complain of on any page or drawer in either theme, nothing overflows or shifts, and nothing
    goes wrong."""
    places = [
        "/",
        "/history/",
        f"/jobs/?id={jobs.failed}",
        f"/compare/?a={jobs.completed}&b={jobs.other}",
        "/nowhere/",
        f"/results/?id={jobs.completed}",
    ]
    with visit(browser, product, width=width) as seen:
        page = seen.page
        page.add_init_script(COUNT_SHIFTS)
        found = {}
        for place in places:
            page.goto(place)
            expect(page.locator("h1").first).to_be_attached()
            expect(page.get_by_role("status", name=re.compile("^Loading"))).to_have_count(0)
            found[place] = complaints_in_both_themes(page)
            assert (page.evaluate("window.shifted ?? 0"), place) <= (MAY_SHIFT, place)
        # The page of the report stands open: the finding is in the first screen, the chart needs no scrolling.
        assert page.locator("h1").bounding_box()["y"] + page.locator("h1").bounding_box()["height"] <= WIDTHS[width][1]  # type: ignore[index]
        if width != "phone":
            expect(page.locator("main figure svg.recharts-surface").first).to_be_attached()
        for name, opener in {
            "evidence": "Evidence",
            "column": "Look closer at revenue" if width == "phone" else "revenue",
            "rejecting": "Not helpful",
            "editing": "Edit",
        }.items():
            if width == "phone" and name == "column":
                page.locator("#columns summary").filter(has_text="revenue").click()
            page.get_by_role("button", name=opener, exact=True).first.click()
            expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_be_visible()
            if name == "column":
                expect(page.get_by_role("dialog").locator("svg.recharts-surface")).to_be_attached()
            found[name] = complaints_in_both_themes(page)
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_have_count(0)
            assert focused(page) == ("Look closer" if opener.startswith("Look") else opener)
        page.locator("summary").filter(has_text="Read it another way").click()
        page.locator("summary").filter(has_text="Download").click()
        found["reading options and downloads"] = complaints_in_both_themes(page)
        assert nameless(page) == []
        if width == "phone":
            page.get_by_role("button", name="Open menu").click()
            found["menu"] = complaints_in_both_themes(page)

        assert {where: said for where, said in found.items() if said} == {}
        # A page that is not there is answered with 404, which the console notes.
        assert [trouble for trouble in seen.troubles if "404" not in trouble] == []


@pytest.mark.spec("H2", "H5")
def test_phone_is_used_by_taps(browser: Browser, product: Product, jobs: Jobs) -> None:
    """The menu slides over the page and leads on; a row of the table unfolds; a finding opens to its evidence."""
    with visit(browser, product, width="phone") as seen:
        page = seen.page
        page.goto(f"/results/?id={jobs.completed}")
        page.get_by_role("button", name="Evidence", exact=True).first.tap()
        expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_be_visible()
        page.get_by_role("dialog").get_by_role("button", name="Close").tap()
        expect(page.get_by_role("dialog")).to_have_count(0)

        card = page.locator("#rows details").first
        card.locator("summary").tap()
        expect(card.get_by_text("order_date")).to_be_visible()
        expect(page.locator("#rows table")).to_have_count(0)

        expect(page.get_by_role("complementary", name="Menu")).to_have_count(0)
        page.get_by_role("button", name="Open menu").tap()
        page.get_by_role("dialog").get_by_role("link", name="History").tap()
        page.wait_for_url("**/history/")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("link", name="umsatz_filialen.csv").first.tap()
        page.wait_for_url(f"**/results/?id={jobs.other}")
        assert seen.troubles == []


@pytest.mark.spec("H2")
def test_tablet_has_a_rail_and_desktop_a_sidebar(browser: Browser, product: Product, jobs: Jobs) -> None:
    """Icons that say what they are when pointed at; then words, and the latest analyses below them."""
    with visit(browser, product, width="tablet") as seen:
        seen.page.goto("/")
        rail = seen.page.get_by_role("complementary", name="Menu")
        expect(rail.get_by_text("History")).to_have_css("opacity", "0")
        rail.get_by_role("link", name="History").hover()
        expect(rail.get_by_text("History")).to_have_css("opacity", "1")
        rail.get_by_role("link", name="History").click()
        seen.page.wait_for_url("**/history/")

        width, height = WIDTHS["desktop"]
        seen.page.set_viewport_size({"width": width, "height": height})
        sidebar = seen.page.get_by_role("complementary", name="Menu")
        expect(sidebar.get_by_text("New analysis")).to_be_visible()
        sidebar.get_by_role("link", name="umsatz_filialen.csv").first.click()
        seen.page.wait_for_url(f"**/results/?id={jobs.other}")
        assert seen.troubles == []


@pytest.mark.spec("H6")
def test_axes_follow_the_viewport(browser: Browser, product: Product, jobs: Jobs) -> None:
    """A course over months has fewer marks on a phone, and the same points in its table."""
    marks, points = {}, {}
    for width in ("phone", "desktop"):
        with visit(browser, product, width=width) as seen:
            seen.page.goto(f"/results/?id={jobs.completed}")
            course = seen.page.locator("figure").filter(has_text="per month").first
            course.scroll_into_view_if_needed()
            axis = course.locator(".axis-mark")
            expect(axis.first).to_be_attached()
            marks[width] = axis.count()
            course.get_by_role("button", name="Show as table").click()
            expect(course.locator("tbody tr").first).to_be_visible()
            points[width] = course.locator("tbody tr").count()

    assert 2 <= marks["phone"] < marks["desktop"]
    assert points["phone"] == points["desktop"] == 18


NAMED_ROLES = frozenset({
    "button", "link", "textbox", "searchbox", "combobox", "checkbox", "switch", "radio", "dialog", "figure", "region",
    "progressbar", "table", "navigation", "DisclosureTriangle",
})  # fmt: skip


def nameless(page: Page) -> list[str]:
    """Return the roles of whatever a screen reader would call by no name, as the browser computes names."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    return [
        node["role"]["value"]
        for node in tree["nodes"]
        if not node["ignored"]
        and node["role"]["value"] in NAMED_ROLES
        and not str(node.get("name", {}).get("value", "")).strip()
    ]


@pytest.mark.spec("H4", "H7", "H8")
@pytest.mark.parametrize("width", WIDTHS)
def test_passing_states_are_accessible(browser: Browser, product: Product, jobs: Jobs, width: str) -> None:
    """axe finds nothing in either theme against a running job, the question before it is cancelled, an empty history,
    the form for a key, and a report that cannot be had."""
    running = product.job(jobs.completed) | {"status": "processing", "step": "charts", "progress": 62}
    refused = {"code": "unauthorized", "title": "No key", "detail": "This server asks for a key.", "status": 401}
    with visit(browser, product, width=width) as seen:
        page = seen.page
        found = {}
        page.route("**/events", lambda route: route.fulfill(
            content_type="text/event-stream", body=f"retry: 60000\nevent: snapshot\ndata: {json.dumps(running)}\n\n"
        ))  # fmt: skip
        page.goto(f"/jobs/?id={jobs.completed}")
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page).to_have_title(re.compile(r"^62%"))
        found["running"] = complaints_in_both_themes(page)
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("dialog", name="Stop this analysis?")).to_be_visible()
        found["cancelling"] = complaints_in_both_themes(page) + nameless(page)
        page.get_by_role("button", name="Keep going").click()
        assert focused(page) == "Cancel"

        page.route("**/api/jobs?*", lambda route: route.fulfill(json={"jobs": []}))
        page.goto("/history/")
        expect(page.get_by_role("status", name=re.compile("^Loading"))).to_have_count(0)
        found["empty history"] = complaints_in_both_themes(page)
        page.route("**/api/result?*", lambda route: route.fulfill(status=503, json=refused | {"status": 503}))
        page.goto(f"/results/?id={jobs.completed}")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        found["failing"] = complaints_in_both_themes(page)
        page.route("**/api/result?*", lambda route: route.fulfill(status=401, json=refused))
        page.goto(f"/results/?id={jobs.completed}")
        expect(page.get_by_label("Your key")).to_be_visible()
        found["signing in"] = complaints_in_both_themes(page) + nameless(page)

        assert {where: said for where, said in found.items() if said} == {}
        assert [
            trouble for trouble in seen.troubles if "status of 401" not in trouble and "status of 503" not in trouble
        ] == []


# Asked frame by frame, because charts follow the window's width a frame later.
FITS = f"""([px, ms]) => new Promise(tell => {{
  const begun = performance.now()
  const look = () => {{
    if (innerWidth === px && {OVERFLOW} <= 0) tell(true)
    else if (performance.now() - begun > ms) tell(false)
    else requestAnimationFrame(look)
  }}
  look()
}})"""


def fits(page: Page, px: int) -> None:
    """Give the window this width and hold that nothing sticks out once it has settled."""
    page.set_viewport_size({"width": px, "height": 900})
    assert page.evaluate(FITS, [px, READING_MS / 4]), f"scrolls sideways at {px} px"


ODD_TABLES = {
    "one row": "day,shop,takings\n2026-01-01,North,5\n",
    "one column": "n\n" + "".join(f"{number}\n" for number in range(40)),
    "no numbers": "name,town\n" + "".join(f"n{n % 7},t{n % 3}\n" for n in range(60)),
    "all missing": "a,b,c\n" + "NA,,-\n" * 40,
    "header only": "a,b,c\n",
    "names from everywhere": "الإيرادات,🙂 mood 🙂,משרד," + "a very long header " * 11 + "\n"
    + "".join(f"{n * 3.5},{'🙂' if n % 3 else '😡'},{'תל אביב' if n % 2 else 'حيفا'},{n}\n" for n in range(60)),
}  # fmt: skip


@pytest.mark.spec("H2")
def test_page_on_a_phone_follows_the_system_into_the_night(browser: Browser, product: Product) -> None:
    """The theme changes with the system's though the menu that holds the choice is closed, and not once one is made."""
    with visit(browser, product, width="phone") as seen:
        seen.page.goto("/")
        root = seen.page.locator("html")
        for scheme in ("dark", "light"):
            seen.page.emulate_media(color_scheme=scheme)
            expect(root).to_have_attribute("data-theme", scheme)

        seen.page.evaluate("localStorage.setItem('theme', 'light')")
        seen.page.emulate_media(color_scheme="dark")
        expect(root).to_have_attribute("data-theme", "light")
        assert seen.troubles == []


@pytest.mark.spec("H5", "H6")
@pytest.mark.parametrize("kind", ODD_TABLES)
def test_odd_table_is_borne(browser: Browser, product: Product, tmp_path: Path, kind: str) -> None:
    """A result of very little, very much or very foreign content fits every width and breaks nothing."""
    file = tmp_path / f"{kind}.csv"
    file.write_text(ODD_TABLES[kind], encoding="utf-8")
    job_id = product.upload(file)
    record = product.finish(job_id, seconds=120)
    with visit(browser, product) as seen:
        page = seen.page
        page.goto(f"/results/?id={job_id}" if record["status"] == "completed" else f"/jobs/?id={job_id}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if record["status"] == "completed":
            expect(page.locator("#rows")).to_be_attached()

        for px in (320, 390, 820, 1440):
            fits(page, px)
        assert page.get_by_text("could not be shown").count() == 0
        assert seen.troubles == []


@pytest.mark.spec("H5", "B9")
def test_five_thousand_columns_are_borne(browser: Browser, product: Product, jobs: Jobs) -> None:
    """A result as wide as they come is shown in pages of columns, at every width."""
    report = product.result(jobs.completed)
    names = [f"column {number}" for number in range(5000)]
    full = [report["schema"][5] | {"name": name} for name in names]
    brief = ("name", "inferred_type", "role", "missing_count", "unique_count")
    report["schema"] = [{key: one[key] for key in brief} for one in full]
    report["columnsTold"] = {"inFull": 0, "inBrief": 5000, "leftOut": 0}
    report["cleanedPreview"] = [dict.fromkeys(names, 1)] * 5
    report["fileInfo"]["cols"] = len(names)
    with visit(browser, product) as seen:
        page = seen.page
        page.route("**/api/result?*", lambda route: route.fulfill(json=report))
        told = {
            "jobId": jobs.completed,
            "total": 5000,
            "found": 5000,
            "offset": 0,
            "numericStats": {},
            "conversions": {},
        }
        page.route("**/columns?*", lambda route: route.fulfill(json=told | {"columns": full[:50]}))
        page.goto(f"/results/?id={jobs.completed}")
        expect(page.get_by_text("1 to 30 of 5,000")).to_be_attached()
        expect(page.get_by_role("button", name="Show 50 more of 5,000")).to_be_attached()

        for px in (320, 390, 820, 1440):
            fits(page, px)
        assert seen.troubles == []


@pytest.mark.spec("H7", "H8")
def test_keyboard_alone_reaches_evidence_and_feedback(browser: Browser, product: Product) -> None:
    """From a file chosen on the first page to a judged finding without a pointer; focus comes back where it was."""
    with visit(browser, product) as seen:
        page = seen.page
        # A chooser that opens before the driver has begun to catch them is closed by the browser: catch all of them.
        page.on("filechooser", lambda _chooser: None)
        page.goto("/")
        press_until(page, "Tab", lambda: page.evaluate("document.activeElement?.type") == "file")
        with page.expect_file_chooser() as chooser:
            page.keyboard.press("Space")
        chooser.value.set_files(EXAMPLES / "sales_demo.csv")
        page.wait_for_url(re.compile(r"/results/\?id=job_"), timeout=READING_MS)
        expect(page.locator("#insights")).to_be_attached()

        press_until(page, "Tab", lambda: focused(page) == "Evidence")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").get_by_text("Figures, recomputed before printing")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert focused(page) == "Evidence"
        page.keyboard.press("Tab")
        assert focused(page) == "Helpful"
        page.keyboard.press("Enter")

        expect(page.get_by_text("Kept, thank you.")).to_be_visible()
        assert seen.troubles == []


def focused(page: Page) -> str:
    """Return what the focused element says."""
    return str(page.evaluate("document.activeElement?.innerText?.trim() ?? ''"))


def press_until(page: Page, key: str, holds: Callable[[], bool], *, times: int = 80) -> None:
    """Press a key until the claim holds."""
    for _ in range(times):
        page.keyboard.press(key)
        if holds():
            return
    raise AssertionError(f"{times} times {key} did not lead there; at the end on “{focused(page)}”")


@pytest.mark.spec("H5")
def test_part_of_the_table_is_looked_at(browser: Browser, product: Product, jobs: Jobs) -> None:
    """A region picked in a chart's table: the figures are computed anew for it, and all rows come back."""
    with visit(browser, product) as seen:
        page = seen.page
        charts = revenue_by_region(page, jobs)
        charts.get_by_role("button", name="Show as table").click()
        charts.get_by_role("button", name="West").click()

        bar = page.get_by_role("region", name="Part of the table")
        expect(bar).to_contain_text(re.compile(r"\d+ of 1,546 rows"))
        # A share too is one of the rows of the part: the number of all rows stands nowhere among the figures.
        expect(page.locator("#figures")).not_to_contain_text("1,546")
        bar.get_by_role("button", name="Show all rows").click()
        expect(page.locator("#figures")).to_contain_text("1,546")
        assert seen.troubles == []


@pytest.mark.spec("H5", "H7")
def test_part_is_picked_by_keyboard(browser: Browser, product: Product, jobs: Jobs) -> None:
    """A value picked and all rows taken back by keys alone: the focus stays at the chart where that began."""
    with visit(browser, product) as seen:
        page = seen.page
        chart = revenue_by_region(page, jobs)
        chart.get_by_role("button", name="Show as table").press("Enter")
        third = chart.locator("tbody button").nth(2)
        picked = third.inner_text()
        third.press("Enter")
        bar = page.get_by_role("region", name="Part of the table")
        expect(bar).to_contain_text(f"region is {picked}")
        expect(bar).to_contain_text(re.compile(r"\d+ of 1,546 rows"))
        expect(chart.locator(":focus")).to_have_count(1)
        assert complaints(page) == []
        bar.get_by_role("button", name="Show all rows").press("Enter")

        expect(bar).to_have_count(0)
        expect(chart.locator(":focus")).to_have_count(1)
        assert seen.troubles == []


@pytest.mark.spec("H3", "H5", "B8")
def test_doubtful_dates_are_read_the_other_way(browser: Browser, product: Product, tmp_path: Path) -> None:
    """The page asks where a file allows two readings; one press reads it the other way, in place."""
    file = tmp_path / "doubtful.csv"
    rows = "".join(f"0{1 + n % 9}/0{1 + n % 7}/2024,{n}\n" for n in range(60))
    file.write_text(f"day,takings\n{rows}", encoding="utf-8")
    job_id = product.upload(file)
    assert product.finish(job_id)["status"] == "completed"
    before = product.result(job_id)["receipt"]["ambiguities"][0]["chosen"]
    with visit(browser, product) as seen:
        page = seen.page
        page.goto(f"/results/?id={job_id}")
        page.get_by_role("button", name="Read it again this way").first.click()
        page.wait_for_url(re.compile(rf"/jobs/\?id={job_id}"), timeout=READING_MS)
        page.wait_for_url(re.compile(rf"/results/\?id={job_id}"), timeout=READING_MS)

        expect(page.get_by_role("heading", level=1)).to_be_visible()
        receipt = product.result(job_id)["receipt"]
        assert receipt["options"]["dateOrder"] in {"DMY", "MDY"}
        assert before not in [doubt["chosen"] for doubt in receipt["ambiguities"]]
        assert seen.troubles == []


@pytest.mark.spec("H5", "C8")
def test_reader_looks_behind_the_figures(browser: Browser, product: Product, tmp_path: Path) -> None:
    """A lost point opens to its rows, a key figure to its computation, and personal cells can be masked."""
    file = tmp_path / "people.csv"
    rows = "".join(f"person{n}@example.com,{'' if n % 4 else n}\n" for n in range(60))
    file.write_text(f"email,visits\n{rows}", encoding="utf-8")
    job_id = product.upload(file)
    assert product.finish(job_id)["status"] == "completed"
    with visit(browser, product) as seen:
        page = seen.page
        page.goto(f"/results/?id={job_id}")
        bill = page.locator("#quality")
        bill.get_by_text("Missing values").click()
        expect(bill).to_contain_text("45 rows concerned")
        expect(bill).to_contain_text("First rows: 2, 3, 4, 6")
        page.locator("#figures summary").first.click()
        expect(page.locator("#figures details[open]")).to_contain_text(re.compile(r"[Rr]ests on [\d,]+ rows?"))
        expect(page.locator("#rows tbody")).to_contain_text("person3@example.com")
        page.get_by_role("switch", name="Mask personal columns").focus()
        page.keyboard.press("Space")

        expect(page.locator("#rows tbody")).not_to_contain_text("person3@")
        expect(page.locator("#rows tbody")).to_contain_text("p***@example.com")
        assert seen.troubles == []


@pytest.mark.spec("H6", "H8")
def test_chart_is_taken_along(browser: Browser, product: Product, jobs: Jobs) -> None:
    """A chart is saved as a picture and as figures, with the words that a screen reader hears of it."""
    with visit(browser, product) as seen:
        page = seen.page
        chart = revenue_by_region(page, jobs)
        chart.scroll_into_view_if_needed()
        expect(chart.locator("svg.recharts-surface").first).to_be_visible()
        with page.expect_download() as picture:
            chart.get_by_role("button", name="Save as picture (PNG)").click()
        with page.expect_download() as figures:
            chart.get_by_role("button", name="Save its figures (CSV)").click()

        assert Path(picture.value.path()).read_bytes().startswith(b"\x89PNG\r\n")
        told = Path(figures.value.path()).read_text(encoding="utf-8-sig").splitlines()
        assert len(told) == 1 + chart.locator(".recharts-bar-rectangle").count()
        described = chart.get_attribute("aria-describedby")
        assert "by region: highest West with" in page.locator(f"[id='{described}']").inner_text()
        assert seen.troubles == []


@pytest.mark.spec("H7", "H8")
def test_analyses_are_found_and_compared_by_keyboard(browser: Browser, product: Product, jobs: Jobs) -> None:
    """The history is searched, two analyses are ticked and laid side by side, swapped, and opened again."""
    with visit(browser, product) as seen:
        page = seen.page
        page.goto("/")
        expect(page.get_by_role("button", name=re.compile("^Sales demo"))).to_be_enabled()
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("umsatz")
        expect(page.get_by_role("main").get_by_role("link", name="sales_demo.csv")).to_have_count(0)
        page.get_by_role("checkbox", name=re.compile("^Compare umsatz_filialen.csv")).first.press("Space")
        page.get_by_role("searchbox").fill("sales_demo")
        page.get_by_role("checkbox", name=re.compile("^Compare sales_demo.csv")).last.press("Space")
        page.get_by_role("link", name="Compare these two").press("Enter")

        expect(page.get_by_role("heading", name="Findings", exact=True)).to_be_visible()
        expect(page.get_by_text("no column in common")).to_be_visible()
        first = page.get_by_role("main").get_by_role("link").first.inner_text()
        page.get_by_role("link", name="Swap").press("Enter")
        expect(page.get_by_role("main").get_by_role("link").first).not_to_have_text(first)
        assert complaints(page) + nameless(page) == []
        page.get_by_role("main").get_by_role("link", name="sales_demo.csv").press("Enter")
        page.wait_for_url(re.compile(r"/results/\?id=job_"), timeout=READING_MS)
        assert seen.troubles == []


@pytest.mark.spec("H7", "H8")
@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_analysis_is_deleted_from_the_history(browser: Browser, product: Product, tmp_path: Path, width: str) -> None:
    """By keyboard, after one question that Escape answers with no; then its address leads nowhere."""
    file = tmp_path / "doomed.csv"
    file.write_text("shop,takings\n" + "".join(f"s{n % 3},{n}\n" for n in range(30)), encoding="utf-8")
    job_id = product.upload(file)
    product.finish(job_id)
    with visit(browser, product, width=width) as seen:
        page = seen.page
        page.goto("/history/")
        entry = page.get_by_role("main").get_by_role("link", name="doomed.csv")
        bin_button = page.get_by_role("button", name=re.compile("^Delete doomed.csv"))

        bin_button.press("Enter")
        assert complaints(page) == []
        page.keyboard.press("Escape")
        expect(entry).to_be_visible()
        expect(bin_button).to_be_focused()
        bin_button.press("Enter")
        page.get_by_role("button", name="Delete it").press("Enter")

        expect(entry).to_have_count(0)
        assert seen.troubles == []
    assert product.http.get(f"/api/jobs/{job_id}").status_code == 404
    assert not product.stored(f"uploads/{job_id}").exists()


@pytest.mark.spec("H3", "A4")
def test_addresses_and_several_files(browser: Browser, product: Product, tmp_path: Path) -> None:
    """What is no address is said at its field, one that the server must not open is refused in words, and several
    files are taken one after the other."""
    files = [tmp_path / f"part {name}.csv" for name in ("one", "two")]
    for file in files:
        file.write_text("shop,takings\n" + "".join(f"s{n % 3},{n}\n" for n in range(30)), encoding="utf-8")
    with visit(browser, product) as seen:
        page = seen.page
        page.goto("/")
        expect(page.get_by_role("button", name=re.compile("^Sales demo"))).to_be_enabled()
        field = page.get_by_label("Or paste a web address")
        field.fill("my table")
        field.press("Enter")
        expect(page.get_by_role("alert").filter(has_text="full web address")).to_be_visible()
        field.fill("http://127.0.0.1/table.csv")
        field.press("Enter")
        expect(page.get_by_role("alert").filter(has_text="private network")).to_be_visible()
        assert complaints(page) == []
        page.set_input_files("input[type=file]", files)

        expect(page.get_by_role("main").get_by_role("link", name="part two.csv")).to_be_visible()
        assert complaints(page) == []
        assert [trouble for trouble in seen.troubles if "status of 4" not in trouble] == []


@contextmanager
def file_server(folder: Path) -> Iterator[str]:
    """Offer the files of a folder on loopback, and yield the server's name and port."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.spec("A1", "H3")
def test_file_at_an_address_becomes_a_page(browser: Browser, tmp_path: Path) -> None:
    """From a server of the own network that the settings name, to the result under the file's own name."""
    with (
        file_server(EXAMPLES) as server,
        running(tmp_path, FILE_URL_HOSTS=server) as product,
        visit(browser, product) as seen,
    ):
        page = seen.page
        page.goto("/")
        expect(page.get_by_role("button", name=re.compile("^Sales demo"))).to_be_enabled()
        field = page.get_by_label("Or paste a web address")
        field.fill(f"http://{server}/sales_demo.csv")
        field.press("Enter")

        page.wait_for_url(re.compile(r"/results/\?id=job_"), timeout=READING_MS)
        expect(page.get_by_text("sales_demo.csv").first).to_be_visible()
        assert seen.troubles == []


@pytest.mark.spec("E1", "H8")
def test_finding_is_rejected_and_another_said_better(browser: Browser, product: Product, jobs: Jobs) -> None:
    """Both are kept with what was said; a figure that no fact brings is refused, and words of one's own are taken."""
    with visit(browser, product) as seen:
        page = seen.page
        page.goto(f"/results/?id={jobs.other}")
        expect(page.locator("#insights")).to_be_attached()
        page.get_by_role("button", name="Not helpful").first.click()
        wrong = page.get_by_role("dialog", name="What is wrong with it?")
        wrong.get_by_label("Everybody knows it").check()
        wrong.get_by_label("In your own words").fill("We plan it so")
        wrong.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Kept, thank you.")).to_be_visible()

        page.get_by_role("button", name="Edit").nth(1).click()
        better = page.get_by_role("dialog", name="Say it better")
        advice = better.get_by_label("What to do about it")
        advice.fill("Hire 77 people.")
        better.get_by_role("button", name="Keep it so").click()
        expect(better.get_by_role("alert")).to_be_visible()
        advice.fill("Talk about it on Monday.")
        better.get_by_label("Who").select_option("leadership")
        better.get_by_role("button", name="Keep it so").click()
        expect(page.get_by_text("Kept, thank you.")).to_have_count(2)
        page.reload()

        expect(page.get_by_role("button", name="Not helpful").first).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("button", name="Edit").nth(1)).to_have_attribute("aria-pressed", "true")
        assert [trouble for trouble in seen.troubles if "status of 422" not in trouble] == []
    kept = {one["action"]: one for one in _feedback(product, jobs.other)}
    assert (kept["reject"]["reason"], kept["reject"]["comment"]) == ("obvious", "We plan it so")
    assert kept["edit"]["edited"]["recommendation"]["what"] == "Talk about it on Monday."


def _feedback(product: Product, job_id: str) -> list[dict[str, Any]]:
    """Return what lies in data/feedback of this job."""
    files = sorted((product.folder / "data" / "feedback").rglob("*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [said for line in lines if (said := json.loads(line))["jobId"] == job_id]


@pytest.mark.spec("H5", "H8")
def test_address_keeps_what_is_open(browser: Browser, product: Product, jobs: Jobs) -> None:
    """A bar that is clicked and a finding that is opened survive a reload, and going back takes them back."""
    with visit(browser, product) as seen:
        page = seen.page
        bar = page.get_by_role("region", name="Part of the table")
        chart = revenue_by_region(page, jobs)
        chart.scroll_into_view_if_needed()
        chart.locator(".recharts-bar-rectangle").first.click()
        expect(bar).to_contain_text(re.compile(r"region is West.*\d+ of 1,546 rows", re.DOTALL))
        page.get_by_role("button", name="Evidence", exact=True).nth(1).click()
        opened = page.get_by_role("dialog").get_by_role("heading", level=2).inner_text()

        page.reload()
        expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text(opened)
        expect(bar).to_contain_text(re.compile(r"\d+ of 1,546 rows"))
        page.go_back()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(bar).to_be_visible()
        page.go_back()
        expect(bar).to_have_count(0)
        page.go_forward()
        expect(bar).to_be_visible()
        assert seen.troubles == []


KEYS_SAID = re.compile(r"^\| ((?:`[^`]+`[, ]*)+) \|", re.MULTILINE)


@pytest.mark.spec("H7")
def test_keys_do_what_their_list_says(browser: Browser, product: Product, jobs: Jobs) -> None:
    """The list under `?` is that of docs/page.md; keys walk the findings, and none is taken from a field."""
    told = {
        key for row in KEYS_SAID.findall((ROOT / "docs/page.md").read_text()) for key in re.findall("`([^`]+)`", row)
    }
    listed: set[str] = set()
    part = quote('["region","West"]')
    with visit(browser, product) as seen:
        page = seen.page
        dialog = page.get_by_role("dialog")

        def collect_keys() -> None:
            page.keyboard.press("?")
            expect(dialog.get_by_role("heading", level=2)).to_have_text("Keyboard shortcuts")
            listed.update(dialog.locator("kbd").all_inner_texts())
            assert complaints(page) == []
            page.keyboard.press("Escape")
            expect(dialog).to_have_count(0)

        page.goto("/")
        expect(page.get_by_role("button", name=re.compile("^Sales demo"))).to_be_enabled()
        collect_keys()
        page.goto(f"/results/?id={jobs.completed}&part={part}")
        expect(page.get_by_role("region", name="Part of the table")).to_be_visible()
        # The findings come with a part of the page's code of their own, and their keys with them.
        expect(page.get_by_role("button", name="Evidence", exact=True).first).to_be_visible()
        collect_keys()
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("e")
        first = dialog.get_by_role("heading", level=2).inner_text()
        page.keyboard.press("j")
        expect(dialog.get_by_role("heading", level=2)).not_to_have_text(first)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        assert focused(page) == "Evidence"
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("ghj?")
        expect(page.get_by_role("searchbox")).to_have_value("ghj?")
        expect(page).to_have_url(re.compile("find=ghj"))
        assert seen.troubles == []

    assert told - {"f"} == listed - {"Tab"}  # the sample has too few columns for a search


@pytest.mark.spec("H8")
def test_link_reads_and_changes_nothing(browser: Browser, tmp_path: Path) -> None:
    """On a server that asks for keys a link opens one report to whoever has it, until it is closed."""
    with running(tmp_path, AUTH="on") as product:
        key = run("keys", "create", "anna", folder=tmp_path).stdout.split()[-1]
        with visit(browser, product) as anna, visit(browser, product) as guest:
            page, other = anna.page, guest.page
            page.goto("/")
            page.get_by_label("Your key").fill(key)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("button", name=re.compile("^Sales demo")).click()
            page.wait_for_url(re.compile(r"/results/\?id=job_"), timeout=READING_MS)
            page.get_by_role("button", name="Share").click()
            page.get_by_role("button", name="Make a link").click()
            expect(page.get_by_label("The link")).to_be_focused()
            assert complaints(page) == []
            link = page.get_by_label("The link").input_value()

            other.goto(link)
            expect(other.get_by_text("You can read this analysis, not change it.")).to_be_visible()
            assert "share=" not in other.url
            expect(other.get_by_role("button", name="Evidence", exact=True).first).to_be_visible()
            expect(other.get_by_role("button", name="Helpful")).to_have_count(0)
            assert guest.troubles == []

            page.get_by_role("button", name="Close the link").click()
            expect(page.get_by_text("All links are closed.")).to_be_visible()
            other.goto(link)
            expect(other.get_by_role("heading", level=1)).to_contain_text("does not open anything")
            # Being asked for the key is what the server answers 401 with, and the console notes it.
            assert [trouble for trouble in anna.troubles if "401" not in trouble] == []


@pytest.mark.spec("H5")
def test_broken_chart_leaves_the_rest(browser: Browser, product: Product, jobs: Jobs) -> None:
    """An error thrown while one chart is drawn is said in its place; everything else stands."""
    report = product.result(jobs.completed)
    broken = next(chart for chart in report["chartSpecs"] if chart["type"] == "bar")
    broken["data"] = [None]
    with visit(browser, product) as seen:
        seen.page.route("**/api/result?*", lambda route: route.fulfill(json=report))
        seen.page.goto(f"/results/?id={jobs.completed}")

        expect(seen.page.get_by_text("could not be shown").first).to_be_visible()
        expect(seen.page.get_by_role("heading", level=1)).to_be_visible()
        expect(seen.page.locator("#charts svg.recharts-surface").first).to_be_attached()
        expect(seen.page.locator("#rows")).to_be_attached()


@pytest.mark.spec("H8")
def test_saved_page_works_without_a_server(browser: Browser, product: Product, jobs: Jobs, tmp_path: Path) -> None:
    """The downloaded file opens from disk with the network off: same headline, charts and evidence, nothing asked."""
    saved = tmp_path / "page.html"
    saved.write_bytes(product.http.get(f"/api/jobs/{jobs.completed}/page").content)
    context = browser.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: troubles.append(request.url) if request.url != saved.as_uri() else None)
    page.goto(saved.as_uri())

    expect(page.get_by_role("heading", level=1)).to_have_text(headline(product, jobs.completed))
    expect(page.locator("figure svg.recharts-surface").first).to_be_attached()
    page.get_by_role("button", name="Evidence").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert complaints(page) == []
    assert page.locator("a[href^='/']").count() == 0
    assert troubles == []
    context.close()


@pytest.mark.spec("H6", "H8")
@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_page_prints_as_a_document(browser: Browser, product: Product, jobs: Jobs, width: str) -> None:
    """On paper the frame is gone, every chart is there and drawn, also those that the screen keeps behind a button,
    and the words run across the page: a dozen pages, not dozens."""
    charts = product.result(jobs.completed)["chartSpecs"]
    with visit(browser, product, theme="dark", width=width) as seen:
        seen.page.goto(f"/results/?id={jobs.completed}")
        expect(seen.page.locator("figure svg.recharts-surface").first).to_be_attached()
        with pdfplumber.open(io.BytesIO(seen.page.pdf(format="A4"))) as document:
            first = document.pages[0].extract_text()
            pages = len(document.pages)
        seen.page.emulate_media(media="print")

        assert headline(product, jobs.completed)[:20] in first
        assert "History" not in first
        assert pages <= 18
        shown = {title.replace("\u00a0", " ") for title in seen.page.locator("figure h2, figure h3").all_inner_texts()}
        assert {chart["title"] for chart in charts} <= shown
        drawn = ":has(svg.recharts-surface)"
        expect(seen.page.locator(f"figure:not([data-chart=heatmap]):not({drawn})")).to_have_count(0)


def headline(product: Product, job_id: str) -> str:
    """Return the main finding of a result."""
    return str(product.result(job_id)["insights"]["businessSummary"][0])


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
