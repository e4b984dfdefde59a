"""The generated tables of the speed figures: 13 columns like a shop's order export, the same bytes every time."""

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

ROWS = {"s10k": 10_000, "s100k": 100_000, "s1m": 1_000_000}
HEADER = (
    "order_date,order_id,customer_id,customer_email,region,category,product,channel,comment,"
    "quantity,unit_price,discount,revenue"
)
_REGIONS = ("North", "South", "East", "West", "Central")
_CATEGORIES = ("Furniture", "Technology", "Office Supplies", "Garden", "Toys", "Books", "Food", "Sports")
_CHANNELS = ("online", "shop", "partner")
_COMMENTS = (
    "late delivery last time", 'asked for a "gift" box', "second order this week", "paid by invoice as agreed",
    "fragile, handle with care", "called twice about the date", 'wants the "blue, large" one', "returning customer",
    "no remarks from the clerk", "deliver after five, please",
)  # fmt: skip
_FIRST_DAY = date(2022, 1, 1)
_DAYS = 1_000  # ends inside a month, as real exports do
_MISSING_SHARE = 0.03
_LINES_PER_WRITE = 20_000


def table_path(name: str) -> Path:
    """Return the CSV of a table named in ROWS, written into the cache folder on first use."""
    path = cache_folder() / f"{name}.csv"
    if not path.exists():
        partial = path.with_suffix(".partial")
        write_table(partial, ROWS[name])
        partial.replace(path)
    return path


def cache_folder() -> Path:
    """Return the folder of generated files: BENCHMARK_CACHE, or the user's cache; it is created."""
    base = os.environ.get("BENCHMARK_CACHE") or Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "datapilot-bench"
    folder = Path(base).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_table(path: Path, rows: int) -> None:
    """Write the first `rows` orders; a smaller table is not a prefix of a larger one, as its days are spread anew."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\n")
        lines: list[str] = []
        for line in _lines(rows):
            lines.append(line)
            if len(lines) == _LINES_PER_WRITE:
                file.writelines(lines)
                lines.clear()
        file.writelines(lines)


def _lines(rows: int) -> Iterator[str]:
    chance = random.Random(20240229)
    draw = chance.random
    days = [(_FIRST_DAY + timedelta(days=number)).isoformat() for number in range(_DAYS)]
    for row in range(rows):
        customer = int(draw() ** 2 * rows / 8)
        category = int(draw() ** 1.5 * len(_CATEGORIES))
        quantity = 1 + int(draw() * draw() * 19)
        price = round(4 + 60 * (category + 1) * draw() ** 2, 2)
        discount = round(0.05 * int(draw() ** 3 * 8), 2)
        revenue = round(quantity * price * (1 - discount), 2)
        numbers = [quantity, price, discount, revenue]
        cells = [str(number) if draw() > _MISSING_SHARE else "" for number in numbers]
        comment = _COMMENTS[int(draw() * len(_COMMENTS))].replace('"', '""')
        yield (
            f"{days[row * _DAYS // rows]},ORD-{100_000_000 + row},C{customer:07d},customer{customer}@example.com,"
            f"{_REGIONS[int(draw() ** 1.3 * 5)]},{_CATEGORIES[category]},Product {int(draw() ** 1.2 * 400)},"
            f'{_CHANNELS[int(draw() ** 2 * 3)]},"{comment}",{",".join(cells)}\n'
        )
