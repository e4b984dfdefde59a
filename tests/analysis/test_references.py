"""The profile of fifty tables, real and generated, is what numpy, scipy and polars say of the same cells."""

import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats
from tests.engine.tables import column, make_table

from datapilot.analysis.profiling import profile_table, relate
from datapilot.contracts.limits import Limits
from datapilot.contracts.profile import ColumnProfile, NumericStats
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.engine.table import Table
from datapilot.reading.read_table import read_table

ROOT = Path(__file__).parent.parent.parent
REAL = sorted(
    path for folder in ("tests/tables", "tests/tables/business", "examples") for path in (ROOT / folder).glob("*.csv")
)
GENERATED = range(50 - len(REAL))
REL = 1e-9
LENGTHS = {
    "second": timedelta(seconds=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1),
    "day": timedelta(days=1), "week": timedelta(weeks=1),
}  # fmt: skip

pytestmark = pytest.mark.spec("B3")


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_tables_equal_the_references(path: Path, tmp_path: Path) -> None:
    """Every column of every file of ours: counts exactly, statistics within 1e-9."""
    with connect(Limits(), tmp_path) as connection:
        read = read_table(path, name=path.name, options=ReadingOptions(), limits=Limits(), connection=connection)

        _check(read.table)


@pytest.mark.parametrize("seed", GENERATED)
def test_generated_tables_equal_the_references(seed: int) -> None:
    """Tables of every shape of number, with gaps, ties, far values and nothing at all."""
    _check(_generated(random.Random(seed)))


@pytest.mark.parametrize("seed", range(5))
def test_pieces_in_which_rows_arrive_change_no_figure(seed: int) -> None:
    """The same rows, inserted at once or in pieces of any size, on one thread or several: the same profile."""
    chance = random.Random(seed)
    whole = _generated(chance, rows=6_000)
    pieces = Table(whole.connection, whole.columns, whole.row_count, f"{whole.relation}_pieces")
    whole.connection.execute(f"CREATE OR REPLACE TABLE {pieces.relation} AS FROM {whole.relation} LIMIT 0")
    ends = [0, *sorted(chance.sample(range(1, 6_000), 9)), 6_000]
    for start, end in itertools.pairwise(ends):
        whole.connection.execute(
            f"INSERT INTO {pieces.relation} SELECT * FROM {whole.relation} WHERE rowid >= {start} AND rowid < {end} "
            "ORDER BY rowid"
        )

    one, other = (relate(profile_table(table).profile, table) for table in (whole, pieces))

    assert one.model_dump(exclude={"relations"}) == other.model_dump(exclude={"relations"})
    for left, right in zip(one.relations, other.relations, strict=True):
        assert left.strength == pytest.approx(right.strength, rel=REL)


def _check(table: Table) -> None:
    profile = profile_table(table).profile
    names = [f"c{place}" for place in range(len(table.columns))]
    rows = table.connection.execute(f"SELECT {', '.join(names)} FROM {table.relation}").fetchall()
    for place, told in enumerate(profile.columns):
        cells = [row[place] for row in rows]
        known = [cell for cell in cells if cell is not None]
        _check_counts(told, known, len(rows))
        numbers = profile.numeric.get(told.name)
        if numbers is not None and known:
            _check_numbers(numbers, np.array(known, dtype=np.longdouble))


def _check_counts(told: ColumnProfile, known: list[Any], rows: int) -> None:
    series = pl.Series("value", known, strict=False)
    assert told.missing_count + told.inconsistent_count == rows - len(known)
    assert told.unique_count == (series.n_unique() if known else 0)
    if told.pii is not None or not known:
        return
    counted = series.value_counts()["count"].to_list()
    often = sorted((times for times in counted if times > 1), reverse=True)[: len(told.top_values)]
    assert [top.count for top in told.top_values] == often
    if series.dtype in (pl.Date, pl.Datetime):
        _check_rhythm(told, series)
    if series.dtype == pl.String:
        lengths = series.str.len_chars()
        assert (told.min_length, told.max_length) == (lengths.min(), lengths.max())
        assert told.mean_length == pytest.approx(lengths.mean(), rel=REL)


