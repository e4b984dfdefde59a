"""Read dates, times and periods in the forms people write, by a vote of the whole column."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from datapilot.contracts.table import DateOrder
from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.plan import OtherReading, Plan
from datapilot.reading.columns.written_dates import (
    ISO_DATE,
    ISO_STAMP,
    ZONED,
    in_full,
    of_this_age,
    plan_written,
)
from datapilot.reading.text_table import quoted
from datapilot.reading.vocabulary import months, word_set

FEWEST_SEASONS = 3
EPOCH_WORDS = word_set("names", "moment")
DATE_WORDS = word_set("names", "date")
YEAR_WORDS = word_set("names", "year")
TIMETABLE_WORDS = frozenset({
    "dep", "arr", "departure", "arrival", "departs", "arrives", "std", "sta", "atd", "ata", "etd", "eta", "abfahrt",
    "ankunft", "abflug", "salida", "llegada", "départ", "arrivée",
})  # fmt: skip
CLOCK_ENDS = (
    "time",
    "hhmm",
    "zeit",
    "heure",
    "hora",
    "ora",
    "uhr",
    "tid",
    "tijd",
    "godzina",
    "duration",
    "dauer",
    "время",
)
_MONTH_WORDS = frozenset(
    {"month", "monat", "mois", "mes", "mese", "period", "periode", "periodo", "ym", "yyyymm", "месяц"}
)

FIRST_SERIAL, LAST_SERIAL = 25_000, 60_000  # the days from 1968 to 2064 as spreadsheets count them
FEWEST_MONTHS, FEWEST_WORKDAYS = 8, 40  # different days that chance does not put there: once in 10**11, in 10**5
MOSTLY_SERIAL = 0.5
_SERIAL_START = date(1899, 12, 30)
_SERIAL_SQL = "CAST(DATE '1899-12-30' + TRY_CAST({x} AS INTEGER) AS DATE)"
_SERIAL_DAY = re.compile(r"\d{5}")
_SERIAL_MOMENT = re.compile(r"\d{5}(?:\.\d{1,12})?")
CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?|24:00(?::00)?")
ZONED_CLOCK = re.compile(
    r"((?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)\s?(Z|(?:UTC|GMT)?[+\-](?:0\d|1[0-4])(?::?[0-5]\d)?)"
)
EPOCH_AND_PART = re.compile(r"\d{9,10}\.\d{1,9}")
DAY_END = re.compile(r"24:00(?::00)?")
DOTTED_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d\.[0-5]\d")
_EAST_ASIAN = re.compile(r"(?P<y>\d{4})[年년]\s*(?P<m>\d{1,2})[月월]\s*(?:(?P<d>\d{1,2})[日일号])?")
# The years of Japan's emperors count from 1, which is written 元; before them lie so many of our years.
_ERAS = {
    "明治": 1867,
    "大正": 1911,
    "昭和": 1925,
    "平成": 1988,
    "令和": 2018,
    "M": 1867,
    "T": 1911,
    "S": 1925,
    "H": 1988,
    "R": 2018,
}
_ERA_DATE = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和)(?P<y>元|\d{1,2})年\s*(?P<m>\d{1,2})月\s*(?:(?P<d>\d{1,2})日)?"
    r"|(?P<letter>[MTSHR])(?P<y2>\d{1,2})[./](?P<m2>\d{1,2})[./](?P<d2>\d{1,2})"
)
ISO_MONTH = re.compile(r"(?:19|20)\d{2}[-/](?:0[1-9]|1[0-2])")
MONTH_SLASH_YEAR = re.compile(r"(?:0?[1-9]|1[0-2])[-/.](?:19|20)\d{2}")
MONTH_SLASH_SHORT_YEAR = re.compile(r"(?:0?[1-9]|1[0-2])[-/.'’]\d{2}")
SEASON = re.compile(r"(?P<first>(?:1[5-9]|20)\d{2})\s?[-/–]\s?(?P<second>(?:(?:1[5-9]|20)\d{2})|\d{2})")
QUARTER = re.compile(
    r"(?:19|20)\d{2}\s*[-/ ]?\s*[QqTК][1-4]|[QqTК][1-4]\s*[-/ ,']?\s*(?:19|20)\d{2}|[Qq][1-4]\s*[-/ ,']?\s*\d{2}"
    r"|FY\s?'?(?:19|20)?\d{2}\s*[-/ ,]?\s*Q[1-4]|Q[1-4]\s*[-/ ,]?\s*FY\s?'?(?:19|20)?\d{2}"
    r"|[1-4][QqTК]\s*[-/ ,']?\s*(?:19|20)?\d{2}|[1-4]\.\s*(?:Quartal|Q|kvartál|квартал|trimestre)\s*(?:19|20)\d{2}",
    re.IGNORECASE,
)
HALF = re.compile(r"(?:19|20)\d{2}\s*[-/ ]?\s*[HhS][12]|[HhS][12]\s*[-/ ,']?\s*(?:19|20)\d{2}")
WEEK = re.compile(
    r"(?:19|20)\d{2}[-/ ]?W(?:0[1-9]|[1-4]\d|5[0-3])(?:-[1-7])?"
    r"|(?:KW|CW|WK|W|Week|Woche|Semaine|Semana|vecka|uge|týden)\s*(?:0?[1-9]|[1-4]\d|5[0-3])[-/ ,]+(?:19|20)\d{2}",
    re.IGNORECASE,
)
MONTH_BY_LETTER = re.compile(r"(?:19|20)\d{2}\s?M(?:0[1-9]|1[0-2])")
COMPACT_MONTH = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])")
CLOCK_IN_WORDS = re.compile(
    r"(?:[01]?\d|2[0-3])(?::[0-5]\d)?\s*(?:Uhr|h)|(?:[01]?\d|2[0-3])\s?h\s?[0-5]\d|(?:0?\d|1[0-2])\s?[ap]\.?m\.?",
    re.IGNORECASE,
)
COMPACT = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
COMPACT_HOUR = re.compile(COMPACT.pattern + r"(?:[01]\d|2[0-3])(?:[0-5]\d)?")
COMPACT_STAMP = re.compile(COMPACT.pattern + r"[T ]?(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ?")
YEAR = re.compile(r"(?:1[5-9]|20)\d{2}")
FEWEST_CLOCKS = 30  # different numbers below 2400 whose last two digits are all below 60, which chance does not give
COMPACT_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])?[0-5]?\d|2400")
_SHORT_COMPACT: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("%y%m%d", "yearmonthday", re.compile(r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")),
    ("%d%m%y", "daymonthyear", re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}")),
    ("%m%d%y", "monthdayyear", re.compile(r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{2}")),
)


def plan_iso(evidence: Evidence) -> Plan | None:
    """Return the plan for ISO 8601 dates and times, which the engine reads by itself."""
    if evidence.share(ISO_DATE) == 1.0 and evidence.values:
        only_if = "length({x}) = 10"
        return Plan("datetime", "DATE", "TRY_CAST({x} AS DATE)", "year-month-day", only_if=only_if)
    if evidence.values and evidence.share(ISO_STAMP) == 1.0:
        if not any(re.search(r"(?:Z|[+\-]\d{2}(?::?\d{2})?)$", text[11:]) for text in evidence.values):
            only_if = "length({x}) > 10"
            return Plan(
                "datetime", "TIMESTAMP", "TRY_CAST({x} AS TIMESTAMP)", "year-month-day and time", only_if=only_if
            )
        value = f"CASE WHEN length({{x}}) > 10 THEN {ZONED} END"
        return Plan("datetime", "TIMESTAMP", value, "year-month-day and time, converted to UTC")
    return None


def plan_date(evidence: Evidence, *, date_order: DateOrder | None, file_order: DateOrder | None) -> Plan | None:
    """Return the plan for dates, times or periods in any form, or None when fewer than 95 % of the cells are such.
    `date_order` is the user's word, `file_order` what other columns of the file settle."""
    if not evidence.values:
        return None
    written: Plan | None = None
    if evidence.share(DOTTED_CLOCK) >= ENOUGH:
        # 01.03.24 is a day to all but a clock; most times have minutes or seconds that no day or month can be.
        written = plan_written(evidence, date_order=date_order, file_order=file_order)
        if written is not None and written.fit == 1.0 and not _says_clock(evidence):
            return written
    return (
        _plan_simple(evidence)
        or _plan_numbers(evidence)
        or _plan_half_converted(evidence, date_order=date_order, file_order=file_order)
        or written
        or plan_written(evidence, date_order=date_order, file_order=file_order)
    )


