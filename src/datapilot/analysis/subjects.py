"""Which columns a table is about: its amounts and rates, categories and entities, most telling first.

Names only rank what types and roles have already allowed; a name never makes a column a measure.
"""

import re
from collections.abc import Sequence

from datapilot.contracts.profile import ColumnProfile, NumericStats, TableProfile
from datapilot.words.meanings import name_words, names_meter
from datapilot.words.time_columns import time_columns

MOST_KEYS = 1000  # distinct values of a category; beyond, no bar says anything
FEW_KEYS = 30  # every value list up to this is a category whatever its shares
TOLD_SHARE = 0.5  # of the rows the eight largest of many values must cover
LONGEST_LIST = 100  # values of a category of which no eight cover most rows
OFTEN = 8  # rows of each of them, on the average
MOSTLY_EMPTY = 0.5
FEWEST_TIMES = 2
FEWEST_RANKED = 3  # things that are put in order
COMES_BACK = 0.8  # distinct values per row of an entity at most; a key with a few repeats is still a key

FILLER_ROWS = 3
FILLER_DISTANCE = 4  # interquartile ranges below the first quartile
PAID_OUT = 0.2  # of an amount's values that are further ones below zero, from which one of the usual marks is none
_FILLERS = frozenset({-99, -127, -999, -9999, -99999})  # marks that need not be among the most frequent values

