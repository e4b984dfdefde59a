"""Read amounts of one quantity whose cells name different units (`512 KB`, `3 GB`): all in one of them."""

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.number_sql import number_sql, value_of
from datapilot.reading.columns.numbers import convention_of
from datapilot.reading.columns.plan import OtherReading, Plan
from datapilot.reading.text_table import quoted

_CELL = re.compile(r"[+\-−]?\s?(\d(?:[\d.,'’\u00a0\u202f ]*\d)?)[ \u00a0\u202f]*([^\d\s.,'’+\-−()][^\d\s()]{0,8})")
_UNIT = quoted(r"([^\d\s.,]+)$")
KIBI = 1024
# Units whose letter alone says less than what it means among the others of the column.
_IN_FULL = {("m", 60): "min", ("K", KIBI): "KiB", ("M", KIBI**2): "MiB", ("G", KIBI**3): "GiB", ("T", KIBI**4): "TiB"}


def _powers(letters: str, base: int, *endings: str) -> dict[str, Fraction]:
    """Return the factors of units that go up by the base: K, M, G, … before each of the endings."""
    return {
        f"{letter}{ending}": Fraction(base ** (step + 1)) for step, letter in enumerate(letters) for ending in endings
    }


def _named(factor: str, *names: str) -> dict[str, Fraction]:
    return dict.fromkeys(names, Fraction(factor))


# Of each quantity the units with their size in the first of them. The factors are exact by definition.
QUANTITIES: tuple[Mapping[str, Fraction], ...] = (
    {
        **_named("1", "B", "byte", "bytes", "Byte", "Bytes"), **_powers("KMGTP", 1000, "B"), **_named("1000", "kB"),
        **_powers("KMGTP", KIBI, "iB"),
    },
    {**_named("1", "B"), **_powers("KMGT", KIBI, "")},  # as `du -h` and `ls -lh` print them
    {
        **_named("1", "g", "gr", "gram", "grams"), **_named("1000", "kg", "Kg", "KG", "kgs", "kilo"),
        **_named("1/1000", "mg"), **_named("1/1000000", "µg", "ug", "mcg"), **_named("1000000", "t"),
        **_named("453.59237", "lb", "lbs"), **_named("28.349523125", "oz"),
    },
    {
        **_named("1", "m"), **_named("1000", "km"), **_named("1/100", "cm"), **_named("1/1000", "mm"),
        **_named("1/1000000", "µm", "um"), **_named("0.3048", "ft"), **_named("0.0254", "in"),
        **_named("0.9144", "yd"), **_named("1609.344", "mi", "mile", "miles"),
    },
    {
        **_named("1", "s", "sec", "secs", "second", "seconds"), **_named("1/1000", "ms"),
        **_named("1/1000000", "µs", "us", "μs"), **_named("1/1000000000", "ns"),
        **_named("60", "min", "mins", "minute", "minutes", "m"), **_named("3600", "h", "hr", "hrs", "hour", "hours"),
        **_named("86400", "d", "day", "days"), **_named("604800", "week", "weeks", "wk", "wks"),
    },
    {
        **_named("1", "l", "L", "liter", "litre"), **_named("1/1000", "ml", "mL"), **_named("1/100", "cl", "cL"),
        **_named("1/10", "dl", "dL"), **_named("100", "hl", "hL"), **_named("1000", "m3", "m³"),
    },
    {**_named("1/1000", "mW"), **_named("1", "W"), **_named("1000", "kW"), **_powers("KMG", 1000, "W")},
    {**_named("1", "Wh"), **_named("1000", "kWh"), **_powers("KMG", 1000, "Wh")},
    {**_named("1", "Hz"), **_named("1000", "kHz"), **_powers("KMG", 1000, "Hz")},
    {**_named("1", "bps"), **_named("1000", "kbps"), **_powers("KMG", 1000, "bps")},
    {**_named("1", "V"), **_named("1/1000", "mV"), **_named("1/1000000", "µV", "uV"), **_named("1000", "kV")},
    {**_named("1", "A"), **_named("1/1000", "mA"), **_named("1/1000000", "µA", "uA"), **_named("1000", "kA")},
    {
        **_named("1", "Pa"), **_named("100", "hPa", "mbar"), **_named("1000", "kPa"), **_named("100000", "bar"),
        **_named("1000000", "MPa"),
    },
    {**_named("1", "g/l", "g/L"), **_named("1/1000", "mg/l", "mg/L"), **_named("1/1000000", "µg/l", "µg/L", "ug/L")},
)  # fmt: skip


