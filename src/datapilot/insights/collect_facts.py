"""Find what a table shows: tests choose, the engine computes, and only what its exact figures bear out is kept."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

import numpy as np

from datapilot.contracts.insight import Finding, Recommendation
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.profile import TableProfile
from datapilot.engine.evaluate import evaluate
from datapilot.engine.table import Table
from datapilot.insights.candidate import Candidate, Facts, in_percent
from datapilot.insights.carriers import find_carriers
from datapilot.insights.kinds.against_plan import find_plans
from datapilot.insights.kinds.answers_by_group import find_answers_by_group
from datapilot.insights.kinds.association import find_associations
from datapilot.insights.kinds.batches import find_batches
from datapilot.insights.kinds.batteries import find_batteries
from datapilot.insights.kinds.below_zero import find_taken_back
from datapilot.insights.kinds.bursts import find_bursts
from datapilot.insights.kinds.choice_shares import find_choice_shares
from datapilot.insights.kinds.columns_total import find_column_totals, parts_of_totals
from datapilot.insights.kinds.common_mentions import find_common_mentions, find_mentioned_amounts
from datapilot.insights.kinds.common_way import find_common_ways
from datapilot.insights.kinds.correlation import find_correlations
from datapilot.insights.kinds.courses import find_courses
from datapilot.insights.kinds.crossings import find_crossings
from datapilot.insights.kinds.departures import find_departures
from datapilot.insights.kinds.dominance import find_busy_names, find_dominant_totals, find_dominant_values
from datapilot.insights.kinds.double_counts import find_double_counts
from datapilot.insights.kinds.event_totals import find_events
from datapilot.insights.kinds.events import find_event_rates
from datapilot.insights.kinds.extremes import find_concentrations, find_outliers
from datapilot.insights.kinds.far_dates import find_far_dates
from datapilot.insights.kinds.flagged_amounts import find_flagged_amounts
from datapilot.insights.kinds.flows import find_flows
from datapilot.insights.kinds.gaps_in_data import find_missing
from datapilot.insights.kinds.group_gap import find_group_gaps
from datapilot.insights.kinds.leaders import find_leaders
from datapilot.insights.kinds.load import find_loads
from datapilot.insights.kinds.losses import find_losses
from datapilot.insights.kinds.mention_gaps import find_mention_gaps
from datapilot.insights.kinds.mentions_by_group import find_mentions_by_group
from datapilot.insights.kinds.mix import find_mix_changes
from datapilot.insights.kinds.over_time import find_changes
from datapilot.insights.kinds.panel_moves import find_moves, find_shifts, find_standings
from datapilot.insights.kinds.plans_crossed import find_crossed_plans
from datapilot.insights.kinds.rates import find_rates
from datapilot.insights.kinds.repeats import find_repeats
from datapilot.insights.kinds.rounds import find_rounds
from datapilot.insights.kinds.scenarios import find_scenarios
from datapilot.insights.kinds.seasons import find_seasons
from datapilot.insights.kinds.shared_keys import find_shared_keys
from datapilot.insights.kinds.shares_across import find_shares_across
from datapilot.insights.kinds.spellings import find_spellings
from datapilot.insights.kinds.spikes import find_spikes
from datapilot.insights.kinds.spikes_across import find_spikes_across
from datapilot.insights.kinds.steps import find_steps
from datapilot.insights.kinds.two_sides import find_two_sides
from datapilot.insights.kinds.under_limits import find_under_limits
from datapilot.insights.kinds.unfit_columns import find_constants, find_sentinels, find_untimely
from datapilot.insights.kinds.within import find_relations_within
from datapilot.insights.kinds.year_on_year import find_years_on_year
from datapilot.insights.kinds.years_across import find_years_across
from datapilot.insights.overview import overview_measures
from datapilot.insights.ranking import in_order, severity_of
from datapilot.insights.statistics import Test, by_threshold
from datapilot.insights.stories import each_story_once, told_once, without_repeats
from datapilot.insights.subjects.choose_columns import of_earlier_years
from datapilot.insights.subjects.find_subjects import find_subjects
from datapilot.insights.subjects.nouns import RECORDS, named, noun_of
from datapilot.insights.subjects.panels import find_panels
from datapilot.insights.subjects.subjects import Subjects
from datapilot.insights.subjects.timeline import LONGEST, Timeline, find_timeline

FALSE_DISCOVERY_RATE = 0.05
MOST_CANDIDATES = 28  # made exact; the page shows 15
BEHIND_ITS_TOTAL = 0.6  # of the effect that a part of a total has by itself
BEHIND_WHAT_SAYS_MORE = 0.6  # what two groups together, or a rate, leave of it
BEHIND_LATER_YEARS = 0.8
_ACROSS = frozenset({"trend", "mover"})  # from the first year to the last
_OF_ROWS = frozenset({"dominance", "mix_change", "burst"})
_CANDIDATES_PER_KIND = 5
_CANDIDATES_PER_COLUMN = 7
_PRIORITY = {"critical": "high", "high": "high", "medium": "medium", "low": "low", "info": "low"}


class Collected(NamedTuple):
    """Findings in no particular order, the facts they cite, and how many relations were tested to find them.

    `overview` names the facts that describe the table as a whole; `noun` says what its rows are, `clock` the column
    that tells when.
    """

    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...]
    tests_run: int
    overview: tuple[str, ...] = ()
    noun: str = RECORDS
    clock: str | None = None


class Screened(NamedTuple):
    """What a table may show by the cells looked at: every test, and the candidates for findings that they or counts
    support."""

    subjects: Subjects
    tests: Sequence[Test]
    candidates: Sequence[Candidate]


def screen(table: Table, profile: TableProfile, *, clock: str | None = None) -> Screened:
    """Return what the table may show. `clock` is the date column that tells the time before any other."""
    subjects = find_subjects(table, profile, clock=clock)
    return Screened(subjects, *_screened(subjects))


def collect_findings(table: Table, screened: Screened) -> Collected:
    """Return what the table shows. One family of p-values a table, kept by Benjamini & Yekutieli (2001)."""
    subjects, tests, candidates = screened
    threshold = by_threshold(np.array([test.p_value for test in tests]), FALSE_DISCOVERY_RATE)
    kept = [one for one in candidates if one.p_value is None or one.p_value <= threshold]
    kept = _behind_what_says_more(kept)
    kept = each_story_once(without_repeats(kept, find_carriers(kept, subjects)), subjects)
    clock = subjects.clock.column if subjects.clock else None
    ordered = in_order(
        kept, most=len(kept), per_kind=_CANDIDATES_PER_KIND, per_column=_CANDIDATES_PER_COLUMN, clock=clock
    )
    promising = list(islice((one for one in ordered if one.stands()), MOST_CANDIDATES))
    overview = overview_measures(subjects)
    facts = _exact(chain(overview, *(one.measures for one in promising)), table)
    noun, percentages = noun_of(subjects.profile), subjects.percentages
    worded = (finding for one in promising if (finding := _finding(one, facts, noun, percentages)) is not None)
    findings = tuple(told_once(worded, facts))
    cited = {fact_id for finding in findings for fact_id in finding.fact_ids} | {one.fact_id for one in overview}
    return Collected(
        findings=findings,
        facts=tuple(fact for fact in facts.values() if fact.id in cited),
        tests_run=len(tests),
        overview=tuple(one.fact_id for one in overview),
        noun=noun,
        clock=clock,
    )


def _screened(subjects: Subjects) -> tuple[list[Test], list[Candidate]]:
    if subjects.rows < 2:
        return [], []
    panels = find_panels(subjects)
    timeline = _timeline(subjects, is_panel=bool(panels))
    tested: Iterator[tuple[Test | None, Candidate | None]] = chain(
        find_group_gaps(subjects, panels), find_dominant_values(subjects), find_busy_names(subjects),
        find_dominant_totals(subjects), find_loads(subjects), find_rates(subjects), find_plans(subjects),
        find_associations(subjects), find_event_rates(subjects), find_correlations(subjects),
        find_relations_within(subjects), find_changes(subjects, timeline), find_bursts(subjects, timeline),
        find_spikes(subjects, timeline), find_mix_changes(subjects, timeline), find_seasons(subjects),
        find_batteries(subjects), find_missing(subjects), find_repeats(subjects), find_losses(subjects),
        find_shifts(subjects, panels), find_batches(subjects, timeline), find_years_on_year(subjects, panels),
        find_crossings(subjects), find_flagged_amounts(subjects), find_rounds(subjects),
        find_mention_gaps(subjects), find_mentions_by_group(subjects), find_crossed_plans(subjects),
        find_under_limits(subjects),
        find_common_ways(subjects, panels), find_two_sides(subjects), find_departures(subjects, panels),
        find_choice_shares(subjects),
    )  # fmt: skip
    counted = chain(
        find_outliers(subjects), find_concentrations(subjects), find_sentinels(subjects), find_constants(subjects),
        find_untimely(subjects), find_events(subjects), find_column_totals(subjects), find_courses(subjects, timeline),
        find_years_across(subjects), find_shares_across(subjects), find_double_counts(subjects),
        find_moves(subjects, panels),
        find_standings(subjects, panels), find_leaders(subjects), find_answers_by_group(subjects),
        find_far_dates(subjects), find_spellings(subjects), find_scenarios(subjects),
        find_shared_keys(subjects), find_flows(subjects), find_common_mentions(subjects),
        find_mentioned_amounts(subjects), find_steps(subjects), find_taken_back(subjects),
        find_spikes_across(subjects),
    )  # fmt: skip
    tests, candidates = [], []
    for test, candidate in tested:
        if test is not None:
            tests.append(test)
        if candidate is not None:
            candidates.append(candidate)
    found = _behind_later_years(_behind_their_totals([*candidates, *counted], subjects), subjects)
    return tests, [one for one in found if not _counts_rows(one)] if panels else found


def _timeline(subjects: Subjects, *, is_panel: bool) -> Timeline | None:
    """Return the periods of the main clock; of a panel, or where nothing shorter fits, up to LONGEST of them."""
    if subjects.clock is None:
        return None
    usual = None if is_panel else find_timeline(subjects.clock, subjects.profile)
    return usual or find_timeline(subjects.clock, subjects.profile, most=LONGEST)


def _behind_their_totals(candidates: list[Candidate], subjects: Subjects) -> list[Candidate]:
    """Let what is told of a column stand behind what is told of the total beside it."""
    parts = parts_of_totals(subjects.profile)
    return [
        one._replace(effect=one.effect * BEHIND_ITS_TOTAL) if parts.intersection(one.columns[:1]) else one
        for one in candidates
    ]


def _behind_what_says_more(candidates: list[Candidate]) -> list[Candidate]:
    """Let what is told of a group stand behind what is told of it together with another, where the two meet, and behind
    how much of it comes on each of something else."""
    told = [
        (set(one.columns), set(one.crossed) or set(one.columns[-1:]))
        for one in candidates if one.crossed or one.kind == "rate"
    ]  # fmt: skip
    return [
        one._replace(effect=one.effect * BEHIND_WHAT_SAYS_MORE)
        if not one.crossed and any(set(one.columns) < columns and set(one.columns) & groups for columns, groups in told)
        else one
        for one in candidates
    ]


def _behind_later_years(candidates: list[Candidate], subjects: Subjects) -> list[Candidate]:
    """Let what is told of a column named by a year ("population 2011") stand behind the same of a later year."""
    earlier = of_earlier_years(subjects.profile)
    return [
        one._replace(effect=one.effect * BEHIND_LATER_YEARS)
        if one.kind not in _ACROSS and earlier.intersection(one.columns[:1]) else one
        for one in candidates
    ]  # fmt: skip


def _counts_rows(candidate: Candidate) -> bool:
    """Whether a candidate tells how many records there are of a kind or time, which a panel's design says."""
    return candidate.subject == ("records",) or (candidate.kind in _OF_ROWS and not candidate.subject)


