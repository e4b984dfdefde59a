"""A candidate is a finding before its figures are exact: a test's outcome and the facts its sentence will need."""

import re
from collections.abc import Callable, Container, Mapping
from typing import NamedTuple

from datapilot.contracts.base import Scalar
from datapilot.contracts.insight import Severity, Who
from datapilot.contracts.measure import Fact, Measure

Facts = Mapping[str, Fact]
_FIGURE = re.compile(r"\{(f_[0-9a-f]+)(?:\[-?\d+\]\.value)?\}")  # a slot that says nothing of its form


class Wording(NamedTuple):
    """The sentences of a finding, as templates. `story` says the headline in other words, for the summary."""

    headline: str
    detail: str
    who: Who
    what: str
    severity: Severity | None = None
    story: str = ""


class Telling(NamedTuple):
    """The facts that a finding's sentences need, and what makes the sentences of them: None where they do not bear the
    finding out."""

    measures: tuple[Measure, ...]
    word: Callable[[Facts], Wording | None]


def in_percent(wording: Wording, rates: Container[str]) -> Wording:
    """Return the sentences with the figures of these facts, rates that the table writes in per cent, in per cent."""

    def shown(template: str) -> str:
        return _FIGURE.sub(lambda slot: f"{slot[0][:-1]}|percent}}" if slot[1] in rates else slot[0], template)

    return wording._replace(
        headline=shown(wording.headline), detail=shown(wording.detail), what=shown(wording.what),
        story=shown(wording.story),
    )  # fmt: skip


class Candidate(NamedTuple):
    """Something the tests saw. `word` makes its sentences from exact facts, or None when they do not bear it out.

    `p_value` is None for plain counts, which nothing could bring about by chance. `impact` is the share of the rows
    or of the whole concerned, `effect` how strong it is (both 0-1); `subject` names the quantities it is about.
    `group` is the value of a category that it is about, "" for all records; `crossed` are the two categories of which
    it tells two values together. A candidate that `repeats` what a better
    one `tells` of the whole table is left out when that one is kept.
    `stands` runs the checks that cost more (strata, extreme rows), only for candidates that would be published.
    """

    kind: str
    columns: tuple[str, ...]
    measures: tuple[Measure, ...]
    word: Callable[[Facts], Wording | None]
    impact: float
    effect: float
    n: int
    p_value: float | None = None
    statistics: str = ""
    rows: tuple[int, ...] = ()
    subject: tuple[str, ...] = ()
    tells: str = ""
    repeats: str = ""
    group: Scalar = None
    crossed: tuple[str, ...] = ()
    stands: Callable[[], bool] = lambda: True
