"""Every promised row of the requirements has a test. Marks are read from the source, so this takes no test run."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
ROW = re.compile(r"[A-I][1-9]\d?")


def marked_rows() -> dict[str, list[str]]:
    """Return the rows named by `pytest.mark.spec(…)` anywhere below tests/, each with where it is named."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        for mark in _spec_marks(ast.parse(path.read_text(encoding="utf-8"))):
            for argument in mark.args:
                assert isinstance(argument, ast.Constant), f"{path}:{mark.lineno}: a row is written out as text"
                found[str(argument.value)].append(f"{path.relative_to(TESTS)}:{mark.lineno}")
    return found


def test_every_promised_row_has_a_test() -> None:
    """A row may be promised only when some test proves it."""
    promised = tomllib.loads((TESTS / "spec_rows.toml").read_text(encoding="utf-8"))["rows"]
    marked = marked_rows()

    unproved = {row: promise for row, promise in promised.items() if row not in marked}

    assert not unproved, f"no test is marked with {unproved}"


def test_marks_name_rows() -> None:
    """A misspelt row would prove nothing and nobody would notice."""
    misspelt = {row: places for row, places in marked_rows().items() if not ROW.fullmatch(row)}

    assert not misspelt


def _spec_marks(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.spec":
            yield node
