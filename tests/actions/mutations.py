"""False claims made of true results, and true ones that must be let through. Seeded: always the same.

A mutation changes one thing that a reader would read: a digit, a sign, a scale, per cent into points, a name, a
period, a filter, the place of two figures, a direction, a chart's point, a whole invented sentence. Some lie
consistently: template and text, fact and text, measure and id together. It returns False where the report holds
nothing of its kind.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from datapilot.contracts.measure import Fact, Measure
from datapilot.insights.language_model.support import INTERPRETATION
from datapilot.words.render import UnfitTemplate, render

Json = dict[str, Any]
Mutate = Callable[[Json, random.Random], bool]
Path = tuple[str | int, ...]

_NUMBER = re.compile(r"[0-9](?:[0-9,]*[0-9])?(?:\.[0-9]+)?")
_SLOT = re.compile(r"\{f_[0-9a-f]{8}(?:\[-?\d+\]\.(?:key|value|n))?(?:\|[a-z]+)*\}")
_VALUE = re.compile(r"\{val:[^{}]+\}")
_COLUMN = re.compile(r"\{col:[^{}]+\}")
MARK = f" {INTERPRETATION} "
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OPPOSITES = (
    ("highest", "lowest"), ("higher", "lower"), ("longest", "quickest"), ("longer", "shorter"), ("rose", "fell"),
    ("grew", "fell"), ("jumped", "dropped"), ("above", "below"), ("against", "the same as"), ("most", "fewest"),
    ("largest", "smallest"), ("missing", "known"), ("before", "after"), ("growth", "decline"), ("average", "total"),
    ("more", "less"), ("first", "last"),
)  # fmt: skip
_INVENTED = (
    "This will double next year.", "Nine in ten buyers agree.", "That is 95% certain.", "The cause is the weather.",
    "No other group comes close to 12,345.", "It has never been as high.", "Half of it comes from one person.",
)  # fmt: skip
_WRITTEN = (
    ("insights", "analystInsights", "*", "headline"), ("insights", "analystInsights", "*", "detail"),
    ("insights", "businessSummary", "*"), ("insights", "visualActions", "*", "text"), ("chartSpecs", "*", "title"),
)  # fmt: skip
_FURTHER = (
    ("insights", "analystInsights", "*", "recommendation", "what"), ("insights", "analystInsights", "*", "statistics"),
    ("chartSpecs", "*", "subtitle"), ("chartSpecs", "*", "alt"), ("chartSpecs", "*", "xLabel"),
    ("chartSpecs", "*", "yLabel"), ("chartSpecs", "*", "note"), ("kpis", "cards", "*", "display"),
    ("kpis", "cards", "*", "label"), ("kpis", "cards", "*", "how"), ("kpis", "cards", "*", "period"),
    ("kpis", "cards", "*", "changeDisplay"), ("quality", "deductions", "*", "title"),
    ("quality", "deductions", "*", "fix"), ("schema", "*", "reasons", "*"),
)  # fmt: skip
_FIGURES = (
    ("fileInfo", "rows"), ("fileInfo", "cols"), ("fileInfo", "bytes"), ("kpis", "rowCount"), ("kpis", "colCount"),
    ("kpis", "missingCount"), ("kpis", "numDuplicates"), ("kpis", "numericStats", "*", "*"),
    ("kpis", "numericStats", "*", "quantiles", "*"), ("kpis", "cards", "*", "value"), ("kpis", "cards", "*", "change"),
    ("qualityScore",), ("quality", "score"), ("quality", "checkedCells"), ("quality", "deductions", "*", "points"),
    ("quality", "deductions", "*", "rows"), ("quality", "deductions", "*", "share"),
    ("quality", "deductions", "*", "rowIndices", "*"), ("quality", "deductions", "*", "columns", "*", "cells"),
    ("schema", "*", "missing_count"), ("schema", "*", "unique_count"), ("schema", "*", "top_values", "*", "count"),
    ("together", "compared"), ("together", "pairs", "*", "strength"), ("together", "pairs", "*", "n"),
    ("facts", "*", "n"), ("facts", "*", "value"), ("facts", "*", "value", "*", "value"),
    ("facts", "*", "value", "*", "n"), ("chartSpecs", "*", "data", "*", "*"), ("chartSpecs", "*", "pointsTotal"),
    ("cleanedPreview", "*", "*"), ("receipt", "skippedCount"), ("receipt", "conversions", "*", "converted"),
    ("insights", "metadata", "testsRun"),
)  # fmt: skip


def places(report: Json, pattern: Sequence[str]) -> Iterator[Path]:
    """Yield the paths that a pattern with "*" for any key or position stands for."""
    yield from _places(report, tuple(pattern), ())


def _places(value: Any, pattern: tuple[str, ...], at: Path) -> Iterator[Path]:
    if not pattern:
        yield at
    elif pattern[0] == "*":
        keys: Sequence[str | int] = (
            list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        )
        for key in keys:
            yield from _places(value[key], pattern[1:], (*at, key))
    elif isinstance(value, dict) and pattern[0] in value:
        yield from _places(value[pattern[0]], pattern[1:], (*at, pattern[0]))


def value_at(report: Json, path: Path) -> Any:
    """Return what stands at a path."""
    place: Any = report
    for key in path:
        place = place[key]
    return place


def put(report: Json, path: Path, value: Any) -> None:
    """Put a value at a path."""
    value_at(report, path[:-1])[path[-1]] = value


def _texts(report: Json, patterns: Sequence[Sequence[str]], holds: Callable[[str], Any]) -> list[Path]:
    found = [path for pattern in patterns for path in places(report, pattern)]
    return [path for path in found if isinstance(value_at(report, path), str) and holds(value_at(report, path))]


def _in_text(change: Callable[[str, random.Random], str | None], patterns: Sequence[Sequence[str]]) -> Mutate:
    """Return the mutation that changes one written sentence and nothing else."""

    def mutate(report: Json, rng: random.Random) -> bool:
        paths = _texts(report, patterns, lambda text: change(text, random.Random(0)) not in (None, text))
        if not paths:
            return False
        path = rng.choice(paths)
        said = value_at(report, path)
        changed = change(said, rng)
        if changed is None or changed == said:
            changed = change(said, random.Random(0))
        put(report, path, changed)
        return changed != said

    return mutate


def _replaced(text: str, match: re.Match[str], by: str) -> str:
    return text[: match.start()] + by + text[match.end() :]


def last_digit(text: str, rng: random.Random) -> str | None:
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    digit = (int(match[0][-1]) + rng.randint(1, 9)) % 10
    return _replaced(text, match, match[0][:-1] + str(digit))


def another_number(text: str, rng: random.Random) -> str | None:
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    value = float(match[0].replace(",", ""))
    changed = value * rng.choice((0.6, 0.8, 0.9, 1.1, 1.3, 2, 10)) or 3.0
    shown = f"{changed:,.0f}" if value.is_integer() else f"{changed:,.1f}"
    return _replaced(text, match, shown if shown != match[0] else shown + "1")


def another_scale(text: str, _rng: random.Random) -> str | None:
    match = re.search(r"(?<=\d)(k|M|bn)\b", text)
    return _replaced(text, match, {"k": "M", "M": "bn", "bn": "M"}[match[0]]) if match else None


def points_for_percent(text: str, _rng: random.Random) -> str | None:
    match = re.search(r"(?<=\d)%", text)
    return _replaced(text, match, " points") if match else None


def lost_percent(text: str, _rng: random.Random) -> str | None:
    match = re.search(r"(?<=\d)%", text)
    return _replaced(text, match, "") if match else None


def other_sign(text: str, rng: random.Random) -> str | None:
    if "−" in text:
        return text.replace("−", "", 1)
    found = list(_NUMBER.finditer(text))
    return _replaced(text, match, "−" + match[0]) if found and (match := rng.choice(found)) else None


def swapped_numbers(text: str, _rng: random.Random) -> str | None:
    found = list(_NUMBER.finditer(text))
    for one, other in pairwise(found):
        if one[0] != other[0]:
            return text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]
    return None


def another_period(text: str, rng: random.Random) -> str | None:
    for names in (_MONTHS, _DAYS):
        match = re.search(rf"\b({'|'.join(names)})\b", text)
        if match:
            return _replaced(text, match, rng.choice([name for name in names if name != match[0]]))
    match = re.search(r"\b(?:19|20)\d\d\b", text)
    return _replaced(text, match, str(int(match[0]) + rng.choice((-1, 1)))) if match else None


def opposite(text: str, rng: random.Random) -> str | None:
    pairs = [*_OPPOSITES, *((other, one) for one, other in _OPPOSITES)]
    fit = [(one, other) for one, other in pairs if re.search(rf"\b{one}\b", text)]
    if not fit:
        return None
    one, other = rng.choice(fit)
    return re.sub(rf"\b{one}\b", other, text, count=1)


def negated(text: str, _rng: random.Random) -> str | None:
    match = re.search(r"\b(is|has|are|have|hold|averages|goes|takes|make)\b", text)
    return _replaced(text, match, f"{match[0]} not") if match else None


def invented(text: str, rng: random.Random) -> str | None:
    return f"{text} {rng.choice(_INVENTED)}"


def other_digits(text: str, _rng: random.Random) -> str | None:
    """The same figure in fullwidth digits, one of them wrong: looks right, reads wrong."""
    match = re.search(r"\d", text)
    return _replaced(text, match, chr(0xFF10 + (int(match[0]) + 1) % 10)) if match else None


def another_entity(report: Json, rng: random.Random) -> bool:
    """A group's name in a written sentence becomes another group's of the same fact."""
    names = {
        str(entry["key"]): [str(other["key"]) for other in fact["value"] if other["key"] != entry["key"]]
        for fact in report["facts"] if isinstance(fact["value"], list)
        for entry in fact["value"] if isinstance(entry.get("key"), str) and not entry["key"][:1].isdigit()
    }  # fmt: skip
    names = {name: [one for one in others if one != "None"] for name, others in names.items() if len(name) > 2}
    paths = _texts(report, _WRITTEN, lambda text: any(name in text and names[name] for name in names))
    if not paths:
        return False
    path = rng.choice(paths)
    said = value_at(report, path)
    name = rng.choice(sorted(name for name in names if name in said and names[name]))
    put(report, path, said.replace(name, rng.choice(sorted(names[name])), 1))
    return value_at(report, path) != said


def _facts(report: Json) -> dict[str, Fact]:
    return {fact["id"]: Fact.model_validate(fact) for fact in report["facts"]}


def _consistent(change: Callable[[Json, Json, random.Random], str | None]) -> Mutate:
    """Return the mutation that changes an insight's template and prints its text anew, as a liar would."""

    def mutate(report: Json, rng: random.Random) -> bool:
        facts = _facts(report)
        insights = report["insights"]["analystInsights"]
        for insight in rng.sample(insights, len(insights)):
            for part in rng.sample(["headline", "detail"], 2):
                # What a model says after the mark is shown as no claim at all.
                template, mark, comment = insight[f"{part}Template"].partition(MARK)
                changed = change(report, insight | {"template": template}, rng)
                if changed is None or changed == template:
                    continue
                changed += mark + comment
                try:
                    text = render(changed, facts)
                except UnfitTemplate:
                    continue
                if text == insight[part]:
                    continue
                cited = [fact_id for fact_id in re.findall(r"f_[0-9a-f]{8}", changed) if fact_id in facts]
                insight[f"{part}Template"], insight[part] = changed, text
                evidence = insight["evidence"][0]
                evidence["factIds"] = list(dict.fromkeys([*evidence["factIds"], *cited]))
                return True
        return False

    return mutate


