"""Very wide tables: everything stays counted, but only the most interesting columns are told in full (spec B9)."""

from datapilot.analysis.subjects import amounts, categories, entities, rates
from datapilot.contracts.profile import ColumnProfile, TableProfile

TOLD_IN_FULL = 500


def keep_interesting(profile: TableProfile) -> TableProfile:
    """Return the profile with full statistics for at most 500 columns and a note that says so.

    The others keep name, types, role, missing and unique counts. A table of 500 columns or fewer is returned as it is.
    """
    if len(profile.columns) <= TOLD_IN_FULL:
        return profile
    kept = set(_by_interest(profile)[:TOLD_IN_FULL])
    note = (
        f"The table has {len(profile.columns):,} columns; full statistics are shown for the {TOLD_IN_FULL} "
        "most telling, counts for all."
    )
    return profile.model_copy(
        update={
            "columns": tuple(one if one.name in kept else _brief(one) for one in profile.columns),
            "numeric": {name: stats for name, stats in profile.numeric.items() if name in kept},
            "notes": (*profile.notes, note),
        }
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
