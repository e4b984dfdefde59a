"""The kinds of dirt that delimited files come with, each applied to a clean table: the bytes, and what stands in them.

The kinds follow what surveys of open data count (Vitagliano et al., Pollock: A Data Loading Benchmark, VLDB 2023) and
what exports of spreadsheets, databases and instruments do.
"""

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.clean_tables import Clean

Cells = list[list[str]]
Polluter = Callable[[Clean], "Polluted"]


@dataclass(frozen=True)
class Polluted:
    """A file, the `table` an analyst wants from it, and `stands`: header and rows exactly as the file has them."""

    content: bytes
    table: Clean
    stands: Cells
    name: str = "table.csv"


@dataclass(frozen=True)
class Kind:
    """One kind of dirt. `is_lost` says that the file no longer holds what the clean table held."""

    name: str
    pollute: Polluter
    is_lost: bool = False


KINDS: list[Kind] = []


def kind(name: str, *, is_lost: bool = False) -> Callable[[Polluter], Polluter]:
    """Register a polluter under a name."""

    def register(polluter: Polluter) -> Polluter:
        KINDS.append(Kind(name, polluter, is_lost))
        return polluter

    return register


def delimited(rows: Sequence[Sequence[str]], delimiter: str = ",", *, quote: str = '"', end: str = "\n",
              always: bool = False, escape: str | None = None) -> str:  # fmt: skip
    """Return the rows as text; cells are quoted where they must be, quotes inside doubled or escaped."""

    def cell(text: str) -> str:
        must = always or any(mark in text for mark in (delimiter, quote, "\n", "\r")) or text != text.strip()
        return quote + text.replace(quote, (escape or quote) + quote) + quote if must else text

    return "".join(delimiter.join(map(cell, row)) + end for row in rows)


def _as_it_is(clean: Clean, text: str, *, encoding: str = "utf-8", stands: Cells | None = None) -> Polluted:
    return Polluted(text.encode(encoding), clean, stands if stands is not None else clean.lines)


def _plain(clean: Clean) -> list[str]:
    """The file's records, one text each (a record may hold line breaks), header first."""
    return [delimited([row]) for row in clean.lines]


# -- delimiters ---------------------------------------------------------------------------------------------------

for _label, _mark in (
    ("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("pipe", "|"), ("space", " "), ("tilde", "~"), ("caret", "^"),
    ("two pipes", "||"), ("two colons", "::"), ("comma and space", ", "), ("tilde pipe tilde", "|~|"),
    ("unit separator", "\x1f"), ("two tabs", "\t\t"), ("section sign", "§"),
):  # fmt: skip

    @kind(f"delimiter: {_label}")
    def _delimiter(clean: Clean, mark: str = _mark) -> Polluted:
        return _as_it_is(clean, delimited(clean.lines, mark))


@kind("delimiter named in the first line (sep=;)")
def _separator_line(clean: Clean) -> Polluted:
    return _as_it_is(clean, "sep=;\r\n" + delimited(clean.lines, ";", end="\r\n"))


@kind("delimiter: semicolons with decimal commas")
def _decimal_commas(clean: Clean) -> Polluted:
    numbers = [_is_decimal(column) for column in zip(*clean.rows, strict=True)]
    swap = [[c.replace(".", ",") if n else c for c, n in zip(row, numbers, strict=True)] for row in clean.rows]
    lines = [list(clean.header), *swap]
    return _as_it_is(clean, delimited(lines, ";"), stands=lines)


def _is_decimal(cells: Sequence[str]) -> bool:
    return all(cell.replace(".", "", 1).lstrip("-").isdigit() for cell in cells if cell) and any(
        "." in c for c in cells
    )


@kind("delimiter: one row cut by semicolons")
def _one_row_by_semicolons(clean: Clean) -> Polluted:
    records = _plain(clean)
    records[20] = delimited([clean.rows[19]], ";")
    return _as_it_is(clean, "".join(records))


@kind("delimiter: one row cut by tabs")
def _one_row_by_tabs(clean: Clean) -> Polluted:
    records = _plain(clean)
    records[33] = delimited([clean.rows[32]], "\t")
    return _as_it_is(clean, "".join(records))


@kind("delimiter: header cut by commas, rows by semicolons")
def _header_by_commas(clean: Clean) -> Polluted:
    return _as_it_is(clean, delimited([clean.header]) + delimited(clean.rows, ";"))


@kind("delimiter: columns aligned by spaces")
def _aligned(clean: Clean) -> Polluted:
    lines = [[c.replace("\n", " ") or "-" for c in row] for row in clean.lines]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = "".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() + "\n" for row in lines)
    table = clean.but(rows=tuple(tuple(row) for row in lines[1:]))
    return Polluted(text.encode(), table, lines, "table.txt")


