"""What is told of one choice that is spread over several yes-or-no columns: once, of the one that stands out."""

from typing import Any

import numpy as np
import pytest
from tests.insights.tables import Cells, collected, insights_of, table_of

from datapilot.contracts.insight import Insight

pytestmark = pytest.mark.spec("C6")

ROWS = 600
REGIONS = ("north", "south", "west")
SUM = {"role": "sum"}


def spread(codes: np.ndarray[Any, Any], names: tuple[str, ...] = REGIONS) -> Cells:
    return {name: (codes == place).tolist() for place, name in enumerate(names)}


def found(cells: Cells, **known: Any) -> list[Insight]:
    return list(insights_of(cells, **known).analyst_insights)


def test_first_of_a_choice_is_told_beside_the_next() -> None:
    """Not that north is no for half of all: how many are which."""
    codes = np.repeat([0, 1, 2], [360, 150, 90])
    codes = np.random.default_rng(4).permutation(codes)

    told = [one for one in found(spread(codes)) if one.kind == "dominance"]

    assert [one.headline for one in told] == ["60% of records are marked north, 25% south"]
    assert told[0].detail == "No record has two of these: north 60%, south 25%, west 15%."


def test_difference_is_told_once_and_of_the_one_that_has_it() -> None:
    """That the others have less where it is no, and that they rule it out, is the same told again."""
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 3, ROWS)
    amount = rng.normal(100, 10, ROWS) + 40 * (codes == 1)

    told = found({"amount": amount.tolist(), **spread(codes)})

    assert len(told) == 1
    assert told[0].headline.startswith("Average amount is 14")
    assert "where south is yes, against" in told[0].headline


def test_event_is_told_by_the_choice() -> None:
    """Who left most often, of all the groups together."""
    rng = np.random.default_rng(6)
    codes = rng.integers(0, 3, ROWS)
    churned = rng.random(ROWS) < np.where(codes == 2, 0.5, 0.1)

    told = [one.headline for one in found({"churned": churned.tolist(), **spread(codes)}) if "west" in one.headline]

    assert len(told) == 1
    assert "records whose west is yes churned, against" in told[0]


def test_years_spread_over_columns_are_no_groups() -> None:
    """A row of 1983 is no kind of row, and the year beside it tells the way."""
    rng = np.random.default_rng(7)
    codes = rng.integers(0, 3, ROWS)
    names = ("y81", "y82", "y83")

    told = found({"amount": (rng.normal(100, 10, ROWS) + 40 * codes).tolist(), **spread(codes, names)})

    assert [one.headline for one in told if any(name in one.headline for name in names)] == []


def test_relation_that_is_the_mix_of_a_choice_is_not_told() -> None:
    """Columns of yes and no explain a relation as a column of kinds does."""
    rng = np.random.default_rng(8)
    codes = rng.integers(0, 3, ROWS)
    cells = {
        "height": (rng.normal(10, 1, ROWS) + 8 * codes).tolist(),
        "yield": (rng.normal(50, 1, ROWS) + 9 * codes).tolist(),
        **spread(codes),
    }

    assert [one for one in found(cells) if one.kind == "correlation"] == []


def test_choices_of_noise_hardly_ever_give_a_finding() -> None:
    """Groups of one size, amounts and a yes that fall where they like: at most one finding in ten tables."""
    told = 0
    for seed in range(20):
        rng = np.random.default_rng(100 + seed)
        cells: Cells = {
            "amount": rng.gamma(2, 30, 300).round(2).tolist(), "score": rng.normal(50, 9, 300).tolist(),
            "churned": (rng.random(300) < 0.3).tolist(),
            **spread(rng.permutation(np.repeat(np.arange(5), 60)), ("kind_a", "kind_b", "kind_c", "kind_d", "kind_e")),
        }  # fmt: skip
        one, _ = collected(table_of(cells, amount=SUM))
        told += sum(len(set(finding.columns) & {*cells} - {"churned"}) > 0 for finding in one.findings)

    assert told <= 2
