"""A reader asks further: what is behind a figure, how a part of the table looks, whether the file was read right."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.journeys.in_the_browser.looking import complaints
from tests.journeys.in_the_browser.visiting import READING_MS, Jobs, revenue_by_region, visit
from tests.journeys.product import Product

pytestmark = pytest.mark.browser


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
        # A scatter has the rows of the part, and says how closely the two go together there.
        page.get_by_role("button", name=re.compile(r"more charts?$")).click()
        scatter = page.locator("#charts figure[data-chart=scatter]").first
        expect(scatter).to_contain_text(re.compile(r"Only where region is West: \d+ rows, r = 0\.\d\d"))
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