# -- quotes and escapes -------------------------------------------------------------------------------------------


@kind("quotes around every cell")
def _all_quoted(clean: Clean) -> Polluted:
    return _as_it_is(clean, delimited(clean.lines, always=True))


@kind("single quotes around every cell")
def _single_quoted(clean: Clean) -> Polluted:
    return _as_it_is(clean, delimited(clean.lines, quote="'", always=True))


@kind("single quotes where needed, semicolons")
def _single_quotes(clean: Clean) -> Polluted:
    return _as_it_is(clean, delimited(clean.lines, ";", quote="'"))


@kind("quotes escaped by backslashes")
def _backslash_quotes(clean: Clean) -> Polluted:
    return _as_it_is(clean, delimited(clean.lines, always=True, escape="\\"))


@kind("quotes inside cells not escaped")
def _bare_inner_quotes(clean: Clean) -> Polluted:
    text = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in clean.lines)
    return _as_it_is(clean, text)


@kind("no quotes, delimiters escaped by backslashes")
def _backslash_delimiters(clean: Clean) -> Polluted:
    flat = _flat(clean)

    def cell(text: str) -> str:
        return text.replace("\\", "\\\\").replace(",", "\\,")

    return _as_it_is(flat, "".join(",".join(map(cell, row)) + "\n" for row in flat.lines))


def _flat(clean: Clean) -> Clean:
    return clean.but(rows=tuple(tuple(cell.replace("\n", " ") for cell in row) for row in clean.rows))


@kind("a space before every quote")
def _space_before_quote(clean: Clean) -> Polluted:
    rows = ['"' + '", "'.join(cell.replace('"', '""') for cell in row) + '"\n' for row in clean.lines]
    return _as_it_is(clean, "".join(rows))


@kind("a quote too many in one cell")
def _extra_quote(clean: Clean) -> Polluted:
    records = _plain(clean)
    row = list(clean.rows[24])
    records[25] = '"' + row[0] + "," + delimited([row[1:]])
    row[0] = '"' + row[0]
    rows = [*clean.rows[:24], tuple(row), *clean.rows[25:]]
    return _as_it_is(clean.but(rows=tuple(rows)), "".join(records), stands=[list(clean.header), *map(list, rows)])


@kind("a quote too many in a quoted file")
def _extra_quote_among_quotes(clean: Clean) -> Polluted:
    records = [delimited([row], always=True) for row in clean.lines]
    row = list(clean.rows[24])
    row[1] = '"' + row[1]
    records[25] = records[25].replace(f'"{clean.rows[24][1]}"', f'""{clean.rows[24][1]}"', 1)
    rows = [*clean.rows[:24], tuple(row), *clean.rows[25:]]
    return _as_it_is(clean.but(rows=tuple(rows)), "".join(records), stands=[list(clean.header), *map(list, rows)])


@kind("a quote never closed, among quoted cells")
def _open_quote(clean: Clean) -> Polluted:
    flat = _flat(clean)
    records = _plain(flat)
    row = list(flat.rows[9])
    records[10] = delimited([row[:-1]]).rstrip("\n") + ',"' + row[-1] + "\n"
    row[-1] = '"' + row[-1]
    rows = [*flat.rows[:9], tuple(row), *flat.rows[10:]]
    return _as_it_is(flat.but(rows=tuple(rows)), "".join(records), stands=[list(flat.header), *map(list, rows)])


