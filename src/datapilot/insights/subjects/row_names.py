"""Which column names the rows of a table: stations, products, departments. Keys and codes name nothing to a reader."""

from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.words.meanings import name_words

FEWEST_NAMES, MOST_NAMES = 8, 2_000
UNIQUE = 0.95  # of the rows have a name that no other has
MOST_WORDS, MOST_WORDS_OF_NAMES = 5, 9  # of a usual name; more is a text, but in a column of names


def names_rows(profile: TableProfile) -> ColumnProfile | None:
    """Return the column that names each row, None where there is none."""
    if not FEWEST_NAMES <= profile.rows <= MOST_NAMES:
        return None
    fit = (
        column for column in profile.columns
        if column.storage == "VARCHAR" and column.pii is None and column.missing_count == 0
        and column.inferred_type in {"text", "categorical", "location"} and column.subtype != "code"
        and column.unique_count >= UNIQUE * profile.rows
        and (column.mean_words or 0) <= (MOST_WORDS_OF_NAMES if _says_names(column) else MOST_WORDS)
    )  # fmt: skip
    return next(fit, None)


def _says_names(column: ColumnProfile) -> bool:
    return bool({"name", "title", "account"} & set(name_words(column.name)))