def _other_slot(report: Json, insight: Json, rng: random.Random) -> str | None:
    match = _pick(_SLOT, insight["template"], rng)
    scalars = [fact["id"] for fact in report["facts"] if isinstance(fact["value"], int | float)]
    return _replaced(insight["template"], match, "{" + rng.choice(scalars) + "}") if match and scalars else None


def _swapped_slots(_report: Json, insight: Json, _rng: random.Random) -> str | None:
    found = list(_SLOT.finditer(insight["template"]))
    for one, other in pairwise(found):
        if one[0] != other[0]:
            text = insight["template"]
            return text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]
    return None


def _other_value(report: Json, insight: Json, rng: random.Random) -> str | None:
    match = _pick(_VALUE, insight["template"], rng)
    keys = sorted({
        entry["key"] for fact in report["facts"] if isinstance(fact["value"], list) for entry in fact["value"]
        if isinstance(entry.get("key"), str) and not set("{}") & set(entry["key"])
    })  # fmt: skip
    return _replaced(insight["template"], match, f"{{val:{rng.choice(keys)}}}") if match and keys else None


def _other_column(report: Json, insight: Json, rng: random.Random) -> str | None:
    match = _pick(_COLUMN, insight["template"], rng)
    names = [column["name"] for column in report["schema"] if not set("{}") & set(column["name"])]
    return _replaced(insight["template"], match, f"{{col:{rng.choice(names)}}}") if match else None


