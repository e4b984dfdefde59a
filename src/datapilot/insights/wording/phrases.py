"""The small change of sentences: how a group, a list of entries or a p-value is written in a template."""

import re
from collections.abc import Container, Iterable

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact
from datapilot.insights.candidate import Facts
from datapilot.insights.subjects.subjects import Quantity
from datapilot.words.labels import label, many_of, numbered_thing, plural, tells_length_of_time
from datapilot.words.meanings import name_words
from datapilot.words.render import column_slot, columns_slot, is_question, show_key, thing_slot, value_slot

_SAYS_NOTHING_ALONE = frozenset({
    "yes", "no", "true", "false", "other", "none", "unknown", "n/a", "na", "high", "low", "medium", "very", "some",
})  # fmt: skip
# Columns whose values go without "the … column" around them.
_PLACES = frozenset({
    "location", "country", "city", "region", "state", "site", "area", "continent", "market", "district", "county",
    "place", "town", "island", "province", "territory", "branch", "address", "name", "title", "model", "brand", "make",
    "company", "month", "weekday", "day", "quarter", "year", "result", "answer", "response",
})  # fmt: skip
_PARTS_OF_THE_WORLD = frozenset({
    "country", "city", "region", "state", "continent", "district", "county", "town", "island", "province", "territory",
    "land", "bundesland", "ort", "stadt", "kreis", "borough", "subregion", "zip", "postcode", "plz", "location",
})  # fmt: skip
_CALLED_BY_NAME = frozenset({
    "user", "manager", "owner", "agent", "customer", "client", "employee", "seller", "salesperson", "rep", "driver",
    "doctor", "teacher", "caller", "technician", "supplier", "vendor", "operator", "supervisor", "member", "author",
    "director", "player", "actor", "payee", "payer", "recipient", "beneficiary",
})  # fmt: skip
# The same names stand on either side, so that a name alone does not say which.
_SIDES = frozenset({"home", "away", "opponent", "winner", "loser", "sender", "receiver", "destination", "origin"})
_PLAIN_WORD = re.compile(r"[a-z]{4,}(?:[ -][a-z]+)?")
_LONGEST_ATTRIBUTE = 4  # words of a value that can stand before its column's name
_SHORTEST_PLURAL = 4  # letters
_LISTED = 6  # entries of a list a reader takes in


_BEFORE = frozenset({"$", "€", "£"})
_UNITS_OF_LIMITS = _BEFORE | {"%", "years", "months", "weeks", "days", "hours", "minutes", "km", "kg", "m²"}


def is_geography(column: str) -> bool:
    """Whether a column names parts of the world: that cities lie in countries is no finding."""
    return bool(set(re.split(r"[\W_]+", label(column).lower())) & _PARTS_OF_THE_WORLD)


def is_are(name: str) -> str:
    """Return the verb of a column's label: defects are, revenue is; so is "los", for which no word is known."""
    said = label(name)
    if tells_length_of_time(said):
        return "is"
    is_word = len(said.split()[-1]) >= _SHORTEST_PLURAL
    return "are" if is_word and said == plural(said) else "is"


def fact_slot(fact: Fact, form: str = "") -> str:
    """Return the slot that shows a fact's value."""
    return "{" + fact.id + (f"|{form}" if form else "") + "}"


def first_to_last(fact: Fact, preposition: str) -> str:
    """Return the way of a measure by period: "from 26 in Jan 2000 to 223 in Mar 2010". It has two entries or more."""
    (first, *_), *_, (last, *_) = entries(fact)
    return (
        f"from {entry_slot(fact, first)} {preposition} {entry_slot(fact, first, 'key')} to "
        f"{entry_slot(fact, last)} {preposition} {entry_slot(fact, last, 'key')}"
    )


def entry_slot(fact: Fact, index: int, part: str = "value", form: str = "") -> str:
    """Return the slot that shows the key, value or n of one entry of a keyed fact."""
    return "{" + f"{fact.id}[{index}].{part}" + (f"|{form}" if form else "") + "}"


def speaks(value: Scalar) -> bool:
    """Whether a group's name says what it is without its column: "Hardware" does, "Yes", "ok" and 3 do not."""
    if not isinstance(value, str):
        return False
    text = value.strip()
    return bool(re.match(r"\W?[^\W\d_a-z]", text)) and len(text) > 1 and text.lower() not in _SAYS_NOTHING_ALONE


def is_side(column: str) -> bool:
    """Whether a column names one of two that have a part in a record: the home team, the receiver."""
    return bool(set(name_words(column)) & _SIDES) and len(name_words(column)) > 1