# -- above, below and between -------------------------------------------------------------------------------------


@kind("title lines above")
def _title(clean: Clean) -> Polluted:
    return _as_it_is(clean, "Quarterly export\nPrepared by the data office\n" + "".join(_plain(clean)))


@kind("title lines and a blank line above")
def _title_and_blank(clean: Clean) -> Polluted:
    return _as_it_is(clean, "Quarterly export\nPrepared on 2024-05-01\n\n" + "".join(_plain(clean)))


@kind("title lines padded with delimiters")
def _padded_title(clean: Clean) -> Polluted:
    pad = "," * (len(clean.header) - 1)
    return _as_it_is(clean, f"Quarterly export{pad}\nAll figures in EUR{pad}\n{pad}\n" + "".join(_plain(clean)))


@kind("label and value lines above")
def _metadata(clean: Clean) -> Polluted:
    head = "Station,Nordkap 7\nInstrument,XR-20\nOperator,J. Berg\nStart,2023-06-01\n\n"
    return _as_it_is(clean, head + "".join(_plain(clean)))


@kind("comment lines above")
def _comments_above(clean: Clean) -> Polluted:
    return _as_it_is(clean, "# source: export\n# unit: EUR, gross\n#\n" + "".join(_plain(clean)))


@kind("comment lines between the rows")
def _comments_between(clean: Clean) -> Polluted:
    records = _plain(clean)
    records.insert(15, "# checked by hand from here\n")
    records.insert(40, "# second batch\n")
    return _as_it_is(clean, "".join(records))


@kind("footnotes below")
def _footnotes(clean: Clean) -> Polluted:
    return _as_it_is(clean, "".join(_plain(clean)) + "Source: statistics office\nNote: figures are provisional\n")


@kind("footnotes after a blank line")
def _footnotes_apart(clean: Clean) -> Polluted:
    return _as_it_is(clean, "".join(_plain(clean)) + "\nPrepared for internal use\nPage 1 of 1\n")


@kind("footnotes padded with delimiters")
def _padded_footnotes(clean: Clean) -> Polluted:
    pad = "," * (len(clean.header) - 1)
    return _as_it_is(clean, "".join(_plain(clean)) + f"{pad}\nSource: statistics office{pad}\n")


@kind("a count of rows below")
def _row_count(clean: Clean) -> Polluted:
    return _as_it_is(clean, "".join(_plain(clean)) + f"\n({len(clean.rows)} rows affected)\n")


@kind("a total row below")
def _total(clean: Clean) -> Polluted:
    total = ["Total"] + [""] * (len(clean.header) - 1)
    for position, column in enumerate(zip(*clean.rows, strict=True)):
        if position and all(cell.replace(".", "", 1).lstrip("-").isdigit() for cell in column if cell):
            total[position] = f"{sum(float(cell) for cell in column if cell):.2f}"
    return _as_it_is(clean, delimited([*clean.lines, total]), stands=[*clean.lines, total])


@kind("blank lines between the rows")
def _blank_lines(clean: Clean) -> Polluted:
    return _as_it_is(clean, "".join(r + "\n" * (n % 10 == 5) for n, r in enumerate(_plain(clean))))


@kind("blank lines after every row")
def _double_spaced(clean: Clean) -> Polluted:
    return _as_it_is(clean, "".join(r + "\n" for r in _plain(clean)))


@kind("rows of delimiters at the end")
def _empty_rows(clean: Clean) -> Polluted:
    width = len(clean.header)
    text = "".join(_plain(clean)) + ("," * (width - 1) + "\n") * 12
    return _as_it_is(clean, text, stands=[*clean.lines, *([""] * width for _ in range(12))])


@kind("a dashed line under the header")
def _ruler(clean: Clean) -> Polluted:
    dashes = ["-" * max(3, len(name)) for name in clean.header]
    return _as_it_is(clean, delimited([clean.header, dashes, *clean.rows], "|"))


