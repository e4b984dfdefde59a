"""Delimited text of every cut is taken apart as it was put together."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.export_table import export_raw
from datapilot.reading.formats.dialect import decide_dialect
from datapilot.reading.records import Dialect, RecordReader

pytestmark = pytest.mark.spec("A2")

ROWS = [["name", "note", "amount"], ["Anna", "a, b; c", "1"], ["Bert", 'says "hi"', "2"], ["Cleo", "two\nlines", "3"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "~", "^", "\x1f"])
def test_delimiter_is_found(read_text, delimiter):
    """The vote finds the delimiter though cells hold others, quotes and line breaks."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(ROWS)

    read = read_text(buffer.getvalue())

    assert read.receipt.delimiter == delimiter
    assert read.rows() == [("Anna", "a, b; c", 1), ("Bert", 'says "hi"', 2), ("Cleo", "two\nlines", 3)]


@pytest.mark.parametrize("delimiter", ["||", "::", "|~|"])
def test_delimiter_of_several_characters_is_found(read_text, delimiter):
    """Delimiters may be longer than one character."""
    text = "\n".join(delimiter.join(row) for row in (["a", "b", "c"], ["x", "1", "2"], ["y", "3", "4"]))

    assert read_text(text + "\n").rows() == [("x", 1, 2), ("y", 3, 4)]


def test_decimal_commas_do_not_make_the_comma_a_delimiter(read_text):
    """Semicolons cut, commas are decimals."""
    read = read_text("a;b;c\n1,5;2,5;x\n3,5;4,5;y\n")

    assert read.receipt.delimiter == ";"
    assert read.values("a") == [1.5, 3.5]


def test_excel_separator_line_is_obeyed(read_text):
    """A first line `sep=;` names the delimiter and is no row."""
    read = read_text("sep=;\na;b\n1;2\n3;4\n")

    assert read.names == ["a", "b"]
    assert read.table.row_count == 2


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param('a,b\n"x ""y"" z",1\nw,2\n', [('x "y" z', 1), ("w", 2)], id="doubled quotes"),
        pytest.param('a,b\n"x \\"y\\" z",1\n"\\"v\\" u",2\n', [('x "y" z', 1), ('"v" u', 2)], id="backslash quotes"),
        pytest.param("a,b\n'x, y',1\n'v, u',2\n'w',3\n", [("x, y", 1), ("v, u", 2), ("w", 3)], id="single quotes"),
        pytest.param('a,b\nx, "y, z"\nv, "u, w"\n', [("x", "y, z"), ("v", "u, w")], id="space before the quote"),
        pytest.param('a,b\n5" pipe,1\n6" pipe,2\n', [('5" pipe', 1), ('6" pipe', 2)], id="inch marks"),
        pytest.param(
            'a,b\n"he said "no" twice",1\nx,2\n', [('he said "no" twice', 1), ("x", 2)], id="bare inner quotes"
        ),
        pytest.param('a,b\n"open,1\nx,2\ny,3\n', [('"open', 1), ("x", 2), ("y", 3)], id="quote never closed"),
        pytest.param("a,b\r\nx,1\r\ny,2\r\n", [("x", 1), ("y", 2)], id="CRLF"),
        pytest.param("a,b\rx,1\ry,2\r", [("x", 1), ("y", 2)], id="CR alone"),
        pytest.param("a,b\r\nx,1\ny,2\r\n", [("x", 1), ("y", 2)], id="mixed line ends"),
        pytest.param("a,b\nx,1\ny,2", [("x", 1), ("y", 2)], id="no line end at the end"),
        pytest.param("a,b\nx\x00,1\ny,2\n", [("x", 1), ("y", 2)], id="NUL bytes"),
    ],
)
def test_quotes_and_line_ends(read_text, text, rows):
    """Whatever the writer's habits, the cells come out."""
    assert read_text(text).rows() == rows


def test_forgotten_quote_does_not_swallow_the_file(read_text):
    """An opening quote without a partner is text, and the receipt names its line."""
    read = read_text('a,b\n"open,1\n' + "".join(f"x{n},{n}\n" for n in range(50)))

    assert read.table.row_count == 51
    assert any("line 2" in note for note in read.receipt.notes)


def test_one_column_is_a_table(read_text):
    """A list of values under a name has one column and no delimiter."""
    read = read_text("city\nOslo\nLima\nAccra\n")

    assert read.names == ["city"]
    assert read.receipt.delimiter is None
    assert read.values("city") == ["Oslo", "Lima", "Accra"]