def _says_clock(evidence: Evidence) -> bool:
    return bool(evidence.words & TIMETABLE_WORDS) or any(word.endswith(CLOCK_ENDS) for word in evidence.words)


def _plan_simple(evidence: Evidence) -> Plan | None:
    share = evidence.share
    if share(ISO_DATE) >= ENOUGH:
        return Plan("datetime", "DATE", "CASE WHEN length({x}) = 10 THEN TRY_CAST({x} AS DATE) END", "year-month-day")
    if share(CLOCK) >= ENOUGH:
        words = "time of day, 24:00 as 00:00" if any(map(DAY_END.fullmatch, evidence.values)) else "time of day"
        return Plan("datetime", "TIME", _clock_sql(), words, "time")
    if share(ZONED_CLOCK) >= ENOUGH:
        return _plan_zoned_clock(evidence)
    if share(DOTTED_CLOCK) >= ENOUGH:
        return Plan(
            "datetime",
            "TIME",
            "TRY_CAST(CASE WHEN length({x}) <= 8 THEN replace({x}, '.', ':') END AS TIME)",
            "time of day with points",
            "time",
        )
    if share(CLOCK_IN_WORDS) >= ENOUGH:
        return Plan("datetime", "TIME", _words_clock_sql(), "time of day", "time")
    if share(_EAST_ASIAN) >= ENOUGH:
        return _plan_east_asian(evidence)
    if share(_ERA_DATE) >= ENOUGH:
        return _plan_era(evidence)
    if share(MONTH_BY_LETTER) >= ENOUGH:
        value = "TRY_CAST(regexp_replace({x}, '\\s?[Mm]', '-') || '-01' AS DATE)"
        return Plan("datetime", "DATE", value, "year and month, as the month's first day", "month")
    if _are_seasons(evidence):
        value = "TRY_CAST(make_date(TRY_CAST(regexp_extract({x}, '^(\\d{4})\\s?[-/–]', 1) AS INTEGER), 1, 1) AS DATE)"
        return Plan("datetime", "DATE", value, "a year and the next, as the first one's first day", "year")
    if share(ISO_MONTH) >= ENOUGH:
        return Plan(
            "datetime",
            "DATE",
            "CASE WHEN length({x}) = 7 THEN TRY_CAST(replace({x}, '/', '-') || '-01' AS DATE) END",
            "year-month, as the month's first day",
            "month",
        )
    if share(MONTH_SLASH_YEAR) >= ENOUGH:
        value = "TRY_CAST(TRY_STRPTIME('01/' || translate({x}, '-.', '//'), '%d/%m/%Y') AS DATE)"
        return Plan("datetime", "DATE", value, "month/year, as the month's first day", "month")
    if evidence.words & _MONTH_WORDS and share(MONTH_SLASH_SHORT_YEAR) >= ENOUGH:
        plain = "'01/' || regexp_replace({x}, '[^0-9]', '/')"
        month = of_this_age(f"TRY_STRPTIME({plain}, '%d/%m/%y')")
        value = f"TRY_CAST({month} AS DATE)"
        return Plan("datetime", "DATE", value, "month/year, as the month's first day", "month")
    if share(QUARTER) >= ENOUGH:
        return Plan("datetime", "DATE", _part_of_year_sql("1-4", 3), "quarter, as its first day", "quarter")
    if share(HALF) >= ENOUGH:
        return Plan("datetime", "DATE", _part_of_year_sql("1-2", 6), "half-year, as its first day", "half-year")
    if share(WEEK) >= ENOUGH:
        week = "lpad(regexp_extract({x}, '(?i)(?:W|KW|[a-zý]+)\\s*(\\d{1,2})(?:\\D|$)', 1), 2, '0')"
        value = f"TRY_CAST(TRY_STRPTIME({_YEAR_SQL} || '-' || {week} || '-1', '%G-%V-%u') AS DATE)"
        return Plan("datetime", "DATE", value, "ISO week, as its Monday", "week")
    return None