# -- headers ------------------------------------------------------------------------------------------------------


@kind("no header")
def _no_header(clean: Clean) -> Polluted:
    names = tuple(f"column_{n + 1}" for n in range(len(clean.header)))
    table = clean.but(header=names)
    return _as_it_is(table, delimited(clean.rows), stands=table.lines)


@kind("header of two rows")
def _two_header_rows(clean: Clean) -> Polluted:
    half = len(clean.header) // 2
    top = ["", "Key", *[""] * (half - 2), "Figures", *[""] * (len(clean.header) - half - 1)]
    names = [clean.header[0]] + [f"{'Key' if n < half else 'Figures'}: {clean.header[n]}" for n in range(1, len(top))]
    table = clean.but(header=tuple(names))
    return _as_it_is(table, delimited([top, *clean.lines]))


@kind("a name twice in the header")
def _duplicate_name(clean: Clean) -> Polluted:
    stands = [[*clean.header[:-1], clean.header[-2]], *map(list, clean.rows)]
    table = clean.but(header=(*clean.header[:-1], f"{clean.header[-2]} (2)"))
    return _as_it_is(table, delimited(stands), stands=stands)


@kind("an empty name in the header")
def _empty_name(clean: Clean) -> Polluted:
    stands = [[clean.header[0], "", *clean.header[2:]], *map(list, clean.rows)]
    table = clean.but(header=(clean.header[0], "column_2", *clean.header[2:]))
    return _as_it_is(table, delimited(stands), stands=stands)


@kind("header without the first column's name")
def _short_header(clean: Clean) -> Polluted:
    numbered = [[str(n + 1), *row] for n, row in enumerate(clean.rows)]
    table = clean.but(header=("column_1", *clean.header), rows=tuple(tuple(row) for row in numbered))
    lines = [["", *clean.header], *numbered]
    return _as_it_is(table, delimited(lines, always=True), stands=lines)


@kind("header repeated on every page")
def _repeated_header(clean: Clean) -> Polluted:
    records = _plain(clean)
    for position in (45, 30, 15):
        records.insert(position, records[0])
    stands = clean.lines
    for position in (45, 30, 15):
        stands.insert(position, list(clean.header))
    return _as_it_is(clean, "".join(records), stands=stands)


@kind("pages with title, number and names")
def _printed_pages(clean: Clean) -> Polluted:
    records, rows = _plain(clean), clean.lines
    header, below = records[0], records[1:]
    pages = [below[start : start + 20] for start in range(0, len(below), 20)]
    text = "".join(f"Monthly report - page {n}\n\n{header}{''.join(page)}\n" for n, page in enumerate(pages, 1))
    stands = [rows[0]]
    for start in range(0, len(below), 20):
        stands += [*([rows[0]] if start else []), *rows[1 + start : 21 + start]]
    return _as_it_is(clean, text, stands=stands)


@kind("ten settings of the report above, a line each")
def _settings_above(clean: Clean) -> Polluted:
    above = "".join(f"# Setting {n}: on\n" for n in range(10))
    return _as_it_is(clean, above + "".join(_plain(clean)))


@kind("a line of settings longer than the table")
def _long_line_above(clean: Clean) -> Polluted:
    settings = ["EXTF", "700", "21", "Batch", *(str(n) for n in range(len(clean.header)))]
    return _as_it_is(clean, delimited([settings]) + "".join(_plain(clean)))


@kind("cells as formulas around their text")
def _text_formulas(clean: Clean) -> Polluted:
    wrapped = [[*row[:-1], '="' + row[-1].replace('"', '""') + '"' if row[-1] else ""] for row in clean.rows]
    lines = [list(clean.header), *wrapped]
    return _as_it_is(clean, delimited(lines), stands=lines)


@kind("names with line breaks and spaces")
def _broken_names(clean: Clean) -> Polluted:
    names = [f"{name[:2]}\n{name[2:]}" if n == 1 else f" {name} " for n, name in enumerate(clean.header)]
    table = clean.but(header=tuple(" ".join(name.split()) for name in names))
    return _as_it_is(table, delimited([names, *clean.rows]), stands=[names, *map(list, clean.rows)])