class _Amount(NamedTuple):
    body: str
    unit: str


def plan_mixed_units(evidence: Evidence, *, decimal: str | None, file_decimal: str | None) -> Plan | None:
    """Return the plan for amounts in two or more units of one quantity, as numbers of the largest unit that the middle
    one reaches; None where fewer than 95 % of the cells are such."""
    if evidence.share(_CELL) < ENOUGH:
        return None
    amounts: dict[str, _Amount] = {}
    for text in evidence.values:
        if (match := _CELL.fullmatch(text)) is not None:
            amounts[text] = _Amount(match[1], match[2])
    cells: Counter[str] = Counter()
    for text, amount in amounts.items():
        cells[amount.unit] += evidence.values[text]
    sizes = next((known for known in QUANTITIES if _fitting(cells, known) >= ENOUGH * evidence.cells), None)
    if sizes is None:
        return None
    units = {unit: sizes[unit] for unit in cells if unit in sizes}
    if len(set(units.values())) < 2:
        return None
    amounts = {text: amount for text, amount in amounts.items() if amount.unit in units}
    bodies: Counter[str] = Counter()
    for text, amount in amounts.items():
        bodies[amount.body] += evidence.values[text]
    convention, _ = convention_of(bodies, decimal=decimal, file_decimal=file_decimal)
    if convention is None:
        return None
    middle = median(float(units[amount.unit]) * value_of(amount.body, convention) for amount in amounts.values())
    by_size = sorted(units, key=lambda unit: (units[unit], -cells[unit]))
    target = next((unit for unit in reversed(by_size) if units[unit] <= middle), by_size[0])
    target = max((unit for unit in units if units[unit] == units[target]), key=lambda unit: cells[unit])
    shown = _IN_FULL.get((target, int(units[target])), target)
    listed = ", ".join(dict.fromkeys(by_size))
    mark = "comma" if convention[0] == "," else "point"
    has_decimals = any(convention[0] in amount.body for amount in amounts.values())
    return Plan(
        "numeric",
        "DOUBLE",
        _value_sql(units, target, convention),
        f"{f'decimal {mark}' if has_decimals else 'whole numbers'}, with their units ({listed}), turned into {shown}",
        "unit",
        shown,
        sum(evidence.values[text] for text in amounts) / evidence.cells,
        (f"The cells are amounts in several units ({listed}); all were turned into {shown}.",),
        _other_bytes(units, target, convention),
    )


def _fitting(cells: Counter[str], known: Mapping[str, Fraction]) -> int:
    return sum(count for unit, count in cells.items() if unit in known)


def _value_sql(units: Mapping[str, Fraction], target: str, convention: tuple[str, str]) -> str:
    """Return the SQL of the amount in the target unit: multiplied and divided by whole numbers, so that 900 g are .9 kg
    and nothing beside it."""
    number = number_sql(convention, sorted(units), [], whole=False)
    ratios = {unit: size / units[target] for unit, size in units.items()}
    cases = " ".join(
        f"WHEN {quoted(unit)} THEN ({number}) * {ratio.numerator}.0 / {ratio.denominator}.0"
        for unit, ratio in ratios.items()
    )
    return f"CASE regexp_extract({{x}}, {_UNIT}, 1) {cases} END"


def _other_bytes(units: Mapping[str, Fraction], target: str, convention: tuple[str, str]) -> OtherReading | None:
    """Return the other reading of bytes: many programs mean 1,024 where the standard (IEC 80000-13) says 1,000."""
    thousands = {unit: size for unit, size in units.items() if unit[-1:] == "B" and unit[-2:-1] != "i" and size > 1}
    if not thousands:
        return None
    steps = {unit: len(str(size.numerator)) // 3 for unit, size in thousands.items()}
    binary = {**units, **{unit: Fraction(KIBI ** steps[unit]) for unit in thousands}}
    unit = max(thousands, key=lambda one: steps[one])
    return OtherReading(
        question=f"Does a step of the units up to {unit} count 1,000 or 1,024?",
        chosen="1,000",
        other="1,024",
        value=_value_sql(binary, target, convention),
        storage="DOUBLE",
    )
