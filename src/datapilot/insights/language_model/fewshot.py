"""The instructions and worked examples that precede a question: files, which a user may edit or replace.

Of the examples those are shown whose table resembles the one at hand. The choice depends on nothing else, so that the
same table brings the same prompt.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from datapilot.contracts.base import Contract
from datapilot.contracts.errors import InvalidSettings
from datapilot.contracts.report import Report

SHIPPED = Path(__file__).parent / "prompts"
DEFAULT_COUNT = 3
OUTLIER_RATIO = 10.0  # max / min beyond which a column counts as having outliers
STRONG = 0.7  # |r| beyond which two columns count as strongly correlated

MissingBucket = Literal["none", "low", "medium", "high"]
RowsBucket = Literal["small", "medium", "large"]

WEIGHTS: Mapping[str, float] = {
    "has_date_column": 1.5,
    "has_outliers": 2.0,
    "has_strong_correlation": 1.5,
    "has_duplicates": 1.0,
    "missing_pct_bucket": 1.5,
    "row_count_bucket": 0.5,
}


class Features(Contract):
    """What a table is like, as far as the choice of examples goes."""

    has_date_column: bool
    has_outliers: bool
    has_strong_correlation: bool
    has_duplicates: bool
    missing_pct_bucket: MissingBucket
    row_count_bucket: RowsBucket


class Example(Contract):
    """One worked example: `data` as a model receives it, `reply` as it should answer."""

    id: str
    title: str
    features: dict[str, Any]
    data: dict[str, Any]
    reply: dict[str, Any]

    @property
    def traits(self) -> Features:
        """The features, typed. Raises ValidationError."""
        return Features.model_validate(self.features)


class Prompts(Contract):
    """The instructions and the examples, in the order of their names."""

    system: str
    examples: tuple[Example, ...]


def load_prompts(folder: Path | None = None) -> Prompts:
    """Return the shipped prompts, or a user's own where `folder` holds them.

    `system.md` replaces the instructions, a folder `examples` all the examples. Raises InvalidSettings for a file
    that cannot be used, naming it.
    """
    if folder is not None and not folder.is_dir():
        raise InvalidSettings(f"PROMPTS_DIR: there is no folder {folder}.")
    system = _first(folder, "system.md")
    examples = _first(folder, "examples")
    try:
        instructions = system.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise InvalidSettings(f"PROMPTS_DIR: {system} cannot be read as UTF-8 text.") from None
    if not instructions:
        raise InvalidSettings(f"PROMPTS_DIR: {system} is empty.")
    return Prompts(system=instructions, examples=_examples(examples))


def features_of(report: Report) -> Features:
    """Return what the table of a report is like."""
    cells = report.kpis.row_count * max(report.kpis.col_count, 1)
    missing_pct = 100 * report.kpis.missing_count / cells if cells else 0.0
    rows = report.kpis.row_count
    return Features(
        has_date_column=any(column.inferred_type == "datetime" for column in report.columns),
        has_outliers=any(
            stats.min is not None and stats.max is not None and stats.min > 0 and stats.max / stats.min > OUTLIER_RATIO
            for stats in report.kpis.numeric_stats.values()
        ),
        has_strong_correlation=any(abs(r) > STRONG for r in _correlations(report)),
        has_duplicates=report.kpis.num_duplicates > 0,
        missing_pct_bucket="none" if missing_pct == 0
        else "low" if missing_pct < 5 else "medium" if missing_pct < 20 else "high",
        row_count_bucket="small" if rows < 1_000 else "medium" if rows < 100_000 else "large",
    )  # fmt: skip


def choose_examples(
    features: Features, examples: Sequence[Example], *, count: int = DEFAULT_COUNT
) -> tuple[Example, ...]:
    """Return the `count` examples most like the table, most alike first; ties in the order given."""
    return tuple(sorted(examples, key=lambda example: -similarity(features, example.traits))[:count])


def similarity(one: Features, other: Features) -> float:
    """Return the weights of the features in which the two agree, summed; at most 8."""
    return sum(weight for name, weight in WEIGHTS.items() if getattr(one, name) == getattr(other, name))


def _correlations(report: Report) -> list[float]:
    facts = [
        float(fact.value)
        for fact in report.facts
        if fact.measure.metric == "correlation" and isinstance(fact.value, int | float)
    ]
    drawn = [
        float(cell)
        for chart in report.chart_specs
        if chart.type == "heatmap" and chart.value_key is not None
        for point in chart.data
        if point.get(chart.x_key) != point.get(chart.y_key)
        and isinstance(cell := point.get(chart.value_key), int | float)
    ]
    return facts + drawn


def _first(folder: Path | None, name: str) -> Path:
    own = folder / name if folder is not None else None
    return own if own is not None and own.exists() else SHIPPED / name


def _examples(folder: Path) -> tuple[Example, ...]:
    files = sorted(folder.glob("*.json"))
    if not files:
        raise InvalidSettings(f"PROMPTS_DIR: {folder} holds no example (*.json). Without that folder ours are shown.")
    return tuple(_example(path) for path in files)


def _example(path: Path) -> Example:
    try:
        example = Example.model_validate_json(path.read_bytes())
        if example.traits:
            return example
    except (OSError, ValidationError):
        pass
    raise InvalidSettings(f"PROMPTS_DIR: {path} is no example: it needs id, title, features, data and reply.")