def _are_seasons(evidence: Evidence) -> bool:
    """True where all cells name a year and the one that follows it: 1920-21, 2019/2020. 2001-02 alone may be February;
    three of them that all go on to the next year are no months."""
    if len(evidence.values) < FEWEST_SEASONS or evidence.share(SEASON) < 1.0:
        return False
    matches = [SEASON.fullmatch(text) for text in evidence.values]
    return all(
        match is not None and (int(match["second"]) - int(match["first"]) - 1) % (10 ** len(match["second"])) == 0
        for match in matches
    )


_YEAR_SQL = "regexp_extract({x}, '((?:19|20)\\d{2})', 1)"


def _part_of_year_sql(digits: str, months_each: int) -> str:
    """Return the SQL of the first day of a quarter or half-year."""
    short = (
        "coalesce(nullif(regexp_extract({x}, '(?i)^FY\\s?''?(\\d{2})', 1), ''), regexp_extract({x}, '(\\d{2})$', 1))"
    )
    year = f"CASE WHEN {_YEAR_SQL} <> '' THEN {_YEAR_SQL} ELSE {in_full(short)} END"
    part = f"regexp_extract({{x}}, '(?i)(?:[QTKКHS]([{digits}])|^([{digits}])[QTК.])', %d)"
    number = f"TRY_CAST(coalesce(nullif({part % 1}, ''), {part % 2}) AS INTEGER)"
    return f"TRY_CAST(make_date(TRY_CAST({year} AS INTEGER), ({number} - 1) * {months_each} + 1, 1) AS DATE)"


