"""Read times of day: with a colon, points, a zone or in words, and as bare digits where the name says so."""

import re

from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.plan import Plan
from datapilot.reading.text_table import quoted

TIMETABLE_WORDS = frozenset({
    "dep", "arr", "departure", "arrival", "departs", "arrives", "std", "sta", "atd", "ata", "etd", "eta", "abfahrt",
    "ankunft", "abflug", "salida", "llegada", "départ", "arrivée",
})  # fmt: skip
CLOCK_ENDS = (
    "time", "hhmm", "zeit", "heure", "hora", "ora", "uhr", "tid", "tijd", "godzina", "duration", "dauer", "время",
)  # fmt: skip
FEWEST_CLOCKS = 30  # different numbers below 2400 whose last two digits are all below 60, which chance does not give
FEWEST_IN_TIMETABLE = 12  # where the name speaks of a departure or arrival and of its time too
CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?|24:00(?::00)?")
ZONED_CLOCK = re.compile(
    r"((?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)\s?(Z|(?:UTC|GMT)?[+\-](?:0\d|1[0-4])(?::?[0-5]\d)?)"
)
DAY_END = re.compile(r"24:00(?::00)?")
DOTTED_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d\.[0-5]\d")
CLOCK_IN_WORDS = re.compile(
    r"(?:[01]?\d|2[0-3])(?::[0-5]\d)?\s*(?:Uhr|h)|(?:[01]?\d|2[0-3])\s?h\s?[0-5]\d|(?:0?\d|1[0-2])\s?[ap]\.?m\.?",
    re.IGNORECASE,
)
COMPACT_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])?[0-5]?\d|2400")


def plan_clock(evidence: Evidence) -> Plan | None:
    """Return the plan for times of day that are written as such."""
    share = evidence.share
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
    return None


def plan_bare_clock(evidence: Evidence) -> Plan | None:
    """Return the plan for 5, 1230 and 2359 below a name that says a time: so many that it is no chance."""
    fewest = FEWEST_IN_TIMETABLE if _says_timetable(evidence) else FEWEST_CLOCKS
    if not says_clock(evidence) or len(evidence.values) < fewest or evidence.share(COMPACT_CLOCK) < ENOUGH:
        return None
    if max(int(text) for text in evidence.values if text.isdecimal()) < 1000:
        return None
    number = "TRY_CAST({x} AS INTEGER)"
    value = (
        f"CASE WHEN {number} BETWEEN 0 AND 2400 AND {number} % 100 < 60"
        f" THEN make_time(({number} // 100) % 24, {number} % 100, 0) END"
    )
    return Plan("datetime", "TIME", value, "time of day, hour and minute without a colon", "time")


def says_clock(evidence: Evidence) -> bool:
    """Whether the column's name speaks of a time of day."""
    return bool(evidence.words & TIMETABLE_WORDS) or any(word.endswith(CLOCK_ENDS) for word in evidence.words)


def _says_timetable(evidence: Evidence) -> bool:
    return bool(evidence.words & TIMETABLE_WORDS) and any(word.endswith(CLOCK_ENDS) for word in evidence.words)


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