def _exact(measures: Iterable[Measure], table: Table) -> dict[str, Fact]:
    each_once = {measure.fact_id: measure for measure in measures}
    return {fact.id: fact for fact in evaluate(list(each_once.values()), table)}


def _finding(
    candidate: Candidate, facts: Facts, noun: str, percentages: Collection[tuple[str | None, str | None]]
) -> Finding | None:
    wording = candidate.word({measure.fact_id: facts[measure.fact_id] for measure in candidate.measures})
    if wording is None:
        return None
    wording = in_percent(wording, {
        one.fact_id for one in candidate.measures
        if one.metric == "ratio" and (one.column, one.column2) in percentages
    })  # fmt: skip
    severity = wording.severity or severity_of(candidate, candidate.n)
    return Finding.model_validate({
        "kind": candidate.kind,
        "columns": candidate.columns,
        "fact_ids": tuple(dict.fromkeys(measure.fact_id for measure in candidate.measures)),
        "headline_template": named(wording.headline, noun),
        "detail_template": named(wording.detail, noun),
        "story_template": named(wording.story, noun),
        "severity": severity,
        "recommendation": Recommendation.model_validate(
            {"who": wording.who, "what": named(wording.what, noun), "priority": _PRIORITY[severity]}
        ),
        "impact": candidate.impact,
        "effect": candidate.effect,
        "p_value": candidate.p_value,
        "n": candidate.n,
        "row_indices": candidate.rows,
        "statistics": candidate.statistics,
    })  # fmt: skip
