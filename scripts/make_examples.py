"""Write the files of `examples/`: invented, the same bytes every time, each with stories to find and honest flaws.

No row is about a real person or company. What each file holds stands in examples/README.md.
"""

import csv
import io
import json
import math
import random
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from openpyxl import Workbook
from openpyxl.styles import Font

Choice = TypeVar("Choice")
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SOME_DAY = (2026, 7, 1, 8, 0, 0)  # files carry the day of their "export", not the day this script ran


def sales_demo() -> bytes:
    """Orders of a furnishing house over 18 months.

    To find: West leads, revenue grows, weekends are quiet, lighting comes back four times as often as the rest, and
    one order in March 2026 is far beyond all others. Flaws: empty cells, three rows twice, one cell that is no number.
    """
    chance = random.Random("sales demo")
    categories = {
        "Furniture": (189.0, 0.26),
        "Office": (24.5, 0.30),
        "Lighting": (64.0, 0.18),
        "Textiles": (39.9, 0.26),
    }
    return_share = {"Furniture": 0.05, "Office": 0.03, "Lighting": 0.19, "Textiles": 0.06}
    rows: list[list[str]] = []
    first, days = date(2025, 1, 1), 546
    for day in range(days):
        today = first + timedelta(days=day)
        growth = 1 + 0.65 * day / days
        expected = (1.1 if today.weekday() >= 5 else 3.1) * growth * 0.82
        for _ in range(_poisson(chance, expected)):
            region = _weighted(chance, {"West": 0.37, "North": 0.24, "South": 0.21, "East": 0.18})
            category = _weighted(chance, {name: weight for name, (_, weight) in categories.items()})
            channel = _weighted(chance, {"Online": 0.35 + 0.25 * day / days, "Store": 0.4, "Partner": 0.15})
            price = round(categories[category][0] * math.exp(chance.gauss(0, 0.22)), 2)
            units = 1 + _poisson(chance, 3.2 if channel == "Partner" else 1.7)
            discount = _weighted(chance, {0.0: 0.66, 0.05: 0.16, 0.1: 0.12, 0.2: 0.06})
            returned = "yes" if chance.random() < return_share[category] else "no"
            rows.append(
                _order(
                    len(rows),
                    today,
                    region=region,
                    channel=channel,
                    category=category,
                    units=units,
                    price=price,
                    discount=discount,
                    returned=returned,
                )
            )

    bulk = next(n for n, row in enumerate(rows) if row[1] == "2026-03-17")
    rows[bulk] = _order(
        bulk,
        date(2026, 3, 17),
        region="North",
        channel="Partner",
        category="Furniture",
        units=160,
        price=172.5,
        discount=0.1,
        returned="no",
    )
    for n in range(40, len(rows), 97):
        rows[n][2] = ""  # region not recorded
    for n in range(15, len(rows), 61):
        rows[n][7] = "NA"  # discount not recorded
    rows[711][5] = "two"
    for n in (1204, 802, 333):
        rows.insert(n + 1, list(rows[n]))  # sent twice by the till
    header = ["order_id", "order_date", "region", "channel", "category", "units", "unit_price", "discount", "revenue"]
    return _csv([*header, "returned"], rows, delimiter=",").encode()


def _order(
    number: int,
    day: date,
    *,
    region: str,
    channel: str,
    category: str,
    units: int,
    price: float,
    discount: float,
    returned: str,
) -> list[str]:
    revenue = round(units * price * (1 - discount), 2)
    shown = [f"SO-{10001 + number}", day.isoformat(), region, channel, category, str(units)]
    return [*shown, f"{price:.2f}", f"{discount:.2f}", f"{revenue:.2f}", returned]


