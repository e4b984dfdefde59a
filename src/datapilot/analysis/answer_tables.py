"""A printed table of what groups answered: a row an answer (of a question), a column of percent a group that was asked.

Its cells are shares of what a group said: they give a hundred for half of the questions or more (of the others several
answers could be chosen). Averages over unlike answers say nothing, so cards and charts leave these columns alone.
"""

from collections.abc import Iterator

from datapilot.contracts.profile import AnswerTable, ColumnProfile, TableProfile
from datapilot.engine.table import Table
from datapilot.words.labels import heading_and_group
from datapilot.words.meanings import names_total, says_all

FEWEST_ROWS, MOST_ROWS = 4, 2_000
MOST_LABELS = 2  # columns of texts: the question, the answer
MOST_PERCENT = 100
MOSTLY_WHOLE = 0.5  # of the questions


def find_answer_table(table: Table, profile: TableProfile) -> AnswerTable | None:
    """Return how the columns of such a table belong together; None for any other table."""
    return next((one for one in _by_columns(profile) if _adds_up(table, one)), None)


def _by_columns(profile: TableProfile) -> Iterator[AnswerTable]:
    """Yield the tables that the columns may be: one or two of texts, all others percent; groups of a kind share the
    heading over them ("Age: 18 - 34"), or all are of one kind. Either text may be the question."""
    shares = [column for column in profile.columns if _is_percent(column)]
    texts = [column for column in profile.columns if column.storage == "VARCHAR"]
    if not 1 <= len(texts) <= MOST_LABELS or len(shares) + len(texts) < len(profile.columns):
        return
    if not FEWEST_ROWS <= profile.rows <= MOST_ROWS:
        return
    families: dict[str, list[str]] = {}
    for column in shares:
        parts = heading_and_group(column.name)
        families.setdefault(parts[0] if parts else "", []).append(column.name)
    plain = families.pop("", [])
    whole = [name for name in plain if names_total(name) or says_all(name)]
    others = [name for name in plain if name not in whole]
    kinds = [tuple(names) for names in families.values() if len(names) > 1]
    if not kinds:
        kinds, others = [tuple(others)] if len(others) > 1 else [], []
    whole = whole or (others if len(others) == 1 else [])
    names = [column.name for column in texts]
    pairs = [(None, names[0])] if len(names) == 1 else [(names[0], names[1]), (names[1], names[0])]
    for question, answer in pairs if kinds else []:
        yield AnswerTable(answer=answer, question=question, families=tuple(kinds), whole=tuple(whole[:1]))


def _is_percent(column: ColumnProfile) -> bool:
    low, high = column.minimum, column.maximum
    is_share = isinstance(low, int | float) and isinstance(high, int | float) and 0 <= low <= high <= MOST_PERCENT
    return is_share and column.unit == "%" and column.pii is None


def _adds_up(table: Table, answers: AnswerTable) -> bool:
    """Whether the shares of most questions with several answers and no cell empty give a hundred in every group."""
    cells = [table.physical(name) for name in answers.columns]
    sums = ", ".join(f"sum({cell})" for cell in cells)
    full = " AND ".join(f"count({cell}) = count(*)" for cell in cells)
    by = f"GROUP BY {table.physical(answers.question)}" if answers.question is not None else ""
    found = table.connection.execute(
        f"SELECT {sums} FROM {table.relation} {by} HAVING count(*) > 1 AND {full}"
    ).fetchall()
    whole = sum(all(answers.is_whole(float(one)) for one in block) for block in found)
    return whole > 0 and whole >= MOSTLY_WHOLE * len(found)
