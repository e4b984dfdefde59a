"""What is already known of a table, so that nothing is computed twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from datapilot.contracts.measure import Fact, Measure

Source = Callable[[Measure], Fact | None]


@dataclass
class Memory:
    """The facts evaluated so far, the values of the atoms they are made of by key, and sources that answer measures
    from figures they hold (a profile does).

    A source must give the very fact that evaluating the measure would.
    """

    facts: dict[str, Fact] = field(default_factory=dict)
    values: dict[Any, dict[Any, Any]] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)

    def recall(self, measure: Measure) -> Fact | None:
        """Return the fact of a measure if it is known."""
        fact = self.facts.get(measure.fact_id)
        if fact is not None:
            return fact
        return next((fact for source in self.sources if (fact := source(measure)) is not None), None)

    def remember(self, fact: Fact) -> None:
        """Keep a fact for the next who asks."""
        self.facts[fact.id] = fact
