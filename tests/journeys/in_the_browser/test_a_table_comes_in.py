"""The fifth journey, with a browser. A table comes in: chosen, dropped, pasted, fetched or picked from the samples; its
progress is watched, and can be stopped."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect
from tests.journeys.in_the_browser.looking import complaints
from tests.journeys.in_the_browser.visiting import READING_MS, WIDTHS, Jobs, visit
from tests.journeys.product import EXAMPLES, Product, running

pytestmark = pytest.mark.browser


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