def _other_words(_report: Json, insight: Json, rng: random.Random) -> str | None:
    return opposite(insight["template"], rng)


def _not(_report: Json, insight: Json, rng: random.Random) -> str | None:
    return negated(insight["template"], rng)


def _other_form(_report: Json, insight: Json, rng: random.Random) -> str | None:
    """Another form of the same figure: a share without its per cent, a fall without its sign."""
    match = _pick(_SLOT, insight["template"], rng)
    if match is None or ".key" in match[0]:
        return None
    return _replaced(
        insight["template"], match, re.sub(r"(\|[a-z]+)*\}$", rng.choice(("|plain}", "|n}", "|percent}")), match[0])
    )


def _pick(pattern: re.Pattern[str], text: str, rng: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return rng.choice(found) if found else None


def _figure(change: Callable[[Any, random.Random], Any]) -> Mutate:
    """Return the mutation that changes one figure anywhere in the result."""

    def mutate(report: Json, rng: random.Random) -> bool:
        for pattern in rng.sample(_FIGURES, len(_FIGURES)):
            paths = [
                path for path in places(report, pattern)
                if isinstance(value_at(report, path), int | float) and not isinstance(value_at(report, path), bool)
            ]  # fmt: skip
            if paths:
                path = rng.choice(paths)
                value = value_at(report, path)
                put(report, path, change(value, rng))
                return bool(value_at(report, path) != value)
        return False

    return mutate


def _last_digit_of(value: float, rng: random.Random) -> float:
    if isinstance(value, int):
        return value + rng.choice((-1, 1))
    text = f"{value:.8g}"
    digit = (int(text[-1]) + rng.randint(1, 9)) % 10 if text[-1].isdigit() else 1
    changed = float(text[:-1] + str(digit))
    return changed if abs(changed - value) > 1e-7 * max(abs(value), 1e-9) else value + 1.0


def _scaled(value: float, rng: random.Random) -> float:
    return type(value)(value * rng.choice((2, 3, 10)) + 1)


def _negative(value: float, _rng: random.Random) -> float:
    return -value if value else -1


def _swapped_keys(report: Json, rng: random.Random) -> bool:
    """Two groups exchange their figures, in a fact or in a chart."""
    pools = [(fact["value"], "value") for fact in report["facts"] if isinstance(fact["value"], list)]
    pools += [(chart["data"], chart["yKey"]) for chart in report["chartSpecs"]]
    fit = [
        (pool, name, one, other)
        for pool, name in pools for one in range(len(pool)) for other in range(one + 1, min(len(pool), one + 6))
        if isinstance(pool[one].get(name), int | float) and isinstance(pool[other].get(name), int | float)
        and pool[one][name] != pool[other][name]
    ]  # fmt: skip
    if not fit:
        return False
    pool, name, one, other = rng.choice(fit)
    pool[one][name], pool[other][name] = pool[other][name], pool[one][name]
    return True


def _renamed_key(report: Json, rng: random.Random) -> bool:
    pools = [fact["value"] for fact in report["facts"] if isinstance(fact["value"], list) and fact["value"]]
    if not pools:
        return False
    entry = rng.choice(rng.choice(pools))
    entry["key"] = f"{entry.get('key')}-other"
    return True


def _measured(change: Callable[[Json, Json, random.Random], bool], *, new_id: bool) -> Mutate:
    """Return the mutation that changes what a fact measures; with `new_id` the id follows, everywhere."""

    def mutate(report: Json, rng: random.Random) -> bool:
        cited = {
            one
            for insight in report["insights"]["analystInsights"]
            for e in insight["evidence"]
            for one in e["factIds"]
        }
        facts = [fact for fact in report["facts"] if fact["id"] in cited]
        for fact in rng.sample(facts, len(facts)):
            before = json.dumps(fact["measure"])
            if change(report, fact["measure"], rng) and json.dumps(fact["measure"]) != before:
                if new_id:
                    made = Measure.model_validate(fact["measure"]).fact_id
                    renamed = json.loads(json.dumps(report).replace(fact["id"], made))
                    report.clear()
                    report.update(renamed)
                return True
            fact["measure"] = json.loads(before)
        return False

    return mutate


def _filter_value(report: Json, measure: Json, rng: random.Random) -> bool:
    for condition in measure.get("filters", []):
        value = condition.get("value")
        if isinstance(value, str) and condition["op"] in {"eq", "ne"}:
            column = next((one for one in report["schema"] if one["name"] == condition["column"]), None)
            others = [one["value"] for one in (column or {}).get("top_values", []) if one["value"] not in (value, None)]
            condition["value"] = rng.choice(others) if others else value + "x"
            return True
        if isinstance(value, int | float) and not isinstance(value, bool):
            condition["value"] = value * 2 + 1
            return True
        if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str):
            year = int(value[0][:4])
            condition["value"] = [f"{year + 1:04d}{value[0][4:]}", f"{int(value[1][:4]) + 1:04d}{value[1][4:]}"]
            return True
    return False


