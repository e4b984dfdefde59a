"""Read lengths of time: clocks beyond a day or below zero, days with a clock, ISO 8601 durations, hours by letters."""

import re
from statistics import median

from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.plan import OtherReading, Plan
from datapilot.reading.text_table import quoted
from datapilot.reading.vocabulary import word_set

DURATION_WORDS = word_set("names", "duration")
HOUR_WORDS = frozenset({"hours", "hrs", "stunden", "heures", "horas", "ore", "uren", "godziny", "overtime", "worked"})
MINUTE_WORDS = frozenset({"minutes", "minuten", "min", "mins", "minutos", "minuti"})
PACE = "pace"  # minutes and seconds for a kilometre or a mile
UNITS = {"hours": 3600, "minutes": 60, "seconds": 1}
BEYOND = 0.02  # share of the cells that no clock shows, from which they are lengths and not a slip among times of day
_CLOCK = re.compile(
    r"(?:(?P<days>[-−]?\d{1,5}) days?,? (?P<plus>\+)?|(?P<sign>[-−+]))?"
    r"(?P<first>\d{1,5}):(?P<second>[0-5]\d)(?::(?P<third>[0-5]\d(?:[.,]\d{1,9})?))?"
)
_ISO = re.compile(r"[-−+]?P(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d+)?S)?)?")
_NUMBER = r"\d+(?:[.,]\d+)?\s*"
_LETTERS = re.compile(
    rf"[-−+]?(?=\d)(?:{_NUMBER}d(?:ays?)?[ ,]*)?(?:{_NUMBER}h(?:ou)?r?s?[ ,]*)?"
    rf"(?:{_NUMBER}m(?:in(?:ute)?s?)?[ ,]*)?(?:{_NUMBER}s(?:ec(?:ond)?s?)?)?",
    re.IGNORECASE,
)
# Years with their months; a cell of this column may lack either.
_YEARS = re.compile(
    r"\d{1,3}\s*y(?:ea)?(?:rs?)?\.?(?:[ ,]*\d{1,2}\s*mo(?:n(?:th)?)?s?\.?)?|\d{1,2}\s*mo(?:n(?:th)?)?s?\.?",
    re.IGNORECASE,
)
_PARTS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def plan_duration(evidence: Evidence) -> Plan | None:
    """Return the plan for lengths of time as numbers of hours, minutes or seconds, whichever the middle one is long
    enough for; None where fewer than 95 % of the cells are such, or a clock shows all of them as times of day."""
    if evidence.share(_CLOCK) >= ENOUGH:
        return _plan_clock(evidence)
    if evidence.share(_ISO) >= ENOUGH:
        return _plan_parts(evidence, _ISO, "ISO 8601")
    if evidence.share(_YEARS) >= ENOUGH and any(re.search("m", t, re.IGNORECASE) for t in evidence.values):
        return _plan_years(evidence)
    if evidence.share(_LETTERS) >= ENOUGH and any(len(re.findall("[a-z]+", t.lower())) > 1 for t in evidence.values):
        return _plan_parts(evidence, _LETTERS, "each part by its letter")
    return None


def _plan_clock(evidence: Evidence) -> Plan | None:
    matches = {text: match for text in evidence.values if (match := _CLOCK.fullmatch(text)) is not None}
    beyond = sum(evidence.values[text] for text, match in matches.items() if _is_beyond_a_clock(match))
    if beyond < BEYOND * evidence.cells and not evidence.words & DURATION_WORDS:
        return None
    # Beside 1:02:03 stands 45:30 for minutes and seconds; alone it may as well be hours and minutes.
    is_open = all(match["third"] is None and match["days"] is None for match in matches.values())
    firsts = [int(match["first"]) for match in matches.values()]
    has_hours = not is_open or min(firsts) == max(firsts) == 0 or max(firsts) < 24 or max(firsts) >= 60
    has_hours &= PACE not in evidence.words
    has_hours |= bool(evidence.words & HOUR_WORDS) and not evidence.words & MINUTE_WORDS
    short = (3600, 60) if is_open and (has_hours or any(match["sign"] for match in matches.values())) else (60, 1)
    lengths = [abs(_seconds(match, short)) for match in matches.values()]
    unit = _unit(lengths)
    form = "hours:minutes:seconds" if not is_open else "hours:minutes" if short == (3600, 60) else "minutes:seconds"
    plan = _plan(_clock_sql(short, UNITS[unit]), unit, form, evidence.share(_CLOCK))
    return plan.but(other=_other(evidence, short, unit)) if is_open else plan


def _is_beyond_a_clock(match: re.Match[str]) -> bool:
    past_midnight = (int(match["first"]), int(match["second"])) > (24, 0)
    return bool(match["days"] or match["sign"]) or past_midnight


