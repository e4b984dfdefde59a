"""Five clean tables as people keep them, made of the same cells every time: what the polluted files are made from."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

ROWS = 60


@dataclass(frozen=True)
class Clean:
    """`header` has one name a column; `rows` are the cells as text, none of them missing by accident."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def lines(self) -> list[list[str]]:
        """Header and rows, the header first."""
        return [list(self.header), *map(list, self.rows)]

    def but(self, **changes: object) -> "Clean":
        """Return the table with header or rows replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]


def clean_tables() -> tuple[Clean, ...]:
    """Return the five tables: orders, people, measurements, answers, stock."""
    return (_orders(), _people(), _measurements(), _answers(), _stock())


def _orders() -> Clean:
    draw = random.Random(11)
    products = ("Desk lamp", "Office chair", "Bookcase, oak", 'Monitor 27"', "Paper A4", "Stapler", "Pen set; blue")
    regions = ("North", "South", "East", "West")
    rows = []
    for number in range(ROWS):
        day = date(2024, 1, 3) + timedelta(days=number * 2)
        units, price = draw.randint(1, 40), draw.randint(199, 89999) / 100
        product, region = draw.choice(products), draw.choice(regions)
        rows.append((day.isoformat(), f"SO-{4100 + number}", region, product, str(units), f"{price:.2f}"))
    return Clean("orders", ("order_date", "order_id", "region", "product", "units", "price"), tuple(rows))


def _people() -> Clean:
    draw = random.Random(12)
    first = (
        "Zoë",
        "André",
        "Jürgen",
        "Søren",
        "María",
        "Chloé",
        "Björn",
        "Inês",
        "Anna",
        "Peter",
        "Łukasz",
        "François",
    )
    last = ("Müller", "Østergård", "Núñez", "Lefèvre", "Smith", "Weiß", "García", "Brown", "Åkesson", "Conceição")
    cities = ("Köln", "Málaga", "Århus", "Lyon", "Leeds", "Genève", "Malmö", "São Paulo")
    rows = []
    for number in range(ROWS):
        name = f"{draw.choice(last)}, {draw.choice(first).replace('Ł', 'L')}"
        joined = date(2015, 2, 1) + timedelta(days=draw.randint(0, 3000))
        rows.append((str(1001 + number), name, draw.choice(cities), joined.isoformat(), str(draw.randint(18, 79))))
    return Clean("people", ("id", "name", "city", "member since", "age"), tuple(rows))


def _measurements() -> Clean:
    draw = random.Random(13)
    rows = []
    for number in range(ROWS):
        day, hour = date(2023, 6, 1) + timedelta(days=number // 24), number % 24
        values = [f"{draw.gauss(18, 6):.2f}", f"{draw.gauss(1013, 9):.1f}", f"{draw.uniform(0, 1):.4f}"]
        values += [f"{draw.gauss(0, 3):.3f}", str(draw.randint(0, 360))]
        rows.append((f"{day.isoformat()} {hour:02d}:00:00", "ABC"[number % 3], *values))
    header = ("time", "sensor", "temperature", "pressure", "humidity", "drift", "direction")
    return Clean("measurements", header, tuple(rows))


def _answers() -> Clean:
    draw = random.Random(14)
    texts = (
        "Fine, thanks.", 'They said "no" twice; I left.', "Too slow on Mondays", "ok",
        "Great staff, long queue, fair prices", "It's the friend's dog", "Would come again!",
        "Line one\nline two", "50% off | limited", "n/a for me: I never went",
    )  # fmt: skip
    rows = []
    for number in range(ROWS):
        stars, text = str(draw.randint(1, 5)), draw.choice(texts)
        rows.append((f"R{number:03d}", draw.choice(("yes", "no")), stars, text, draw.choice(("web", "phone", "mail"))))
    return Clean("answers", ("respondent", "returning", "stars", "remark", "channel"), tuple(rows))


def _stock() -> Clean:
    draw = random.Random(15)
    rows = []
    for number in range(ROWS):
        code, zone = f"{draw.randint(1, 99999):05d}", draw.choice(("A", "B", "C", "D"))
        warehouse = draw.choice(("Hamburg", "Antwerp", "Oslo", "Porto"))
        supplier = draw.choice(("Nord AG", "Smith & Sons", "Delta Ltd", "O'Neill"))
        level = str(draw.randint(0, 5000)) if number % 7 else ""
        rows.append((code, warehouse, zone, supplier, level, f"{draw.randint(100, 99999) / 100:.2f}"))
    return Clean("stock", ("article", "warehouse", "zone", "supplier", "level", "value"), tuple(rows))