def _plan_east_asian(evidence: Evidence) -> Plan:
    has_days = any((match := _EAST_ASIAN.fullmatch(text)) and match["d"] for text in evidence.values)
    digits = "trim(regexp_replace({x}, '[^0-9]+', '-', 'g'), '-')"
    if has_days:
        value = f"TRY_CAST(TRY_STRPTIME({digits}, '%Y-%m-%d') AS DATE)"
        return Plan("datetime", "DATE", value, "year, month and day by their characters")
    value = f"TRY_CAST(TRY_STRPTIME({digits} || '-1', '%Y-%m-%d') AS DATE)"
    return Plan("datetime", "DATE", value, "year and month, as the month's first day", "month")


def _plan_era(evidence: Evidence) -> Plan:
    has_days = all(
        (match := _ERA_DATE.fullmatch(text)) is None or match["d"] or match["d2"] for text in evidence.values
    )
    digits = "regexp_extract_all(replace({x}, '元', '1'), '\\d+')"
    first = " ".join(f"WHEN starts_with({{x}}, '{era}') THEN {before}" for era, before in _ERAS.items())
    year, month, day = (f"TRY_CAST({digits}[{place}] AS INTEGER)" for place in (1, 2, 3))
    value = f"TRY(make_date({year} + CASE {first} END, {month}, {day if has_days else 1}))"
    words = (
        "Japanese era, year, month and day" if has_days else "Japanese era, year and month, as the month's first day"
    )
    return Plan("datetime", "DATE", value, words, None if has_days else "month")


