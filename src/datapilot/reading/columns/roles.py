"""Say how a column may be aggregated: added, averaged, only counted, or never."""

import re
from collections.abc import Sequence
from itertools import pairwise

from datapilot.contracts.table import Role
from datapilot.reading.columns.evidence import MOST_DISTINCT, Evidence, name_words, numbered
from datapilot.reading.columns.plan import Plan
from datapilot.reading.vocabulary import months, word_set

MONTHS = frozenset(months())
YEARS = frozenset({"years", "yrs", "jahre", "années", "años"})
HOURS = frozenset({"hours", "hrs", "stunden", "heures", "horas", "uren", "ore", "arbeitsstunden", "timer"})
HOURS_BOOKED = HOURS | {
    "worked", "spent", "logged", "booked", "billed", "billable", "work", "man", "labor", "labour", "reported",
    "gebucht", "geleistet", "trabajadas", "travaillées", "facturables", "lavorate", "gewerkte",
}  # fmt: skip
FEWEST_MONTHS = 3  # columns that make a table one of months
NO_ANSWER = frozenset({77.0, 88.0, 97.0, 98.0, 99.0, 997.0, 998.0, 999.0, 9999.0})
LONG_TAIL = 20.0  # greatest value against the middle one
SCALE_TOP = 10.0  # whole numbers up to here under a name that says nothing may be codes or marks as well as counts
# Words of names whose numbers describe a state or a ratio: adding them up says nothing.
AVERAGED = word_set("roles", "averaged")
AVERAGED_WITH_ALL = word_set("roles", "averaged_with_all")
AVERAGED_BEGINNINGS = tuple(word_set("roles", "averaged_beginning"))
AVERAGED_ENDINGS = tuple(word_set("roles", "averaged_ending"))
SUMMED = word_set("roles", "summed")
SUMMED_ENDINGS = tuple(word_set("roles", "summed_ending"))
# words that make an amount of a name whose other words would be averaged: total price, hours logged
STILL_SUMMED = frozenset({"total", "sum", "count", "revenue", "sales", "amount", "spent", "logged", "billable"})
# Whose income it is, or how often one gets it: that of a company is net or operating.
OF_A_PERSON = frozenset(
    {"annual", "monthly", "weekly", "yearly", "household", "person", "personal", "family", "applicant"}
)
EARNED = frozenset({"income", "incomes", "earnings", "earned", "wages"})
HAD = frozenset({"children", "kids", "pregnancies", "siblings", "parch", "companies", "employers", "kinder", "enfants"})
SEXES = frozenset({"sex", "gender", "geschlecht", "sexe", "sexo", "sesso", "género", "genero", "geslacht"})
PERSONS = SEXES | {
    "age", "male", "female", "married", "marital", "education", "educ", "schooling", "race", "ethnicity", "occupation",
    "job", "experience", "height", "smoker", "religion", "alter", "edad", "âge", "età", "bmi", "pregnancies",
}  # fmt: skip
FEWEST_OF_PERSONS = 2  # columns that make a table one of persons
PER_UNIT = frozenset({"cost", "price", "value", "charge", "fee", "revenue", "profit", "margin", "weight"})
AWAY = frozenset({"from", "to", "home", "nearest", "centre", "center", "station", "mrt"})
# What was used or made within each period; the reading of a meter is none of these words.
ENERGY_UNITS = frozenset({"Wh", "kWh", "MWh", "GWh", "kwh"})
ENERGY_WORDS = frozenset({
    "consumption", "used", "usage", "production", "generation", "generated", "produced", "energy", "electricity",
    "solar", "heating", "cooling", "lighting", "verbrauch", "strom", "électricité", "electricidad", "elettricità",
    "stromverbrauch", "erzeugung", "einspeisung", "bezug", "energie", "consommation", "consumo", "verbruik",
})  # fmt: skip
# What was filled in or drawn each time, in litres; a tank's litres are what it holds.
VOLUMES = frozenset({"l", "liter", "liters", "litre", "litres", "gal", "gallons", "litros", "litri"})
FUELS = frozenset({"fuel", "diesel", "petrol", "gasoline", "gas", "water", "benzin", "kraftstoff", "wasser",
                   "carburant", "combustible", "carburante", "brandstof"})  # fmt: skip
