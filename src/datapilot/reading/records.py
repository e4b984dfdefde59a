"""Cut lines into cells, losing nothing: quotes that open and never close are text, not the rest of the file."""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

OPEN_LINES = 10_000  # a quoted cell longer than this is an opening quote that somebody forgot to close
OPEN_CHARACTERS = 64_000_000
PLAIN_CHARACTERS = 100_000  # the csv module refuses cells of 131,072
OPENED_AGAIN = 60  # cells of several lines one behind the other, all in one record
FORGOTTEN_QUOTES = 20  # after so many, every quote left open at a line's end is taken as text at once
RUNS_OVER = 2  # gaps; a single one may be run over by a value that is too long for its column
WORDS_IN_A_ROW = 3  # single blanks, and no wider one, in a line of text
COMMON = (",", ";", "\t", "|")
_WIDE_GAP = re.compile(r" {2,}")
# A line that is only drawn. The pair is looked for first: tried at each place, it takes the square of a line's length.
RULER = re.compile(r"(?=[-=+_:|*\s]*?(?:--|==|__))[-=+_:|*\s]+")


@dataclass(frozen=True)
class Dialect:
    """`delimiter` may be several characters, or empty for one column; `quote` may be empty for none.
    `backslash` says that a quote inside quotes is written `\\"` instead of `""`; `escapes_delimiter` that a delimiter
    inside a cell has a backslash before it. `starts` are the positions of columns aligned by spaces, which may stand
    below lines of text."""

    delimiter: str
    quote: str = '"'
    backslash: bool = False
    escapes_delimiter: bool = False
    starts: tuple[int, ...] = ()
    is_below_text: bool = False

    @cached_property
    def bare_delimiter(self) -> re.Pattern[str]:
        """Matches the delimiter where no backslash escapes it."""
        return re.compile(r"(?<!\\)((?:\\\\)*)" + re.escape(self.delimiter))


class Row(NamedTuple):
    """One record of the file; `line` counts from 1 and is where it starts."""

    line: int
    cells: list[str]