# -- ragged rows and columns --------------------------------------------------------------------------------------


@kind("rows without their empty last cells")
def _short_rows(clean: Clean) -> Polluted:
    rows = [(*row[:-2], "", "") if n % 6 == 4 else row for n, row in enumerate(clean.rows)]
    table = clean.but(rows=tuple(rows))
    records = [delimited([row[:-2] if row[-1] == "" and row[-2] == "" else row]) for row in table.lines]
    return _as_it_is(table, "".join(records))


@kind("a delimiter too many at the end of every row")
def _trailing_delimiter(clean: Clean) -> Polluted:
    text = "".join(record[: -len("\n")] + ",\n" for record in _plain(clean))
    return _as_it_is(clean, text, stands=[[*row, ""] for row in clean.lines])


@kind("a delimiter too many at the end of every row but the header")
def _trailing_delimiter_below(clean: Clean) -> Polluted:
    header, *records = _plain(clean)
    text = header + "".join(record[: -len("\n")] + ",\n" for record in records)
    return _as_it_is(clean, text, stands=[list(clean.header), *([*row, ""] for row in clean.rows)])


@kind("empty cells too many in some rows")
def _long_empty_rows(clean: Clean) -> Polluted:
    lines = [[*row, "", ""] if n % 8 == 3 else row for n, row in enumerate(clean.lines)]
    return _as_it_is(clean, delimited(lines), stands=lines)


@kind("a cell too many in one row")
def _long_row(clean: Clean) -> Polluted:
    rows = [*clean.rows[:30], (*clean.rows[30], "see remark"), *clean.rows[31:]]
    wide = tuple((*row, "") if len(row) == len(clean.header) else row for row in rows)
    table = clean.but(header=(*clean.header, f"column_{len(clean.header) + 1}"), rows=wide)
    return _as_it_is(table, delimited([clean.header, *rows]), stands=[list(clean.header), *map(list, rows)])


@kind("a text with the delimiter in it, not quoted")
def _unquoted_text(clean: Clean) -> Polluted:
    at = max(range(len(clean.header)), key=lambda p: sum(cell[:1].isalpha() for cell in _column(clean, p)))
    row = list(clean.rows[17])
    row[at] = "Nordic, oak"
    rows = [*clean.rows[:17], tuple(row), *clean.rows[18:]]
    table = clean.but(rows=tuple(rows))
    records = _plain(table)
    records[18] = records[18].replace('"Nordic, oak"', "Nordic, oak")
    stands = table.lines
    stands[18] = [*row[:at], "Nordic", " oak", *row[at + 1 :]]
    return _as_it_is(table, "".join(records), stands=stands)


def _column(clean: Clean, position: int) -> list[str]:
    return [row[position] for row in clean.rows]


@kind("blank columns at the right")
def _blank_columns(clean: Clean) -> Polluted:
    lines = [[*row, "", "", ""] for row in clean.lines]
    return _as_it_is(clean, delimited(lines), stands=lines)


@kind("a blank column at the left")
def _blank_first_column(clean: Clean) -> Polluted:
    lines = [["", *row] for row in clean.lines]
    return _as_it_is(clean, delimited(lines), stands=lines)


@kind("cells padded with spaces")
def _padded(clean: Clean) -> Polluted:
    if any("\n" in cell for row in clean.rows for cell in row):
        lines = [[f"{cell} " for cell in row] for row in clean.lines]
    else:
        widths = [max(map(len, column)) for column in zip(*clean.lines, strict=True)]
        lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in clean.lines]
    text = "".join("|".join('"' + c.replace('"', '""') + '"' if "\n" in c or "|" in c else c for c in row) + "\n"
                   for row in lines)  # fmt: skip
    return _as_it_is(clean, text, stands=lines)


# -- several tables -----------------------------------------------------------------------------------------------