def support_tickets() -> bytes:
    """A workbook as a help desk exports it: two title rows above the header, open tickets without a closing date, a
    second sheet with the teams.

    To find: Mondays bring most tickets, billing takes longest, slow first replies go with low ratings.
    """
    chance = random.Random("support tickets")
    book = Workbook()
    tickets = book.active
    assert tickets is not None
    tickets.title = "Tickets"
    tickets["A1"] = "Support desk: all tickets"
    tickets["A1"].font = Font(bold=True, size=14)
    tickets.merge_cells("A1:I1")
    tickets["A2"] = "Exported 1 July 2026, times in UTC"
    header = ["Ticket", "Opened", "Closed", "Team", "Topic", "Priority", "First reply (min)", "Reopened", "Rating"]
    for place, name in enumerate(header, start=1):
        tickets.cell(row=4, column=place, value=name).font = Font(bold=True)

    hours = {"Billing": 52.0, "Delivery": 27.0, "Account": 18.0, "Product fault": 31.0, "How to": 9.0}
    weekdays = (1.9, 1.2, 1.0, 1.0, 0.9, 0.35, 0.3)
    number, exported = 4100, datetime(2026, 7, 1, 8, 0)  # noqa: DTZ001 - a workbook knows no time zones
    for day in range(181):
        midnight = datetime(2026, 1, 1) + timedelta(days=day)  # noqa: DTZ001
        for _ in range(_poisson(chance, 2.6 * weekdays[midnight.weekday()])):
            number += 1
            opened = midnight + timedelta(minutes=round(chance.triangular(7 * 60, 20 * 60, 11 * 60)))
            topic = _weighted(
                chance, {"Billing": 0.2, "Delivery": 0.3, "Account": 0.15, "Product fault": 0.15, "How to": 0.2}
            )
            team = {"Billing": "Finance desk", "Product fault": "Engineering"}.get(topic, "First line")
            priority = _weighted(chance, {"P1": 0.07, "P2": 0.23, "P3": 0.7})
            reply = round(chance.lognormvariate(math.log(22 if priority == "P1" else 75), 0.7))
            closed = opened + timedelta(hours=chance.lognormvariate(math.log(hours[topic]), 0.6))
            rating = round(min(5, max(1, 5.1 - reply / 85 + chance.gauss(0, 0.6))))
            is_open = closed > exported
            tickets.append([
                f"T-{number}", opened, None if is_open else closed.replace(second=0, microsecond=0), team, topic,
                priority, reply, chance.random() < 0.08, None if is_open or chance.random() < 0.35 else rating,
            ])  # fmt: skip
    for row in tickets.iter_rows(min_row=5, min_col=2, max_col=3):
        for cell in row:
            cell.number_format = "yyyy-mm-dd hh:mm"
    tickets.freeze_panes = "A5"

    teams = book.create_sheet("Teams")
    for line in (
        ["Team", "Seats", "Hours"],
        ["First line", 9, "07-20"],
        ["Finance desk", 3, "09-17"],
        ["Engineering", 4, "09-18"],
    ):
        teams.append(line)
    return _same_bytes(book)


def energy_readings() -> bytes:
    """Daily meter readings of four buildings as an API answers them: nested records.

    To find: heating follows the cold, offices rest at weekends, the depot's meter hangs on one value for two weeks.
    Flaws: readings without a temperature, one negative reading.
    """
    chance = random.Random("energy readings")
    buildings = {
        "B-01": ("Town hall", "office", 410.0, 21.0), "B-02": ("School", "office", 350.0, 26.0),
        "B-03": ("Indoor pool", "leisure", 980.0, 15.0), "B-04": ("Depot", "workshop", 260.0, 9.0),
    }  # fmt: skip
    records, stuck = [], 0.0
    for day in range(273):
        today = date(2025, 9, 1) + timedelta(days=day)
        outdoor = 10 - 10.5 * math.sin(2 * math.pi * (day - 52) / 365) + chance.gauss(0, 2.4)
        for building, (name, use, base, per_degree) in buildings.items():
            weekend = 0.45 if use == "office" and today.weekday() >= 5 else 1.0
            kwh = (base + per_degree * max(0.0, 16 - outdoor)) * weekend * math.exp(chance.gauss(0, 0.05))
            if building == "B-04" and date(2026, 2, 2) <= today <= date(2026, 2, 15):
                kwh = stuck = stuck or kwh
            records.append({
                "reading_id": f"{building}-{today:%Y%m%d}",
                "date": today.isoformat(),
                "building": {"id": building, "name": name, "use": use},
                "energy": {"kwh": round(kwh, 1), "peak_kw": round(kwh / 24 * (2.1 + 0.3 * chance.random()), 1)},
                "weather": {"outdoor_c": None if chance.random() < 0.015 else round(outdoor, 1)},
            })  # fmt: skip
    records[417]["energy"] = {"kwh": -12.0, "peak_kw": 0.0}
    lines = ",\n".join(f"  {json.dumps(record, ensure_ascii=False)}" for record in records)
    return f"[\n{lines}\n]\n".encode()