def _check_rhythm(told: ColumnProfile, series: pl.Series) -> None:
    """The usual step and the gaps of a column whose usual step is a length of time, by polars' own differences."""
    steps = pl.DataFrame({"to": series.unique().sort()}).with_columns(
        step=pl.col("to").diff(), since=pl.col("to").shift()
    )
    steps = steps.drop_nulls()
    if len(steps) < 2:
        assert told.rhythm is None
        return
    assert told.rhythm is not None
    rhythm = told.rhythm
    if rhythm.unit not in LENGTHS:
        return  # months and weekdays have tests of their own
    usual = rhythm.every * LENGTHS[rhythm.unit]
    assert rhythm.regularity == pytest.approx((steps["step"] == usual).mean(), rel=REL)
    assert (steps["step"] == usual).sum() == steps["step"].value_counts()["count"].max()
    longer = steps.filter(pl.col("step") > usual)
    assert rhythm.gaps == (len(longer) if rhythm.regularity >= 0.5 else None)
    if rhythm.gaps != 0:
        longest = steps.filter(pl.col("step") == steps["step"].max()).row(0, named=True)
        assert (rhythm.gap_from, rhythm.gap_to) == (longest["since"].isoformat(), longest["to"].isoformat())


def _check_numbers(told: NumericStats, values: np.ndarray) -> None:
    plain = values.astype(np.float64)
    size = float(np.abs(plain).max()) or 1.0
    assert told.count == len(plain)
    assert (told.zeros, told.negatives) == (int((plain == 0).sum()), int((plain < 0).sum()))
    assert (told.min, told.max) == (pytest.approx(plain.min(), rel=REL), pytest.approx(plain.max(), rel=REL))
    assert told.mean == pytest.approx(float(values.mean()), rel=REL, abs=1e-12 * size)
    assert told.median == pytest.approx(float(np.median(plain)), rel=REL, abs=1e-12 * size)
    if told.sum is not None:
        assert told.sum == pytest.approx(float(values.sum()), rel=REL, abs=1e-12 * size * len(plain))
    for name, share in (("p01", 1), ("p05", 5), ("p25", 25), ("p50", 50), ("p75", 75), ("p95", 95), ("p99", 99)):
        expected = float(np.percentile(plain, share))
        assert told.quantiles[name] == pytest.approx(expected, rel=REL, abs=1e-12 * size)
    if len(plain) > 1:
        assert told.std == pytest.approx(float(values.std(ddof=1)), rel=REL, abs=1e-12 * size)
    if len(set(plain.tolist())) > 1 and len(plain) > 3:
        # About the exact mean: scipy's own subtraction of a rounded one loses digits on nearly constant columns.
        apart = (values - values.mean()).astype(np.float64)
        assert told.skew == pytest.approx(float(stats.skew(apart, bias=False)), rel=REL, abs=1e-9)
        assert told.kurtosis == pytest.approx(float(stats.kurtosis(apart, bias=False)), rel=REL, abs=1e-9)
    distances = np.abs(plain - np.median(plain))
    mad = float(np.median(distances))
    assert told.outliers == (int((distances > 3.5 * 1.4826 * mad).sum()) if mad > 0 else 0)


def _generated(chance: random.Random, *, rows: int | None = None) -> Table:
    count = rows or chance.choice((1, 2, 3, 17, 200, 1_500))
    kinds: dict[str, Iterator[Any]] = {
        "amount": (round(chance.lognormvariate(3, 2), 2) for _ in itertools.count()),
        "rate": (round(chance.gauss(0, 1e-3), 9) for _ in itertools.count()),
        "level": (1e6 + chance.random() for _ in itertools.count()),
        "far": (chance.choice((1.0, 2.0, 3.0, 1e12, -1e12)) for _ in itertools.count()),
        "units": (chance.randrange(-40, 40) for _ in itertools.count()),
        "big": (chance.randrange(-(2**50), 2**50) for _ in itertools.count()),
        "same": itertools.repeat(7),
        "label": (chance.choice(("North", "South", "", "ä", "日本", "a b")) for _ in itertools.count()),
        "code": (f"K{chance.randrange(10**6)}" for _ in itertools.count()),
        "day": (date(2020, 1, 1) + timedelta(days=chance.randrange(900)) for _ in itertools.count()),
        "paid": (chance.random() < 0.3 for _ in itertools.count()),
    }
    storage = {"units": "BIGINT", "big": "BIGINT", "same": "BIGINT", "label": "VARCHAR", "code": "VARCHAR",
               "day": "DATE", "paid": "BOOLEAN"}  # fmt: skip
    gaps = chance.choice((0.0, 0.1, 0.9))
    columns = [column(name, storage.get(name, "DOUBLE")) for name in kinds]
    return make_table(
        columns,
        [[None if chance.random() < gaps else next(values) for values in kinds.values()] for _ in range(count)],
    )