_OTHER = [["code", "meaning", "since"], ["A", "active", "2019"], ["B", "blocked", "2020"], ["C", "closed", "2021"]]


@kind("a narrow table below")
def _table_below(clean: Clean) -> Polluted:
    return _as_it_is(clean, "".join(_plain(clean)) + "\n" + delimited(_OTHER))


@kind("a narrow table above")
def _table_above(clean: Clean) -> Polluted:
    return _as_it_is(clean, delimited(_OTHER) + "\n\n" + "".join(_plain(clean)))


@kind("a wide table below")
def _wide_table_below(clean: Clean) -> Polluted:
    width = len(clean.header) + 3
    wide = [[f"kpi{n}" for n in range(width)], *([str(n * k) for n in range(width)] for k in range(4))]
    return _as_it_is(clean, "".join(_plain(clean)) + "\n" + delimited(wide))


@kind("a table of the same width below, with a title")
def _same_table_below(clean: Clean) -> Polluted:
    width = len(clean.header)
    other = [[f"measure {n}" for n in range(width)], *([f"{n}.{k}" for n in range(width)] for k in range(4))]
    return _as_it_is(clean, "".join(_plain(clean)) + "\nSummary\n" + delimited(other))


# -- line ends ----------------------------------------------------------------------------------------------------


@kind("lines end in CR LF")
def _crlf(clean: Clean) -> Polluted:
    return _as_it_is(clean, delimited(clean.lines, end="\r\n"))


@kind("lines end in CR")
def _cr(clean: Clean) -> Polluted:
    flat = _flat(clean)
    return _as_it_is(flat, delimited(flat.lines, end="\r"))


@kind("lines end in LF, CR LF and CR by turns")
def _mixed_ends(clean: Clean) -> Polluted:
    ends = ("\n", "\r\n", "\r")
    return _as_it_is(clean, "".join(delimited([row], end=ends[n % 3]) for n, row in enumerate(clean.lines)))


@kind("lines end in CR CR LF")
def _doubled_cr(clean: Clean) -> Polluted:
    flat = _flat(clean)
    return _as_it_is(flat, delimited(flat.lines, end="\r\r\n"))


@kind("no line end at the end")
def _no_last_end(clean: Clean) -> Polluted:
    return _as_it_is(clean, delimited(clean.lines).rstrip("\n"))


@kind("many line ends at the end")
def _many_last_ends(clean: Clean) -> Polluted:
    return _as_it_is(clean, delimited(clean.lines) + "\r\n" * 30)


@kind("an end-of-file mark (Ctrl-Z)")
def _ctrl_z(clean: Clean) -> Polluted:
    return _as_it_is(clean, delimited(clean.lines, end="\r\n") + "\x1a")


# -- encodings ----------------------------------------------------------------------------------------------------

_FOREIGN = {
    "cp1251": ("Анна Петрова", "Москва", "склад номер два", "Иванов Сергей"),
    "koi8_r": ("Анна Петрова", "Москва", "склад номер два", "Иванов Сергей"),
    "cp1250": ("Łódź", "Kraków żółty", "Příliš žluťoučký kůň", "Győr őszi"),
    "cp1253": ("Αθήνα", "Θεσσαλονίκη", "Παπαδόπουλος Γιώργος", "αποθήκη"),
    "cp1254": ("İstanbul", "Diyarbakır şehri", "Gökçe Yıldız", "ağaç"),
    "shift_jis": ("東京都", "大阪の倉庫", "山田太郎", "ひらがな"),
    "gb18030": ("北京市", "上海仓库", "王小明", "数据分析"),
    "big5": ("臺北市", "高雄倉庫", "王小明", "資料分析"),
    "euc_kr": ("서울특별시", "부산 창고", "김철수", "자료"),
}


def _foreign(clean: Clean, codec: str) -> Clean:
    words = _FOREIGN[codec]
    rows = [(*row[:1], f"{words[n % 4]} {words[(n * 7 + 1) % 4]}", *row[2:]) for n, row in enumerate(clean.rows)]
    return clean.but(rows=tuple(tuple(c.encode("ascii", "ignore").decode() if c != row[1] else c for c in row)
                                for row in rows))  # fmt: skip


