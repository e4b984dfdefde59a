"""Very wide tables: everything stays counted, but only the most interesting columns are told in full (spec B9)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from datapilot.analysis.subjects import amounts, categories, entities, rates
from datapilot.contracts.measure import Fact, Measure
from datapilot.contracts.profile import BriefColumn, ColumnInFull, ColumnProfile, NumericStats, TableProfile, ToldColumn
from datapilot.contracts.report import ColumnsTold
from datapilot.contracts.table import Ambiguity, Conversion, Receipt
from datapilot.engine.preview import FEWEST_CHARACTERS, PREVIEW_BYTES, shortened

TOLD_IN_FULL = 500
RESULT_BYTES = 2_000_000
TEXT_BYTES = 400_000  # of samples and frequent values together
# Columns, statistics and preview share this much of a result; charts, facts, findings and receipt have the rest.
SHARED_BYTES = 1_640_000
LEAST_PREVIEW_BYTES = 40_000
LEAST_IN_FULL_BYTES = 100_000  # kept for the most telling columns even where the names of all leave no room
CONVERSION_BYTES = 100_000
AMBIGUITIES = 100
# What JSON takes besides the texts, at most. Figures are not printed to be measured: the choice must not hang on the
# last digit of a double.
_FULL, _STATS, _RHYTHM, _BRIEF, _TOP, _SAMPLE, _CONVERSION = 400, 450, 175, 72, 70, 25, 170


class Told(NamedTuple):
    """What a result tells of the columns. `preview_bytes` is the room that is left for rows of `columns`."""

    columns: tuple[ToldColumn, ...]
    counts: ColumnsTold
    numeric: dict[str, NumericStats]
    receipt: Receipt
    notes: tuple[str, ...]
    preview_bytes: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing known of any column is missing."""
        return not (self.counts.in_brief or self.counts.left_out)


def fit_columns(profile: TableProfile, receipt: Receipt, *, facts: Iterable[Fact]) -> Told:
    """Return as much of the columns as a result has room for, and a note where that is not everything.

    Up to 500 columns are told in full: those that `facts` speak of, then the most interesting. The others keep name,
    type, role and counts; where even that is too much, the least interesting are left out. Long texts are cut.
    """
    order = list(dict.fromkeys([*_spoken_of(facts), *_by_interest(profile)]))
    by_name = {one.name: one for one in profile.columns}
    likely = _cut([by_name[name] for name in order[:TOLD_IN_FULL] if name in by_name])
    full, brief, spent = _chosen(profile, order, likely)
    counts = ColumnsTold(in_full=len(full), in_brief=len(brief), left_out=len(profile.columns) - len(full) - len(brief))
    return Told(
        columns=tuple(
            full.get(one.name) or _brief(one) for one in profile.columns if one.name in full or one.name in brief
        ),
        counts=counts,
        numeric={name: stats for name, stats in profile.numeric.items() if name in full},
        receipt=_fitted(receipt),
        notes=(*profile.notes, *_note(counts, len(profile.columns))),
        preview_bytes=min(PREVIEW_BYTES, SHARED_BYTES - spent),
    )


def columns_in_full(
    columns: Iterable[ColumnProfile], numeric: Mapping[str, NumericStats], conversions: Iterable[Conversion]
) -> Iterator[ColumnInFull]:
    """Yield every column with all that is known of it, in the order of `columns`."""
    converted = {one.column: one for one in conversions}
    for column in columns:
        yield ColumnInFull(column=column, stats=numeric.get(column.name), conversion=converted.get(column.name))


def _chosen(
    profile: TableProfile, order: Sequence[str], likely: Sequence[ColumnProfile]
) -> tuple[dict[str, ColumnProfile], set[str], int]:
    """Return the columns told in full, the names of those told in brief, and the bytes both take."""
    brief_cost = {one.name: _brief_cost(one) for one in profile.columns}
    budget = SHARED_BYTES - LEAST_PREVIEW_BYTES
    room = max(LEAST_IN_FULL_BYTES, budget - sum(brief_cost.values()))
    full: dict[str, ColumnProfile] = {}
    spent = 0
    for column in likely:
        cost = _full_cost(column, has_stats=column.name in profile.numeric)
        if cost - brief_cost[column.name] <= room:
            full[column.name] = column
            room -= cost - brief_cost[column.name]
            spent += cost
    brief: set[str] = set()
    for name in order:
        if name in brief_cost and name not in full and spent + brief_cost[name] <= budget:
            brief.add(name)
            spent += brief_cost[name]
    return full, brief, spent


def _brief_cost(column: ColumnProfile) -> int:
    said = (column.inferred_type, column.role, str(column.missing_count), str(column.unique_count))
    also = sum(13 + len(word) for word in (column.subtype, column.pii) if word)
    return _BRIEF + _json_bytes(column.name) + sum(map(len, said)) + also