RANK_WORDS = frozenset({"rank", "ranks", "ranked", "ranking"})  # of which the first place may be the lowest figure
_AMOUNT = re.compile(
    r"revenue|sales|amount|total|turnover|income|profit|spend|cost|expense|budget|gross|net|value|volume|payment"
    r"|(charges?|fees?|premiums?|amn?t|gmv|mrr)$"
    r"|umsatz|betrag|summe|erl[oö]s|gewinn|kosten|menge|netto|brutto|montant|chiffre|ventes|importe|ventas|ingres|valor",
    re.IGNORECASE,
)
# What was earned comes before what was spent for it; what was to be earned, and what is taken off, are others.
_EARNED = re.compile(r"(revenue|sales|turnover|umsatz|erl[oö]se?|ventes|ventas)$", re.IGNORECASE)
_NOT_EARNED = frozenset({
    "tax", "cost", "costs", "target", "budget", "plan", "planned", "goal", "quota", "forecast", "discount",
    "commission", "returns", "expense", "expenses", "price",
})  # fmt: skip
# How much was sold or counted, where no money says it.
_COUNTED = frozenset({
    "quantity", "qty", "units", "sold", "menge", "stück", "quantité", "cantidad",
})  # fmt: skip
_COUNT = frozenset({"count", "cnt", "counts", "anzahl"})  # alone; behind another word it is how many a record has
# What people ask about first among the numbers that do not add up.
_ASKED = re.compile(
    r"price|salary|wage|pay|score|rating|rate|satisfaction|(balance|adr)$|preis|gehalt|lohn|prix|precio", re.IGNORECASE
)
# The money of each record, which is asked before how many of something a record has.
_MONEY_OF_EACH = re.compile(
    r"(price|prices|salary|wages?|rent|balance|adr|preis|gehalt|lohn|prix|precio)$", re.IGNORECASE
)
_TELLING = re.compile(
    r"region|country|market|categor|segment|department|product|channel|team|type|brand|plan|group|class|city|store|shop"
    r"|filiale|warengruppe|land|kategorie|abteilung|r[eé]gion|pays|cat[eé]gorie",
    re.IGNORECASE,
)
_BOOKKEEPING = re.compile(r"sys_|updat|modif|creat|clos|open|state|status", re.IGNORECASE)
_CODE = re.compile(r"(^|[\W_a-z])(code|id|zip|nr)$|^(code|id)[\W_A-Z]", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WORDS_APART = re.compile(r"(?<=[a-z])(?=[A-Z])|[\W_]+")


def amounts(profile: TableProfile) -> list[ColumnProfile]:
    """Return the columns that may be added up, the main one first."""
    return _ranked([one for one in profile.columns if _is_number(one, profile) and one.role == "sum"])


def rates(profile: TableProfile) -> list[ColumnProfile]:
    """Return the columns that may only be averaged (prices, rates, scores, measurements), but for the shares of a
    printed table of answers, whose average is that of unlike things, for the places of several things in one ranking,
    which only say something side by side, and for small numbers of what seldom happens beside amounts, whose average is
    next to nothing."""
    shares = {*(profile.answers.columns if profile.answers is not None else ()), *ranking_of(profile)}
    has_amounts = any(one.role == "sum" and _is_number(one, profile) for one in profile.columns)
    return _ranked([
        one for one in profile.columns
        if _is_number(one, profile) and one.role == "average" and one.name not in shares and not names_meter(one.name)
        and not (has_amounts and _is_mostly_none(one, profile))
    ])  # fmt: skip


def ranking_of(profile: TableProfile) -> list[str]:
    """Return the columns that hold the places of several things in one ranking; [] of a table without."""
    places = [
        one.name for one in profile.columns if one.inferred_type == "numeric" and RANK_WORDS & {*name_words(one.name)}
    ]
    return places if len(places) >= FEWEST_RANKED else []


def is_led_by_rate(totals: Sequence[ColumnProfile], averages: Sequence[ColumnProfile]) -> bool:
    """Whether an average is asked before any total: the price of a room before the reviews of all rooms. Both are
    ranked."""
    if not averages or not any(map(_MONEY_OF_EACH.match, _words_of(averages[0].name))):
        return False
    return not totals or _weight(totals[0]) <= 0


def _is_mostly_none(column: ColumnProfile, profile: TableProfile) -> bool:
    """Whether whole numbers from zero on are zero in half of the rows or more."""
    stats = profile.numeric[column.name]
    return column.storage == "BIGINT" and stats.min == 0 and stats.median == 0


def without_earlier_times(profile: TableProfile) -> TableProfile:
    """Return the profile without the earlier of columns named by times side by side: the last stands for all."""
    times = time_columns(profile)
    if len(times) < FEWEST_TIMES:
        return profile
    earlier = {one.name for one in times[:-1]}
    return profile.model_copy(update={"columns": tuple(one for one in profile.columns if one.name not in earlier)})


def categories(profile: TableProfile) -> list[ColumnProfile]:
    """Return the columns that split rows into groups worth a bar each, the most telling first. Codes stay out: no
    reader knows what 931 is, and a name beside it says the same."""
    spread = {name for one in profile.choices for name in one.columns}  # each of these is half a column
    found = [one for one in profile.columns if _is_category(one) and _is_told_by_few(one) and one.name not in spread]
    return sorted(found, key=lambda one: -_telling(one))


def long_categories(profile: TableProfile) -> list[ColumnProfile]:
    """Return the further categories, of many values that all come back often: products, staff. Their first few may
    stand out from the rest, which does not go without saying."""
    found = [
        one for one in profile.columns
        if _is_category(one) and not _is_told_by_few(one)
        and one.unique_count <= LONGEST_LIST and one.unique_count * OFTEN <= profile.rows - one.missing_count
    ]  # fmt: skip
    return sorted(found, key=lambda one: -_telling(one))


def entities(profile: TableProfile) -> list[ColumnProfile]:
    """Return identifier columns whose values come back in several rows: customers, products, machines."""
    return [
        one
        for one in profile.columns
        if one.inferred_type in ("identifier", "email")
        and 1 < one.unique_count <= COMES_BACK * (profile.rows - one.missing_count)
        and one.missing_share < MOSTLY_EMPTY
    ]


def _is_number(column: ColumnProfile, profile: TableProfile) -> bool:
    return (
        column.pii is None
        and _WORDS_APART.split(column.name)[-1].lower() != "id"
        and column.inferred_type == "numeric"
        and column.storage in ("BIGINT", "DOUBLE")
        and column.name in profile.numeric
        and column.unique_count > 1
        and column.missing_share < MOSTLY_EMPTY
        and column.name not in profile.worked_out
    )


def _ranked(columns: list[ColumnProfile]) -> list[ColumnProfile]:
    """The most telling first; of columns that stand side by side for years the latest, unless far more of it is
    missing."""
    return sorted(columns, key=lambda one: (-_weight(one), -_year_of(one.name)))


def without_year(name: str) -> str | None:
    """Return what a column holds the figures of, for one year beside others (`density_2006`: density); None where its
    name has no year."""
    return _YEAR.sub("", name).strip(" _-.").lower() if _year_of(name) else None


def _year_of(name: str) -> int:
    return max(map(int, _YEAR.findall(name)), default=0)


def _weight(column: ColumnProfile) -> float:
    words = _words_of(column.name)
    is_amount = any(map(_AMOUNT.match, words[2:] if words[:2] == ["total", "of"] else words))
    is_earned = any(map(_EARNED.match, words)) and not _NOT_EARNED & set(words)
    is_counted = column.role == "sum" and (bool(_COUNTED & set(words[-1:])) or (len(words) == 1 and words[0] in _COUNT))
    return (
        3.0 * (column.subtype == "currency")
        + 2.0 * is_amount
        + 0.5 * is_earned
        + 1.0 * (is_counted and not is_amount)
        + 1.0 * any(map(_ASKED.match, words))
        - 2.0 * (0.25 * round(4 * column.missing_share) if _year_of(column.name) else column.missing_share)
        - 3.0 * (column.unique_count < 3)
    )


def _words_of(name: str) -> list[str]:
    """Return the words of a name in lower case, [] where it has none."""
    return [word.lower() for word in _WORDS_APART.split(name) if word]


def _telling(column: ColumnProfile) -> float:
    return (
        2.0 * bool(_TELLING.search(column.name))
        - 3.0 * bool(_BOOKKEEPING.search(column.name))
        - 2.0 * (column.missing_share > 0.05)
        - 1.0 * (column.unique_count > FEW_KEYS)
        - 2.0 * (column.unique_count == 2)
    )


def _is_category(column: ColumnProfile) -> bool:
    if column.pii is not None or column.missing_share >= MOSTLY_EMPTY or not 2 <= column.unique_count <= MOST_KEYS:
        return False
    if column.inferred_type == "boolean":
        return True
    if column.inferred_type not in ("categorical", "location") or column.role != "count":
        return False
    if column.subtype == "code" or _CODE.search(column.name):
        return False
    return column.inferred_type != "location" or column.storage == "VARCHAR"


def _is_told_by_few(column: ColumnProfile) -> bool:
    """Whether a category has few values, or most rows lie in the eight commonest."""
    return column.unique_count <= FEW_KEYS or sum(top.share for top in column.top_values[:8]) >= TOLD_SHARE


def filler_of(column: ColumnProfile, stats: NumericStats) -> int | float | None:
    """Return the number that stands for "no value" in a column (-200, -999), None where there is none.

    It is the least value, negative and whole, comes back (or is one of the usual marks), and stands apart: the only
    negative one, or more than four interquartile ranges below the middle. In an amount that goes below zero otherwise
    it is what was paid. Figures leave it out and say so; the profile keeps it.
    """
    least = stats.min
    if least is None or least >= 0 or least != int(least):
        return None
    times = next((top.count for top in column.top_values if top.value == least), 0)
    if column.role == "sum" and stats.negatives - times > (PAID_OUT * stats.count if least in _FILLERS else 0):
        return None  # what is paid out: a rent comes back, too
    if times < FILLER_ROWS and not (least in _FILLERS and stats.negatives >= FILLER_ROWS):
        return None
    low, high = stats.quantiles["p25"], stats.quantiles["p75"]
    assert low is not None
    assert high is not None
    stands_apart = low - least > FILLER_DISTANCE * (high - low) > 0
    return least if stats.negatives == times or stands_apart else None
