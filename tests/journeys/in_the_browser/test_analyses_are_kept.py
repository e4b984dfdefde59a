"""Analyses are kept: found again, compared, judged, shared, saved as a file, and deleted."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import redis
from playwright.sync_api import Browser, expect
from tests.journeys.in_the_browser.looking import complaints, nameless
from tests.journeys.in_the_browser.visiting import READING_MS, Jobs, headline, visit
from tests.journeys.product import Product, run, running

pytestmark = pytest.mark.browser


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


@pytest.mark.spec("H8")
def test_link_reads_and_changes_nothing(browser: Browser, tmp_path: Path, redis_url: str) -> None:
    """On a server that asks for keys a link opens one report to whoever has it, until it is closed or its week is over;
    then the page says so to whoever still has it open."""
    with running(tmp_path, AUTH="on", REDIS_URL=redis_url) as product:
        key = run("keys", "create", "anna", folder=tmp_path, REDIS_URL=redis_url).stdout.split()[-1]
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
            lapsed = re.compile("does not open anything")
            other.reload()
            expect(other.get_by_role("heading", level=1)).to_have_text(lapsed)
            other.goto(link)
            expect(other.get_by_role("heading", level=1)).to_have_text(lapsed)

            page.get_by_role("button", name="Make a link").click()
            expect(page.get_by_label("The link")).to_be_focused()
            other.goto(page.get_by_label("The link").input_value())
            expect(other.get_by_text("You can read this analysis, not change it.")).to_be_visible()
            with redis.Redis.from_url(redis_url) as kept:
                assert [kept.expire(name, 0) for name in kept.scan_iter("access:links:*")] == [1]
            other.reload()
            expect(other.get_by_role("heading", level=1)).to_have_text(lapsed)
            # Being asked for the key is what the server answers 401 with, and the console notes it.
            assert [trouble for trouble in anna.troubles if "401" not in trouble] == []


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
