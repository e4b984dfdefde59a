"""Everybody can use it: nothing is hidden from a screen reader, hard to see or out of reach of the keyboard."""

import json
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.in_the_browser.looking import (
    COUNT_SHIFTS,
    MAY_SHIFT,
    complaints,
    complaints_in_both_themes,
    nameless,
)
from tests.journeys.in_the_browser.visiting import READING_MS, WIDTHS, Jobs, focused, visit
from tests.journeys.product import EXAMPLES, ROOT, Product

pytestmark = pytest.mark.browser


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


def press_until(page: Page, key: str, holds: Callable[[], bool], *, times: int = 80) -> None:
    """Press a key until the claim holds."""
    for _ in range(times):
        page.keyboard.press(key)
        if holds():
            return
    raise AssertionError(f"{times} times {key} did not lead there; at the end on “{focused(page)}”")


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
