"""Cut lines into cells, losing nothing: quotes that open and never close are text, not the rest of the file."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

OPEN_LINES = 10_000  # a quoted cell longer than this is an opening quote that somebody forgot to close
OPEN_CHARACTERS = 64_000_000
PLAIN_CHARACTERS = 100_000  # the csv module refuses cells of 131,072
FORGOTTEN_QUOTES = 20  # after so many, every quote left open at a line's end is taken as text at once


@dataclass(frozen=True)
class Dialect:
    """`delimiter` may be several characters, or empty for one column; `quote` may be empty for none.
    `backslash` says that a quote inside quotes is written `\\"` instead of `""`."""

    delimiter: str
    quote: str = '"'
    backslash: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file; `line` counts from 1 and is where it starts."""

    line: int
    cells: list[str]


class RecordReader:
    """Iterate over the records of `lines`, which keep their line ends. Set `width` once it is known: it tells a
    forgotten quote from a cell of several lines. `forgotten` lists the lines whose opening quote was taken as text."""

    def __init__(self, lines: Iterable[str], dialect: Dialect, *, width: int | None = None) -> None:
        self._lines = iter(lines)
        self._dialect = dialect
        self._plain = _plain_line(dialect)
        self._pushed_back: list[str] = []
        self._line = 0
        self.width = width
        self.forgotten: list[int] = []

    def __iter__(self) -> Iterator[Row]:
        dialect = self._dialect
        quote = dialect.quote
        while (text := self._next_line()) is not None:
            line = self._line
            body = text.rstrip("\r\n")
            if not dialect.delimiter and not quote:
                yield Row(line, [body])
            elif not quote or quote not in body:
                yield Row(line, body.split(dialect.delimiter) if dialect.delimiter else [body])
            elif self._plain is not None and len(body) < PLAIN_CHARACTERS and self._plain.fullmatch(body):
                yield Row(line, next(csv.reader((body,), delimiter=dialect.delimiter, quotechar=quote)))
            else:
                yield Row(line, self._quoted_record(text))

    def _next_line(self) -> str | None:
        self._line += 1
        if self._pushed_back:
            return self._pushed_back.pop()
        return next(self._lines, None)

    def _quoted_record(self, text: str) -> list[str]:
        cells, opened_at = _cut(text, self._dialect)
        if opened_at is None:
            return cells
        start_line, consumed = self._line, [text]
        open_cell = text[opened_at:]
        characters = len(open_cell)
        pieces = [open_cell]
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
            rest, opened_at = _cut("".join(pieces), self._dialect)
            if opened_at is not None:
                continue
            whole = [*cells, *rest]
            if self._swallowed(text, whole):
                break
            return whole
        self.forgotten.append(start_line)
        self._pushed_back.extend(reversed(consumed[1:]))
        self._line = start_line
        return _cut_literally(text, self._dialect)

    def _swallowed(self, first_line: str, whole: list[str]) -> bool:
        if self.width is None or len(whole) == self.width:
            return False
        return len(_cut_literally(first_line, self._dialect)) == self.width


@lru_cache(maxsize=64)
def _plain_line(dialect: Dialect) -> re.Pattern[str] | None:
    """Return the form of a line on which there are no two minds: its quotes enclose whole cells or are doubled inside.
    The csv module cuts such a line as we do, fifteen times faster. None where the dialect is not for that module."""
    delimiter, quote = dialect.delimiter, dialect.quote
    if dialect.backslash or len(delimiter) != 1 or len(quote) != 1 or delimiter in "\r\n" or delimiter == quote:
        return None
    d, q = re.escape(delimiter), re.escape(quote)
    cell = f"(?:{q}(?:[^{q}\r\n]++|{q}{q})*+{q}|[^{d}{q}\r\n]*+)"
    return re.compile(f"{cell}(?:{d}{cell})*+")


def _cut(text: str, dialect: Dialect) -> tuple[list[str], int | None]:
    """Return the cells of `text`, and where its last cell starts if that cell's quote is still open."""
    delimiter, quote = dialect.delimiter, dialect.quote
    cells: list[str] = []
    position = 0
    end = len(text.rstrip("\r\n"))
    while True:
        start = position
        while start < end and text[start] == " " and delimiter != " ":
            start += 1
        if start < end and text.startswith(quote, start):
            close = _closing(text, start + 1, dialect)
            if close is None:
                if start != position:  # a quote after spaces that never closes is plain text
                    start = position
                else:
                    return cells, position
            else:
                cells.append(_unescape(text[start + 1 : close], dialect))
                position = close + 1
                while position < end and text[position] == " " and delimiter != " ":
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


def _closing(text: str, position: int, dialect: Dialect) -> int | None:
    """Return where the quote closes: the first one followed by a delimiter or a line's end. Others are text."""
    delimiter, quote = dialect.delimiter, dialect.quote
    while (found := text.find(quote, position)) >= 0:
        if dialect.backslash and _is_escaped(text, found):
            position = found + 1
            continue
        after = found + 1
        if not dialect.backslash and text.startswith(quote, after):
            position = after + 1
            continue
        while after < len(text) and text[after] == " " and delimiter != " ":
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


def _unescape(cell: str, dialect: Dialect) -> str:
    if dialect.backslash:
        return cell.replace("\\" + dialect.quote, dialect.quote).replace("\\\\", "\\")
    return cell.replace(dialect.quote * 2, dialect.quote)


def _cut_literally(text: str, dialect: Dialect) -> list[str]:
    body = text.rstrip("\r\n")
    return body.split(dialect.delimiter) if dialect.delimiter else [body]
