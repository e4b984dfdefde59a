"""Lines cut by the csv module are cut as our own reader would, on whatever lines there are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datapilot.reading import records
from datapilot.reading.records import RULER, Dialect, RecordReader

_DIALECTS = [Dialect(delimiter, quote) for delimiter in (",", ";", "\t", " ", "^", "]", "\\") for quote in ('"', "'")]


@st.composite
def _lines(draw: st.DrawFn) -> tuple[Dialect, list[str]]:
    dialect = draw(st.sampled_from(_DIALECTS))
    delimiter, quote = dialect.delimiter, dialect.quote
    parts = st.sampled_from([delimiter, delimiter, quote, quote, quote * 2, "a", " ", "12", "é", "\r", "\x1c"])
    line = st.lists(parts, min_size=1, max_size=12).map("".join)
    ends = st.sampled_from(["\n", "\r\n", ""])
    return dialect, draw(st.lists(st.tuples(line, ends).map("".join), min_size=1, max_size=3))


@settings(max_examples=400, deadline=None)
@given(case=_lines())
def test_quick_cut_equals_the_careful_one(case: tuple[Dialect, list[str]]) -> None:
    """Whether a line is cut by the csv module or character by character, its cells are the same."""
    dialect, lines = case

    quick = [(row.line, row.cells) for row in RecordReader(lines, dialect)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "PLAIN_CHARACTERS", 0)
        careful = [(row.line, row.cells) for row in RecordReader(lines, dialect)]

    assert quick == careful


def test_ordinary_quoted_lines_are_cut_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose quotes enclose whole cells never needs the careful way."""
    monkeypatch.setattr(RecordReader, "_quoted_record", None)

    rows = [row.cells for row in RecordReader(['1,"a, b","say ""hi"""\n', '2,"",c\n'], Dialect(","))]

    assert rows == [["1", "a, b", 'say "hi"'], ["2", "", "c"]]


def test_a_drawn_line_is_told_without_going_back():
    """Of 200,000 dashes before one letter the drawn line is refuted at once; tried at each dash, that took minutes."""
    assert RULER.fullmatch("+----+--:|")
    assert not RULER.fullmatch("|  |")
    assert not RULER.fullmatch("- = -")
    assert not RULER.fullmatch("-" * 200_000 + "x")
