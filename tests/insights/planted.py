"""Tables in which one thing is true, or nothing is, and what a reader must then be told. Seeded: always the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from tests.insights.tables import insights_of

Cells = dict[str, list[Any]]
START = date(2023, 1, 1)


@dataclass(frozen=True)
class Plant:
    """`cells` of the table, how its columns are typed, and the finding that must be told: one of `kinds`, about all
    of `columns`, with all of `words` (of alternatives with | between them, one) in its headline (lower case)."""

    cells: Cells
    kinds: frozenset[str]
    columns: frozenset[str]
    words: tuple[str, ...]
    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def noise_table(seed: int) -> tuple[Cells, dict[str, dict[str, Any]]]:
    """Return a table without any relation: 8 numbers, 4 categories, people, mostly a date; every other one remembers
    its neighbour row (lag-1 correlation .3 or .6)."""
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(150, 900))
    memory = (0.0, 0.0, 0.3, 0.6)[seed % 4]
    cells: Cells = {}
    if seed % 4:
        days = np.arange(rows) if seed % 4 != 2 else np.sort(rng.integers(0, 700, rows))
        cells["day"] = [START + timedelta(days=int(day)) for day in days]
    for name in ("height", "width", "depth", "speed", "load", "sales", "amount", "cost"):
        values = remembering(rng, rows, memory)
        cells[name] = [
            round(float(value), 4)
            for value in (values if name in "height width depth speed load" else np.exp(values * 0.8) * 100)
        ]
    for letter, name in zip("ABCD", ("region", "grade", "team", "kind"), strict=True):
        size = int(rng.integers(2, 8))
        cells[name] = [f"{letter}{code}-group" for code in rng.integers(0, size, rows)]
    # Everybody belongs to a team and carries about as much as the next.
    people = int(rng.integers(4, 12))
    cells["agent"] = [
        f"{team} agent {person}" for team, person in zip(cells["team"], rng.integers(0, people, rows), strict=True)
    ]
    return cells, {name: {"role": "sum"} for name in ("sales", "amount", "cost")}


def remembering(rng: np.random.Generator, rows: int, memory: float) -> np.ndarray:
    """Return normal noise in which each value keeps `memory` of the one before."""
    steps = rng.normal(size=rows)
    values = np.empty(rows)
    values[0] = steps[0] / np.sqrt(1 - memory**2)
    for row in range(1, rows):
        values[row] = memory * values[row - 1] + steps[row]
    return values


def planted_table(kind: str, seed: int) -> Plant:
    """Return a table with one planted effect among noise."""
    rng = np.random.default_rng(seed * 1000 + sum(map(ord, kind)))
    rows = 600
    cells: Cells = {
        "region": list(rng.choice(["North", "South", "East", "West"], rows)),
        "channel": list(rng.choice(["Online", "Store", "Partner"], rows)),
        "day": sorted(START + timedelta(days=int(day)) for day in rng.integers(0, 700, rows)),
        "height": list(rng.normal(50, 10, rows).round(3)),
        "amount": list(rng.gamma(4, 25, rows).round(2)),
    }
    cells = {
        name: [value.item() if isinstance(value, np.generic) else value for value in values]
        for name, values in cells.items()
    }
    known: dict[str, dict[str, Any]] = {"amount": {"role": "sum"}}
    return _PLANTERS[kind](rng, cells, known)


def _gap(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    up = bool(rng.integers(2))
    chosen = str(rng.choice(["North", "South"]))
    shift = 9.0 if up else -9.0
    cells["height"] = [
        value + shift * (region == chosen) for value, region in zip(cells["height"], cells["region"], strict=True)
    ]
    return Plant(
        cells,
        frozenset({"group_difference"}),
        frozenset({"height", "region"}),
        (chosen.lower(), "average height"),
        known,
    )


def _duration(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    days = rng.gamma(3, 2, len(cells["day"])) * np.where(np.array(cells["channel"]) == "Partner", 4, 1)
    cells["closed_on"] = [day + timedelta(days=int(more)) for day, more in zip(cells["day"], days, strict=True)]
    return Plant(
        cells,
        frozenset({"duration_difference"}),
        frozenset({"day", "closed_on", "channel"}),
        ("partner", "days"),
        known,
    )


def _share(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["amount"] = [
        value * (5 if region == "West" else 1) for value, region in zip(cells["amount"], cells["region"], strict=True)
    ]
    return Plant(cells, frozenset({"share"}), frozenset({"amount", "region"}), ("west", "total amount"), known)


def _dominance(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["state"] = [
        str(value)
        for value in rng.choice(["Closed", "Open", "Waiting", "Declined"], len(cells["day"]), p=[0.7, 0.1, 0.1, 0.1])
    ]
    return Plant(cells, frozenset({"dominance"}), frozenset({"state"}), ("closed",), known)


def _association(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["product"] = [
        "Lamp" if channel == "Online" and rng.random() < 0.6 else str(rng.choice(["Lamp", "Chair", "Table", "Shelf"]))
        for channel in cells["channel"]
    ]
    return Plant(cells, frozenset({"association"}), frozenset({"channel", "product"}), ("online", "lamp"), known)


def _correlation(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    sign = 1 if rng.integers(2) else -1
    cells["weight"] = [float(round(sign * value + rng.normal(0, 10), 3)) for value in cells["height"]]
    word = "higher weight" if sign > 0 else "lower"
    return Plant(cells, frozenset({"correlation"}), frozenset({"height", "weight"}), (word,), known)


def _trend(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    up = bool(rng.integers(2))
    place = np.linspace(0, 1, len(cells["day"]))
    factor = 0.5 + (place if up else 1 - place)
    cells["amount"] = [float(round(value * part, 2)) for value, part in zip(cells["amount"], factor, strict=True)]
    return Plant(
        cells, frozenset({"trend", "change_point"}), frozenset({"amount", "day"}), ("grew" if up else "fell",), known
    )


def _level(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["height"] = [
        value + 15 * (day >= date(2024, 1, 1)) for value, day in zip(cells["height"], cells["day"], strict=True)
    ]
    return Plant(cells, frozenset({"change_point"}), frozenset({"height", "day"}), ("jumped", "jan 2024"), known)


def _burst(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["region"] = [
        "East" if day.year == 2023 and day.month == 8 and rng.random() < 0.8 else region
        for day, region in zip(cells["day"], cells["region"], strict=True)
    ]
    return Plant(cells, frozenset({"burst"}), frozenset({"region", "day"}), ("east", "aug 2023"), known)


def _weekday(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["height"] = [
        value + 12 * (day.weekday() == 5) for value, day in zip(cells["height"], cells["day"], strict=True)
    ]
    return Plant(cells, frozenset({"seasonality"}), frozenset({"height", "day"}), ("highest on saturday",), known)


def _outlier(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["height"][int(rng.integers(len(cells["height"])))] = 900.0
    return Plant(cells, frozenset({"outlier"}), frozenset({"height"}), ("largest", "900"), known)


def _missing(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["height"] = [
        None if channel == "Store" and rng.random() < 0.6 else value
        for value, channel in zip(cells["height"], cells["channel"], strict=True)
    ]
    return Plant(cells, frozenset({"missing"}), frozenset({"height", "channel"}), ("store", "missing"), known)


def _sentinel(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["height"] = [-999.0 if rng.random() < 0.08 else value for value in cells["height"]]
    return Plant(cells, frozenset({"sentinel"}), frozenset({"height"}), ("−999", "without"), known)


def _repeats(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["clerk"] = [f"Clerk-{code:03d}" for code in rng.integers(0, 120, len(cells["day"]))]
    for row in rng.choice(len(cells["day"]), 40, replace=False):
        cells["amount"][row], cells["clerk"][row], cells["channel"][row] = 777.0, "Clerk-500", "Store"
    return Plant(
        cells,
        frozenset({"repeated_records"}),
        frozenset({"amount", "clerk"}),
        ("40 records", "777", "clerk-500"),
        known,
    )


def _duplicates(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    for values in cells.values():
        values.extend(values[:30])
    return Plant(cells, frozenset({"duplicates"}), frozenset(), ("30 of 630 rows",), known)


def _zeros(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["amount"] = [0.0 if rng.random() < 0.4 else value for value in cells["amount"]]
    return Plant(cells, frozenset({"distribution"}), frozenset({"amount"}), ("zero",), known)


def _load(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    heads = {"North": 2, "South": 12, "East": 12, "West": 12}
    cells["agent"] = [f"{region} agent {rng.integers(heads[region]):02d}" for region in cells["region"]]
    return Plant(
        cells, frozenset({"load"}), frozenset({"agent", "region"}), ("north has the most records per agent",), known
    )


def _spike(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    rows = [row for row, day in enumerate(cells["day"]) if (day.year, day.month) == (2024, 3)]
    for values in cells.values():
        values.extend([values[row] for row in rows] * 3)
    cells["height"] = [value + float(rng.normal()) for value in cells["height"]]
    return Plant(cells, frozenset({"spike"}), frozenset({"day"}), ("peaked", "mar 2024"), known)


def _drift(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    late = date(2024, 4, 1)
    cells["height"] = [
        value + (18 if day >= late else 0) * (channel == "Store") + (day - late).days / 20 * (day >= late)
        for value, day, channel in zip(cells["height"], cells["day"], cells["channel"], strict=True)
    ]
    kinds = frozenset({"trend", "change_point", "course"})
    return Plant(cells, kinds, frozenset({"height", "day"}), ("height", "rose from|jumped in"), known)


def _event(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["churn"] = [bool(rng.random() < (0.4 if channel == "Partner" else 0.15)) for channel in cells["channel"]]
    return Plant(
        cells, frozenset({"event_rate"}), frozenset({"churn", "channel"}), ("churn rate is", "for partner"), known
    )


def _event_by_amount(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["returned"] = [bool(rng.random() < min(0.9, value / 400)) for value in cells["amount"]]
    return Plant(
        cells, frozenset({"event_rate"}), frozenset({"returned", "amount"}), ("or more are returned, against",), known
    )


def _lateness(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    late = rng.normal(0, 3, len(cells["day"])).round() + np.where(np.array(cells["region"]) == "East", 3, 0)
    cells["due_date"] = [day + timedelta(days=20) for day in cells["day"]]
    cells["delivered"] = [due + timedelta(days=int(more)) for due, more in zip(cells["due_date"], late, strict=True)]
    return Plant(
        cells,
        frozenset({"event_rate"}),
        frozenset({"delivered", "due_date", "region"}),
        ("east records are late",),
        known,
    )


def _plan(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    over = np.where(np.array(cells["region"]) == "South", 1.15, 1.0) * rng.normal(1, 0.1, len(cells["day"]))
    cells["budget"] = cells.pop("amount")
    cells["actual"] = [float(round(plan * more, 2)) for plan, more in zip(cells["budget"], over, strict=True)]
    return Plant(
        cells, frozenset({"against_plan"}), frozenset({"budget", "actual", "region"}), ("of budget for south",),
        {"budget": {"role": "sum"}, "actual": {"role": "sum"}},
    )  # fmt: skip


def _course(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    low = int(rng.integers(25, 50))
    path = np.concatenate((np.linspace(900, 500, low), np.linspace(505, 800, 80 - low)))
    months = [date(2015 + month // 12, month % 12 + 1, 1) for month in range(80)]
    cells = {"month": months, "staff": (path + rng.normal(0, 3, 80)).tolist()}
    return Plant(cells, frozenset({"course"}), frozenset({"staff", "month"}), ("staff fell from", "then rose to"))


def _loss(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells["profit"] = [float(rng.normal(-20 if one == "Partner" else 30, 40)) for one in cells["channel"]]
    return Plant(
        cells, frozenset({"loss"}), frozenset({"profit", "channel"}), ("partner", "makes a loss"),
        known | {"profit": {"role": "sum"}},
    )  # fmt: skip


def _part(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells, known = panel_of_noise(int(rng.integers(1_000, 2_000)), memory=0.0)
    grown = cells["shop"][int(rng.integers(6))]
    at = [months_since_start(month) for month in cells["month"]]
    cells["sales"] = [
        value * (1 + 0.15 * month * (shop == grown))
        for value, shop, month in zip(cells["sales"], cells["shop"], at, strict=True)
    ]
    return Plant(
        cells, frozenset({"mix_change"}), frozenset({"sales", "shop", "month"}),
        (str(grown).lower(), "of total sales", "up from"), known,
    )  # fmt: skip


def _mover(rng: np.random.Generator, cells: Cells, known: dict[str, dict[str, Any]]) -> Plant:
    cells, _ = panel_of_noise(int(rng.integers(1_000, 2_000)), memory=0.0)
    fallen = cells["shop"][int(rng.integers(6))]
    cells["price"] = [
        float(rng.normal(100, 3)) * (0.97 ** months_since_start(month) if shop == fallen else 1)
        for shop, month in zip(cells["shop"], cells["month"], strict=True)
    ]
    cells.pop("sales")
    return Plant(
        cells, frozenset({"mover"}), frozenset({"price", "shop", "month"}), ("price fell most", str(fallen).lower())
    )


def panel_of_noise(seed: int, *, memory: float) -> tuple[Cells, dict[str, dict[str, Any]]]:
    """Return six shops' sales in each of 30 months, all alike; each shop remembers its last month."""
    rng = np.random.default_rng(seed)
    shops = [f"{letter}-shop" for letter in "ABCDEF"]
    sales = np.array([100 * np.exp(0.3 * remembering(rng, 30, memory)) for _ in shops])
    rows = [(shop, at) for at in range(30) for shop in range(6)]
    cells: Cells = {
        "month": [date(2021 + at // 12, at % 12 + 1, 1) for _, at in rows],
        "shop": [shops[shop] for shop, _ in rows],
        "sales": [round(float(sales[shop, at]), 2) for shop, at in rows],
    }
    return cells, {"sales": {"role": "sum"}}


def months_since_start(month: date) -> int:
    """Return the place of a month of such a panel, 0 for its first."""
    return (month.year - 2021) * 12 + month.month - 1


def false_in_panel(seed: int) -> int:
    """Return how many findings there are in a panel of noise; every third one remembers nothing, .3 or .6."""
    cells, known = panel_of_noise(seed, memory=(0.0, 0.3, 0.6)[seed % 3])
    return len(insights_of(cells, **known).analyst_insights)


def events_without_relation(seed: int) -> tuple[Cells, dict[str, dict[str, Any]]]:
    """Return a noise table with something that happens, promised dates and a plan, to all groups alike."""
    cells, known = noise_table(seed)
    rng = np.random.default_rng(seed + 10_000)
    rows = len(cells["region"])
    cells["returned"] = [bool(one) for one in rng.random(rows) < rng.uniform(0.05, 0.5)]
    cells["due_date"] = [START + timedelta(days=int(day)) for day in rng.integers(0, 700, rows)]
    cells["delivered"] = [due + timedelta(days=int(more)) for due, more in
                          zip(cells["due_date"], rng.normal(0, 4, rows).round(), strict=True)]  # fmt: skip
    cells["budget"] = (rng.integers(5, 90, rows) * 100.0).tolist()
    cells["actual"] = [float(round(plan * rng.normal(1, 0.1), 2)) for plan in cells["budget"]]
    return cells, known | {"budget": {"role": "sum"}, "actual": {"role": "sum"}}


def false_rates(seed: int) -> int:
    """Return how many groups or amounts are told apart in such a table."""
    cells, known = events_without_relation(seed)
    whole = {("returned",), ("delivered", "due_date"), ("actual", "budget")}
    return sum(
        one.kind in {"event_rate", "against_plan"} and one.columns not in whole
        for one in insights_of(cells, **known).analyst_insights
    )


_PLANTERS: dict[str, Callable[[np.random.Generator, Cells, dict[str, dict[str, Any]]], Plant]] = {
    "group gap": _gap, "duration gap": _duration, "share of a total": _share, "dominant value": _dominance,
    "association": _association, "correlation": _correlation, "trend": _trend, "new level": _level, "burst": _burst,
    "weekday": _weekday, "outlier": _outlier, "missing in a group": _missing, "sentinel": _sentinel,
    "repeated records": _repeats, "duplicates": _duplicates, "many zeros": _zeros, "load": _load, "spike": _spike,
    "drift": _drift, "event by group": _event, "event by amount": _event_by_amount, "lateness": _lateness,
    "outcome of a plan": _plan, "course": _course, "loss": _loss, "part that grew": _part,
    "one that moved most": _mover,
}  # fmt: skip
KINDS = tuple(_PLANTERS)


def is_told(kind: str, seed: int) -> bool:
    """Whether the planted effect is among the insights, about the right columns and in the right direction."""
    plant = planted_table(kind, seed)
    return any(
        insight.kind in plant.kinds
        and plant.columns <= set(insight.columns)
        and all(any(one in insight.headline.lower() for one in word.split("|")) for word in plant.words)
        for insight in insights_of(plant.cells, **plant.known).analyst_insights
    )