class RecordReader:
    """Iterate over the records of `lines`, which keep their line ends. `width` is how many cells a row usually has: it
    tells a forgotten quote from a cell of several lines. `forgotten` lists the lines whose opening quote was taken as
    text, `recut` those that only another delimiter cuts to the usual width."""

    def __init__(self, lines: Iterable[str], dialect: Dialect, *, width: int | None = None) -> None:
        self._lines = iter(lines)
        self._dialect = dialect
        self._plain = _plain_line(dialect)
        self._pushed_back: list[str] = []
        self._line = 0
        self.width = width
        self.forgotten: list[int] = []
        self.recut: list[int] = []

    def __iter__(self) -> Iterator[Row]:
        dialect = self._dialect
        quote = dialect.quote
        while (text := self._next_line()) is not None:
            line = self._line
            body = text.rstrip("\r\n")
            if not quote or quote not in body or dialect.starts:
                cells = cut_plainly(body, dialect)
            elif self._plain is not None and len(body) < PLAIN_CHARACTERS and self._plain.fullmatch(body):
                cells = next(csv.reader((body,), delimiter=dialect.delimiter, quotechar=quote))
                if self.width is not None and len(cells) != self.width:
                    cells = self._other_reading(text, cells)
            else:
                cells = self._quoted_record(text)
            if self.width is not None and 2 * len(cells) <= self.width > 2 and (other := self._cut_otherwise(body)):
                self.recut.append(line)
                cells = other
            yield Row(line, cells)

    def _next_line(self) -> str | None:
        self._line += 1
        if self._pushed_back:
            return self._pushed_back.pop()
        return next(self._lines, None)

    def _cut_otherwise(self, body: str) -> list[str] | None:
        """Return the cells of a short line that another delimiter cuts to the usual width."""
        mine, quote = self._dialect.delimiter, self._dialect.quote
        # Words of a title are parted by spaces too: only quotes around them show that spaces cut the line.
        others = (*COMMON, " ") if quote and f"{quote} {quote}" in body else COMMON
        for delimiter in others if mine else ():
            if delimiter != mine and body.count(delimiter) + 1 >= (self.width or 0):
                cells, opened_at = cut(body, Dialect(delimiter, self._dialect.quote, self._dialect.backslash))
                if opened_at is None and len(cells) == self.width:
                    return cells
        return None

    def _quoted_record(self, text: str) -> list[str]:
        cells, opened_at = cut(text, self._dialect)
        if opened_at is None:
            if self.width is None or len(cells) == self.width:
                return cells
            return self._other_reading(text, cells)
        start_line, consumed = self._line, [text]
        open_cell = text[opened_at:]
        characters = len(open_cell)
        pieces = [open_cell]
        reopened = 0
        while len(self.forgotten) < FORGOTTEN_QUOTES and len(consumed) < OPEN_LINES and characters < OPEN_CHARACTERS:
            following = self._next_line()
            if following is None:
                break
            consumed.append(following)
            characters += len(following)
            pieces.append(following)
            if self._dialect.quote not in following:
                continue
            # Only the new line is searched, so that a cell of many lines costs no more than its length.
            if _closing(following, 0, self._dialect) is None:
                continue
            rest, opened_at = cut("".join(pieces), self._dialect)
            if opened_at is not None:
                reopened += 1  # each time all lines are cut again, so there is an end to it
                if reopened > OPENED_AGAIN:
                    break
                continue
            whole = [*cells, *rest]
            if self._swallowed(consumed, whole):
                break
            return whole
        self.forgotten.append(start_line)
        self._pushed_back.extend(reversed(consumed[1:]))
        self._line = start_line
        return _cut_alone(text, self._dialect)

    def _other_reading(self, text: str, cells: list[str]) -> list[str]:
        """Return the cells of a line of an unusual width as another reading of its quotes cuts them to the usual."""
        bare, opened_at = cut(text, self._dialect, is_bare=True)
        if opened_at is None and len(bare) == self.width:
            return bare
        opening = self._dialect.delimiter + self._dialect.quote
        if any(opening in cell for cell in cells):  # a cell that ate the next quoted one began with a quote too many
            for start in _openings(text, self._dialect):
                plain, opened_at = cut(text, self._dialect, plain=frozenset({start}))
                if opened_at is None and len(plain) == self.width:
                    return plain
        return cells

    def _swallowed(self, lines: list[str], whole: list[str]) -> bool:
        """True when the cell of several lines ate rows that stand on their own."""
        if self.width is None:
            return False
        if len(whole) != self.width:
            return len(_cut_alone(lines[0], self._dialect)) == self.width
        if lines[-1].count(self._dialect.quote) % 2:  # it closes what was opened before it, so it is no row by itself
            return False
        return self.width > 1 and all(len(_cut_alone(line, self._dialect)) == self.width for line in lines)


@lru_cache(maxsize=64)
def _plain_line(dialect: Dialect) -> re.Pattern[str] | None:
    """Return the form of a line on which there are no two minds: its quotes enclose whole cells or are doubled inside.
    The csv module cuts such a line as we do, fifteen times faster. None where the dialect is not for that module."""
    delimiter, quote = dialect.delimiter, dialect.quote
    if dialect.backslash or dialect.escapes_delimiter or len(delimiter) != 1 or len(quote) != 1:
        return None
    if delimiter in "\r\n" or delimiter == quote:
        return None
    d, q = re.escape(delimiter), re.escape(quote)
    cell = f"(?:{q}(?:[^{q}\r\n]++|{q}{q})*+{q}|[^{d}{q}\r\n]*+)"
    return re.compile(f"{cell}(?:{d}{cell})*+")


def runs_over_gaps(body: str, starts: Sequence[int]) -> bool:
    """True for a line of text above aligned columns: words run over several gaps between them, or are parted
    by single blanks alone."""
    crossed = (
        body[start - 1 : start] not in {"", " "} and body[start : start + 1] not in {"", " "} for start in starts
    )
    wide = _WIDE_GAP.findall(body.strip())
    return len(wide) <= 1 and (sum(crossed) >= RUNS_OVER or (not wide and body.count(" ") >= WORDS_IN_A_ROW))


