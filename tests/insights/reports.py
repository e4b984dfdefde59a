"""Reports to explain, made by the real analysis from tables whose every cell can be told from any other text."""

import csv
import random
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from datapilot.actions.analyze_dataset import analyze_file
from datapilot.contracts.limits import Limits
from datapilot.contracts.report import Report
from datapilot.contracts.table import ReadingOptions

REGIONS = ("Qaristan", "Zubrowka", "Vlatava", "Ostmark")
FIRST = ("Xiomara", "Bartholomew", "Wilhelmina", "Thaddeus", "Persephone", "Ignatius")
LAST = ("Quackenbush", "Featherstone", "Zimmerwald", "Ollivander", "Brzezinski", "Okonkwo-Reyes")
NOTES = ("parcel dented near the hinge", "asked twice for a receipt", "prefers evening delivery slots")
HEADER = (
    "sold on",
    "region",
    "customer name",
    "customer email",
    "phone",
    "ssn",
    "card number",
    "note",
    "units",
    "revenue",
)
ROWS = 400


@cache
def rows() -> tuple[tuple[str, ...], ...]:
    """Return the cells of the table as they stand in the file; one region earns more than the others."""
    chance = random.Random(5)
    made = []
    for number in range(ROWS):
        region = chance.choices(REGIONS, weights=(5, 3, 2, 2))[0]
        first, last = chance.choice(FIRST), chance.choice(LAST)
        units = chance.randint(1, 9)
        price = 41.37 if region == "Qaristan" else 17.91
        made.append((
            f"2024-{1 + number * 12 // ROWS:02d}-{chance.randint(1, 28):02d}",
            region,
            f"{first} {last}",
            f"{first.lower()}.{last.lower()}{number}@mailbox-{number % 7}.example",
            f"(555) {chance.randint(200, 999)}-{chance.randint(1000, 9999)}",
            f"{chance.randint(100, 665):03d}-{chance.randint(10, 99):02d}-{chance.randint(1000, 9999):04d}",
            _card(chance),
            chance.choice(NOTES),
            str(units),
            f"{units * price + chance.random() * 9:.2f}",
        ))  # fmt: skip
    return tuple(made)


@cache
def sales_report() -> Report:
    """Return the finished rules' report of the table above."""
    return report_of(HEADER, rows())


def report_of(header: tuple[str, ...], cells: tuple[tuple[str, ...], ...]) -> Report:
    """Return the report of a table written as CSV."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *cells])
        return analyze_file(path, name="table.csv", job_id="job_1", options=ReadingOptions(), limits=Limits())


def _card(chance: random.Random) -> str:
    """Return sixteen digits of the 4111 kind whose last one checks the others."""
    digits = [4, 1, 1, 1, *(chance.randint(0, 9) for _ in range(11))]
    doubled = [digit * 2 - 9 * (digit > 4) if at % 2 == 0 else digit for at, digit in enumerate(digits)]
    text = "".join(map(str, [*digits, -sum(doubled) % 10]))
    return " ".join(text[at : at + 4] for at in range(0, 16, 4))
