"""Very wide tables: everything stays counted, but only the most interesting columns are told in full (spec B9)."""

from datapilot.analysis.subjects import amounts, categories, entities, rates
from datapilot.contracts.profile import ColumnProfile, TableProfile
from datapilot.engine.preview import FEWEST_CHARACTERS, shortened

TOLD_IN_FULL = 500
TEXT_BYTES = 400_000  # of samples and frequent values together


def keep_interesting(profile: TableProfile) -> TableProfile:
    """Return the profile with full statistics for at most 500 columns and a note that says so, its longest texts cut.

    The others keep name, types, role, missing and unique counts. Samples and frequent values of many columns with long
    texts are cut until they take no more than TEXT_BYTES.
    """
    if len(profile.columns) <= TOLD_IN_FULL:
        columns = _cut(profile.columns)
        return profile if columns is profile.columns else profile.model_copy(update={"columns": columns})
    kept = set(_by_interest(profile)[:TOLD_IN_FULL])
    note = (
        f"The table has {len(profile.columns):,} columns; full statistics are shown for the {TOLD_IN_FULL} "
        "most telling, counts for all."
    )
    return profile.model_copy(
        update={
            "columns": _cut(tuple(one if one.name in kept else _brief(one) for one in profile.columns)),
            "numeric": {name: stats for name, stats in profile.numeric.items() if name in kept},
            "notes": (*profile.notes, note),
        }
    )


def _cut(columns: tuple[ColumnProfile, ...]) -> tuple[ColumnProfile, ...]:
    texts = [
        len(value.encode())
        for one in columns
        for value in (*one.sample_values, *(top.value for top in one.top_values))
        if isinstance(value, str)
    ]
    if sum(texts) <= TEXT_BYTES:
        return columns
    longest = max(FEWEST_CHARACTERS, TEXT_BYTES // (3 * len(texts)))
    return tuple(
        one.model_copy(
            update={
                "sample_values": tuple(shortened(value, longest) for value in one.sample_values),
                "top_values": tuple(
                    top.model_copy(update={"value": shortened(top.value, longest)}) for top in one.top_values
                ),
            }
        )
        for one in columns
    )


def _by_interest(profile: TableProfile) -> list[str]:
    """Names of all columns: what the table is about, then what is related, dated or flawed, then the rest."""
    ranked = [*amounts(profile), *categories(profile), *rates(profile), *entities(profile)]
    related = [name for one in profile.relations for name in (one.column, one.column2)]
    dated = [one.name for one in profile.columns if one.storage in ("DATE", "TIMESTAMP")]
    flawed = [one.name for one in profile.columns if one.missing_count or one.inconsistent_count]
    # Dates and relations come first: they are few, and charts and findings rest on them.
    names = [*dated, *related, *(one.name for one in ranked), *flawed, *(one.name for one in profile.columns)]
    return list(dict.fromkeys(names))


def _brief(column: ColumnProfile) -> ColumnProfile:
    return column.model_copy(
        update={
            "sample_values": (), "top_values": (), "reasons": (), "minimum": None, "maximum": None,
            "min_length": None, "max_length": None, "mean_length": None,
        }
    )  # fmt: skip