HELD = frozenset({"tank", "capacity", "engine", "per", "size"})
ORDERED = word_set("roles", "ordered")
DIRECTIONS = word_set("roles", "direction")
COORDINATES = word_set("names", "latitude") | word_set("names", "longitude")
NUMBERING = frozenset({"number", "no", "nr", "num", "nummer", "nbr"})
# words before “number” that count, and before “no” that make it an answer
NO_NUMBERING = frozenset({"of", "total", "average", "avg", "mean", "max", "min", "yes", "no"})
# Groups that, behind other words, say when something was counted, or where money is.
NO_HEADS = frozenset({"account", "month", "quarter", "season", "wave", "week", "weekday"})
# The last word of a name that tells the place in a cycle, with the places that it has.
CYCLES = {
    "second": range(60), "minute": range(60), "hour": range(24), "hr": range(24), "weekday": range(8), "dow": range(8),
    "wday": range(8), "dayofweek": range(8), "doy": range(367), "yday": range(367), "dayofyear": range(367),
    "day": range(1, 32), "week": range(54), "mon": range(1, 13), "month": range(1, 13), "quarter": range(1, 5),
    "qtr": range(1, 5),
}  # fmt: skip
CYCLE_FILLED = 0.8  # of its places that occur; fewer may be a duration
FULL_CIRCLE = 360
DATES = word_set("names", "date") - {"data", "dato", "day", "dt", "jour"}  # which mean other things as well
_NUMBERED = re.compile(r"[a-z]{3,}num")  # villnum
FILLER = word_set("roles", "filler")
ENTITIES, GROUPS = word_set("roles", "entity"), word_set("names", "group")
FEWEST_NUMBERED = 6  # in a row from 1 on, which chance gives one column in 720
FEWEST_RANKED = 20


def role_of(plan: Plan, evidence: Evidence) -> Role:
    """Return the role of a column by its type first, its unit next, and the words of its name last."""
    if plan.inferred_type in {"categorical", "boolean"}:
        return "count"
    if plan.inferred_type != "numeric":
        return (
            "never"
            if plan.inferred_type != "constant" or plan.storage not in {"BIGINT", "DOUBLE"}
            else _numeric_role(plan, evidence)
        )
    return _numeric_role(plan, evidence)


def _numeric_role(plan: Plan, evidence: Evidence) -> Role:
    words = evidence.words | {evidence.name.casefold()}  # MwSt is no camel
    if names_a_month(evidence.name) and any(word.isdigit() for word in name_words(evidence.name)):
        # The amounts of a month are no more averaged in "Apr 2024" than in May
        return "sum" if plan.subtype == "currency" else _role_by_values(plan, evidence)
    if plan.subtype in {"year", "code", "latitude", "longitude", "rank"}:
        return "never"
    if plan.subtype == "percent":
        return "average"
    is_named_only = says_only(words, ORDERED | ENTITIES) or names_a_group(evidence) or _is_numbering(evidence)
    if (
        _is_day_number(evidence)
        or _is_direction(evidence)
        or (plan.storage == "BIGINT" and (is_named_only or _is_place_in_time(evidence)))
    ):
        return "never"
    if words & AVERAGED_WITH_ALL or any(word.startswith(AVERAGED_BEGINNINGS) for word in words):
        return "average"
    if words & AVERAGED and not words & STILL_SUMMED:
        return "average"
    if words & YEARS and words & SUMMED <= {"total"}:
        return "average"  # the total years that somebody has worked are his own
    if "income" in words and words & OF_A_PERSON:
        return "average"  # what each has a month or year
    if "unit" in words and words & PER_UNIT:
        return "average"
    if "distance" in words and words & AWAY:
        return "average"  # how far something lies, not how far somebody went
    is_used = plan.unit in ENERGY_UNITS and words & ENERGY_WORDS
    if is_used or (words & VOLUMES and words & FUELS and not words & HELD):
        return "sum"
    if words & SUMMED or plan.subtype == "currency" or any(word.endswith(SUMMED_ENDINGS) for word in words):
        return "sum"
    if plan.subtype == "unit" or any(word.endswith(AVERAGED_ENDINGS) for word in words):
        return "average"
    if plan.storage == "BIGINT" and (_numbers_its_things(evidence) or _ranks_the_rows(evidence)):
        return "never"
    return _role_by_values(plan, evidence)