def group(column: str, value: Scalar) -> str:
    """Return the template that names a group: the value where it speaks for itself, else with its column."""
    if is_question(column):
        return f"the answer {value_slot(value)} to {column_slot(column)}"
    if is_side(column):
        return f"{thing_slot(column)} {value_slot(value)}"
    if speaks(value) or str(value).lower().startswith(label(column).lower()) or says_its_column(column, value):
        return value_slot(value)
    return f"{thing_slot(column)} {value_slot(value)}"


def says_its_column(column: str, value: Scalar) -> bool:
    """Whether a value bears the word of its column: "Sales department", "transition metal", "Store 4"."""
    last = label(column).lower().split()[-1]
    return bool({*re.split(r"[\W_]+", str(value).lower())} & {last, *(plural(last) or "").split()})


def _says_its_thing(column: str, value: Scalar) -> bool:
    """Whether the name of a thing begins with what it is: "Line 4", "region north"."""
    return str(value).lower().startswith((numbered_thing(column) or label(column)).lower())


def is_nameable(column: str, value: Scalar) -> bool:
    """Whether a group can be the subject of a sentence: its value speaks, or is a word beside a noun
    ("the leisure building use")."""
    if is_question(column):
        return False
    if speaks(value):
        return True
    if not isinstance(value, str) or plural(label(column)) is None or label(column).lower().split()[-1] in _PLACES:
        return False
    return bool(_PLAIN_WORD.fullmatch(value.strip())) and value.strip().lower() not in _SAYS_NOTHING_ALONE


def named_group(column: str, value: Scalar) -> str:
    """Return the subject a group makes: "the Services category", "manager Ed Gompf", "North America", "priority 1"."""
    if is_question(column):
        return group(column, value)
    said = label(column).lower().split()
    if not speaks(value) and not is_nameable(column, value):
        return f"{thing_slot(column)} {value_slot(value)}"
    if numbered_thing(column) is not None:
        return value_slot(value) if _says_its_thing(column, value) else f"{thing_slot(column)} {value_slot(value)}"
    if says_its_column(column, value):
        return value_slot(value)  # "the Sales department department" must not happen
    if said[-1] in _CALLED_BY_NAME:
        return f"{column_slot(column)} {value_slot(value)}"
    if (
        said[-1] in _PLACES
        or plural(label(column)) in {None, label(column)}
        or len(str(value).split()) > _LONGEST_ATTRIBUTE
    ):
        return value_slot(value)
    return f"the {value_slot(value)} {column_slot(column)}"


def among(column: str, value: Scalar) -> str:
    """Return "for Hardware", or "where returned is yes" for values that say nothing alone."""
    if is_question(column):
        return f"with the answer {value_slot(value)} to {column_slot(column)}"
    if numbered_thing(column) is not None:
        return f"for {group(column, value)}"
    return (
        f"for {value_slot(value)}"
        if speaks(value) and not is_side(column)
        else f"where {column_slot(column)} is {value_slot(value)}"
    )


def had(column: str) -> str | None:
    """Return what a column says of records that they have ("has_video" -> "video"), None for other columns."""
    return _behind(column, {"has", "have", "had"})


def _been(column: str) -> str | None:
    """Return what a column says of records that they are ("IsActiveMember" -> "active member"), None for others."""
    return _behind(column, {"is", "was", "are", "were"})


def _behind(column: str, verbs: Container[str]) -> str | None:
    first, _, rest = label(column).partition(" ")
    return rest if first.lower() in verbs and rest.isascii() and rest.islower() else None


def records(column: str, value: Scalar) -> str:
    """Return "Hardware records", "records without video", "records marked active member", or "records whose returned is
    yes"."""
    if isinstance(value, bool) and (thing := had(column)) is not None:
        return f"records {'with' if value else 'without'} {thing}"
    if isinstance(value, bool) and (kind := _been(column)) is not None:
        return f"records {'' if value else 'not '}marked {kind}"
    if is_question(column):
        return f"records with the answer {value_slot(value)} to {column_slot(column)}"
    if speaks(value) and not is_side(column):
        return f"{value_slot(value)} records"
    if numbered_thing(column) is not None:
        return f"records of {group(column, value)}"
    return f"records whose {column_slot(column)} is {value_slot(value)}"


def share_of(fact: Fact, who: str, form: str = "percent") -> str:
    """Return "38% of Hardware records", or "all 12 Hardware records" where the share is the whole."""
    if fact.value == 1:
        return f"all {{{fact.id}|n}} {who}"
    return f"{fact_slot(fact, form)} of {who}"


