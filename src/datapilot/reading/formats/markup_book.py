"""Open exports that bear the name of a workbook and are markup inside: web pages whose tables stand for sheets, and the
XML of Excel 2003 (SpreadsheetML). Spreadsheet programs open both, so that people take them for workbooks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

from datapilot.contracts.errors import CorruptFile, ExpandsTooFar, UnsupportedFormat
from datapilot.reading.encoding import decide_encoding, encoding_of_head, read_lines
from datapilot.reading.formats.sheets import Cell, Cells, Sheet

HEAD_BYTES = 4096  # in which a page names its encoding, and an XML document its type
WIDEST_SPAN, TALLEST_SPAN = 1000, 65_534  # as the HTML standard has it
WIDEST_ROW, MOST_ROWS = 16_384, 1_048_576  # of a spreadsheet program
LONGEST_NAME = 60
MOST_IN_MEMORY = 10_000_000  # cells of a page or workbook, all of which are held at once

_CHARSET = re.compile(rb"(?:charset|<\?xml[^>]*encoding)\s*=\s*[\"']?\s*([\w.:\-]+)", re.IGNORECASE)
_NAMESPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
_OPTIONS = "{urn:schemas-microsoft-com:office:excel}"
_UNSEEN = frozenset({"script", "style", "title", "template", "noscript"})
_BREAKS = frozenset({"br", "p", "div", "li"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption"})


@dataclass
class MarkupBook:
    """A workbook whose cells are all in memory."""

    tables: list[Cells]
    hidden: frozenset[str] = frozenset()
    encoding: str | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def sheets(self) -> Sequence[Sheet]:
        return [
            Sheet(one.sheet, one.sheet not in self.hidden, len(one.rows), max(map(len, one.rows), default=0))
            for one in self.tables
        ]

    def filled(self, sheet: str) -> int:
        return sum(1 for row in self.cells(sheet).rows for cell in row if cell not in {None, ""})

    def cells(self, sheet: str) -> Cells:
        return next(one for one in self.tables if one.sheet == sheet)


def web_page(path: Path) -> MarkupBook:
    """Return the tables of an HTML file as sheets, each by its caption, the heading above it, or its number. Tables of
    one row or column only lay out the page. Raises UnsupportedFormat where no table is left, or ExpandsTooFar."""
    text, encoding, note = decoded(path)
    page = _Page()
    page.feed(text[: text.rfind(">") + 1])  # an open tag at the end is looked through again from each of its letters
    page.close()
    tables = [table for table in page.tables if len(table.rows) > 1 and max(map(len, table.rows)) > 1]
    if not tables:
        raise UnsupportedFormat(
            "This is a web page, and it holds no table. Save the table as CSV or Excel and upload that."
        )
    names = _unique([table.name or f"Table {number}" for number, table in enumerate(tables, start=1)])
    said = "The file is a web page; its tables were read as the sheets of a workbook."
    return MarkupBook(
        [Cells(name, 0, 0, table.rows, table.merged) for name, table in zip(names, tables, strict=True)],
        encoding=encoding,
        notes=(said, note) if note else (said,),
    )


def decoded(path: Path) -> tuple[str, str, str | None]:
    """Return the text, its encoding, and what was assumed."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    encoding = decide_encoding(path)
    if encoding_of_head(head) is None and (match := _CHARSET.search(head)):
        named = match[1].decode("ascii")
        try:
            return path.read_bytes().decode(named), named.lower(), None
        except (LookupError, UnicodeDecodeError):
            pass  # what the page says of itself is not so: the bytes decide
    text = "".join(read_lines(path, encoding))
    return text, encoding.label, f"The page names no encoding that fits it. {encoding.note}" if encoding.note else None


def _unique(names: Sequence[str]) -> list[str]:
    unique: list[str] = []
    for name in names:
        number, free = 2, name
        while free in unique:
            number, free = number + 1, f"{name} ({number})"
        unique.append(free)
    return unique