def _filter_op(_report: Json, measure: Json, _rng: random.Random) -> bool:
    swaps = {"eq": "ne", "ne": "eq", "ge": "lt", "lt": "ge", "le": "gt", "gt": "le"}
    for condition in measure.get("filters", []):
        if condition["op"] in swaps:
            condition["op"] = swaps[condition["op"]]
            return True
    return False


def _no_filter(_report: Json, measure: Json, _rng: random.Random) -> bool:
    return bool(measure.pop("filters", None))


def _metric(_report: Json, measure: Json, _rng: random.Random) -> bool:
    swaps = {"mean": "median", "median": "mean", "sum": "max", "max": "min", "min": "max", "count": "duplicate_rows"}
    measure["metric"] = swaps.get(measure["metric"], measure["metric"])
    return True


def _fact_and_text(report: Json, rng: random.Random) -> bool:
    """A fact's value is changed, and every sentence printed anew from it: nothing in the result disagrees."""
    shown = {
        fact_id for insight in report["insights"]["analystInsights"]
        for fact_id in re.findall(r"f_[0-9a-f]{8}", insight["headlineTemplate"] + insight["detailTemplate"])
    }  # fmt: skip
    facts = [fact for fact in report["facts"] if fact["id"] in shown]
    if not facts:
        return False
    fact = rng.choice(facts)
    place = rng.choice(fact["value"]) if isinstance(fact["value"], list) else fact
    if not isinstance(place["value"], int | float) or isinstance(place["value"], bool):
        return False
    place["value"] = place["value"] * 2 + 1
    known = _facts(report)
    for insight in report["insights"]["analystInsights"]:
        for part in ("headline", "detail"):
            insight[part] = render(insight[f"{part}Template"], known)
    templates = report["insights"]["metadata"]["summaryTemplates"]
    report["insights"]["businessSummary"] = [render(template, known) for template in templates]
    return True


