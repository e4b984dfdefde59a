"""Score the meaning that reading gives to columns of known make: type, subtype, role, unit, personal data, first value.

    python -m benchmarks.column_kinds        the table, and every column that was read otherwise

The columns are made here, in many languages and habits. Each is read in a file of its own beside a row number.
"""

import csv
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measured import Row
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.read_table import read_table

ROWS = 60
ANY = "any"
SEED = 20


@dataclass(frozen=True)
class Made:
    """A column and what it is. `first` is the typed value of its first cell; `ANY` is not judged; `is_open` says that
    the cells allow two readings, which the receipt must name."""

    group: str
    name: str
    cells: Sequence[str]
    inferred: str
    subtype: str | None = ANY
    role: str = ANY
    unit: str | None = ANY
    pii: str | None = None
    first: Any = ANY
    is_open: bool = False


def words_of(text: str) -> list[str]:
    return text.split(" ")


def numbers() -> list[Made]:
    """Numbers as people and programs write them."""
    pick = random.Random(SEED)
    amounts = [round(pick.uniform(1, 99_999), 2) for _ in range(ROWS)]
    amounts[0] = 12_345.67
    big = [pick.randint(100_000, 99_999_999) for _ in range(ROWS)]
    big[0] = 12_345_678

    def european(value: float, group: str = ".") -> str:
        return f"{value:,.2f}".replace(",", "\0").replace(".", ",").replace("\0", group)

    def indian(value: int) -> str:
        text = str(value)
        head, tail = text[:-3], text[-3:]
        parts = []
        while head:
            parts.insert(0, head[-2:])
            head = head[:-2]
        return ",".join([*parts, tail])

    def make(name: str, cells: list[str], **more: Any) -> Made:
        return Made("numbers", name, cells, more.pop("inferred", "numeric"), **more)

    return [
        make("amount", [f"{a:.2f}" for a in amounts], first=12345.67, role="sum"),
        make("amount", [f"{a:,.2f}" for a in amounts], first=12345.67),
        make("betrag", [european(a) for a in amounts], first=12345.67),
        make("montant", [european(a, " ") for a in amounts], first=12345.67),
        make("montant", [european(a, "\u00a0") for a in amounts], first=12345.67),
        make("montant", [european(a, "\u202f") for a in amounts], first=12345.67),
        make("montant", [european(a, "\u2009") for a in amounts], first=12345.67),
        make("betrag CHF", [f"{a:,.2f}".replace(",", "'") for a in amounts], first=12345.67, unit="CHF"),
        make("betrag", [f"{a:,.2f}".replace(",", "’") for a in amounts], first=12345.67),
        make("sales", [indian(b) for b in big], first=12345678),
        make("revenue", [f"₹{indian(b)}" for b in big], first=12345678, unit="₹", subtype="currency"),
        make("revenue", [f"₹ {indian(b)}.00" for b in big], first=12345678, unit="₹"),
        make("price", [f"${a:,.2f}" for a in amounts], first=12345.67, unit="$", subtype="currency"),
        make("price", [f"USD {a:,.2f}" for a in amounts], first=12345.67, unit="USD", subtype="currency"),
        make("price", [f"{a:,.2f} USD" for a in amounts], first=12345.67, unit="USD"),
        make("preis", [f"{european(a)} €" for a in amounts], first=12345.67, unit="€", subtype="currency"),
        make("preis", [f"€ {european(a)}" for a in amounts], first=12345.67, unit="€"),
        make("preis", [f"{european(a)} EUR" for a in amounts], first=12345.67, unit="EUR"),
        make("prijs", [f"€ {european(a)[:-2]}-" if k % 3 == 0 and k else f"€ {european(a)}"
                       for k, a in enumerate(amounts)], first=12345.67, unit="€"),
        make("cena", [f"{european(a, ' ')} zł" for a in amounts], first=12345.67, unit="PLN"),
        make("cena", [f"{european(a, ' ')} Kč" for a in amounts], first=12345.67, unit="CZK"),
        make("pris", [f"{european(a, ' ')} kr" for a in amounts], first=12345.67, unit="kr"),
        make("preço", [f"R$ {european(a)}" for a in amounts], first=12345.67, unit="R$"),
        make("цена", [f"{european(a, ' ')} ₽" for a in amounts], first=12345.67, unit="₽"),
        make("цена", [f"{european(a, ' ')} руб." for a in amounts], first=12345.67, unit="₽"),
        make("price", [f"¥{b:,}" for b in big], first=12345678, unit="¥"),
        make("price", [f"{b:,}円" for b in big], first=12345678, unit="¥"),
        make("price", [f"£{a:,.2f}" for a in amounts], first=12345.67, unit="£"),
        make("price", [f"CHF {a:,.2f}".replace(",", "'") for a in amounts], first=12345.67, unit="CHF"),
        make("profit", [f"({a:,.2f})" if k % 2 else f"{a:,.2f}" for k, a in enumerate(amounts)], first=12345.67),
        make("profit", [f"$({a:,.2f})" if k % 2 else f"${a:,.2f}" for k, a in enumerate(amounts)], unit="$"),
        make("profit", [f"-${a:,.2f}" if k % 2 else f"${a:,.2f}" for k, a in enumerate(amounts)], unit="$"),
        make("saldo", [f"{european(a)}-" if k % 2 else european(a) for k, a in enumerate(amounts)], first=12345.67),
        make("balance", [f"{a:,.2f} CR" if k % 2 else f"{a:,.2f} DR" for k, a in enumerate(amounts)], inferred=ANY),
        make("delta", [f"−{a:.2f}" if k % 2 else f"+{a:.2f}" for k, a in enumerate(amounts)], first=12345.67),
        make("share", [f"{a / 1000:.1f}%" for a in amounts], first=12.3, unit="%", subtype="percent", role="average"),
        make("anteil", [f"{a / 1000:.1f} %".replace(".", ",") for a in amounts], first=12.3, unit="%"),
        make("change", [f"{'+' if k % 2 else '-'}{a / 1000:.1f}%" for k, a in enumerate(amounts)], unit="%"),
        make("signal", [f"{a:.3E}" for a in amounts], first=12350.0),
        make("p_value", [f"{a / 1e9:.2e}" for a in amounts], first=1.23e-05),
        make("views", [f"{a / 10_000:.1f}k" for a in amounts], first=1200.0),
        make("views", [f"{a / 10_000:.1f}K" if k % 3 else f"{a / 10_000:.1f}M" for k, a in enumerate(amounts)],
             first=1200000.0),
        make("funding", [f"${a / 10_000:.1f}M" for a in amounts], first=1200000.0, unit="$"),
        make("umsatz", [f"{a / 10_000:.1f} Mio. €".replace(".", ",", 1) for a in amounts], first=1200000.0, unit="€"),
        make("budget", [f"{a / 10_000:.1f} million" for a in amounts], first=1200000.0),
        make("weight", [f"{a / 1000:.1f} kg" for a in amounts], first=12.3, unit="kg", subtype="unit", role="average"),
        make("gewicht", [f"{a / 1000:.1f} kg".replace(".", ",") for a in amounts], first=12.3, unit="kg"),
        make("temperature", [f"{a / 1000:.1f} °C" for a in amounts], first=12.3, unit="°C"),
        make("speed", [f"{int(a / 1000)} km/h" for a in amounts], first=12, unit="km/h"),
        make("distance_km", [f"{a / 1000:.1f}" for a in amounts], first=12.3, unit="km", subtype="unit"),
        make("Weight (kg)", [f"{a / 1000:.1f}" for a in amounts], first=12.3, unit="kg"),
        make("Revenue ($)", [f"{a:.2f}" for a in amounts], unit="$", subtype="currency", role="sum"),
        make("price_eur", [f"{a:.2f}" for a in amounts], unit="EUR", subtype="currency"),
        make("quantity", [str(int(a) % 20 + 1) for a in amounts], role="sum", first=6),
        make("age", [str(int(a) % 80 + 10) for a in amounts], role="average"),
        make("rating", [f"{a % 5:.1f}" for a in amounts], role="average"),
        make("year", [str(1990 + int(a) % 30) for a in amounts], subtype="year", role="never"),
        make("Jahr", [str(1990 + int(a) % 30) for a in amounts], subtype="year", role="never"),
        make("floor", [f"{int(a) % 9}" for a in amounts]),
        make("tiny", [f".{int(a)}" for a in amounts], first=0.12345),
        make("bignum", [f"{b}{b}" for b in big], first=1234567812345678),
        make("ratio", [f"0,{int(a)}" for a in amounts], first=0.12345),
        make("wert", [f"{int(a) % 900 + 100}.{int(a) % 900 + 100}" for a in amounts], is_open=True),
        make("wert", [f"{int(a) % 9 + 1},{int(a) % 900 + 100}" for a in amounts], is_open=True),
        make("duration", [f"{int(a) % 50}h {int(a) % 59}m" for a in amounts], inferred=ANY),
        make("height", [f"{int(a) % 3 + 4}'{int(a) % 11}\"" for a in amounts], inferred=ANY),
        make("mixed", [f"{a:.2f}" if k % 9 else "n/a" for k, a in enumerate(amounts[1:] + amounts[:1])]),
        make("temp", ["<0.1" if k % 20 == 19 else f"{a / 1000:.1f}" for k, a in enumerate(amounts)], first=12.3),
    ]  # fmt: skip