def _seconds(match: re.Match[str], short: tuple[int, int]) -> float:
    first, second = int(match["first"]), int(match["second"])
    if match["third"] is None and match["days"] is None:
        return first * short[0] + second * short[1]
    days = int((match["days"] or "0").replace("−", "-"))
    return days * 86_400 + first * 3600 + second * 60 + float((match["third"] or "0").replace(",", "."))


def _unit(lengths: list[float]) -> str:
    """Return the longest unit that the middle length reaches."""
    middle = median(lengths)
    return next((unit for unit, seconds in UNITS.items() if middle >= seconds), "seconds")


def _plan(seconds: str, unit: str, form: str, fit: float) -> Plan:
    reason = f"The cells are lengths of time ({form}), turned into {unit}."
    words = f"lengths of time ({form}), in {unit}"
    return Plan("numeric", "DOUBLE", seconds, words, "unit", unit, fit, (reason,))


def _other(evidence: Evidence, short: tuple[int, int], unit: str) -> OtherReading:
    forms = {(3600, 60): "hours:minutes", (60, 1): "minutes:seconds"}
    rival = (60, 1) if short == (3600, 60) else (3600, 60)
    return OtherReading(
        question=f"Is {next(iter(evidence.values))} {forms[short]} or {forms[rival]}?",
        chosen=forms[short],
        other=forms[rival],
        value=_clock_sql(rival, UNITS[unit]),
        storage="DOUBLE",
    )


def _clock_sql(short: tuple[int, int], unit_seconds: int) -> str:
    def part(pattern: str) -> str:
        found = f"regexp_extract({{x}}, {quoted(pattern)}, 1)"
        return f"coalesce(TRY_CAST(translate(nullif({found}, ''), '−,', '-.') AS DOUBLE), 0)"

    days, first, second = part(r"^([-−]?\d+) day"), part(r"(\d+):"), part(r":(\d{2})")
    third = part(r":\d{2}:(\d{2}(?:[.,]\d+)?)")
    long = f"{days} * 86400 + {first} * 3600 + {second} * 60 + {third}"
    is_long = "(contains({x}, 'day') OR regexp_matches({x}, ':\\d{2}:'))"
    sign = "CASE WHEN regexp_matches({x}, '^[-−]') AND NOT contains({x}, 'day') THEN -1 ELSE 1 END"
    total = f"CASE WHEN {is_long} THEN {long} ELSE {first} * {short[0]} + {second} * {short[1]} END"
    pattern = quoted(r"(?:[-−]?\d{1,5} days?,? \+?|[-−+])?\d{1,5}:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?")
    return f"CASE WHEN regexp_full_match({{x}}, {pattern}) THEN round({sign} * ({total}) / {unit_seconds}, 6) END"


def _plan_years(evidence: Evidence) -> Plan:
    """Years and months as years: how long somebody has been there, no exact length of time."""

    def part(letter: str) -> str:
        return f"coalesce(TRY_CAST(nullif(regexp_extract(lower({{x}}), '(\\d+)\\s*{letter}', 1), '') AS DOUBLE), 0)"

    whole = f"regexp_full_match({{x}}, {quoted('(?i)' + _YEARS.pattern)})"
    value = f"CASE WHEN {whole} THEN round({part('y')} + {part('m')} / 12, 6) END"
    return _plan(value, "years", "years and months", evidence.share(_YEARS))


def _plan_parts(evidence: Evidence, pattern: re.Pattern[str], form: str) -> Plan:
    lengths = []
    for text in evidence.values:
        if pattern.fullmatch(text):
            found = {letter: amount for amount, letter in re.findall(r"(\d+(?:[.,]\d+)?)\s*([dhms])", text.lower())}
            lengths.append(sum(float(n.replace(",", ".")) * _PARTS[letter] for letter, n in found.items()))
    unit = _unit(lengths)
    parts = " + ".join(
        f"coalesce(TRY_CAST(replace(nullif(regexp_extract(lower({{x}}), '(\\d+(?:[.,]\\d+)?)\\s*{letter}', 1), ''),"
        f" ',', '.') AS DOUBLE), 0) * {seconds}"
        for letter, seconds in _PARTS.items()
    )
    guard = pattern.pattern.replace("(?=\\d|T\\d)", "").replace("(?=\\d)", "")
    whole = f"regexp_full_match({{x}}, {quoted('(?i)' + guard)}) AND regexp_matches({{x}}, '\\d')"
    sign = "CASE WHEN regexp_matches({x}, '^[-−]') THEN -1 ELSE 1 END"
    value = f"CASE WHEN {whole} THEN round({sign} * ({parts}) / {UNITS[unit]}, 6) END"
    return _plan(value, unit, form, evidence.share(pattern))