def _full_cost(column: ColumnProfile, *, has_stats: bool) -> int:
    name = _json_bytes(column.name)
    ends = (column.minimum, column.maximum)
    return (
        _FULL
        + name
        + sum(_json_bytes(reason) + 3 for reason in column.reasons)
        + sum(_SAMPLE + _text_bytes(value) for value in (*column.sample_values, *ends))
        + sum(_TOP + _text_bytes(top.value) for top in column.top_values)
        + sum(_TOP + _text_bytes(pattern.mask) for pattern in column.patterns)
        + has_stats * (_STATS + name)
        + (column.rhythm is not None) * _RHYTHM
    )


def _text_bytes(value: object) -> int:
    return _json_bytes(value) if isinstance(value, str) else 0


def _json_bytes(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode())


def _note(counts: ColumnsTold, columns: int) -> tuple[str, ...]:
    if not (counts.in_brief or counts.left_out):
        return ()
    brief = ", the others by type and counts alone" if counts.in_brief else ""
    left = f"; {counts.left_out:,} of them had no room even for that" if counts.left_out else ""
    return (
        f"The table has {columns:,} columns: the {counts.in_full:,} that tell most stand here in full{brief}{left}.",
    )


def _cut(columns: Sequence[ColumnProfile]) -> Sequence[ColumnProfile]:
    texts = [
        len(value.encode())
        for one in columns
        for value in (*one.sample_values, *(top.value for top in one.top_values))
        if isinstance(value, str)
    ]
    if sum(texts) <= TEXT_BYTES:
        return columns
    longest = max(FEWEST_CHARACTERS, TEXT_BYTES // (3 * len(texts)))
    return [
        one.model_copy(
            update={
                "sample_values": tuple(shortened(value, longest) for value in one.sample_values),
                "top_values": tuple(
                    top.model_copy(update={"value": shortened(top.value, longest)}) for top in one.top_values
                ),
            }
        )
        for one in columns
    ]


def _spoken_of(facts: Iterable[Fact]) -> Iterator[str]:
    for fact in facts:
        yield from _columns_of(fact.measure)


def _columns_of(measure: Measure) -> Iterator[str]:
    conditions = (*measure.filters, *measure.baseline)
    named = (measure.column, measure.column2, measure.minus, measure.by, *(one.column for one in conditions))
    yield from (name for name in named if name is not None)


def _by_interest(profile: TableProfile) -> list[str]:
    """Names of all columns, the most telling of every kind in turn: dates, what is related, what the table is about,
    what is flawed, and the rest in file order. Correlation ratios are known of the first columns alone."""
    kinds = (
        [one.name for one in profile.columns if one.storage in ("DATE", "TIMESTAMP")],
        [name for one in profile.relations if one.kind != "correlation_ratio" for name in (one.column, one.column2)],
        [one.name for one in amounts(profile)],
        [one.name for one in categories(profile)],
        [one.name for one in rates(profile)],
        [one.name for one in entities(profile)],
        [one.name for one in profile.columns if one.missing_count or one.inconsistent_count],
        [one.name for one in profile.columns],
    )
    return list(dict.fromkeys(name for turn in zip_longest(*kinds) for name in turn if name is not None))


def _brief(column: ColumnProfile) -> BriefColumn:
    return BriefColumn(
        name=column.name,
        inferred_type=column.inferred_type,
        subtype=column.subtype,
        role=column.role,
        pii=column.pii,
        missing_count=column.missing_count,
        unique_count=column.unique_count,
    )


def _fitted(receipt: Receipt) -> Receipt:
    """Return the receipt with as many conversions as have room, in file order, and the first doubts."""
    costs = [_conversion_bytes(one) for one in receipt.conversions]
    if sum(costs) <= CONVERSION_BYTES and len(receipt.ambiguities) <= AMBIGUITIES:
        return receipt
    room, kept = CONVERSION_BYTES, set()
    places = range(len(costs))
    for place in sorted(places, key=lambda place: (-_told_first(receipt.conversions[place]), place)):
        if costs[place] <= room:
            kept.add(place)
            room -= costs[place]
    ambiguities: tuple[Ambiguity, ...] = receipt.ambiguities[:AMBIGUITIES]
    return receipt.model_copy(
        update={
            "conversions": tuple(receipt.conversions[place] for place in places if place in kept),
            "ambiguities": ambiguities,
        }
    )


def _told_first(conversion: Conversion) -> int:
    return 2 * bool(conversion.failed) + bool(conversion.missing_tokens)


def _conversion_bytes(conversion: Conversion) -> int:
    texts = (conversion.column, conversion.format, *conversion.missing_tokens, *conversion.failed_examples)
    numbers = 12 * (len(conversion.missing_tokens) + len(conversion.failed_rows))
    return _CONVERSION + numbers + sum(_json_bytes(text) for text in texts)
