"""Lines printed with a table that are none of its records: notes, headers said again, pages, comments, totals."""

import re
from collections.abc import Sequence

from datapilot.contracts.table import RowNote
from datapilot.reading.late import late
from datapilot.reading.layout.row_shapes import column_kinds, first_filled, kind_of, snippet
from datapilot.reading.records import Row

JUDGED_ROWS = 400
FEWEST_ABOVE_LEGEND, MOST_OF_LEGEND = 4, 60  # rows
BELOW = "note below the table"
_LEGEND = late(
    r"\s*(?:codes?|legend|key|keys|flags?|symbols?|abbreviations?|notes?|footnotes?|explanations?|legende|schlüssel"
    r"|zeichenerklärung|anmerkungen|erläuterungen|abkürzungen|légende|leyenda|notas|legenda|note)\s*:?\s*",
    re.IGNORECASE,
)
HEADER_REPEATED = "header repeated"
HEADING = "heading of the rows below it"
TOTAL_ROW = "total row: it would count everything twice"
_NOTE = late(
    r"\s*(?:\*|†|‡|\(?\d?\)?\s*(?:source|sources|note|notes|quelle|fuente|fonte|remark|generated|exported|printed|report"
    r"|copyright|©|confidential|disclaimer|last updated|as of|page \d|end of (?:file|report)|data as|stand|hinweis"
    r"|\d+ rows?\b|rows? (?:count|returned)|\(?\d+ records?\b))",
    re.IGNORECASE,
)
# What a database tool prints below its answer, cut into cells wherever they end: "(14 rows affected)".
_ROW_COUNT = re.compile(r"\(?\d+(?:rows?|records?)(?:affected|selected|returned|fetched)?\)?\.?", re.IGNORECASE)
_TOTAL = re.compile(
    r"\s*(?:grand[ -]?|sub[ -]?|overall"
    r" )?(?:total|totals|sum|summe|gesamt|gesamtsumme|insgesamt|somme|suma|totale|totaal|"
    r"итого|всего|合计|总计|合計|razem|celkem|összesen|toplam|(?:closing|ending) balance|endsaldo|schlusssaldo|"
    r"solde final|saldo final|saldo finale)\s*(?::|general|général)?\s*",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\s*(?:(?:opening|beginning|starting) balance|balance (?:brought )?forward|anfangssaldo|eröffnungssaldo|"
    r"solde initial|saldo (?:inicial|iniziale|anterior))\s*:?\s*",
    re.IGNORECASE,
)
_PAGE_LINE = late(r"\W*(?:page|seite|página|pagina|blatt|стр)\b.{0,20}", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


def note_above(row: Row) -> RowNote:
    first = first_filled(row.cells).strip()
    reason = "comment line" if first.startswith(("#", "//", "%", "--")) else "title line above the header"
    return RowNote(line=row.line, reason=reason, text=snippet(row.cells))


def without_footnotes(
    rows: Sequence[Row], fill: Sequence[int], body: list[int], typical: int
) -> tuple[list[int], list[RowNote]]:
    """Cut notes off the end: rows that fill one or two cells of a wide table and read like notes, or stand apart."""
    kept = list(body)[: _legend_at(rows, fill, body)]
    notes = [RowNote(line=rows[i].line, reason=BELOW, text=snippet(rows[i].cells)) for i in body[len(kept) :]]
    while len(kept) > 1 and typical >= 3:
        index = kept[-1]
        row = rows[index]
        first = next(cell for cell in row.cells if cell.strip())
        stands_apart = index > 0 and not fill[index - 1]
        narrow = len(row.cells) < len(rows[kept[0]].cells) and len(row.cells) <= 2
        few = fill[index] <= max(1, round(0.25 * typical)) and kind_of(first) == "text"
        is_bare_total = fill[index] == 1 and is_total(row.cells)  # its sums are formulas that were never worked out
        if _ROW_COUNT.fullmatch("".join("".join(row.cells).split())):
            few = narrow = True
        if not few or not (stands_apart or narrow or is_bare_total or _NOTE().match(first) or len(first) > 80):
            break
        if has_captions(rows, kept[:-1], typical) and not _NOTE().match(first):
            break
        notes.append(RowNote(line=row.line, reason=BELOW, text=snippet(row.cells)))
        kept.pop()
    return kept, notes


def _legend_at(rows: Sequence[Row], fill: Sequence[int], body: Sequence[int]) -> int:
    """Return from which place of the body on there are only lines about the table: below rows that begin with a number
    or day, words alone in the first cell; below any, what a heading such as "Codes" opens. No cell from there on holds
    a number or day where the rows above have theirs, each of them; the length of the body where nothing does."""
    kinds = column_kinds(
        [rows[index] for index in body[:JUDGED_ROWS]], max((len(rows[i].cells) for i in body), default=0)
    )
    told = [position for position, kind in enumerate(kinds) if kind in {"number", "date"}]
    start = len(body)
    for place in range(len(body) - 1, max(FEWEST_ABOVE_LEGEND, len(body) - MOST_OF_LEGEND) - 1, -1):
        cells = rows[body[place]].cells
        if not told or _tells(cells, told):
            break
        is_alone = fill[body[place]] == 1 and bool(cells[0].strip())
        if is_alone and (told[0] == 0 or _LEGEND().fullmatch(cells[0])):
            start = place
    return start if all(_tells(rows[index].cells, told) for index in body[:start]) else len(body)


def _tells(cells: Sequence[str], positions: Sequence[int]) -> bool:
    return any(p < len(cells) and kind_of(cells[p]) in {"number", "date"} for p in positions)


def has_captions(rows: Sequence[Row], body: Sequence[int], typical: int) -> bool:
    """True when rows that fill only the first cell caption the rows below, whose own first cell is blank."""
    if typical < 2 or len(body) < 4:
        return False
    captions = data = keyed = 0
    for index in body:
        cells = rows[index].cells
        first = bool(cells[0].strip())
        alone = first and not any(cell.strip() for cell in cells[1:])
        captions += alone
        data += not first
        keyed += first and not alone
    return captions >= 2 and data > captions and keyed <= 0.02 * len(body)


def repeated_headers(rows: Sequence[Row], body: list[int], header: Sequence[int]) -> list[int]:
    if not header:
        return []
    label = [cell.strip() for cell in rows[header[-1]].cells]
    if len([cell for cell in label if cell]) < 2:
        return []
    return [index for index in body if [cell.strip() for cell in rows[index].cells] == label]


def page_lines(
    rows: Sequence[Row], fill: Sequence[int], body: list[int], said_again: Sequence[int], top: int
) -> set[int]:
    """Return the lines above a repeated header that say the page, or the title again with another number in it."""
    titles = {without_digits(rows[i].cells) for i in range(top) if fill[i]}
    inside = set(body)
    pages = set[int]()
    for at in said_again:
        index = at - 1
        while index >= top and (not fill[index] or tells_the_page(rows[index].cells, titles)):
            if index in inside:
                pages.add(index)
            index -= 1
    return pages


def tells_the_page(cells: Sequence[str], titles: set[str]) -> bool:
    return _is_page_line(cells) or without_digits(cells) in titles


def _is_page_line(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 and bool(_PAGE_LINE().fullmatch(filled[0]))


def without_digits(cells: Sequence[str]) -> str:
    return _DIGITS.sub("#", " ".join(" ".join(cells).split()))


def without_comments(rows: Sequence[Row], body: list[int], width: int) -> tuple[list[int], list[RowNote]]:
    """Leave out comment lines between the data: they begin with a comment mark and are not cut like the table."""
    comments = [
        index
        for index in body
        if rows[index].cells[0].lstrip().startswith(("#", "//")) and len(rows[index].cells) != width and width > 1
    ]
    gone = set(comments)
    notes = [RowNote(line=rows[i].line, reason="comment line", text=snippet(rows[i].cells)) for i in comments]
    return [index for index in body if index not in gone], notes


def is_total(cells: Sequence[str]) -> bool:
    """True when the row's first filled cell says that it is a total."""
    return bool(_TOTAL.fullmatch(first_filled(cells)))


def is_opening(cells: Sequence[str]) -> bool:
    """True when the row says what an account held before its first movement."""
    return bool(_OPENING.fullmatch(first_filled(cells)))