def months_alike(names: Sequence[str], roles: Sequence[Role]) -> list[Role]:
    """Return the roles with those of months in a table laid out by months made one, that of most: by their values
    alone, those of one month may add up and those of the next not."""
    family = [
        k for k, (name, role) in enumerate(zip(names, roles, strict=True))
        if role in {"sum", "average"} and names_a_month(name)
    ]  # fmt: skip
    added = sum(roles[k] == "sum" for k in family)
    if len(family) < FEWEST_MONTHS or not 0 < added < len(family):
        return list(roles)
    one: Role = "sum" if 2 * added >= len(family) else "average"
    return [one if k in set(family) else role for k, role in enumerate(roles)]


def hours_of_work(names: Sequence[str], roles: Sequence[Role], *, is_dated: bool) -> list[Role]:
    """Return the roles with hours that are booked by date added up: of a sheet of hours the sum is asked."""
    return [
        "sum" if role == "average" and is_dated and {*name_words(name)} & HOURS and {*name_words(name)} <= HOURS_BOOKED
        else role
        for name, role in zip(names, roles, strict=True)
    ]  # fmt: skip


def traits_of_persons(names: Sequence[str], roles: Sequence[Role]) -> list[Role]:
    """Return the roles with incomes, and with how many children or former employers somebody has, averaged beside the
    age, sex or schooling of those who have them."""
    said = [{*name_words(name)} for name in names]
    if len({word for words in said for word in words & PERSONS}) < FEWEST_OF_PERSONS:
        return list(roles)
    return [
        "average" if role == "sum" and words & (EARNED | HAD) and not words & STILL_SUMMED else role
        for words, role in zip(said, roles, strict=True)
    ]


def names_a_month(name: str) -> bool:
    """True for the name of a month, with its year or without."""
    words = name_words(name)
    years = [word for word in words if word.isdigit() and len(word) in {2, 4}]
    return len(words) > len(years) and all(word in MONTHS for word in words if word not in years)


def _numbers_its_things(evidence: Evidence) -> bool:
    """True for 1, 2, 3, … in the order in which they first occur: the numbers of firms, subjects or moments."""
    numbers = _whole_numbers(evidence)
    if len(numbers) < FEWEST_NUMBERED or numbers[0] not in {0, 1}:
        return False
    if len(numbers) == MOST_DISTINCT:  # an even choice of more
        return all(one < other for one, other in pairwise(numbers))
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _ranks_the_rows(evidence: Evidence) -> bool:
    """True where the values are nearly all of 1 to the number of rows, each once: places in an order."""
    numbers = _whole_numbers(evidence)
    cells = evidence.cells
    return (
        not evidence.is_partial
        and cells >= FEWEST_RANKED
        and len(numbers) >= 0.9 * cells
        and min(numbers) == 1
        and max(numbers) <= cells
    )


def _whole_numbers(evidence: Evidence) -> list[int]:
    """Return the numbers in the order in which they first occur; [] where some are negative or no numbers."""
    texts = [text.removesuffix(".0") for text in evidence.values]
    return [int(text) for text in texts] if all(text.isdecimal() for text in texts) else []


