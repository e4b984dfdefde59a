"""How texts are built: the words of prose and the masks of codes, such as `AA-9999`. Personal columns stay out."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from datapilot.analysis.column_summary import ColumnSummary, share
from datapilot.contracts.profile import TextPattern
from datapilot.contracts.table import Column
from datapilot.engine.table import Table

TEXT_BUDGET = 20_000  # distinct texts of a table, looked at one by one: 15 ms; columns in file order until it is spent
LONGEST_MASK = 40  # characters; a longer text is no code
MOST_PATTERNS = 5
LEAST_ALIKE = 1 / 3  # of the texts, built like the commonest; words of equal length are fewer, and no pattern


class TextForm(NamedTuple):
    """The words per value of prose, and the commonest masks of codes, if a third is built alike. Masks occur at least
    twice, ties in the order of the masks."""

    min_words: int | None = None
    max_words: int | None = None
    mean_words: float | None = None
    patterns: tuple[TextPattern, ...] = ()


class _Groups(NamedTuple):
    """The distinct texts of a column, and how often each occurs."""

    texts: Sequence[str]
    times: Sequence[int]


class _Signs(dict[int, int]):
    """What stands for each character in a mask: 9 for a digit, A for a capital, a for any other letter, and itself."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        if character.isdecimal():
            sign = "9"
        elif character.isalpha():
            sign = "A" if character.isupper() or character.istitle() else "a"
        else:
            sign = character
        self[code] = ord(sign)
        return self[code]


_SIGNS = _Signs()


def text_forms(table: Table, summaries: Mapping[str, ColumnSummary]) -> dict[str, TextForm]:
    """Return the form of the columns of prose and codes that the budget holds; a column is looked at whole or not."""
    forms = {}
    left = TEXT_BUDGET
    for column in table.columns:
        summary = summaries[column.name]
        if _has_form(column, summary) and summary.unique_count <= left:
            left -= summary.unique_count
            forms[column.name] = _form(table, column, summary)
    return forms


def _has_form(column: Column, summary: ColumnSummary) -> bool:
    is_told = column.storage == "VARCHAR" and column.pii is None and summary.unique_count > 0
    return is_told and (column.inferred_type == "text" or (column.inferred_type == "identifier" and _is_short(summary)))


def _is_short(summary: ColumnSummary) -> bool:
    return summary.max_length is not None and summary.max_length <= LONGEST_MASK


def _form(table: Table, column: Column, summary: ColumnSummary) -> TextForm:
    groups = _groups(table, table.physical(column.name), is_key=summary.unique_count == summary.count)
    patterns = _patterns(groups, table.row_count) if _is_short(summary) else ()
    if column.inferred_type != "text":
        return TextForm(patterns=patterns)
    words = [len(text.split()) for text in groups.texts]
    total = sum(number * times for number, times in zip(words, groups.times, strict=True))
    return TextForm(min(words), max(words), float(f"{total / summary.count:.12g}"), patterns)


def _groups(table: Table, physical: str, *, is_key: bool) -> _Groups:
    known = f"FROM {table.relation} WHERE {physical} IS NOT NULL"
    asked = f"SELECT {physical} AS v {known}" if is_key else f"SELECT {physical} AS v, count(*) AS n {known} GROUP BY 1"
    found = table.connection.execute(asked).fetchnumpy()  # in a third of the time that rows take
    texts = found["v"].tolist()
    return _Groups(texts, [1] * len(texts) if is_key else found["n"].tolist())


def _patterns(groups: _Groups, rows: int) -> tuple[TextPattern, ...]:
    # A sign for each character, of all texts at once: one by one they take three times as long.
    signs = "".join(groups.texts).translate(_SIGNS)
    ends = accumulate(map(len, groups.texts), initial=0)
    counts: dict[str, int] = {}
    for (start, end), times in zip(pairwise(ends), groups.times, strict=True):
        mask = signs[start:end]
        counts[mask] = counts.get(mask, 0) + times
    often = sorted((-times, mask) for mask, times in counts.items() if times > 1)[:MOST_PATTERNS]
    if not often or -often[0][0] < LEAST_ALIKE * sum(groups.times):
        return ()
    return tuple(TextPattern(mask=mask, count=-times, share=share(-times, rows)) for times, mask in often)