@dataclass
class _Table:
    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merged: int = 0
    down: dict[int, tuple[int, Cell]] = field(default_factory=dict)  # column: rows left to fill, with what
    cell: list[str] | None = None
    number: float | None = None
    span: tuple[int, int] = (1, 1)

    def open_row(self) -> None:
        self.close_cell()
        self.rows.append([])
        self._fill_down()

    def open_cell(self, attributes: dict[str, str | None]) -> None:
        self.close_cell()
        if not self.rows:
            self.open_row()
        self.cell = []
        self.span = (
            _whole(attributes.get("colspan"), most=WIDEST_SPAN),
            _whole(attributes.get("rowspan"), most=TALLEST_SPAN),
        )
        self.number = _number(attributes.get("x:num"))

    def close_cell(self) -> None:
        if self.cell is None:
            return
        text = re.sub(r"[^\S\n]*\n[^\S\n]*", "\n", re.sub(r"[ \t\r\f\v]+", " ", "".join(self.cell))).strip()
        value: Cell = text if self.number is None else self.number
        self.cell, self.number = None, None
        row, (wide, tall) = self.rows[-1], self.span
        if tall > 1:
            self.merged += 1
            self.down |= {len(row) + offset: (tall - 1, value if not offset else "") for offset in range(wide)}
        row += [value, *[""] * (wide - 1)]
        self._fill_down()

    def _fill_down(self) -> None:
        """Write into the open row what cells above it span down to the next free column."""
        row = self.rows[-1]
        while (held := self.down.get(len(row))) is not None:
            left, value = held
            if left > 1:
                self.down[len(row)] = (left - 1, value)
            else:
                del self.down[len(row)]
            row.append(value)


class _Page(HTMLParser):
    """Collects the tables of a page; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._heading: list[str] | None = None
        self._above = ""
        self._unseen = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        table = self._open[-1] if self._open else None
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._open.append(_Table(self._above))
            self.tables.append(self._open[-1])
            self._above = ""
        elif tag in _HEADINGS:
            self._heading = []
        elif table is None:
            return
        elif tag == "tr":
            table.open_row()
            self._count(len(table.rows[-1]))  # what spans down into it
        elif tag in {"td", "th"}:
            table.open_cell(dict(attrs))
            self._count(table.span[0])
        elif tag in _BREAKS and table.cell is not None:
            table.cell.append("\n")

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MOST_IN_MEMORY:
            raise ExpandsTooFar("The web page holds more cells than can be read. Save the table as CSV.")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _HEADINGS and self._heading is not None:
            name = " ".join("".join(self._heading).split())[:LONGEST_NAME]
            self._heading = None
            if tag == "caption" and self._open:
                self._open[-1].name = name
            else:
                self._above = name
        elif self._open and tag == "table":
            self._open.pop().close_cell()
        elif self._open and tag in {"td", "th", "tr"}:
            self._open[-1].close_cell()

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._heading is not None:
            self._heading.append(data)
        elif self._open and self._open[-1].cell is not None:
            self._open[-1].cell.append(data.replace("\n", " "))


def _whole(text: str | None, *, most: int) -> int:
    return min(most, int(text)) if text is not None and re.fullmatch(r"[1-9]\d{0,5}", text.strip()) else 1


def _number(text: str | None) -> float | None:
    """Return what Excel's own attribute says the number in a cell is; its text may be rounded."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


def xml_workbook(path: Path) -> MarkupBook:
    """Return the sheets of a workbook in the XML of Excel 2003. Raises CorruptFile or ExpandsTooFar."""
    tables: list[Cells] = []
    hidden: set[str] = set()
    try:
        for sheet in _worksheets(path):
            tables.append(Cells(sheet.name, 0, 0, sheet.rows, len(sheet.down)))
            hidden |= {sheet.name} if sheet.is_hidden else set()
    except ElementTree.ParseError as error:
        raise CorruptFile(
            f"The workbook is damaged and cannot be opened ({error}). Open it in a spreadsheet program, save it again"
            " and upload that."
        ) from None
    note = "The file is a workbook in the XML of Excel 2003."
    return MarkupBook(tables, frozenset(hidden), notes=(note,))