def cut_plainly(body: str, dialect: Dialect) -> list[str]:
    """Return the cells of a line in which quotes mean nothing."""
    if dialect.is_below_text and runs_over_gaps(body, dialect.starts):
        return [body]
    if dialect.starts:
        ends = [*dialect.starts[1:], None]
        return [body[start:end].strip() for start, end in zip(dialect.starts, ends, strict=True)]
    if not dialect.delimiter:
        return [body]
    if dialect.escapes_delimiter and "\\" in body:
        marked = dialect.bare_delimiter.sub(lambda match: match[1] + "\n", body)
        return [_without_backslashes(cell, dialect.delimiter) for cell in marked.split("\n")]
    return body.split(dialect.delimiter)


def _without_backslashes(cell: str, delimiter: str) -> str:
    return re.sub(r"\\(\\|" + re.escape(delimiter) + ")", r"\1", cell)


def cut(
    text: str, dialect: Dialect, *, is_bare: bool = False, plain: frozenset[int] = frozenset()
) -> tuple[list[str], int | None]:
    """Return the cells of `text`, and where its last cell starts if that cell's quote is still open. `is_bare` reads
    two quotes in a row as two, not as one escaped; quotes at the positions `plain` are text."""
    delimiter, quote = dialect.delimiter, dialect.quote
    cells: list[str] = []
    position = 0
    end = len(text.rstrip("\r\n"))
    skips = delimiter[:1] != " "
    while True:
        start = position
        while skips and start < end and text[start] == " ":
            start += 1
        if start < end and text.startswith(quote, start) and start not in plain:
            close = _closing(text, start + 1, dialect, is_bare=is_bare)
            if close is None:
                return cells, start
            cells.append(_unescape(text[start + 1 : close], dialect, is_bare=is_bare))
            position = close + 1
            while skips and position < end and text[position] == " ":
                position += 1
            if position >= end:
                return cells, None
            position += len(delimiter)
            continue
        stop = text.find(delimiter, position, end) if delimiter else -1
        if stop < 0:
            cells.append(text[position:end])
            return cells, None
        cells.append(text[position:stop])
        position = stop + len(delimiter)


def _openings(text: str, dialect: Dialect) -> list[int]:
    """Return the positions at which a quote stands where a cell may begin."""
    marks = re.finditer(rf"(?:^|{re.escape(dialect.delimiter)}) *({re.escape(dialect.quote)})", text)
    return [match.start(1) for match in itertools.islice(marks, FORGOTTEN_QUOTES)]


def _cut_alone(text: str, dialect: Dialect) -> list[str]:
    """Return the cells of a line by itself: a quote that does not close in it is text."""
    plain: frozenset[int] = frozenset()
    while True:
        cells, opened_at = cut(text, dialect, plain=plain)
        if opened_at is None:
            return cells
        if len(plain) > FORGOTTEN_QUOTES:
            return cut_plainly(text.rstrip("\r\n"), dialect)
        plain |= {opened_at}


def _closing(text: str, position: int, dialect: Dialect, *, is_bare: bool = False) -> int | None:
    """Return where the quote closes: the first one followed by a delimiter or a line's end. Others are text."""
    delimiter, quote = dialect.delimiter, dialect.quote
    skips = delimiter[:1] != " "
    while (found := text.find(quote, position)) >= 0:
        if dialect.backslash and _is_escaped(text, found):
            position = found + 1
            continue
        after = found + 1
        if not dialect.backslash and not is_bare and text.startswith(quote, after):
            position = after + 1
            continue
        while skips and after < len(text) and text[after] == " ":
            after += 1
        if after >= len(text) or text[after] in "\r\n" or (delimiter and text.startswith(delimiter, after)):
            return found
        position = found + 1
    return None


def _is_escaped(text: str, position: int) -> bool:
    backslashes = 0
    while position > backslashes and text[position - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _unescape(cell: str, dialect: Dialect, *, is_bare: bool = False) -> str:
    if dialect.backslash:
        return cell.replace("\\" + dialect.quote, dialect.quote).replace("\\\\", "\\")
    return cell if is_bare else cell.replace(dialect.quote * 2, dialect.quote)