@kind("encoding: UTF-8 with a mark")
def _utf8_mark(clean: Clean) -> Polluted:
    return _as_it_is(clean, "\ufeff" + delimited(clean.lines))


for _codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "mac_roman"):

    @kind(f"encoding: {_codec}")
    def _encoded(clean: Clean, codec: str = _codec) -> Polluted:
        return _as_it_is(clean, delimited(clean.lines), encoding=codec)


for _codec in _FOREIGN:

    @kind(f"encoding: {_codec}")
    def _encoded_abroad(clean: Clean, codec: str = _codec) -> Polluted:
        table = _foreign(clean, codec)
        return _as_it_is(table, delimited(table.lines), encoding=codec)


@kind("encoding: UTF-8 and Windows-1252 by turns")
def _mixed_encodings(clean: Clean) -> Polluted:
    records = [r.encode("cp1252" if n % 5 == 2 else "utf-8") for n, r in enumerate(_plain(clean))]
    return Polluted(b"".join(records), clean, clean.lines)


@kind("a second mark where two files were joined")
def _inner_mark(clean: Clean) -> Polluted:
    records = _plain(clean)
    return _as_it_is(clean, "\ufeff" + "".join(records[:30]) + "\ufeff" + "".join(records[30:]))


@kind("NUL bytes between the cells")
def _nul_bytes(clean: Clean) -> Polluted:
    records = [record.replace(",", "\0,", 1) if n % 9 == 4 else record for n, record in enumerate(_plain(clean))]
    return _as_it_is(clean, "".join(records))


@kind("no-break and zero-width spaces around cells")
def _odd_spaces(clean: Clean) -> Polluted:
    lines = [list(clean.header)]
    lines += [[f"\u00a0{c}\u200b" if c and (n + p) % 4 == 0 else c for p, c in enumerate(row)]
              for n, row in enumerate(clean.rows)]  # fmt: skip
    return _as_it_is(clean, delimited(lines), stands=lines)


# -- containers ---------------------------------------------------------------------------------------------------


@kind("gzip")
def _gzip(clean: Clean) -> Polluted:
    return Polluted(gzip.compress(delimited(clean.lines).encode()), clean, clean.lines, "table.csv.gz")


@kind("zip")
def _zip(clean: Clean) -> Polluted:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export/table.csv", delimited(clean.lines))
        archive.writestr("__MACOSX/._table.csv", b"\0")
    return Polluted(buffer.getvalue(), clean, clean.lines, "table.zip")


@kind("wrong ending of the name")
def _wrong_name(clean: Clean) -> Polluted:
    return Polluted(delimited(clean.lines, "\t").encode(), clean, clean.lines, "table.xls")


# -- lost ---------------------------------------------------------------------------------------------------------


@kind("lost: letters replaced by question marks", is_lost=True)
def _question_marks(clean: Clean) -> Polluted:
    lines = [[cell.encode("ascii", "replace").decode() for cell in row] for row in clean.lines]
    return _as_it_is(clean, delimited(lines), stands=lines)


@kind("lost: cut off in the middle", is_lost=True)
def _cut_off(clean: Clean) -> Polluted:
    text = "".join(_plain(clean))
    half = text[: len(text) // 2]
    return _as_it_is(clean, half, stands=list(csv.reader(io.StringIO(half, newline=""))))


@kind("lost: texts with delimiters, never quoted", is_lost=True)
def _never_quoted(clean: Clean) -> Polluted:
    flat = _flat(clean)
    text = "".join(",".join(row) + "\n" for row in flat.lines)
    return _as_it_is(flat, text, stands=[line.split(",") for line in text.splitlines()])


@kind("lost: two columns run together", is_lost=True)
def _run_together(clean: Clean) -> Polluted:
    lines = [[row[0] + row[1], *row[2:]] for row in clean.lines]
    return _as_it_is(clean, delimited(lines), stands=lines)