@dataclass
class _Worksheet:
    """A sheet being read. `down` notes the cells that span rows below: row, column, how many rows, value."""

    name: str = ""
    is_hidden: bool = False
    rows: list[list[Cell]] = field(default_factory=list)
    down: list[tuple[int, int, int, Cell]] = field(default_factory=list)

    def take_row(self, element: ElementTree.Element) -> int:
        """Add the row, and those that the file leaves out before it; return how many cells it has."""
        at = _index(element, len(self.rows), most=MOST_ROWS)
        self.rows += [[] for _ in range(at - len(self.rows))]
        self.rows.append(_row(element, at, self.down))
        return len(self.rows[-1])

    def fill_down(self) -> None:
        """Write into the empty cells below what spans them."""
        for top, column, below, value in self.down:
            for later in self.rows[top + 1 : top + 1 + below]:
                if column < len(later) and later[column] in {None, ""}:
                    later[column] = value


def _worksheets(path: Path) -> Iterator[_Worksheet]:
    with path.open("rb") as file:
        if b"<!DOCTYPE" in file.read(HEAD_BYTES):
            raise CorruptFile("The workbook declares a document type, as none does. Save it anew as XLSX.")
    sheet, cells = _Worksheet(), 0
    # Without a document type nothing can be declared, and so nothing expand; the parser limits what hides behind more.
    for event, element in ElementTree.iterparse(path, events=("start", "end")):  # noqa: S314
        if event == "start":
            sheet = _Worksheet() if element.tag == f"{_NAMESPACE}Worksheet" else sheet
        elif element.tag == f"{_OPTIONS}Visible":
            sheet.is_hidden = element.text != "SheetVisible"
        elif element.tag == f"{_NAMESPACE}Row":
            cells += sheet.take_row(element)
            if cells > MOST_IN_MEMORY:
                raise ExpandsTooFar("The workbook holds more cells than can be read. Save the table as CSV.")
            element.clear()
        elif element.tag == f"{_NAMESPACE}Worksheet":
            sheet.name = element.get(f"{_NAMESPACE}Name", "Sheet")
            sheet.fill_down()
            yield sheet
            element.clear()


def _row(element: ElementTree.Element, at: int, down: list[tuple[int, int, int, Cell]]) -> list[Cell]:
    """Return the cells of a row, noting in `down` those that span rows below."""
    row: list[Cell] = []
    for cell in element.iterfind(f"{_NAMESPACE}Cell"):
        column = _index(cell, len(row), most=WIDEST_ROW)
        row += [""] * (column - len(row))
        data = cell.find(f"{_NAMESPACE}Data")
        value = _value(data) if data is not None else ""
        if below := _span(cell, "MergeDown", most=MOST_ROWS):
            down.append((at, column, below, value))
        row += [value, *[""] * _span(cell, "MergeAcross", most=WIDEST_ROW)]
    return row


def _index(element: ElementTree.Element, following: int, *, most: int) -> int:
    """Return the place of a row or cell from 0: the one it names, or the one after the last."""
    told = element.get(f"{_NAMESPACE}Index", "")
    place = int(told) - 1 if re.fullmatch(r"[1-9]\d{0,6}", told) else following
    if place >= most:
        raise ExpandsTooFar("A sheet of the workbook spans more cells than can be read. Save the table as CSV.")
    return max(place, following)


def _span(cell: ElementTree.Element, name: str, *, most: int) -> int:
    told = cell.get(f"{_NAMESPACE}{name}", "")
    return min(int(told), most) if re.fullmatch(r"\d{1,7}", told) else 0


def _value(data: ElementTree.Element) -> Cell:
    """Return what the cell holds, of the type it names; errors are missing."""
    text = "".join(data.itertext())
    kind = data.get(f"{_NAMESPACE}Type", "String")
    try:
        match kind:
            case "Number":
                return float(text)
            case "DateTime":
                return datetime.fromisoformat(text)
            case "Boolean":
                return text.strip() == "1"
            case "Error":
                return None
            case _:
                return text
    except ValueError:
        return text
