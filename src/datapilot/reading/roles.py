"""Say how a column may be aggregated: added, averaged, only counted, or never."""

from datapilot.contracts.table import Role
from datapilot.reading.evidence import Evidence
from datapilot.reading.plan import Plan
from datapilot.reading.vocabulary import word_set

LONG_TAIL = 20.0  # greatest value against the middle one
SCALE_TOP = 10.0  # whole numbers up to here under a name that says nothing may be codes or marks as well as counts
# Words of names whose numbers describe a state or a ratio: adding them up says nothing.
AVERAGED = word_set("roles", "averaged")
AVERAGED_WITH_ALL = word_set("roles", "averaged_with_all")
SUMMED = word_set("roles", "summed")
SUMMED_ENDINGS = tuple(word_set("roles", "summed_ending"))
PER_UNIT = frozenset({"cost", "price", "value", "charge", "fee", "revenue", "profit", "margin", "weight"})
ORDERED = word_set("roles", "ordered")
FILLER = word_set("roles", "filler")


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
    words = evidence.words
    if plan.subtype in {"year", "code", "latitude", "longitude", "rank"}:
        return "never"
    if plan.subtype == "percent":
        return "average"
    if plan.storage == "BIGINT" and says_only(words, ORDERED):
        return "never"
    if words & AVERAGED_WITH_ALL:
        return "average"
    if words & AVERAGED and not words & {"total", "sum", "count", "revenue", "sales", "amount"}:
        return "average"
    if "unit" in words and words & PER_UNIT:
        return "average"
    if words & SUMMED or plan.subtype == "currency" or any(word.endswith(SUMMED_ENDINGS) for word in words):
        return "sum"
    if plan.subtype == "unit":
        return "average"
    return _role_by_values(plan, evidence)


def _role_by_values(plan: Plan, evidence: Evidence) -> Role:
    """A name that says nothing: counts from zero up and amounts with a long tail add up; measurements, codes and marks
    do not."""
    is_comma = "decimal comma" in plan.words or "thousands point" in plan.words
    group, decimal = (".", ",") if is_comma else (",", ".")
    numbers = []
    group, decimal = (".", ",") if "decimal comma" in plan.words else (",", ".")
    for text in evidence.values:
        try:
            numbers.append(float(text.replace(group, "").replace(decimal, ".")))
        except ValueError:
            continue
    below = {number for number in numbers if number < 0}
    if len(below) == 1 and len(numbers) > 2:  # one negative number among positive ones stands for "missing" or "none"
        numbers = [number for number in numbers if number >= 0]
    if not numbers:
        return "average"
    sizes = sorted(map(abs, numbers))
    is_count = plan.storage == "BIGINT" and 0 <= min(numbers) <= 1 and max(numbers) > SCALE_TOP
    return "sum" if is_count or sizes[-1] >= LONG_TAIL * max(sizes[len(sizes) // 2], 1) else "average"


def says_only(words: frozenset[str], listed: frozenset[str]) -> bool:
    """True when the words of a name are of the list, but for numerals and words that change nothing."""
    telling = {word for word in words if not word.isdigit()}
    return bool(telling & listed) and telling <= listed | FILLER