def test_large_file_reads_like_a_small_one(read_text, monkeypatch):
    """The straight scan and the row-by-row way give the same table."""
    lines = [
        "day,who,note,n,x",
        *(f'2024-01-{n % 28 + 1:02d},w{n % 7},"a, ""{n % 3}""",{n},{n / 8}' for n in range(20_000)),
    ]
    text = "\n".join(lines) + "\n"
    straight = read_text(text)
    straight_rows, straight_columns = (
        straight.rows(),
        [c.model_copy(update={"reasons": ()}) for c in straight.table.columns],
    )

    monkeypatch.setattr("datapilot.reading.formats.delimited_scan.FAST_FROM_BYTES", 10**12)
    careful = read_text(text)

    assert straight_rows == careful.rows()
    assert [(c.name, c.inferred_type, c.storage, c.role) for c in straight_columns] == [
        (c.name, c.inferred_type, c.storage, c.role) for c in careful.table.columns
    ]


def test_types_of_a_wide_table_rest_on_many_rows(read_text):
    """Lines so long that the usual part of the file holds few of them: more is looked at, and codes that do not repeat
    are told from labels that do."""
    width, rows = 600, 400
    names = ",".join(f"{('code', 'label', 'n')[place % 3]}_{place}" for place in range(width))
    lines = [
        ",".join((f"K{row * 7 + place:07d}", f"label {row % 9}", f"{row / 8}")[place % 3] for place in range(width))
        for row in range(rows)
    ]

    read = read_text("\n".join([names, *lines]) + "\n")

    kinds = {(column.name.split("_")[0], column.inferred_type) for column in read.table.columns}
    assert kinds == {("code", "identifier"), ("label", "categorical"), ("n", "numeric")}
    assert read.rows()[399][2] == 399 / 8


@pytest.mark.parametrize(
    ("odd", "row"),
    [
        pytest.param("x,1\n", ("x", 1, None), id="short row"),
        pytest.param('"x "y" z",1,2\n', ('x "y" z', 1, 2), id="bare inner quotes"),
        pytest.param(b"caf\xe9,1,2\n", ("café", 1, 2), id="a byte that is not UTF-8"),
    ],
)
def test_oddity_deep_inside_a_large_file_is_read_with_care(read_text, odd, row):
    """Where the straight scan stumbles the file is read row by row, and no row is lost."""
    clean = b"".join(b"name%d,%d,%d\n" % (n, n, n * 2) for n in range(30_000))
    middle = clean.find(b"name15000,")
    odd_bytes = odd.encode() if isinstance(odd, str) else odd

    read = read_text(b"a,b,c\n" + clean[:middle] + odd_bytes + clean[middle:])

    assert read.table.row_count == 30_001
    assert read.rows()[15_000] == row


CELLS = st.text(st.characters(exclude_characters="\x00\r", exclude_categories=("Cs",)), max_size=12)


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|", "||"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_records_written_by_the_rules_come_back(rows, delimiter):
    """Any cells, quoted by RFC 4180 with any delimiter, are cut exactly where they were joined."""
    text = "".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)

    records = [row.cells for row in RecordReader(io.StringIO(text, newline=""), Dialect(delimiter))]

    assert records == rows


@given(text=st.text(max_size=300), delimiter=st.sampled_from([",", ";", "\t", "|", " ", "::"]))
@settings(max_examples=200, deadline=None)
def test_no_character_is_lost_when_quotes_are_off(text, delimiter):
    """Without quotes, joining the cells again gives each line."""
    lines = list(io.StringIO(text, newline=""))

    records = [row.cells for row in RecordReader(lines, Dialect(delimiter, quote=""))]

    assert [delimiter.join(cells) for cells in records] == [line.rstrip("\r\n") for line in lines]


@given(st.lists(st.text(max_size=40), max_size=30))
@settings(max_examples=200, deadline=None)
def test_vote_always_answers(lines):
    """Any lines at all give a dialect, and never an error."""
    dialect = decide_dialect([line + "\n" for line in lines])

    assert isinstance(dialect, Dialect)


WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
HOSTILE = st.text(st.sampled_from('ab1 ,;|\t"\n'), max_size=8).filter(lambda cell: cell == cell.strip())