def share_alone(fact: Fact, form: str = "percent") -> str:
    """Return the slot of a share, or "none" where it is nothing."""
    return "none" if fact.value == 0 else fact_slot(fact, form)


def of_all(column: str) -> str:
    """Return "of all departments", or "by assigned to" for a column whose name has no plural."""
    return f"of all {columns_slot(column)}" if many_of(column) else f"by {column_slot(column)}"


def across(column: str) -> str:
    """Return "across departments", or "by assigned to" for a column whose name has no plural."""
    return f"across {columns_slot(column)}" if many_of(column) else f"by {column_slot(column)}"


def listing(fact: Fact, *, form: str = "", most: int = _LISTED, keys: Container[Scalar] | None = None) -> str:
    """Return "North €30, South €20" for the entries of a keyed fact that have both key and value, of `keys` only when
    they are given."""
    if not isinstance(fact.value, tuple):
        return ""
    if fact.unit == "share" and not form:
        form = "fine"
    fit = [
        position for position, entry in enumerate(fact.value)
        if entry.key is not None and entry.value is not None and entry.other is None
        and (keys is None or entry.key in keys)
    ]  # fmt: skip
    return told_in_turn(fact, fit[:most], form=form)


def told_in_turn(fact: Fact, positions: Iterable[int], *, form: str = "") -> str:
    """Return "North €30, South €20" for entries of a keyed fact, or "2019 (€30), 2020 (€20)" where a figure would stand
    right behind another."""
    positions = tuple(positions)
    assert isinstance(fact.value, tuple)
    ends_in_figure = any(show_key(fact.value[at].key, fact.measure)[-1:].isdigit() for at in positions)
    pair = "{} ({})" if ends_in_figure else "{} {}"
    return ", ".join(pair.format(entry_slot(fact, at, "key"), entry_slot(fact, at, "value", form)) for at in positions)


def holds(column: str, shares: Fact) -> str:
    """Return "location is Australia 48%, Canada 14%", or "building is always B-03" for shares or counts by a column."""
    parts = entries(shares)
    if len(parts) == 1 and shares.unit == "share" and parts[0][2] == 1:
        return f"{column_slot(column)} {is_are(column)} always {entry_slot(shares, parts[0][0], 'key')}"
    return f"{column_slot(column)} {is_are(column)} {listing(shares)}"


def entries(fact: Fact) -> list[tuple[int, Scalar, float, int]]:
    """Return (position, key, value, n) of the entries of a keyed fact that have a key and a number."""
    if not isinstance(fact.value, tuple):
        return []
    return [
        (position, entry.key, float(entry.value), entry.n)
        for position, entry in enumerate(fact.value)
        if entry.key is not None and entry.other is None and isinstance(entry.value, int | float)
    ]


def limit_slot(quantity: Quantity, edge: Scalar) -> str:
    """Return the template of a limit of a quantity: "5,000", of a duration "1 day", "30 days"."""
    shown = value_slot(edge)
    if quantity.minus is not None:
        return f"{shown} {'day' if edge == 1 else 'days'}"
    unit = quantity.unit or ""
    if unit.lower() in re.split(r"[^\w%²]+", label(quantity.column).lower()) or unit not in _UNITS_OF_LIMITS:
        return shown
    return f"{shown}%" if unit == "%" else f"{unit}{shown}" if unit in _BEFORE else f"{shown} {unit}"


def number(facts: Facts, fact_id: str) -> float | None:
    """Return the value of a fact that is a number, else None."""
    value = facts[fact_id].value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def spelled_out(*quantities: Quantity) -> str:
    """Return " Processing time counts the days from opened to processed." for durations called by a name."""
    return "".join(
        f" {one.own_name.capitalize()} counts the days {one.span}." for one in quantities if one.own_name is not None
    )


def without_sentinel(quantity: Quantity) -> str:
    """Return the sentence that says which number was left out as a mark of "no value", or nothing."""
    if quantity.sentinel is None:
        return ""
    return f" Cells of {value_slot(quantity.sentinel.value)} are left out: they stand for a missing value."


def p_text(p_value: float) -> str:
    """Return "p < .001" or "p = .012"."""
    return "p < .001" if p_value < 0.001 else f"p = {p_value:.3f}".replace("0.", ".", 1)


def rows_text(n: int, *, is_sample: bool) -> str:
    """Return "n = 500", with a word when the test saw a sample of the rows."""
    return f"n = {n:,}" + (" sampled rows" if is_sample else "")
