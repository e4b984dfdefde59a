"""Which pairs of columns a report tells of as going together."""

import numpy as np
import pytest
from tests.engine.tables import column, make_table

from datapilot.analysis.profiling import profile_table, relate
from datapilot.analysis.together import MOST_PAIRS, NAME_BYTES, choose_pairs
from datapilot.contracts.profile import RelatedPair, Relation, TableProfile

pytestmark = pytest.mark.spec("B3")

ROWS = 400


def test_numbers_and_categories_that_go_together_are_told_by_strength() -> None:
    """Of two numbers Pearson's r, of two categories Cramer's V, of a number by a category the correlation ratio; what
    hangs on nothing is not told."""
    chance = np.random.default_rng(5)
    sites = chance.integers(0, 3, ROWS)
    managers = np.where(chance.random(ROWS) < 0.8, sites, chance.integers(0, 3, ROWS))
    waits = 6.0 * sites + chance.normal(0, 2, ROWS)
    prices = -0.5 * waits + chance.normal(0, 3, ROWS)
    names = [f"manager {place}" for place in managers]
    cells = zip([f"site {place}" for place in sites], names, waits, prices, chance.normal(0, 1, ROWS), strict=True)
    columns = [
        column("site", "VARCHAR"), column("manager", "VARCHAR"), column("wait", "DOUBLE"), column("price", "DOUBLE"),
        column("noise", "DOUBLE"),
    ]  # fmt: skip
    table = make_table(columns, cells)

    told = choose_pairs(relate(profile_table(table).profile, table))

    found = {(one.kind, one.column, one.column2): one.strength for one in told.pairs}
    assert [abs(strength) for strength in found.values()] == sorted(map(abs, found.values()), reverse=True)
    assert found["correlation", "wait", "price"] < 0
    assert found["association", "site", "manager"] > 0.5
    assert next(iter(found)) == ("correlation_ratio", "wait", "site")
    assert not any("noise" in pair for pair in found)
    assert (told.compared, told.clear) == (1 + 3 + 6, len(found))


@pytest.mark.parametrize(
    "relation",
    [
        pytest.param({"strength": 0.09}, id="too slight to matter"),
        pytest.param({"n": 19}, id="of a handful of rows"),
        pytest.param({"p_value": 0.001}, id="as clear as one in so many pairs is by chance"),
    ],
)
def test_pairs_that_say_nothing_are_not_told(relation: dict[str, float]) -> None:
    """A reader who looks for what goes together gets no list of accidents."""
    weak = _relation("wait", "price", 0.5).model_copy(update=relation)

    told = choose_pairs(_profile([_relation("wait", "visits", 0.4), weak], compared=45))

    assert [(one.column, one.column2) for one in told.pairs] == [("wait", "visits")]


def test_columns_that_mark_a_missing_value_by_a_number_are_left_out() -> None:
    """Where two sensors fail together, -200 goes with -200: that says nothing of what they measure."""
    chance = np.random.default_rng(8)
    fails = chance.random(ROWS) < 0.1
    readings = [np.where(fails, -200.0, chance.normal(20, 4, ROWS)) for _ in range(2)]
    load = chance.normal(50, 9, ROWS)
    cells = zip(*readings, load, load + chance.normal(0, 4, ROWS), strict=True)
    table = make_table([column(name, "DOUBLE", role="average") for name in ("no2", "co", "load", "fan")], cells)

    told = choose_pairs(relate(profile_table(table).profile, table))

    assert [(one.column, one.column2) for one in told.pairs] == [("load", "fan")]
    assert (told.compared, told.marked) == (6, 2)


def test_one_figure_told_twice_comes_last() -> None:
    """That kilograms go with pounds is no news, but true."""
    told = choose_pairs(_profile([_relation("kg", "pounds", 1.0), _relation("kg", "height", -0.3)], compared=3))

    assert [one.column2 for one in told.pairs] == ["height", "pounds"]
    assert told.pairs[0] == RelatedPair(kind="correlation", column="kg", column2="height", strength=-0.3, n=100)


@pytest.mark.spec("B9")
@pytest.mark.parametrize("letters", [4, 2_000], ids=["short names", "names of a page each"])
def test_list_stays_short_whatever_the_table(letters: int) -> None:
    """A result has room for the strongest pairs alone, and says how many there were."""
    names = [f"{place:04}".ljust(letters, "x") for place in range(100)]

    told = choose_pairs(_profile([_relation(names[0], name, 0.5) for name in names[1:]], compared=4950))

    assert told.clear == 99
    assert 0 < len(told.pairs) <= MOST_PAIRS
    assert sum(len(one.column) + len(one.column2) for one in told.pairs) <= NAME_BYTES


def _relation(one: str, other: str, strength: float) -> Relation:
    return Relation(kind="correlation", column=one, column2=other, strength=strength, n=100, p_value=1e-9)


def _profile(relations: list[Relation], *, compared: int) -> TableProfile:
    return TableProfile(
        rows=100,
        columns=(),
        missing_cells=0,
        inconsistent_cells=0,
        duplicate_rows=0,
        numeric={},
        relations=tuple(relations),
        pairs_compared=compared,
    )