def _words_clock_sql() -> str:
    hour = "TRY_CAST(regexp_extract({x}, '^(\\d{1,2})', 1) AS INTEGER)"
    minute = "coalesce(TRY_CAST(nullif(regexp_extract({x}, '^\\d{1,2}\\s?[:hH]\\s?(\\d{2})', 1), '') AS INTEGER), 0)"
    shift = (
        f"CASE WHEN regexp_matches({{x}}, '(?i)p\\.?m') AND {hour} < 12 THEN 12"
        f" WHEN regexp_matches({{x}}, '(?i)a\\.?m') AND {hour} = 12 THEN -12 ELSE 0 END"
    )
    good = (
        "regexp_full_match({x}, '(?i)\\d{1,2}(:\\d{2})?\\s*(uhr|h)|\\d{1,2}\\s?h\\s?\\d{2}|\\d{1,2}\\s?[ap]\\.?m\\.?')"
    )
    return f"CASE WHEN {good} AND {hour} < 24 AND {minute} < 60 THEN make_time({hour} + {shift}, {minute}, 0) END"


def _plan_numbers(evidence: Evidence) -> Plan | None:
    """Dates written as bare digits: only where the name says date, or every cell is a plausible one."""
    words = evidence.words
    dated = bool(words & (DATE_WORDS | EPOCH_WORDS)) or any("date" in word or "time" in word for word in words)
    if evidence.share(COMPACT) >= (ENOUGH if dated else 1.0) and (dated or len(evidence.values) >= 20):
        return Plan(
            "datetime",
            "DATE",
            "CASE WHEN length({x}) = 8 THEN TRY_CAST(TRY_STRPTIME({x}, '%Y%m%d') AS DATE) END",
            "yearmonthday",
        )
    if evidence.share(COMPACT_STAMP) >= ENOUGH and (dated or len(evidence.values) >= 20):
        value = "TRY_STRPTIME(regexp_replace({x}, '[^0-9]', '', 'g'), '%Y%m%d%H%M%S')"
        return Plan("datetime", "TIMESTAMP", value, "yearmonthdayhourminutesecond")
    if dated and evidence.share(COMPACT_HOUR) >= ENOUGH:  # under any other name, the number of an order of that day
        value = (
            "CASE length({x}) WHEN 12 THEN TRY_STRPTIME({x}, '%Y%m%d%H%M')"
            " WHEN 10 THEN TRY_STRPTIME({x} || '00', '%Y%m%d%H%M') END"
        )
        has_minutes = any(len(text) == 12 for text in evidence.values)
        return Plan("datetime", "TIMESTAMP", value, "yearmonthdayhourminute" if has_minutes else "yearmonthdayhour")
    if evidence.share(COMPACT_MONTH) >= ENOUGH and (
        words & _MONTH_WORDS
        or "yearmonth" in evidence.name.lower().replace("_", "")
        or (words & DATE_WORDS and evidence.share(COMPACT_MONTH) == 1.0 and evidence.share(_SHORT_COMPACT[0][2]) < 1.0)
    ):
        value = "CASE WHEN length({x}) = 6 THEN TRY_CAST(TRY_STRPTIME({x} || '01', '%Y%m%d') AS DATE) END"
        return Plan("datetime", "DATE", value, "yearmonth, as the month's first day", "month")
    if _says_clock(evidence) and _are_clocks(evidence):
        number = "TRY_CAST({x} AS INTEGER)"
        value = (
            f"CASE WHEN {number} BETWEEN 0 AND 2400 AND {number} % 100 < 60"
            f" THEN make_time(({number} // 100) % 24, {number} % 100, 0) END"
        )
        return Plan("datetime", "TIME", value, "time of day, hour and minute without a colon", "time")
    if not dated:
        return _serial_days() if _keep_the_calendar(evidence) else None
    if words & DATE_WORDS and (short := _plan_short_compact(evidence)) is not None:
        return short
    if words & (DATE_WORDS | {"dates"}) and evidence.share(_SERIAL_MOMENT) == 1.0:
        days = [float(text) for text in evidence.values]
        if all(25_000 <= day <= 60_000 for day in days) and any(day % 1 for day in days):
            return _plan_serial_moments()
    if evidence.share(EPOCH_AND_PART) == 1.0 and all(
        946_684_800 <= float(text) < 2_145_916_800 for text in evidence.values
    ):
        value = "make_timestamp(CAST(round(TRY_CAST({x} AS DOUBLE) * 1000000) AS BIGINT))"
        return Plan("datetime", "TIMESTAMP", value, "seconds since 1970 and their part, UTC", "epoch")
    numbers = [int(text) for text in evidence.values if text.isdecimal()]
    if len(numbers) >= 0.95 * len(evidence.values) and numbers:
        if all(946_684_800 <= n < 2_145_916_800 for n in numbers):
            return Plan(
                "datetime",
                "TIMESTAMP",
                "make_timestamp(TRY_CAST({x} AS BIGINT) * 1000000)",
                "seconds since 1970, UTC",
                "epoch",
            )
        for factor, unit, microseconds in (
            (10**3, "milli", "* 1000"),
            (10**6, "micro", "* 1"),
            (10**9, "nano", "// 1000"),
        ):
            if all(946_684_800 * factor <= n < 2_145_916_800 * factor for n in numbers):
                value = f"make_timestamp(TRY_CAST({{x}} AS BIGINT) {microseconds})"
                return Plan("datetime", "TIMESTAMP", value, f"{unit}seconds since 1970, UTC", "epoch")
        if all(map(_may_be_serial, numbers)) and words & (DATE_WORDS | {"dates"}):
            return _serial_days()
    return None