def _choice_of(*patterns: Sequence[str], to: Sequence[str]) -> Mutate:
    def mutate(report: Json, rng: random.Random) -> bool:
        paths = [path for pattern in patterns for path in places(report, pattern)]
        if not paths:
            return False
        path = rng.choice(paths)
        put(report, path, rng.choice([one for one in to if one != value_at(report, path)]))
        return True

    return mutate


def _other_rows(report: Json, rng: random.Random) -> bool:
    paths = list(places(report, ("insights", "analystInsights", "*", "evidence", "*", "rowIndices", "*")))
    if not paths:
        return False
    path = rng.choice(paths)
    put(report, path, value_at(report, path) + 1)
    return True


def _ghost(report: Json, rng: random.Random) -> bool:
    paths = list(places(report, ("insights", "analystInsights", "*", "evidence", "*", "factIds", "*")))
    if not paths:
        return False
    put(report, rng.choice(paths), "f_0badfac7")
    return True


def _borrowed_headline(report: Json, rng: random.Random) -> bool:
    """A true sentence of one finding stands above another's figures."""
    insights = report["insights"]["analystInsights"]
    if len(insights) < 2:
        return False
    one, other = rng.sample(range(len(insights)), 2)
    insights[one]["headline"] = insights[other]["headline"]
    return True


