"""The rules of honest charts, applied to specs: every finding is a sentence, and there should be none."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import pairwise

from datapilot.analysis.timeline import name_of, next_start
from datapilot.contracts.chart import ChartSpec
from datapilot.contracts.measure import Fact
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.words.render import render
from datapilot.words.scales import MOST_STEPS

TYPE_WORDS = re.compile(r"\b(chart|graph|plot|histogram|scatter|heat ?map|bars?|lines?)\b", re.IGNORECASE)
WEEKDAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
HOURS = {f"{hour:02d}:00" for hour in range(24)}
MOST_PAIRS = 3  # categories of two values, one of which may have rows without any
NEVER_ON_AXES = {"identifier", "constant", "empty", "email", "phone", "url"}
MOST_BARS = 15  # a short list is drawn whole; of a category eight, the missing ones, and the rest
MOSTLY = 0.85  # of the values in one bin or of the points in one place: the rest cannot be seen


def lint_charts(charts: Sequence[ChartSpec], facts: Sequence[Fact], profile: TableProfile) -> list[str]:
    """Return everything that is wrong with the charts of one table, each line naming the chart."""
    known = {fact.id: fact for fact in facts}
    found = [f"{spec.type} “{spec.title}”: {problem}" for spec in charts for problem in lint(spec, known, profile)]
    if len(charts) > 12:
        found.append(f"{len(charts)} charts are too many")
    if len({spec.id for spec in charts}) < len(charts):
        found.append("two charts bear one id")
    if len({spec.title for spec in charts}) < len(charts):
        found.append("two charts say the same")
    bars = [(spec.y_label, *_values(spec, spec.y_key)) for spec in charts if spec.type == "bar"]
    if len(set(bars)) < len(bars):
        found.append("two charts draw the same bars")
    pairs = {spec.x_label for spec in charts if spec.type == "bar" and len(spec.data) == 2}
    if len(pairs) > MOST_PAIRS:
        found.append(f"{len(pairs)} charts of two bars")
    years = [spec.x_label for spec in charts if spec.type == "histogram" and re.fullmatch(r"(19|20)\d\d", spec.x_label)]
    if len(years) > 1:
        found.append(f"one figure year by year: {years}")
    return found


def lint(spec: ChartSpec, known: dict[str, Fact], profile: TableProfile) -> Iterator[str]:
    """Yield what is wrong with one chart."""
    yield from _texts(spec, known)
    yield from _records(spec)
    yield from _columns(spec, known, profile)
    yield from {"line": _line, "bar": _bar, "histogram": _histogram, "scatter": _scatter, "heatmap": _heatmap}[
        spec.type
    ](spec)
    yield from _claims(spec, [known[one] for one in spec.fact_ids if one in known], profile)


def _claims(spec: ChartSpec, facts: Sequence[Fact], profile: TableProfile) -> Iterator[str]:
    """Yield what the drawing would deny, or leaves to chance."""
    ratios = [fact.value for fact in facts if fact.measure.metric == "correlation_ratio"]
    if spec.type == "bar" and any(isinstance(ratio, float) and ratio < 0.1 for ratio in ratios):
        yield "its averages hang on no category"
    if spec.type == "line" and spec.partial_last and facts[0].measure.metric == "mean":
        *whole, part = (record[spec.y_key] for record in spec.data)
        known = [float(value) for value in whole if isinstance(value, int | float)]
        if isinstance(part, int | float) and part > max(known) and re.search(r"peaked|highest|rose", spec.title):
            yield "it names a highest period below the last one"
    most = profile.numeric[str(facts[0].measure.column)].max if spec.type == "histogram" else None
    last = spec.data[-1]
    width = float(str(last["to"])) - float(str(last["x"])) if "to" in last else 0.0
    if most is not None and width >= 5 and float(str(last["x"])) == most:
        yield "its last bin holds the highest value alone and promises more"


def _texts(spec: ChartSpec, known: dict[str, Fact]) -> Iterator[str]:
    if missing := [one for one in spec.fact_ids if one not in known]:
        yield f"cites facts that are not there: {missing}"
        return
    if render(spec.title_template, {one: known[one] for one in spec.fact_ids}) != spec.title:
        yield "the title is not its template"
    if not spec.title or TYPE_WORDS.search(re.sub(r"\{[^}]*\}", "", spec.title_template)):
        yield "the title names the kind of drawing, or nothing"
    if len(spec.alt) < 20 or not spec.subtitle:
        yield "nothing describes it to someone who cannot see it"
    if spec.type != "heatmap" and not (spec.x_label and spec.y_label):
        yield "an axis has no label"


def _records(spec: ChartSpec) -> Iterator[str]:
    keys = [spec.x_key, spec.y_key, *([spec.value_key] if spec.value_key else [])]
    if any(key not in record for record in spec.data for key in keys):
        yield "a record lacks one of its keys"
    if spec.points_shown != len(spec.data) or spec.points_total < 1:
        yield "the number of points is wrong"
    numbers = [value for record in spec.data for value in record.values() if isinstance(value, float)]
    if not all(map(math.isfinite, numbers)):
        yield "a point is no number"
    if len(json.dumps(spec.model_dump(mode="json"))) > 120_000:
        yield "it is too large"


def _columns(spec: ChartSpec, known: dict[str, Fact], profile: TableProfile) -> Iterator[str]:
    columns = {column.name: column for column in profile.columns}
    for one in spec.fact_ids:
        measure = known[one].measure
        for name in (measure.column, measure.column2, measure.by):
            if name is None:
                continue
            column = columns[name]
            if column.pii is not None or column.inferred_type in NEVER_ON_AXES or column.subtype == "code":
                yield f"shows {name}, which is {column.pii or column.inferred_type}"
            if column.unique_count < 2:
                yield f"shows {name}, which never changes"
        yield from _roles(measure.metric, columns.get(str(measure.column)))


def _roles(metric: str, column: ColumnProfile | None) -> Iterator[str]:
    if column is None or column.storage not in ("BIGINT", "DOUBLE"):
        return
    if metric in ("sum", "share_sum") and column.role != "sum":
        yield f"adds up {column.name}, which is not an amount"
    if metric == "mean" and column.role not in ("sum", "average"):
        yield f"averages {column.name}, which is not a number to average"


def _values(spec: ChartSpec, key: str) -> list[float]:
    return [float(record[key]) for record in spec.data if isinstance(record[key], int | float)]  # type: ignore[arg-type]


def _line(spec: ChartSpec) -> Iterator[str]:
    periods = [str(record[spec.x_key]) for record in spec.data]
    if len(set(periods)) < len(periods) or periods != sorted(periods):
        yield "time does not run evenly"
    if re.fullmatch(r"\d{4}-\d{2}", periods[0]):
        start = next_start("month", _month(periods[0]))
        for name in periods[1:]:
            if name != name_of(start, "month"):
                yield f"a month is left out before {name}"
                break
            start = next_start("month", start)
    known = _values(spec, spec.y_key)
    if len(known) - (spec.partial_last and spec.data[-1][spec.y_key] is not None) < 3:
        yield "fewer than three points are no line"
    if len(known) < len(spec.data) / 2:
        yield "it is mostly gap"
    if spec.partial_last and not (spec.note and "not complete" in spec.note):
        yield "the part period is not explained"


def _month(name: str) -> datetime:
    return datetime.combine(date.fromisoformat(f"{name}-01"), time())


def _bar(spec: ChartSpec) -> Iterator[str]:
    names = [str(record[spec.x_key]) for record in spec.data]
    rest = [place for place, name in enumerate(names) if re.fullmatch(r"Other \([\d,.M]+ values?.*\)", name)]
    if rest and rest != [len(names) - 1]:
        yield "the rest does not stand last"
    values = _values(spec, spec.y_key)[: len(names) - len(rest)]
    if not set(names) <= WEEKDAYS | HOURS and spec.order is None and values != sorted(values, reverse=True):
        yield "the bars are not in order"
    if len(set(names)) < len(names):
        yield "two bars bear one name"
    if spec.order is not None and (rest or sorted(spec.order) != list(range(len(names)))):
        yield "its order is not that of its bars"
    most = len(HOURS) if set(names) <= HOURS else MOST_BARS if spec.order is None else MOST_STEPS + 1
    if not 2 <= len(names) <= most:
        yield f"{len(names)} bars"
    if max(values) == min(values):
        yield "all bars are equal"
    if spec.unit == "rows" and max(_values(spec, spec.y_key)) > 0.95 * spec.points_total:
        yield "one bar holds nearly everything"


def _histogram(spec: ChartSpec) -> Iterator[str]:
    lows = _values(spec, "x")
    # A bin of a single whole number has no upper edge.
    uppers = [record.get("to", float(str(record["x"])) + 1) for record in spec.data]
    edges = [(low, float(str(upper))) for low, upper in zip(lows, uppers, strict=True)]
    widths = [high - low for low, high in edges]
    if any(not math.isclose(width, widths[0], rel_tol=1e-6) for width in widths):
        yield "the bins are not of one width"
    if any(left[1] != right[0] for left, right in pairwise(edges)):
        yield "a bin is left out"
    lead = widths[0] / 10 ** math.floor(math.log10(widths[0]))
    if not any(math.isclose(lead, round_one, rel_tol=1e-6) for round_one in (1, 2, 2.5, 5, 10)):
        yield f"the bins are {widths[0]} wide"
    if not 3 <= len(edges) <= 60:
        yield f"{len(edges)} bins"
    if max(_values(spec, spec.y_key)) > MOSTLY * spec.points_total:
        yield "one bin holds nearly everything"
    if sum(_values(spec, spec.y_key)) != spec.points_total:
        yield "the bins do not add up to the values drawn"


def _scatter(spec: ChartSpec) -> Iterator[str]:
    if spec.sample is None or len(set(spec.sample.columns)) < 2:
        yield "it does not say which rows it shows"
    elif spec.sample.step > 1 and "drawn" not in (spec.note or ""):
        yield "it does not say that rows are left out"
    points = list(zip(_values(spec, spec.x_key), _values(spec, spec.y_key), strict=True))
    if len(set(points)) < 20:
        yield "too few points"
    middle = [(max(side) + min(side)) / 2 for side in zip(*points, strict=True)]
    quarters = Counter(tuple(value > half for value, half in zip(point, middle, strict=True)) for point in points)
    if quarters.most_common(1)[0][1] > 0.98 * len(points):
        yield "one point or two lie far from all others"


def _heatmap(spec: ChartSpec) -> Iterator[str]:
    cells = {(record["x"], record["y"]): record["value"] for record in spec.data}
    if any(not -1 <= float(str(value)) <= 1 for value in cells.values()):
        yield "a correlation beyond one"
    if any(cells.get((y, x)) != value for (x, y), value in cells.items()):
        yield "it is not symmetric"
    if len({x for x, _ in cells}) < 3:
        yield "too few columns"
    if max(abs(float(str(value))) for value in cells.values()) < 0.3:
        yield "nothing in it moves together"