def _are_clocks(evidence: Evidence) -> bool:
    """True for 5, 1230 and 2359: numbers that are hours and minutes, so many that it is no chance."""
    if len(evidence.values) < FEWEST_CLOCKS or evidence.share(COMPACT_CLOCK) < ENOUGH:
        return False
    return max(int(text) for text in evidence.values if text.isdecimal()) >= 1000


def _plan_short_compact(evidence: Evidence) -> Plan | None:
    """Return the plan for dates of six digits such as 870521, where they allow one order of their parts alone."""
    fitting = [(form, words) for form, words, pattern in _SHORT_COMPACT if evidence.share(pattern) == 1.0]
    if len(fitting) != 1:
        return None
    form, words = fitting[0]
    moment = of_this_age(f"TRY_STRPTIME({{x}}, '{form}')")
    value = f"CASE WHEN length({{x}}) = 6 THEN TRY_CAST({moment} AS DATE) END"
    return Plan("datetime", "DATE", value, f"{words} with years of two digits")


def _may_be_serial(number: int) -> bool:
    return FIRST_SERIAL <= number <= LAST_SERIAL


def _keep_the_calendar(evidence: Evidence) -> bool:
    """True for whole numbers that are day numbers of a spreadsheet although their column names no date: all are first
    days of months, or all last days, or every day of the week occurs among many but no Saturday and no Sunday."""
    if len(evidence.values) < FEWEST_MONTHS or evidence.share(_SERIAL_DAY) < 1.0:
        return False
    numbers = [int(text) for text in evidence.values]
    if not all(map(_may_be_serial, numbers)):
        return False
    days = [_SERIAL_START + timedelta(days=number) for number in numbers]
    if all(day.day == 1 for day in days) or all((day + timedelta(days=1)).day == 1 for day in days):
        return True
    return len(days) >= FEWEST_WORKDAYS and {day.weekday() for day in days} == set(range(5))


