"""False findings on tables in which nothing is related, and how many planted effects are told:
`python -m benchmarks.run insight_noise`. The tables are those of the tests (tests/insights/planted.py): 200 of noise,
independent and remembering their neighbour row, 100 panels of such series, and ten of each kind of effect. Intervals
are Wilson's (95 %)."""

import math
from collections import Counter

from tests.insights.planted import KINDS, false_in_panel, false_rates, is_told, noise_table
from tests.insights.tables import insights_of

from benchmarks.measured import Row

NOISE_TABLES = 200
PLANTS_PER_KIND = 10
GOALS = {
    "false findings per noise table": 0.1, "false findings per panel of noise": 0.1,
    "groups told apart where events, delays and plans have none": 0.1,
    "planted effects told": 0.9,
}  # fmt: skip


def measure() -> list[Row]:
    """Return a row for the noise, one per planted kind, and one over all kinds."""
    false: Counter[str] = Counter()
    struck = 0
    for seed in range(NOISE_TABLES):
        cells, known = noise_table(seed)
        found = insights_of(cells, **known).analyst_insights
        false.update(one.kind for one in found)
        struck += bool(found)
    low, high = wilson(struck, NOISE_TABLES)
    named = ", ".join(f"{kind} {count}" for kind, count in false.items()) or "none"
    rows: list[Row] = [{
        "what": "false findings per noise table", "tables": NOISE_TABLES, "value": sum(false.values()) / NOISE_TABLES,
        "low": low, "high": high, "note": named,
    }]  # fmt: skip
    told_apart = [false_rates(seed) for seed in range(NOISE_TABLES // 2)]
    low, high = wilson(sum(map(bool, told_apart)), len(told_apart))
    rows.append({
        "what": "groups told apart where events, delays and plans have none", "tables": len(told_apart),
        "value": sum(told_apart) / len(told_apart), "low": low, "high": high, "note": "",
    })  # fmt: skip
    in_panels = [false_in_panel(seed) for seed in range(NOISE_TABLES // 2)]
    low, high = wilson(sum(map(bool, in_panels)), len(in_panels))
    rows.append({
        "what": "false findings per panel of noise", "tables": len(in_panels), "value": sum(in_panels) / len(in_panels),
        "low": low, "high": high, "note": "",
    })  # fmt: skip
    hits = 0
    for kind in KINDS:
        told = sum(is_told(kind, seed) for seed in range(PLANTS_PER_KIND))
        hits += told
        rows.append(_recall(f"planted {kind} told", told, PLANTS_PER_KIND))
    rows.append(_recall("planted effects told", hits, len(KINDS) * PLANTS_PER_KIND))
    return rows


def _recall(what: str, told: int, tables: int) -> Row:
    low, high = wilson(told, tables)
    return {"what": what, "tables": tables, "value": told / tables, "low": low, "high": high, "note": ""}


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return the interval of a share (Wilson 1927)."""
    if n == 0:
        return 0.0, 1.0
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table; the interval of the noise is that of the share of tables with a false finding."""
    lines = ["| what | tables | value | 95 % interval | goal | note |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {row['what']} | {row['tables']} | {row['value']:.3f} | {row['low']:.3f}–{row['high']:.3f} "
        f"| {GOALS.get(str(row['what']), '')} | {row['note']} |"
        for row in rows
    ]
    return "\n".join(lines)
