"""Compute measures anew over the stored upload of a finished job, in a process of its own.

This is how the page looks at a part of a table: the same measures with one more condition.
"""

from collections.abc import Sequence

from datapilot.actions.child_reader import ChildReader, Order
from datapilot.contracts.base import Contract
from datapilot.contracts.errors import InvalidOption
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.points import Points, PointsAsked

TARGET = f"{__name__}:compute"
MOST_MEASURES = 200  # a page's charts and cards are about forty, its map of correlations up to forty-five
MOST_CLOUDS = 12  # a page has no more charts
MOST_KEYS = 2000  # entries of one answer; a chart draws at most 1,000


class Facts(Contract):
    """Facts, one per measure asked for, and clouds of points, each in the order of the questions."""

    facts: tuple[Fact, ...]
    clouds: tuple[Points, ...] = ()


class MeasuresOrder(Order):
    """What the child is to compute."""

    measures: tuple[Measure, ...]
    clouds: tuple[PointsAsked, ...]


async def answer_measures(
    job_id: str, measures: Sequence[Measure], clouds: Sequence[PointsAsked] = (), *, reader: ChildReader
) -> Facts:
    """Return one fact per measure and the points of each cloud, in the same order.

    Raises InvalidOption for too many or too long ones, UnknownMeasure for what this table cannot answer, UnknownJob,
    ResultNotReady unless the job is completed and its file there, TimedOut, MemoryLimitExceeded.
    """
    if not 0 < len(measures) <= MOST_MEASURES:
        raise InvalidOption(f"measures: ask for 1 to {MOST_MEASURES} at a time, not {len(measures)}.")
    if len(clouds) > MOST_CLOUDS:
        raise InvalidOption(f"clouds: ask for {MOST_CLOUDS} at a time at most, not {len(clouds)}.")
    async with reader.lent(job_id) as lent:
        order = MeasuresOrder(**dict(lent), measures=tuple(measures), clouds=tuple(clouds))
        return await reader.run(TARGET, order, Facts)


def compute(order: MeasuresOrder, **_: object) -> Facts:
    """Do so; in the child, where alone the engine is loaded."""
    from datapilot.engine.connect import engine  # noqa: PLC0415
    from datapilot.engine.evaluate import evaluate  # noqa: PLC0415
    from datapilot.engine.points import points_of  # noqa: PLC0415
    from datapilot.reading.read_table import read_table  # noqa: PLC0415

    with engine(order.limits, order.scratch) as connection:
        read = read_table(
            order.source, name=order.name, options=order.options, limits=order.limits, connection=connection
        )
        facts = evaluate(order.measures, read.table)
        clouds = tuple(points_of(one, read.table) for one in order.clouds)
    for fact in facts:
        if isinstance(fact.value, tuple) and len(fact.value) > MOST_KEYS:
            raise InvalidOption(f"measures: one has {len(fact.value):,} keys; ask for it with a `limit`.")
    return Facts(facts=tuple(facts), clouds=clouds)
