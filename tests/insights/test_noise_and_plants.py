"""What is there is told, what is not there is not. The long form: `python -m benchmarks.run insight_noise`."""

import pytest
from tests.insights.planted import KINDS, false_in_panel, false_rates, is_told, noise_table
from tests.insights.tables import insights_of

NOISE_TABLES = 40
MOST_FALSE_PER_TABLE = 0.1
PLANTS_PER_KIND = 2
LEAST_RECALL = 0.9


@pytest.mark.spec("C6")
def test_noise_tables_hardly_ever_give_a_finding() -> None:
    """Tables of noise, half of them remembering their neighbour row: at most one finding in ten tables."""
    findings = 0
    for seed in range(NOISE_TABLES):
        cells, known = noise_table(seed)
        findings += len(insights_of(cells, **known).analyst_insights)

    assert findings / NOISE_TABLES <= MOST_FALSE_PER_TABLE


@pytest.mark.spec("C6")
def test_what_happens_to_all_alike_is_hardly_ever_told_of_some() -> None:
    """Returns, delays and overspending that fall where they like."""
    assert sum(false_rates(seed) for seed in range(12)) <= 12 * MOST_FALSE_PER_TABLE


@pytest.mark.spec("C6")
def test_panels_of_noise_hardly_ever_have_a_way() -> None:
    """Six shops alike for thirty months: none grew, none moved most."""
    assert sum(false_in_panel(seed) for seed in range(40)) <= 40 * MOST_FALSE_PER_TABLE


@pytest.mark.parametrize("seed", range(4))
def test_noise_table_gets_honest_sentences(seed: int) -> None:
    """Nothing found is said as such, with the size of the table and its completeness, in at least three sentences."""
    cells, known = noise_table(seed)

    insights = insights_of(cells, **known)

    assert insights.analyst_insights == ()
    assert len(insights.business_summary) >= 3
    assert "No difference, trend or relation stands out beyond chance." in insights.business_summary
    assert insights.metadata.tests_run > 20


@pytest.mark.spec("C6")
@pytest.mark.parametrize("kind", KINDS)
def test_planted_effect_is_told(kind: str) -> None:
    """One effect of each kind among noise is found, at the right columns and in the right direction."""
    assert is_told(kind, 1)


@pytest.mark.spec("C6")
def test_nine_of_ten_planted_effects_are_told() -> None:
    """Recall over further tables of each kind."""
    told = [is_told(kind, seed) for kind in KINDS for seed in range(2, 2 + PLANTS_PER_KIND)]

    assert sum(told) / len(told) >= LEAST_RECALL