@given(
    names=st.lists(WORDS, min_size=3, max_size=5, unique_by=str.casefold),
    seeds=st.lists(st.tuples(HOSTILE, HOSTILE, st.integers(0, 999)), min_size=4, max_size=12),
    habits=st.tuples(
        st.sampled_from([",", ";", "\t", "|", "~", "\x1f", "||"]),
        st.sampled_from(["\n", "\r\n"]),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    ),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_table_written_in_any_dialect_reads_back_the_same(tmp_path_factory, names, seeds, habits):
    """Whatever the cells, each in quotes: delimiter, line end and encoding are found, and raw gives the cells back."""
    delimiter, end, codec = habits
    rows = [
        [f"k{n}", *(seed[0] + str(n), seed[1] or "-", str(seed[2]), "x")][: len(names)] for n, seed in enumerate(seeds)
    ]
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [names, *rows]]
    folder = tmp_path_factory.mktemp("dialect")
    (folder / "in.csv").write_bytes("".join(line + end for line in lines).encode(codec))

    with connect(Limits(), folder) as connection:
        export_raw(
            folder / "in.csv", folder / "out.csv", name="in.csv", options=ReadingOptions(header_row=1), limits=Limits(),
            connection=connection,
        )  # fmt: skip

    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [names, *rows]


@pytest.mark.parametrize("rows", [40, 40_000], ids=["short", "long"])
def test_end_of_file_mark_of_old_programs(read_text, rows):
    """A Ctrl-Z behind the last cell made a text of its whole column."""
    lines = ["name,income", *(f"x{n % 7},{n}.5" for n in range(rows))]

    read = read_text("\n".join(lines) + "\x1a")

    assert read.column("income").inferred_type == "numeric"
    assert (read.values("income")[-1], read.conversion("income").failed) == (rows - 0.5, 0)
    assert any("Ctrl-Z" in note for note in read.receipt.notes)


def _side_by_side(delimiter, *, filled_up):
    """Return nine cities with their units and prices, and beside them four places with their visits."""
    left = [["city", "units", "price"], *([f"city {n}", f"{n * 3}", f"{n}.5"] for n in range(9))]
    right = [["place", "visits"], *([f"place {n}", f"{n * 40}"] for n in range(4))]
    blank = ["", ""] if filled_up else []
    rows = [
        [*row, *(["", *right[n]] if n < len(right) else ["", *blank][: 3 * filled_up])] for n, row in enumerate(left)
    ]
    return "".join(delimiter.join(row) + "\n" for row in rows)


@pytest.mark.parametrize("filled_up", [True, False], ids=["rows filled up", "rows cut short"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_side_by_side_in_text(read_text, delimiter, filled_up):
    """As in a sheet: the larger one is read, and the receipt says where the other stands."""
    read = read_text(_side_by_side(delimiter, filled_up=filled_up))

    assert (read.names, read.table.row_count) == (["city", "units", "price"], 9)
    assert read.values("units") == [n * 3 for n in range(9)]
    assert read.receipt.other_tables == ("Columns E–F, lines 1–5: 5 rows × 2 columns, beginning with “place | visits”",)


def test_one_table_with_an_empty_column_in_text(read_text):
    """A gap between columns of the same height parts nothing."""
    read = read_text("city,units,,place,visits\n" + "".join(f"c{n},{n},,p{n},{n * 7}\n" for n in range(9)))

    assert read.names == ["city", "units", "place", "visits"]
    assert read.receipt.other_tables == ()


def test_rows_that_end_with_their_last_filled_cell(read_text):
    """Rows of any width below a line of names are a table with gaps at their ends."""
    rows = [
        "item;north;south;east;west;all",
        "pens;3",
        "ink;4;5",
        "paper;1;2;3",
        "glue;7",
        "tape;2;2",
        "clips;1;1;1;1;4",
    ]

    read = read_text("\n".join(rows) + "\n")

    assert read.names == ["item", "north", "south", "east", "west", "all"]
    assert read.values("south") == [None, 5, 2, None, 2, 1]


@pytest.mark.spec("A4")
@pytest.mark.parametrize("rows", [20, 40_000], ids=["held as a whole", "streamed"])
def test_columns_beyond_the_widest_table_are_told_of(read_text, monkeypatch, rows):
    """Thousands of columns more than a job has room for do not cost the others: the first ones are read."""
    for module in ("delimited", "delimited_scan"):
        monkeypatch.setattr(f"datapilot.reading.formats.{module}.WIDEST_TABLE", 30)
    line = ",".join(str(n) for n in range(40))

    read = read_text(",".join(f"g{n}" for n in range(40)) + "\n" + f"{line}\n" * rows)

    assert (read.names, read.table.row_count) == ([f"g{n}" for n in range(30)], rows)
    assert any("40 columns; the first 30 were read" in note for note in read.receipt.notes)