def _role_by_values(plan: Plan, evidence: Evidence) -> Role:
    """A name that says nothing: counts from zero up and amounts with a long tail add up; measurements, codes and marks
    do not."""
    is_comma = "decimal comma" in plan.words or "thousands point" in plan.words
    group, decimal = (".", ",") if is_comma else (",", ".")
    numbers = []
    for text in evidence.values:
        try:
            numbers.append(float(text.replace(group, "").replace(decimal, ".")))
        except ValueError:
            continue
    below = {number for number in numbers if number < 0}
    if len(below) == 1 and len(numbers) > 2:  # one negative number among positive ones stands for "missing" or "none"
        numbers = [number for number in numbers if number >= 0]
    marks = [number for number in numbers if number not in NO_ANSWER]
    if len(marks) > 2 and max(map(abs, marks)) <= SCALE_TOP:
        numbers = marks  # 99 beside 1 to 5 stands for an answer that was not given
    if not numbers:
        return "average"
    sizes = sorted(map(abs, numbers))
    is_count = plan.storage == "BIGINT" and 0 <= min(numbers) <= 1 and max(numbers) > SCALE_TOP
    if plan.storage == "DOUBLE" and any(len(text.partition(decimal)[2].rstrip("0")) > 2 for text in evidence.values):
        return "average"  # amounts have cents; what is measured or computed has more digits
    return "sum" if is_count or sizes[-1] >= LONG_TAIL * max(sizes[len(sizes) // 2], 1) else "average"


def names_a_group(evidence: Evidence) -> bool:
    """True where the name is a group's, or its last word is one and nothing is measured: candidate district."""
    if says_only(evidence.words, GROUPS):
        return True
    head = evidence.spelled[-1] if evidence.spelled else ""
    return head in GROUPS - NO_HEADS and not evidence.words & (SUMMED | AVERAGED | {"per", "of"})


def _is_numbering(evidence: Evidence) -> bool:
    """True for numbers that name a thing each, which may come back: Sample Number, game_no, seqno."""
    *before, last = name_words(evidence.name) or [""]
    if numbered(last) or (_NUMBERED.fullmatch(last) and len(evidence.values) >= FEWEST_NUMBERED):
        return True
    if last not in NUMBERING or not before or set(before) & (SUMMED | AVERAGED | NO_NUMBERING):
        return False
    return not before[-1].endswith("s") and "0" not in evidence.values  # “rooms no” is how many


def _is_day_number(evidence: Evidence) -> bool:
    """True for numbers under the name of a date that no form of writing dates explains: days counted from a day that
    the program knows."""
    last = evidence.spelled[-1] if evidence.spelled else ""
    return last in DATES and not evidence.words & (SUMMED | {"to"})


def _is_direction(evidence: Evidence) -> bool:
    """True for degrees around the compass: between 350 and 10 lies north, and their average is south."""
    if not evidence.words & DIRECTIONS:
        return False
    numbers = _numbers(evidence)
    return len(numbers) == len(evidence.values) > 0 and min(numbers) >= 0 and 180 < max(numbers) <= FULL_CIRCLE


def _is_place_in_time(evidence: Evidence) -> bool:
    """True for hours of the day and months of the year, and for coordinates that are kept as whole numbers."""
    if evidence.words & COORDINATES and evidence.words & {"position", "pos", "gps", "coord", "coordinate", "degrees"}:
        return True
    numbers = _numbers(evidence)
    places = CYCLES.get(_cycle_word(evidence.name), range(0)) if "per" not in evidence.words else range(0)
    found = {number for number in numbers if number in places}
    return bool(places) and len(found) == len(numbers) >= CYCLE_FILLED * len(places)


def _cycle_word(name: str) -> str:
    """Return the word that names the cycle: `hour` of hour_of_day and of hour, `dayofweek` of day_of_week."""
    words = name_words(name) or [""]
    if len(words) > 2 and words[-2] == "of":
        whole = "".join(words[-3:])
        return whole if whole in CYCLES else words[-3]
    return words[-2] if words[-1] == "number" and len(words) > 1 else words[-1]


def _numbers(evidence: Evidence) -> list[float]:
    """Return the cells that are plain numbers, each value once."""
    found = []
    for text in evidence.values:
        try:
            found.append(float(text))
        except ValueError:
            continue
    return found


def says_only(words: frozenset[str], listed: frozenset[str]) -> bool:
    """True when the words of a name are of the list, but for numerals and words that change nothing."""
    telling = {word for word in words if not word.isdigit()}
    return bool(telling & listed) and telling <= listed | FILLER