_SEVERITIES = ("critical", "high", "medium", "low", "info")
_TEXT_CHANGES: dict[str, Callable[[str, random.Random], str | None]] = {
    "last digit": last_digit, "another number": another_number, "another scale": another_scale,
    "points for per cent": points_for_percent, "lost per cent": lost_percent, "other sign": other_sign,
    "swapped numbers": swapped_numbers, "another period": another_period, "opposite word": opposite,
    "negation": negated, "invented sentence": invented, "other digits": other_digits,
}  # fmt: skip

# False whoever wrote the result.
FALSE: dict[str, Mutate] = {
    **{f"{name} in a sentence": _in_text(change, _WRITTEN) for name, change in _TEXT_CHANGES.items()},
    "another entity in a sentence": another_entity,
    "another slot, printed anew": _consistent(_other_slot),
    "swapped slots, printed anew": _consistent(_swapped_slots),
    "another value, printed anew": _consistent(_other_value),
    "another column, printed anew": _consistent(_other_column),
    "opposite word, printed anew": _consistent(_other_words),
    "negation, printed anew": _consistent(_not),
    "another form, printed anew": _consistent(_other_form),
    "last digit of a figure": _figure(_last_digit_of),
    "a figure scaled": _figure(_scaled),
    "sign of a figure": _figure(_negative),
    "swapped keys": _swapped_keys,
    "a renamed key": _renamed_key,
    "filter's value": _measured(_filter_value, new_id=False),
    "filter's value, id too": _measured(_filter_value, new_id=True),
    "filter's sense, id too": _measured(_filter_op, new_id=True),
    "filter gone, id too": _measured(_no_filter, new_id=True),
    "metric, id too": _measured(_metric, new_id=True),
    "fact and text together": _fact_and_text,
    "other rows": _other_rows,
    "a ghost fact": _ghost,
    "a borrowed headline": _borrowed_headline,
}