def dates() -> list[Made]:
    """Dates, times and periods."""
    pick = random.Random(SEED + 1)
    days = [date(2021, 1, 1) + timedelta(days=pick.randrange(1200)) for _ in range(ROWS)]
    days[0], days[1] = date(2023, 3, 25), date(2022, 11, 3)
    moments = [datetime.combine(d, time(pick.randrange(24), pick.randrange(60), pick.randrange(60))) for d in days]
    moments[0] = datetime(2023, 3, 25, 14, 5, 9)  # noqa: DTZ001
    low = [d.replace(day=d.day % 12 + 1) for d in days]
    german = words_of("Januar Februar März April Mai Juni Juli August September Oktober November Dezember")
    french = words_of("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
    spanish = words_of("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
    italian = words_of("gen feb mar apr mag giu lug ago set ott nov dic")
    russian = words_of("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")
    polish = words_of(
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
    )
    first, stamp = days[0], moments[0]

    def make(name: str, cells: list[str], value: Any = ANY, **more: Any) -> Made:
        return Made("dates", name, cells, "datetime", first=value, role="never", **more)

    def epoch(moment: datetime) -> int:
        return int((moment - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001

    return [
        make("date", [d.isoformat() for d in days], first),
        make("date", [d.strftime("%d.%m.%Y") for d in days], first),
        make("date", [d.strftime("%d/%m/%Y") for d in days], first),
        make("date", [d.strftime("%m/%d/%Y") for d in days], first),
        make("date", [f"{d.month}/{d.day}/{d.year % 100}" for d in days], first),
        make("date", [f"{d.day}.{d.month}.{d.year % 100:02d}" for d in days], first),
        make("date", [d.strftime("%d-%m-%Y") for d in days], first),
        make("date", [d.strftime("%Y/%m/%d") for d in days], first),
        make("date", [d.strftime("%Y.%m.%d") for d in days], first),
        make("date", [d.strftime("%Y%m%d") for d in days], first),
        make("date", [d.strftime("%d-%b-%Y") for d in days], first),
        make("date", [d.strftime("%d-%b-%y") for d in days], first),
        make("date", [d.strftime("%d %B %Y") for d in days], first),
        make("date", [d.strftime("%B %d, %Y") for d in days], first),
        make("date", [d.strftime("%b %d, %Y") for d in days], first),
        make("date", [d.strftime("%A, %B %d, %Y") for d in days], first),
        make("date", [d.strftime("%a %d %b %Y") for d in days], first),
        make("date", [d.strftime("%d%b%Y").upper() for d in days], first),
        make("date", [f"{d.day}{'th' if d.day > 3 else ['st', 'nd', 'rd'][d.day - 1]} {d:%B %Y}" for d in days], first),
        make("datum", [f"{d.day}. {german[d.month - 1]} {d.year}" for d in days], first),
        make("date", [f"{d.day} {french[d.month - 1]} {d.year}" for d in days], first),
        make("fecha", [f"{d.day} de {spanish[d.month - 1]} de {d.year}" for d in days], first),
        make("data", [f"{d.day} {italian[d.month - 1]} {d.year}" for d in days], first),
        make("дата", [f"{d.day} {russian[d.month - 1]} {d.year}" for d in days], first),
        make("дата", [f"{d.day} {russian[d.month - 1]} {d.year} г." for d in days], first),
        make("data", [f"{d.day} {polish[d.month - 1]} {d.year}" for d in days], first),
        make("日付", [f"{d.year}年{d.month}月{d.day}日" for d in days], first),
        make("날짜", [f"{d.year}년 {d.month}월 {d.day}일" for d in days], first),
        make("created", [m.isoformat() for m in moments], stamp),
        make("created", [m.isoformat() + "Z" for m in moments], stamp),
        make("created", [m.isoformat() + "+02:00" for m in moments], datetime(2023, 3, 25, 12, 5, 9)),  # noqa: DTZ001
        make("created", [m.isoformat() + "+0530" for m in moments], datetime(2023, 3, 25, 8, 35, 9)),  # noqa: DTZ001
        make("created", [m.isoformat(sep=" ") + ".123456" for m in moments], stamp.replace(microsecond=123456)),
        make("created", [m.strftime("%Y-%m-%d %H:%M") for m in moments], stamp.replace(second=0)),
        make("created", [m.strftime("%m/%d/%Y %I:%M:%S %p") for m in moments], stamp),
        make("created", [m.strftime("%m/%d/%Y %H:%M") for m in moments], stamp.replace(second=0)),
        make("created", [m.strftime("%d.%m.%Y %H:%M:%S") for m in moments], stamp),
        make("created", [m.strftime("%d.%m.%Y, %H:%M") for m in moments], stamp.replace(second=0)),
        make("created", [m.strftime("%d %b %Y %H:%M") for m in moments], stamp.replace(second=0)),
        make("created", [m.strftime("%b %d %Y %I:%M%p") for m in moments], stamp.replace(second=0)),
        make("created", [m.strftime("%a, %d %b %Y %H:%M:%S GMT") for m in moments], stamp),
        make("created", [m.strftime("%a, %d %b %Y %H:%M:%S +0000") for m in moments], stamp),
        make("created", [m.strftime("%a %b %d %H:%M:%S %Y") for m in moments], stamp),
        make("created", [m.strftime("%d/%b/%Y:%H:%M:%S +0000") for m in moments], stamp),
        make("created", [m.strftime("%Y%m%dT%H%M%SZ") for m in moments], stamp),
        make("timestamp", [str(epoch(m)) for m in moments], stamp),
        make("timestamp", [str(epoch(m) * 1000) for m in moments], stamp),
        make("created_at", [str(epoch(m) * 1_000_000) for m in moments], stamp),
        make("date", [str((d - date(1899, 12, 30)).days) for d in days], first, is_open=True),
        make("month", [d.strftime("%Y-%m") for d in days], date(2023, 3, 1), subtype="month"),
        make("month", [d.strftime("%m/%Y") for d in days], date(2023, 3, 1), subtype="month"),
        make("month", [d.strftime("%b %Y") for d in days], date(2023, 3, 1), subtype="month"),
        make("month", [d.strftime("%b-%y") for d in days], date(2023, 3, 1), subtype="month"),
        make("month", [d.strftime("%B %Y") for d in days], date(2023, 3, 1), subtype="month"),
        make("monat", [f"{german[d.month - 1]} {d.year}" for d in days], date(2023, 3, 1), subtype="month"),
        make("period", [d.strftime("%Y%m") for d in days], date(2023, 3, 1), subtype="month"),
        make("period", [d.strftime("%YM%m") for d in days], date(2023, 3, 1), subtype="month"),
        make("quarter", [f"{d.year}-Q{(d.month + 2) // 3}" for d in days], date(2023, 1, 1), subtype="quarter"),
        make("quarter", [f"Q{(d.month + 2) // 3} {d.year}" for d in days], date(2023, 1, 1), subtype="quarter"),
        make("quarter", [f"{d.year}Q{(d.month + 2) // 3}" for d in days], date(2023, 1, 1), subtype="quarter"),
        make("quarter", [f"Q{(d.month + 2) // 3}-{d.year % 100}" for d in days], date(2023, 1, 1), subtype="quarter"),
        make("quartal", [f"{(d.month + 2) // 3}. Quartal {d.year}" for d in days], date(2023, 1, 1), subtype="quarter"),
        make(
            "week",
            [f"{d.isocalendar().year}-W{d.isocalendar().week:02d}" for d in days],
            date(2023, 3, 20),
            subtype="week",
        ),
        make(
            "KW",
            [f"KW {d.isocalendar().week:02d}/{d.isocalendar().year}" for d in days],
            date(2023, 3, 20),
            subtype="week",
        ),
        make("time", [f"{m:%H:%M:%S}" for m in moments], time(14, 5, 9), subtype="time"),
        make("time", [f"{m:%H:%M}" for m in moments], time(14, 5), subtype="time"),
        make("time", [f"{m:%I:%M %p}" for m in moments], time(14, 5), subtype="time"),
        make("uhrzeit", [f"{m:%H:%M} Uhr" for m in moments], time(14, 5), subtype="time"),
        make("heure", [f"{m.hour}h{m.minute:02d}" for m in moments], time(14, 5), subtype="time"),
        make("date", [(d.isoformat() if k % 2 else f"{d:%d %B %Y}") for k, d in enumerate(days)], first),
        make("date", [(f"{d:%m/%d/%Y}" if k % 3 else f"{d:%B %d, %Y}") for k, d in enumerate(days)], first),
        make("date", [d.strftime("%m/%d/%Y") for d in low], is_open=True),
        make("date", [d.strftime("%d/%m/%Y") for d in low], is_open=True),
        make("datum", [d.strftime("%d.%m.%Y") for d in low], low[0], is_open=True),
        make("date", [d.isoformat() if k % 7 else "" for k, d in enumerate([days[0], *days])][1:], first),
        make("date", ["TBD" if k % 25 == 24 else d.isoformat() for k, d in enumerate(days)], first),
    ]


def words() -> list[Made]:
    """Booleans, categories, identifiers, codes, texts and containers."""
    pick = random.Random(SEED + 2)
    ids = [1000 + 7 * n for n in range(ROWS)]
    pick.shuffle(ids)
    places = ["Oslo", "Lima", "Accra", "Kyoto", "Quito"]
    sentence = "The parcel with number {} came late, and the box was wet and torn on one side."

    def make(name: str, cells: Sequence[str], inferred: str, subtype: str | None = ANY, **more: Any) -> Made:
        return Made("words", name, list(cells), inferred, subtype, **more)

    def yes_no(name: str, yes: str, no: str) -> Made:
        return make(name, [yes if pick.random() < 0.5 else no for _ in range(ROWS - 2)] + [yes, no], "boolean")

    def choose(options: Sequence[str]) -> list[str]:
        return [options[k % len(options)] if k < len(options) else pick.choice(options) for k in range(ROWS)]

    return [
        *(yes_no(name, yes, no) for name, yes, no in [
            ("active", "yes", "no"), ("active", "Y", "N"), ("active", "TRUE", "FALSE"), ("active", "True", "False"),
            ("aktiv", "ja", "nein"), ("aktiv", "Wahr", "Falsch"), ("actif", "oui", "non"), ("actif", "VRAI", "FAUX"),
            ("activo", "sí", "no"), ("activo", "Verdadero", "Falso"), ("attivo", "vero", "falso"),
            ("ativo", "sim", "não"), ("aktywny", "tak", "nie"), ("aktivní", "ano", "ne"), ("aktiv", "igen", "nem"),
            ("actief", "ja", "nee"), ("aktiv", "ja", "nej"), ("aktiivinen", "kyllä", "ei"), ("активен", "да", "нет"),
            ("aktif", "evet", "hayır"), ("有効", "はい", "いいえ"), ("启用", "是", "否"), ("활성", "예", "아니오"),
            ("ενεργό", "ναι", "όχι"), ("פעיל", "כן", "לא"), ("نشط", "نعم", "لا"),
            ("checked", "✓", "✗"), ("opt_in", "on", "off"), ("is_paid", "1", "0"),
            ("has_car", "1", "0"), ("enabled", "enabled", "disabled"),
        ]),
        make("city", choose(places), "categorical", role="count"),
        make("status", choose(["open", "closed", "in progress"]), "categorical", role="count"),
        make("grade", choose(["A", "B", "C", "D", "F"]), "categorical"),
        make("gender", choose(["M", "F"]), "categorical"),
        make("size", choose(["S", "M", "L", "XL"]), "categorical"),
        make("country", choose(["DE", "FR", "NA", "US"]), "categorical"),
        make("currency", choose(["EUR", "USD", "CHF"]), "categorical"),
        make("weekday", choose(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]), "categorical"),
        make("month", choose(["Jan", "Feb", "Mar", "Apr", "May", "Jun"]), "categorical"),
        make("quarter", choose(["Q1", "Q2", "Q3", "Q4"]), "categorical"),
        make("age group", choose(["18-24", "25-34", "35-44", "45-54", "65+"]), "categorical"),
        make("income", choose(["$0 - $24,999", "$25,000 - $49,999", "$50,000 - $99,999", "$150,000+"]), "categorical"),
        make("rating", choose(["1 star", "2 stars", "3 stars"]), ANY),
        make("order_id", [str(n) for n in ids], "identifier", role="never"),
        make("OrderID", [str(n) for n in ids], "identifier", role="never"),
        make("id", [f"ORD-{n:06d}" for n in ids], "identifier", role="never"),
        make("Rechnungsnr.", [f"RE-2023-{n:05d}" for n in ids], "identifier", role="never"),
        make("Kundennummer", [str(n + 100_000) for n in ids], "identifier", role="never"),
        make("customer_id", [f"C{n // 7 % 7:05d}" for n in ids], "identifier", role="never"),
        make("customer_id", [str(200 + n % 9) for n in ids], "identifier", role="never"),
        make("uuid", [f"8f14e45f-ceea-467f-a8b6-1e5f0a9c{n:04x}" for n in ids], "identifier", "uuid"),
        make("hash", [f"{n * 2654435761 % 2**32:08x}{n * 40503 % 2**32:08x}" for n in ids], "identifier"),
        make("sku", [f"AB{n}-X" for n in ids], "identifier", role="never"),
        make("ean13", [f"40063813{n:05d}" for n in ids], "identifier", role="never"),
        make("isbn", [f"978-3-16-{n:06d}-0" for n in ids], "identifier", role="never"),
        make("zip", [f"{(n * 37) % 99999:05d}" for n in ids], ANY, "code", role=ANY),
        make("PLZ", choose(["01067", "10115", "80331", "04103"]), "categorical", "code", role="count"),
        make("zip_code", choose(["10001", "94105", "60601", "73301"]), ANY, "code"),
        make("account", [f"{n:010d}" for n in ids], ANY, "code"),
        make("postcode", choose(["SW1A 1AA", "EC1A 1BB", "W1A 0AX", "M1 1AE"]), "categorical"),
        make("area code", choose(["212", "415", "312"]), "categorical", "code", role="count"),
        make("version", choose(["1.0.2", "1.10.0", "2.0.1"]), "categorical"),
        make("url", [f"https://example.com/p/{n}" for n in ids], "url"),
        make("website", [f"www.shop{n}.example.org" for n in ids], "url"),
        make("lat", [f"{40 + n / 1e4:.5f}" for n in ids], "location", "latitude", role="never"),
        make("lng", [f"{-73 - n / 1e4:.5f}" for n in ids], "location", "longitude", role="never"),
        make("latitude", [f"{48 + n / 1e4:.5f}".replace(".", ",") for n in ids], "location", "latitude", role="never"),
        make("coordinates", [f"{40 + n / 1e4:.5f}, {-73 - n / 1e4:.5f}" for n in ids], "location", "coordinates"),
        make("geo", [f"POINT ({-73 - n / 1e4:.5f} {40 + n / 1e4:.5f})" for n in ids], "location", "coordinates"),
        make("tags", [f"{pick.choice(places)}, {pick.choice(places)}, {pick.choice(places)}" for _ in ids], "list"),
        make("genres", [f"{pick.choice(places)}|{pick.choice(places)}|{pick.choice(places)}" for _ in ids], "list"),
        make("scores", [f"[{n}, {n + 1}, {n % 5}]" for n in ids], "list"),
        make("skills", [f"['{pick.choice(places)}', '{pick.choice(places)}']" for _ in ids], "list"),
        make("payload", [f'{{"a": {n}, "b": [1, 2]}}' for n in ids], "json"),
        make("comment", [sentence.format(n) for n in ids], "text", role="never"),
        make("title", [f"How {pick.choice(places)} met {pick.choice(places)} in part {n}" for n in ids], "text"),
        make("source", ["web"] * ROWS, "constant"),
        make("zero", ["0"] * ROWS, "constant"),
        make("nothing", ["", "NA", "n/a"] * (ROWS // 3), "empty"),
        make("color", ["#ff0000", "#00ff00", "#0000ff", "#abcdef"] * (ROWS // 4), "categorical"),
        make("file", [f"report_{n}.pdf" for n in ids], ANY),
        make("mac", [f"00:1b:44:11:3a:{n % 256:02x}" for n in ids], "identifier"),
        make("player", [f"{pick.choice('ABC')}{n}" for n in ids], "identifier"),
        make("size", [f"{n % 9 + 1}x{n % 7 + 2}" for n in ids], ANY),
        make("score", [f"{n % 5}-{n % 3}" for n in ids], ANY),
        make("range", [f"{n}-{n + 10}" for n in ids], ANY),
    ]  # fmt: skip


FIRST = words_of("Anna Bert Cleo Dan Eva Filip Grete Hugo Ines Jan Karla Liam Mona Nils Olga Paul Rosa Sven Tara Uwe")
LAST = words_of("Berg Cole Diaz Egger Fox Gray Hall Ito Jones Klein Lopez Meyer Novak Olsen Petrov Quinn Rossi Silva")


def personal() -> list[Made]:
    """Columns that say who somebody is."""
    pick = random.Random(SEED + 3)
    first = [pick.choice(FIRST) for _ in range(ROWS)]
    last = [pick.choice(LAST) for _ in range(ROWS)]
    full = [f"{a} {b}" for a, b in zip(first, last, strict=True)]
    digits = [pick.randrange(10**9) for _ in range(ROWS)]
    births = [date(1940, 1, 1) + timedelta(days=pick.randrange(22_000)) for _ in range(ROWS)]
    streets = ["Main Street", "Elm Road", "Oak Ave", "Pine Lane", "High St"]

    def make(name: str, cells: Sequence[str], pii: str) -> Made:
        return Made("personal", name, list(cells), ANY, ANY, pii=pii)

    def card(stem: int) -> str:
        body = f"4{stem:014d}"
        total = sum(
            value * 2 - 9 if place % 2 == 0 and value > 4 else value * 2 if place % 2 == 0 else value
            for place, value in enumerate(int(digit) for digit in reversed(body))
        )
        return body + str(-total % 10)

    def iban(account: int) -> str:
        body = f"37040044{account:010d}"
        return f"DE{98 - int(body + '131400') % 97:02d}{body}"

    phones = [f"({212 + d % 700}) {200 + d % 700}-{d % 10_000:04d}" for d in digits]
    return [
        make("email", [f"{a.lower()}.{d}@example.com" for a, d in zip(first, digits, strict=True)], "email"),
        make("Kontakt", [f"{a.lower()}.{d}@firma.de" for a, d in zip(first, digits, strict=True)], "email"),
        make("col_7", [f"{a.lower()}{d}@mail.org" for a, d in zip(first, digits, strict=True)], "email"),
        make("sender", [f"{a} <{a.lower()}@mail.org>" for a in first], "email"),
        make("phone", phones, "phone"),
        make("col_8", phones, "phone"),
        make("Telefonnummer", [f"+49 30 {d % 10**7:07d}" for d in digits], "phone"),
        make("mobile", [f"0{600000000 + d % 10**8}" for d in digits], "phone"),
        make("tel", [f"0{d % 9 + 1} {d % 90 + 10} {d % 80 + 10} {d % 70 + 10} {d % 60 + 10}" for d in digits], "phone"),
        make("WhatsApp", [f"+55 11 9{d % 10**4:04d}-{d % 9_999:04d}" for d in digits], "phone"),
        make("phone_number", [f"212555{d % 10**4:04d}" for d in digits], "phone"),
        make("contact_no", [f"+91 {9_000_000_000 + d % 10**9}" for d in digits], "phone"),
        make("card_number", [card(d) for d in digits], "card"),
        make("payment", [card(d) for d in digits], "card"),
        make("cc", [" ".join(card(d)[k : k + 4] for k in range(0, 16, 4)) for d in digits], "card"),
        make("card", [f"**** **** **** {d % 10**4:04d}" for d in digits], "card"),
        make("iban", [iban(d) for d in digits], "iban"),
        make("Bankverbindung", [iban(d) for d in digits], "iban"),
        make("account", [" ".join(iban(d)[k : k + 4] for k in range(0, 22, 4)) for d in digits], "iban"),
        make("ssn", [f"{d % 600 + 1:03d}-{d % 98 + 1:02d}-{d % 9_000 + 1:04d}" for d in digits], "ssn"),
        make("col_9", [f"{d % 600 + 1:03d}-{d % 98 + 1:02d}-{d % 9_000 + 1:04d}" for d in digits], "ssn"),
        make("social_security_number", [f"{d % 600 + 100:03d}{d % 89 + 10:02d}{d % 9_000 + 1000:04d}" for d in digits],
             "ssn"),
        make("SSN", [f"***-**-{d % 10**4:04d}" for d in digits], "ssn"),
        make("passport_no", [f"X{d % 10**7:07d}" for d in digits], "national_id"),
        make("national_id", [f"{d:010d}" for d in digits], "national_id"),
        make("DNI", [f"{d % 10**8:08d}{'TRWAGMYFPDXBNJZSQVHLCKE'[d % 10**8 % 23]}" for d in digits], "national_id"),
        make("CPF", [f"{d % 999:03d}.{d % 998:03d}.{d % 997:03d}-{d % 97:02d}" for d in digits], "national_id"),
        make("Steuer-ID", [f"{d % 10**8 + 10**10}" for d in digits], "national_id"),
        make("nhs_number", [f"{d:010d}" for d in digits], "national_id"),
        make("drivers_license", [f"D{d:09d}" for d in digits], "national_id"),
        make("NationalID", [f"{d:09d}" for d in digits], "national_id"),
        make("Personalausweisnummer", [f"L{d % 10**8:08d}" for d in digits], "national_id"),
        make("ip", [f"{d % 220 + 1}.{d % 250}.{d % 240}.{d % 230 + 1}" for d in digits], "ip"),
        make("client_ip", [f"2001:db8::{d % 65536:x}:{d % 4096:x}" for d in digits], "ip"),
        make("col_10", [f"{d % 220 + 1}.{d % 250}.{d % 240}.{d % 230 + 1}" for d in digits], "ip"),
        make("name", full, "name"),
        make("col_12", full, "name"),
        make("login", [f"{a.lower()}_{d % 97}" for a, d in zip(first, digits, strict=True)], "name"),
        make("Full Name", full, "name"),
        make("customer", full, "name"),
        make("customer_name", [f"{b}, {a}" for a, b in zip(first, last, strict=True)], "name"),
        make("first_name", first, "name"),
        make("GivenName", first, "name"),
        make("Surname", last, "name"),
        make("Nachname", last, "name"),
        make("lname", last, "name"),
        make("MothersMaiden", last, "name"),
        make("maiden name", last, "name"),
        make("closed_by", full, "name"),
        make("assigned_to", full, "name"),
        make("opened_by", full, "name"),
        make("created by", full, "name"),
        make("Ansprechpartner", full, "name"),
        make("Sachbearbeiter", full, "name"),
        make("owner", full, "name"),
        make("manager", full, "name"),
        make("Employee", full, "name"),
        make("patient", full, "name"),
        make("doctor", [f"Dr. {b}" for b in last], "name"),
        make("sales rep", full, "name"),
        make("teacher", [f"Mr. {b}" for b in last], "name"),
        make("emergency_contact", full, "name"),
        make("user", full, "name"),
        make("apellidos", last, "name"),
        make("фамилия", ["Иванов", "Петров", "Сидоров", "Кузнецов"] * 15, "name"),
        make("username", [f"{a.lower()}{d % 1000}" for a, d in zip(first, digits, strict=True)], "name"),
        make("address", [f"{d % 200 + 1} {streets[d % 5]}" for d in digits], "address"),
        make("StreetAddress", [f"{d % 200 + 1} {streets[d % 5]}, Apt {d % 9 + 1}" for d in digits], "address"),
        make("col_11", [f"{d % 200 + 1} {streets[d % 5]}" for d in digits], "address"),
        make("Adresse", [f"Hauptstraße {d % 200 + 1}" for d in digits], "address"),
        make("Anschrift", [f"Lindenweg {d % 200 + 1}, {10115 + d % 999} Berlin" for d in digits], "address"),
        make("rue", [f"{d % 200 + 1} rue de la Paix" for d in digits], "address"),
        make("dirección", [f"Calle Mayor {d % 200 + 1}" for d in digits], "address"),
        make("indirizzo", [f"Via Roma {d % 200 + 1}" for d in digits], "address"),
        make("billing_address", [f"{d % 200 + 1} {streets[d % 5]}" for d in digits], "address"),
        make("Home address", [f"{d % 200 + 1} {streets[d % 5]}" for d in digits], "address"),
        make("date_of_birth", [d.isoformat() for d in births], "birth_date"),
        make("DOB", [d.strftime("%m/%d/%Y") for d in births], "birth_date"),
        make("birthday", [d.strftime("%d.%m.%Y") for d in births], "birth_date"),
        make("Geburtsdatum", [d.strftime("%d.%m.%Y") for d in births], "birth_date"),
        make("date de naissance", [d.strftime("%d/%m/%Y") for d in births], "birth_date"),
        make("fecha_nacimiento", [d.strftime("%d/%m/%Y") for d in births], "birth_date"),
        make("BirthDate", [d.strftime("%B %d, %Y") for d in births], "birth_date"),
        make("дата рождения", [d.strftime("%d.%m.%Y") for d in births], "birth_date"),
    ]  # fmt: skip


def look_alikes() -> list[Made]:
    """Columns that resemble personal data and are none."""
    pick = random.Random(SEED + 4)
    digits = [pick.randrange(10**9, 10**10) for _ in range(ROWS)]
    short = [d % 10**6 for d in digits]
    days = [date(2015, 1, 1) + timedelta(days=d % 3000) for d in digits]

    def make(name: str, cells: Sequence[str]) -> Made:
        return Made("look-alikes", name, list(cells), ANY, ANY)

    def choose(name: str, options: str) -> Made:
        listed = options.split("|")
        return make(name, [pick.choice(listed) for _ in range(ROWS)])

    return [
        make("order_id", [f"41111111{d % 10**8:08d}" for d in digits]),
        make("order_id", [str(d) for d in digits]),
        make("invoice_no", [f"{d % 1000:03d}-{d % 100:02d}-{d % 10**4:04d}" for d in digits]),
        make("epoch", [str(1_600_000_000 + d % 10**8) for d in digits]),
        make("timestamp", [str(1_600_000_000_000 + d) for d in digits]),
        make("ean13", [f"400638{d % 10**7:07d}" for d in digits]),
        make("upc", [f"{d % 10**6}{d % 10**6:06d}" for d in digits]),
        make("gtin", [f"0{d % 10**13:013d}" for d in digits]),
        make("isbn", [f"978{d:010d}" for d in digits]),
        make("version", [f"{d % 9}.{d % 30}.{d % 200}.{d % 99}" for d in digits]),
        make("firmware", [f"{d % 9}.{d % 30}.{d % 200}.{d % 99}" for d in digits]),
        make("release", [f"{d % 9}.{d % 30}.{d % 200}" for d in digits]),
        make("sku", [f"{d % 800 + 100}-{d % 90 + 10}-{d % 9000 + 1000}" for d in digits]),
        make("sku", [f"{d % 800 + 200}-{d % 700 + 200}-{d % 10**4:04d}" for d in digits]),
        make("part_no", [f"{d % 800 + 200}-{d % 700 + 200}-{d % 10**4:04d}" for d in digits]),
        make("lot", [f"{d % 800 + 200}-{d % 700 + 200}-{d % 10**4:04d}" for d in digits]),
        make("serial", [f"SN{d}" for d in digits]),
        make("serial_number", [str(d) for d in digits]),
        make("tracking_number", [f"1Z{d}" for d in digits]),
        make("foreign_key", [str(d) for d in short]),
        make("primary key", [str(d) for d in short]),
        make("token_count", [str(d) for d in short]),
        make("token", [f"{d:x}{d:x}" for d in digits]),
        make("revenue", [str(d) for d in digits]),
        make("population", [str(d) for d in digits]),
        make("amount", [f"{d / 100:.2f}" for d in digits]),
        make("views", [f"{d:,}" for d in digits]),
        make("byte_count", [str(d) for d in digits]),
        make("order_date", [d.isoformat() for d in days]),
        make("ship date", [d.strftime("%m/%d/%Y") for d in days]),
        make("date", [d.strftime("%Y-%m-%d") for d in days]),
        make("expiry_date", [d.isoformat() for d in days]),
        make("hire_date", [d.isoformat() for d in days]),
        make("card_expiry", [d.strftime("%m/%y") for d in days]),
        make("release_date", [d.isoformat() for d in days]),
        make("born_alive", [str(d % 9) for d in digits]),
        make("births", [str(d % 999) for d in digits]),
        make("birth_rate", [f"{d % 30 + 5}.{d % 10}" for d in digits]),
        make("birth_weight", [str(d % 3000 + 1500) for d in digits]),
        choose("product_name", "Desk Lamp|Office Chair|Paper Clip|Blue Pen"),
        choose("product", "Desk Lamp|Office Chair|Paper Clip|Blue Pen|Coffee Mug|Wall Clock"),
        choose("item name", "Desk Lamp|Office Chair|Paper Clip|Blue Pen|Coffee Mug"),
        choose("company_name", "Acme Corp|Globex Inc|Initech Llc|Umbrella Group"),
        choose("company", "Acme Corp|Globex Inc|Initech Llc|Umbrella Group"),
        choose("supplier name", "Acme Corp|Globex Inc|Initech Llc|Umbrella Group"),
        choose("vendor", "Acme Corp|Globex Inc|Initech Llc|Umbrella Group"),
        choose("brand", "Calvin Klein|Hugo Boss|Ralph Lauren|Jack Daniels"),
        choose("manufacturer", "Robert Bosch|Louis Vuitton|Henry Ford|Enzo Ferrari"),
        choose("country", "Norway|Peru|South Korea|New Zealand|Costa Rica"),
        choose("country name", "Norway|Peru|South Korea|New Zealand|Costa Rica"),
        choose("city", "New York|San Francisco|Los Angeles|Santa Fe"),
        choose("City", "Berlin|San Francisco|Paris|Santa Fe"),
        choose("state", "New York|North Dakota|Texas|West Virginia"),
        choose("State", "NY|ND|TX|WV"),
        choose("region name", "East Anglia|West Midlands|North East"),
        choose("school name", "Abraham Lincoln|Martin Luther King|George Washington|John Adams"),
        choose("hotel name", "Grand Plaza|Sea View|Royal Inn"),
        choose("team", "Red Wolves|Blue Jays|Green Bay"),
        choose("team name", "Red Wolves|Blue Jays|Green Bay"),
        choose("event name", "Summer Fair|Winter Ball|Spring Run"),
        choose("file name", "report final|data old|notes new"),
        choose("filename", "report.pdf|data.csv|notes.txt"),
        choose("column_name", "alpha beta|gamma delta|epsilon zeta"),
        choose("job title", "Sales Manager|Office Clerk|Data Analyst|Account Executive"),
        choose("occupation", "Sales Manager|Office Clerk|Data Analyst|Truck Driver"),
        choose("department", "Human Resources|Customer Service|Research Lab"),
        choose("category", "Office Supplies|Home Garden|Consumer Electronics"),
        choose("project name", "Blue Moon|Red Sky|Green Field"),
        choose("species", "Homo Sapiens|Canis Lupus|Felis Catus"),
        choose("street type", "Avenue|Road|Lane"),
        choose("address_type", "home|work|billing"),
        choose("email_opened", "yes|no"),
        choose("email_type", "promo|receipt|reminder"),
        make("email_count", [str(d % 40) for d in digits]),
        choose("phone_model", "iPhone 12|Pixel 7|Galaxy S22"),
        choose("phone_type", "home|mobile|work"),
        make("phone_calls", [str(d % 40) for d in digits]),
        choose("mobile_os", "Android 12|iOS 15|iOS 16"),
        make("cell_count", [str(d % 10**7) for d in digits]),
        make("ip_count", [str(d % 40) for d in digits]),
        choose("card_type", "Visa Gold|Master Card|Amex Blue"),
        make("ssn_count", [str(d % 40) for d in digits]),
        choose("passport_country", "Norway|Peru|Ghana"),
        choose("contact_reason", "late delivery|wrong item|billing question"),
        choose("customer_segment", "Home Office|Small Business|Big Corporate"),
        choose("customer type", "New Customer|Loyal Customer"),
        choose("user_agent", "Mozilla Firefox|Google Chrome|Apple Safari"),
        choose("user_role", "Super Admin|Plain Reader"),
        choose("patient_status", "checked in|sent home|in surgery"),
        choose("employee_level", "Junior Staff|Senior Staff"),
        choose("student_group", "Blue Group|Red Group"),
        choose("driver_rating", "very good|quite bad|so so"),
        choose("payment method", "Credit Card|Bank Transfer|Cash On Delivery"),
        choose("status", "In Progress|On Hold|All Done"),
        choose("priority", "1 - Critical|2 - High|3 - Moderate"),
        choose("assignment_group", "Service Desk|Network Team|Field Support"),
        choose("closed_reason", "Solved Remotely|No Response|Duplicate Case"),
        choose("created_by_system", "Batch Import|Web Shop|Call Center"),
        choose("movie title", "Annie Hall|Forrest Gump|Jackie Brown|Erin Brockovich"),
        choose("title", "Annie Hall|Forrest Gump|Jackie Brown|Erin Brockovich"),
        choose("album", "Abbey Road|Blue Train|Kind Of Blue"),
        choose("variable name", "Mean Value|Total Count"),
        choose("server name", "alpha one|beta two|gamma three"),
        choose("genus", "Quercus Alba|Acer Rubrum"),
        choose("model", "Model S|Civic Type|Golf Plus"),
        choose("station", "Penn Station|Union Square|Times Square"),
        choose("location", "Main Hall|Back Yard|West Wing"),
        make("mac", [f"00:1b:44:11:{d % 256:02x}:{d % 200:02x}" for d in digits]),
        make("coordinates", [f"{d % 90}.{d % 9999:04d}, {d % 180}.{d % 9999:04d}" for d in digits]),
        make("score", [f"{d % 5}-{d % 3}-{d % 4}" for d in digits]),
        make("time range", [f"{d % 12:02d}:00-{d % 12 + 5:02d}:30" for d in digits]),
        make("zip", [f"{d % 10**5:05d}" for d in digits]),
        make("account_balance", [f"{d / 1000:.2f}" for d in digits]),
        make("hash", [f"{d * 7919:016x}" for d in digits]),
        make("measure", [f"{d % 900 + 100} {d % 900 + 100} {d % 9000 + 1000}" for d in digits]),
        make("room", [f"{d % 9 + 1}{d % 90 + 10}" for d in digits]),
        make("legal reference", [f"{d % 90 + 1} CFR {d % 400}" for d in digits]),
    ]  # fmt: skip


def measure() -> list[Row]:
    """Return one row a group: how many columns, how many right in every judged respect."""
    rows: list[Row] = []
    for group, columns in corpus().items():
        wrong = [made for made in columns if faults(made)]
        rows.append({"group": group, "columns": len(columns), "right": len(columns) - len(wrong)})
    return rows


def corpus() -> dict[str, list[Made]]:
    """Return all columns by group."""
    makers: dict[str, Callable[[], list[Made]]] = {
        "numbers": numbers, "dates": dates, "words": words, "personal": personal, "look-alikes": look_alikes,
    }  # fmt: skip
    return {group: make() for group, make in makers.items()}


def faults(made: Made) -> list[str]:
    """Return what reading says otherwise than the column is; [] when all is right."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "column.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["row", made.name])
            writer.writerows([f"r{number}", cell] for number, cell in enumerate(made.cells))
        connection = connect(Limits(), Path(folder))
        read = read_table(path, name=path.name, options=ReadingOptions(), limits=Limits(), connection=connection)
        if len(read.table.columns) != 2:
            return [f"read as {len(read.table.columns)} columns"]
        column = read.table.columns[1]
        found = connection.execute("SELECT c1 FROM data ORDER BY rowid LIMIT 1").fetchone()
        connection.close()
    judged = [
        ("type", made.inferred, column.inferred_type),
        ("subtype", made.subtype, column.subtype),
        ("role", made.role, column.role),
        ("unit", made.unit, column.unit),
        ("pii", made.pii, column.pii),
        ("first value", made.first, found[0] if found else None),
        ("open question", made.is_open, any(a.column == made.name for a in read.receipt.ambiguities)),
    ]
    return [
        f"{what}: {got!r} instead of {truth!r}" for what, truth, got in judged if truth != ANY and not _same(truth, got)
    ]


def _same(truth: Any, got: Any) -> bool:
    if isinstance(truth, float) and isinstance(got, int | float):
        return abs(truth - got) <= 1e-9 * max(1.0, abs(truth))
    return bool(truth == got)


def markdown(rows: list[Row]) -> str:
    """Return the rows as a table."""
    lines = ["| columns of known make | columns | read right |", "|---|---|---|"]
    lines += [f"| {row['group']} | {row['columns']} | {row['right']} |" for row in rows]
    total, right = sum(int(row["columns"]) for row in rows), sum(int(row["right"]) for row in rows)
    return "\n".join([*lines, f"| all | {total} | {right} |"])


if __name__ == "__main__":
    for group, columns in corpus().items():
        for made in columns:
            if wrong := faults(made):
                print(f"{group}: {made.name} {list(made.cells[:3])}: {'; '.join(wrong)}")
    print(markdown(measure()))
    sys.exit(0)
