"""Which pairs of columns a report tells of as going together. Knows the relations of the profile; measures nothing."""

from collections.abc import Iterable, Iterator

from datapilot.analysis.subjects import filler_of
from datapilot.contracts.profile import ColumnProfile, NumericStats, RelatedPair, RelatedPairs, Relation, TableProfile

MOST_PAIRS = 40
NAME_BYTES = 20_000  # of all names together; a result has room for no more of what is said in passing
FEWEST_ROWS = 20
SLIGHT = 0.1  # Cohen's (1988) small effect; weaker ones are of no use to a reader, however sure
SAME = 0.995  # from here on one column is the other written anew
CHANCE = 0.01  # that among all pairs compared one would be told of that is none (Bonferroni)


def choose_pairs(profile: TableProfile) -> RelatedPairs:
    """Return the pairs that go together beyond chance and more than slightly, the strongest first, those of one figure
    told twice last. Of a wide table the profile knows the strongest relations alone, which are the ones counted."""
    least_sure = CHANCE / max(1, profile.pairs_compared)
    spread = [{*one.columns} for one in profile.choices]
    related = {name for one in profile.relations for name in (one.column, one.column2)}
    marked = {
        column.name
        for column in profile.columns
        if column.name in related and _holds_a_mark(column, profile.numeric.get(column.name))
    }
    clear = [
        one
        for one in profile.relations
        if not {one.column, one.column2} & marked
        and not {one.column, one.column2} & {*profile.worked_out}
        and not any({one.column, one.column2} <= names for names in spread)  # of a choice each rules out the others
        and one.n >= FEWEST_ROWS
        and abs(one.strength) >= SLIGHT
        and one.p_value <= least_sure
    ]
    clear.sort(key=lambda one: (abs(one.strength) >= SAME, -abs(one.strength), one.column, one.column2))
    pairs = tuple(_fitting(clear))
    return RelatedPairs(compared=profile.pairs_compared, clear=len(clear), marked=len(marked), pairs=pairs)


def _holds_a_mark(column: ColumnProfile, stats: NumericStats | None) -> bool:
    return stats is not None and filler_of(column, stats) is not None


def _fitting(relations: Iterable[Relation]) -> Iterator[RelatedPair]:
    room = NAME_BYTES
    for one in list(relations)[:MOST_PAIRS]:
        room -= len(one.column.encode()) + len(one.column2.encode())
        if room < 0:
            return
        yield RelatedPair.model_validate(one.model_dump(exclude={"p_value"}))