def _plan_half_converted(
    evidence: Evidence, *, date_order: DateOrder | None, file_order: DateOrder | None
) -> Plan | None:
    """Return the plan for a column in which a spreadsheet made day numbers of some dates and left others as texts."""
    if not MOSTLY_SERIAL <= evidence.share(_SERIAL_DAY) < 1.0:
        return None
    texts = Counter({text: count for text, count in evidence.values.items() if not _SERIAL_DAY.fullmatch(text)})
    if not all(_may_be_serial(int(text)) for text in evidence.values if text not in texts):
        return None
    if not all(_tells_a_day().search(text) for text in texts):
        return None
    plan = _serial_days()
    written = plan_written(replace(evidence, values=texts), date_order=date_order, file_order=file_order)
    if written is not None and written.storage == "DATE":
        value = f"coalesce({plan.value}, {written.value})"
        words = f"{plan.words}, and others {written.words}"
        return plan.but(value=value, words=words, fit=1.0, other=written.other)
    fit = evidence.share(_SERIAL_DAY)
    return plan.but(fit=fit, other=None) if fit >= ENOUGH else None


@cache
def _tells_a_day() -> re.Pattern[str]:
    month = "|".join(map(re.escape, months()))
    return re.compile(
        rf"\b(?:{month})\b.*\b(?:19|20)\d{{2}}\b|\b\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}\b", re.IGNORECASE
    )


def _serial_days() -> Plan:
    other = OtherReading(
        "Are these day numbers of a spreadsheet or plain numbers?",
        "days since 1899-12-30",
        "plain numbers",
        "TRY_CAST({x} AS BIGINT)",
        "BIGINT",
    )
    value = f"CASE WHEN regexp_full_match({{x}}, '\\d{{5}}') THEN {_SERIAL_SQL} END"
    return Plan("datetime", "DATE", value, "spreadsheet day numbers", "serial", other=other)


def _plan_serial_moments() -> Plan:
    seconds = "CAST(round(TRY_CAST({x} AS DOUBLE) * 86400) AS BIGINT)"
    other = OtherReading(
        "Are these moments of a spreadsheet or plain numbers?",
        "days since 1899-12-30, the time of day behind the point",
        "plain numbers",
        "TRY_CAST({x} AS DOUBLE)",
        "DOUBLE",
    )
    return Plan(
        "datetime",
        "TIMESTAMP",
        "CASE WHEN TRY_CAST({x} AS DOUBLE) BETWEEN 1 AND 100000"
        f" THEN TIMESTAMP '1899-12-30' + to_seconds({seconds}) END",
        "spreadsheet day numbers with the time of day",
        "serial",
        other=other,
    )


def _plan_zoned_clock(evidence: Evidence) -> Plan:
    """Times of day stay what the clock showed: without a day, another zone's time might belong to the day before."""
    zones = sorted({match[2] for text in evidence.values if (match := ZONED_CLOCK.fullmatch(text))})
    pattern = quoted(f"^{ZONED_CLOCK.pattern}$")
    clock = f"CASE WHEN regexp_matches({{x}}, {pattern}) THEN regexp_extract({{x}}, {pattern}, 1) END"
    words = f"time of day as the clock showed it, {', '.join(zones[:4])} left out"
    return Plan("datetime", "TIME", _clock_sql().replace("{x}", f"({clock})"), words, "time")


def _clock_sql() -> str:
    plain = (
        "TRY_CAST(CASE WHEN regexp_full_match({x}, '\\d{1,2}:\\d{2}') THEN {x} || ':00' WHEN regexp_full_match({x},"
        " '\\d{1,2}:\\d{2}:\\d{2}(\\.\\d+)?') THEN {x} END AS TIME)"
    )
    half = "TRY_CAST(TRY_STRPTIME(upper(replace(replace({x}, '.', ''), ' ', '')), ['%I:%M%p', '%I:%M:%S%p']) AS TIME)"
    return f"CASE WHEN {{x}} IN ('24:00', '24:00:00') THEN TIME '00:00:00' ELSE coalesce({plain}, {half}) END"
