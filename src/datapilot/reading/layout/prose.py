"""Tell text from a table: a letter or a chapter has commas too, but they part its clauses, not its cells; those of a
program part its arguments."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from datapilot.reading.late import late

FEWEST_LINES = 3
LEAST_WORDS = 5.0  # of a line, on average
MOST_DIGITS = 0.05  # of all signs
SPACED = 0.95  # of the delimiters have a blank or the line's end behind them
STEADY = 0.6  # of the lines have equally many delimiters: then they may be a table's
ENDED = 0.5  # of the lines end as sentences and clauses do
PARTED = 0.2  # of all lines are blank: paragraphs
RUNS_ON = 0.25  # of the lines go on in small letters where the one before has not ended
ALL_ENDED = 0.8  # of the lines are whole sentences, a text each

FEWEST_OF_CODE = 10  # lines
CODE_SHARES = ((0.5, 0.2), (0.2, 0.6))  # of the lines: statements, and those that are indented
_STATEMENT = late(
    r"(?:\#include|\#!/|import |from \S+ import |using |package |def |class |return\b|if ?\(|elif |else\b|for ?\("
    r"|while ?\(|public |private |static |void |function |const |let |var |@\w+$|//|/\*|\*/|try\b|except\b|finally\b).*"
    r"|.*(?:[{};]|\):|\($)"
)

_WORD = re.compile(r"[^\W\d_]{2,}")
_OF_CLAUSES = frozenset({",", ";", ":", ".", " ", "-", "'", "!", ""})
SENTENCE_ENDS = (".", "!", "?", "…", "。")
_LINE_ENDS = (*SENTENCE_ENDS, ",", ":")


def is_running_text(lines: Sequence[str], delimiter: str) -> bool:
    """Whether lines are sentences that run on from one to the next, or the paragraphs of a text."""
    filled = [line.strip() for line in lines if line.strip()]
    if not _are_clauses(filled, delimiter):
        return False
    pairs = [(one.strip(), other.strip()) for one, other in pairwise(lines)]
    runs_on = sum(bool(one) and other[:1].islower() and not one.endswith((*SENTENCE_ENDS, ":")) for one, other in pairs)
    ended = sum(line.endswith(_LINE_ENDS) for line in filled)
    is_parted = len(lines) - len(filled) >= PARTED * len(lines) and ended >= ENDED * len(filled)
    return is_parted or runs_on >= RUNS_ON * len(filled)


def is_source(lines: Sequence[str]) -> bool:
    """Whether lines are the source of a program: statements and brackets, many of them indented."""
    filled = [line.rstrip() for line in lines if line.strip()]
    if len(filled) < FEWEST_OF_CODE:
        return False
    statements = sum(bool(_STATEMENT().fullmatch(line.strip())) for line in filled)
    indented = sum(line[0].isspace() for line in filled)
    return any(statements >= one * len(filled) and indented >= other * len(filled) for one, other in CODE_SHARES)


def are_sentences(lines: Sequence[str], delimiter: str) -> bool:
    """Whether each line is a sentence or more of its own, as comments are that stand one below the other."""
    filled = [line.strip() for line in lines if line.strip()]
    ended = sum(line.endswith(SENTENCE_ENDS) for line in filled)
    return ended >= ALL_ENDED * len(filled) and _are_clauses(filled, delimiter)


def _are_clauses(filled: Sequence[str], delimiter: str) -> bool:
    """Whether lines are made of words, and what is taken for a delimiter parts clauses: with a blank behind it, and in
    every line another number of times."""
    delimiter = delimiter.strip() or delimiter
    if len(filled) < FEWEST_LINES or delimiter not in _OF_CLAUSES or any(line[0] in "\"'{[<" for line in filled):
        return False
    if delimiter.strip():  # a table is told by its counts, before all its text is looked at
        counts = Counter(line.count(delimiter) for line in filled)
        if counts.most_common(1)[0][1] >= STEADY * len(filled):
            return False
    text = "\n".join(filled)
    words = len(_WORD.findall(text))
    if words < LEAST_WORDS * len(filled) or sum(map(str.isdigit, text)) > MOST_DIGITS * len(text):
        return False
    if not delimiter.strip():
        return True
    spaced = text.count(f"{delimiter} ") + text.count(f"{delimiter}\n") + text.endswith(delimiter)
    return spaced >= SPACED * text.count(delimiter)
