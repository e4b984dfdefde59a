"""What the chapters share: a browser, and jobs whose pages stay as they are."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from tests.journeys.in_the_browser.visiting import READING_MS, Jobs
from tests.journeys.product import EXAMPLES, Product


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
