"""The page is read: on a phone, a tablet, a desktop and on paper, by day and by night, whatever the table holds."""

import io
from pathlib import Path

import pdfplumber
import pytest
from playwright.sync_api import Browser, expect
from tests.journeys.in_the_browser.looking import fits
from tests.journeys.in_the_browser.visiting import WIDTHS, Jobs, headline, revenue_by_region, visit
from tests.journeys.product import Product

pytestmark = pytest.mark.browser


@pytest.mark.spec("H2", "H5")
def test_phone_is_used_by_taps(browser: Browser, product: Product, jobs: Jobs) -> None:
    """The menu slides over the page and leads on; a row of the table unfolds; a finding opens to its evidence; a bar is
    read by the first tap and picked by the second."""
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

        chart = revenue_by_region(page, jobs)
        bar = chart.locator(".recharts-bar-rectangle").first
        bar.tap()
        expect(chart.locator(".recharts-tooltip-wrapper")).to_contain_text("Revenue")
        expect(page.get_by_role("region", name="Part of the table")).to_have_count(0)
        bar.tap()
        expect(page.get_by_role("region", name="Part of the table")).to_be_visible()

        page.goto(f"/results/?id={jobs.completed}")
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


ODD_TABLES = {
    "one row": "day,shop,takings\n2026-01-01,North,5\n",
    "one column": "n\n" + "".join(f"{number}\n" for number in range(40)),
    "no numbers": "name,town\n" + "".join(f"n{n % 7},t{n % 3}\n" for n in range(60)),
    "all missing": "a,b,c\n" + "NA,,-\n" * 40,
    "header only": "a,b,c\n",
    "names from everywhere": "الإيرادات,🙂 mood 🙂,משרד," + "a very long header " * 11 + "\n"
    + "".join(f"{n * 3.5},{'🙂' if n % 3 else '😡'},{'תל אביב' if n % 2 else 'حيفا'},{n}\n" for n in range(60)),
}  # fmt: skip


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


@pytest.mark.spec("H6", "H8")
@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_page_prints_as_a_document(browser: Browser, product: Product, jobs: Jobs, width: str) -> None:
    """On paper the frame is gone, every chart is there and drawn, also those that the screen keeps behind a button,
    and the words run across the page: a dozen sheets, not dozens, none empty, and no column of the rows is cut off."""
    result = product.result(jobs.completed)
    charts, columns = result["chartSpecs"], result["schema"]
    with visit(browser, product, theme="dark", width=width) as seen:
        seen.page.goto(f"/results/?id={jobs.completed}")
        expect(seen.page.locator("figure svg.recharts-surface").first).to_be_attached()
        with pdfplumber.open(io.BytesIO(seen.page.pdf(format="A4"))) as document:
            sheets = [page.extract_text() for page in document.pages]
        seen.page.emulate_media(media="print")

        assert headline(product, jobs.completed)[:20] in sheets[0]
        assert "History" not in sheets[0]
        assert len(sheets) <= 18
        assert all(sheets), "a sheet is empty"
        rows = "\n".join(sheets).rpartition("as typed values.")[2]
        assert [column["name"] for column in columns if column["name"] not in rows] == [], (
            "the sheet's edge cut them off"
        )
        shown = {
            title.replace("\u00a0", " ").replace("\u2060", "")
            for title in seen.page.locator("figure h2, figure h3").all_inner_texts()
        }
        assert {chart["title"] for chart in charts} <= shown
        drawings = seen.page.locator("#charts svg.recharts-surface")
        widths = drawings.evaluate_all("all => [...new Set(all.map(one => one.getAttribute('width')))]")
        assert len(widths) == 1, "drawings made for windows of other widths would be shrunk on paper"
        drawn = ":has(svg.recharts-surface)"
        expect(seen.page.locator(f"figure:not([data-chart=heatmap]):not({drawn})")).to_have_count(0)