# Rule-bound in a result that the rules wrote; a model may choose here.
FALSE_OF_RULES: dict[str, Mutate] = {
    **{f"{name} beside the findings": _in_text(change, _FURTHER) for name, change in _TEXT_CHANGES.items()},
    "severity": _choice_of(("insights", "analystInsights", "*", "severity"), to=_SEVERITIES),
    "priority": _choice_of(
        ("insights", "analystInsights", "*", "recommendation", "priority"), to=("high", "medium", "low")
    ),
    "chart's kind": _choice_of(("chartSpecs", "*", "type"), to=("line", "bar", "area")),
}

# Wrong sentences by hand: nothing of them is a template's. {a}, {b} are figures of the finding, {c} a column.
WRONG_SENTENCES = (
    "almost all of it comes from one group: {a}",
    "the majority is {a}, the minority {b}",
    "{c} is unrelated to everything else, at {a}",
    "{c} rises because of {b}",
    "the 95th percentile is {a}",
    "twice the usual: {a} instead of {b}",
    "a dozen customers hold {a}",
    "about {a}, give or take a third",
    "half of {a} is lost every month",
    "{a} customers were counted, not records",
    "{c} has never been as high as {a}",
    "{a} is the best result of all, {b} the worst",
    "{c} doubled to {a}",
    "the average of all groups is {a}",
    "only {a} is left of {b}",
    "{b} caused {a}",
    "{c} will reach {a} next quarter",
    "less than {a}, and falling",
    "nobody else exceeds {b}",
    "the true value is ninety-nine, not {a}",
    "{c} correlates perfectly with {a}",
    "without doubt {a} is significant",
    "{a} per cent of {b}",
    "every second record shows {a}",
)


def wrong_by_hand(sentence: str, position: str) -> Mutate:
    """Return the mutation that puts a hand-written sentence where a headline, a comment or a summary stands."""

    def mutate(report: Json, rng: random.Random) -> bool:
        facts = _facts(report)
        insights = [
            one for one in report["insights"]["analystInsights"] if len(_SLOT.findall(one["headlineTemplate"])) > 1
        ]
        if not insights:
            return False
        insight = rng.choice(insights)
        first, second = _SLOT.findall(insight["headlineTemplate"])[:2]
        column = "{col:" + insight["columns"][0] + "}" if insight["columns"] else "it"
        template = sentence.replace("{a}", first).replace("{b}", second).replace("{c}", column)
        if position == "summary":
            report["insights"]["metadata"]["summaryTemplates"][0] = template
            report["insights"]["businessSummary"][0] = _printed(template, facts)
            return True
        if position == "detail":
            template = f"{insight['detailTemplate']}{MARK}{template}".strip()
        insight[f"{position}Template"], insight[position] = template, _printed(template, facts)
        return True

    return mutate


def _printed(template: str, facts: dict[str, Fact]) -> str:
    try:
        return render(template, facts)
    except UnfitTemplate:
        return _SLOT.sub("7", template)


BY_HAND: dict[str, Mutate] = {
    f"by hand in the {position}: {sentence}": wrong_by_hand(sentence, position)
    for position in ("headline", "detail", "summary") for sentence in WRONG_SENTENCES
}  # fmt: skip


def harmless(report: Json, rng: random.Random) -> Json:
    """Return the same result written another way: keys in another order, another job and minute, floats that differ
    in the last bit, as another machine's addition may leave them."""
    changed: Json = _rewritten(report, rng)
    changed["jobId"] = f"job_{rng.randrange(10**6)}"
    changed["processedAt"] = f"2026-01-{rng.randint(1, 28):02d}T00:00:00+00:00"
    changed["insights"]["metadata"]["seconds"] = rng.random()
    return changed


def _rewritten(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        # What is measured (an edge, a bin's width) is part of the claim; what came out may differ in the last bit.
        return {key: value[key] if key == "measure" else _rewritten(value[key], rng) for key in keys}
    if isinstance(value, list):
        return [_rewritten(one, rng) for one in value]
    if isinstance(value, float) and not value.is_integer():
        return value * (1 + rng.choice((-1, 0, 1)) * 2.0**-48)
    return value
