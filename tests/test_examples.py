"""The sample files: shipped, small, and exactly what their script writes."""

import importlib.util
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"


def makers() -> dict[str, Callable[[], bytes]]:
    spec = importlib.util.spec_from_file_location("make_examples", ROOT / "scripts" / "make_examples.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    files: dict[str, Callable[[], bytes]] = script.FILES
    return files


@pytest.mark.spec("I7")
@pytest.mark.parametrize("name", ["sales_demo.csv", "energy_readings.json", "umsatz_filialen.csv"])
def test_text_examples_are_what_their_script_writes(name: str) -> None:
    """A change of the script and a change of the file come together."""
    written = makers()[name]()

    assert (EXAMPLES / name).read_bytes() == written


@pytest.mark.spec("I7")
def test_workbook_holds_the_cells_its_script_writes() -> None:
    """Cells are compared rather than bytes, because another zlib may pack the same workbook differently."""
    shipped = load_workbook(EXAMPLES / "support_tickets.xlsx")
    written = load_workbook(io.BytesIO(makers()["support_tickets.xlsx"]()))

    for sheet in ("Tickets", "Teams"):
        assert list(shipped[sheet].values) == list(written[sheet].values)


@pytest.mark.spec("I7")
def test_readme_of_the_examples_describes_each() -> None:
    """The page shows these words beside the sample, so none may be missing."""
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")

    shipped = {path.name for path in EXAMPLES.iterdir()} - {"README.md"}

    assert shipped == makers().keys()
    assert all(f"- **{name}**: " in readme for name in shipped)