def umsatz_filialen() -> bytes:
    """Takings of German shops as a till exports them: semicolons, decimal commas, days first, Windows-1252, a closing
    line with the total.

    To find: München leads, Saturdays are best (Sundays closed), drinks rise in summer.
    """
    chance = random.Random("umsatz filialen")
    shops = {"München": 1.7, "Köln": 1.2, "Düsseldorf": 1.1, "Nürnberg": 0.8, "Lübeck": 0.6}
    goods = {"Getränke": 3.2, "Brot & Gebäck": 4.1, "Käse": 7.9, "Obst & Gemüse": 5.4}
    rows, total = [], 0.0
    for day in range(120):
        today = date(2026, 4, 1) + timedelta(days=day)
        if today.weekday() == 6:
            continue
        for shop, size in shops.items():
            ware = _weighted(chance, dict.fromkeys(goods, 1.0))
            season = 1 + (0.7 * day / 120 if ware == "Getränke" else 0)
            units = round(90 * size * season * (1.5 if today.weekday() == 5 else 1) * math.exp(chance.gauss(0, 0.18)))
            takings = round(units * goods[ware] * math.exp(chance.gauss(0, 0.06)), 2)
            total += takings
            paid = _weighted(chance, {"Karte": 0.62, "bar": 0.36, "": 0.02})
            rows.append([f"{today:%d.%m.%Y}", shop, ware, _german(units, 0), f"{_german(takings)} €", paid])
    rows.append(["Summe", "", "", "", f"{_german(total)} €", ""])
    return _csv(["Datum", "Filiale", "Warengruppe", "Menge", "Umsatz", "Zahlungsart"], rows, delimiter=";").encode(
        "cp1252"
    )


FILES: dict[str, Callable[[], bytes]] = {
    "sales_demo.csv": sales_demo,
    "support_tickets.xlsx": support_tickets,
    "energy_readings.json": energy_readings,
    "umsatz_filialen.csv": umsatz_filialen,
}


def _poisson(chance: random.Random, expected: float) -> int:
    """Return a Poisson number by Knuth's product of uniforms, good for small expectations."""
    limit, product, count = math.exp(-expected), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def _weighted(chance: random.Random, weights: dict[Choice, float]) -> Choice:
    return chance.choices(list(weights), weights=list(weights.values()))[0]


def _german(number: float, decimals: int = 2) -> str:
    return f"{number:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def _csv(header: Sequence[str], rows: Sequence[Sequence[str]], *, delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows([header, *rows])
    return text.getvalue()


def _same_bytes(book: Workbook) -> bytes:
    """Return the workbook with the times of its making set to `SOME_DAY`."""
    book.properties.created = book.properties.modified = datetime(*SOME_DAY)  # noqa: DTZ001
    book.properties.creator = "DataPilot AI"
    first, second = io.BytesIO(), io.BytesIO()
    book.save(first)
    with zipfile.ZipFile(first) as made, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as kept:
        for part in made.infolist():
            content = made.read(part)
            if part.filename == "docProps/core.xml":
                content = _without_clock(content)
            kept.writestr(zipfile.ZipInfo(part.filename, SOME_DAY), content, zipfile.ZIP_DEFLATED)
    return second.getvalue()


def _without_clock(core: bytes) -> bytes:
    """Return the properties with the time of saving, which openpyxl takes from the clock, set to `SOME_DAY`."""
    start, end = core.index(b"<dcterms:modified"), core.index(b"</dcterms:modified>")
    text = core.index(b">", start) + 1
    return core[:text] + datetime(*SOME_DAY).isoformat().encode() + b"Z" + core[end:]  # noqa: DTZ001


def main() -> int:
    for name, make in FILES.items():
        content = make()
        (EXAMPLES / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
