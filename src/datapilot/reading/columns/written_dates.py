"""Read dates written out as day, month and year, in one form or in several, by a vote of the whole column."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from datapilot.contracts.table import DateOrder, StorageType
from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.plan import OtherReading, Plan
from datapilot.reading.text_table import quoted
from datapilot.reading.vocabulary import months

LATEST_SHORT_YEAR = 2035  # years of two digits are of the hundred up to here: 35 is 2035, 36 is 1936
_TIME = (
    r"(?:,?[ T]+(?:(?P<dotted>\d{1,2}\.\d{2}(?:\.\d{2})?)|"
    r"(?P<time>\d{1,2}:\d{2}(?::\d{2}(?P<fraction>[.,]\d{1,9})?)?)\s*(?P<ampm>[AaPp](?:\.?[Mm]\.?)?(?![A-Za-z]))?"
    r"(?:\s*(?:Uhr|h)\b)?\s*(?P<zone>Z|(?:UTC|GMT)(?:[+\-]\d{1,2}(?::?\d{2})?)?|[+\-]\d{2}:?\d{2}|(?P<clocks>[A-Z]{1,4}T|MSK))?))?"
)
ISO_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
ISO_STAMP = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])["
    r" T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:\s?(?:Z|[+\-]\d{2}(?::?\d{2})?))?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|mo|di|mi|do|fr|sa|so)[a-zäéû]*\.?,?\s+)?"
_NUMERIC = re.compile(
    r"(?P<weekday>" + _WEEKDAY + r")(?P<a>\d{1,4})(?P<s>[-/. ])(?P<b>\d{1,2})(?P=s)\s*(?P<c>\d{1,4})\.?" + _TIME,
    re.IGNORECASE,
)
_SPACED_DAY = re.compile(r"(\d{1,2})\. (\d{1,2})\. ?(\d{4}(?!\d).*)")
_NAMED = re.compile(
    _WEEKDAY + r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th|\.)?(?:\s+(?:de|of)\s+|[-\s./]*)(?P<m1>[^\W\d_]{3,12})\.?,?"
    r"(?:\s+(?:de|of)\s+|[-\s./]*)(?P<y1>\d{4}|\d{2})(?:\s*(?:г|р|року|года)\.?)?"
    r"|(?P<m2>[^\W\d_]{3,12})\.?[-\s./]+(?P<d2>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+|[-./]+)(?P<y2>\d{4})"
    r"|(?P<y3>\d{4})[-\s./]+(?P<m3>[^\W\d_]{3,12})\.?[-\s./]+(?P<d3>\d{1,2}))"
    + _TIME.replace(",?[ T]+", r"(?:,?[ T]+(?:at\s+|um\s+)?|:)"),
    re.IGNORECASE,
)
# What C's ctime and Unix' date print: the year comes last.
_CTIME = re.compile(
    r"[A-Z][a-z]{2} (?P<m>[A-Z][a-z]{2}) +(?P<d>\d{1,2}) (?P<time>\d{2}:\d{2}:\d{2})(?: [A-Z]{3,4})? (?P<y>\d{4})"
)
_MONTH_YEAR = re.compile(
    r"(?P<m>[^\W\d_]{3,12})\.?[-\s/,']+(?P<y>\d{4}|\d{2})|(?P<y2>\d{4})[-\s/]+(?P<m2>[^\W\d_]{3,12})", re.IGNORECASE
)

MONTH_NUMBERS = months()
DAY_WORDS = frozenset({"day", "days", "tag", "jour", "día", "dia", "giorno"})
MOST_SHORT_YEARS = 12  # that a table of months spans; beyond them they are days of a month
# The engine reads `+01:00` right behind the time, not ` +0100`.
ZONED = "TRY_CAST(regexp_replace({x}, '\\s?([+-]\\d{2}):?(\\d{2})$', '\\1:\\2') AS TIMESTAMPTZ) AT TIME ZONE 'UTC'"
_ZONE_END = re.compile(r"(?:Z|[+\-]\d{2}(?::?\d{2})?)$")
_AFTER_WEEKDAY = "regexp_replace({x}, '^\\pL{2,12}\\.?,?\\s+', '')"
_SPOKEN = {"DMY": "day/month/year", "MDY": "month/day/year"}


@dataclass(slots=True)
class _Forms:
    """How many cells of a column are written in which form, and what else they show."""

    short_year_first: bool  # a first part of two digits may be the year
    iso: int = 0
    year_first: int = 0
    named: int = 0
    ctime: int = 0
    months_alone: int = 0
    after_months: set[int] = field(default_factory=set)  # numbers of two digits behind a month and a blank
    slashed: Counter[str] = field(default_factory=Counter)  # day and month in an order to be found out
    first_over: int = 0  # cells whose first part cannot be a month
    second_over: int = 0
    separators: set[str] = field(default_factory=set)
    month_names: set[str] = field(default_factory=set)
    clocks: set[str] = field(default_factory=set)  # CET, EST: clocks whose distance from UTC nobody says
    has_time: bool = False
    has_dotted_time: bool = False
    has_zone: bool = False
    has_short_year: bool = False
    has_weekday: bool = False

    @property
    def dates(self) -> int:
        return self.iso + self.year_first + self.named + self.ctime + self.slashed.total()

    def count(self, text: str, cells: int) -> None:
        """Count the cells of one text under the first form that it has."""
        if ISO_DATE.fullmatch(text) or ISO_STAMP.fullmatch(text):
            self.iso += cells
            self.has_time |= len(text) > 10
            self.has_zone |= len(text) > 10 and bool(_ZONE_END.search(text[11:]))
        elif match := _NUMERIC.fullmatch(text):
            self._count_numeric(match, cells)
        elif match := _NAMED.fullmatch(text):
            if self._knows(match["m1"] or match["m2"] or match["m3"]):
                self.named += cells
                self._see_clock(match)
        elif match := _CTIME.fullmatch(text):
            if self._knows(match["m"]):
                self.ctime += cells
                self.has_time = True
        elif (match := _MONTH_YEAR.fullmatch(text)) and self._knows(match["m"] or match["m2"]):
            self.months_alone += cells
            if match["y"] and re.search(r" \d\d$", text):
                self.after_months.add(int(match["y"]))

    def _count_numeric(self, match: re.Match[str], cells: int) -> None:
        first, second, third = match["a"], match["b"], match["c"]
        a, b, c = int(first), int(second), int(third)
        has_year_first = len(first) == 4 or (self.short_year_first and len(first) == 2)
        if has_year_first and len(third) <= 2 and 1 <= b <= 12 and 1 <= c <= 31:
            self.year_first += cells
        elif (
            len(first) <= 2
            and (len(third) == 2 or (len(third) == 4 and 1000 <= c <= 2999))
            and max(a, b) <= 31
            and 1 <= min(a, b) <= 12
        ):
            self.slashed[match.string] += cells
            self.first_over += cells * (a > 12)
            self.second_over += cells * (b > 12)
            self.has_short_year |= len(third) == 2
        else:
            return
        self.separators.add(match["s"])
        self.has_weekday |= bool(match["weekday"])
        self._see_clock(match)

    def _see_clock(self, match: re.Match[str]) -> None:
        self.has_time |= bool(match["time"] or match["dotted"])
        self.has_dotted_time |= bool(match["dotted"])
        if match["clocks"]:
            self.clocks.add(match["clocks"].upper())
        else:
            self.has_zone |= bool(match["zone"])

    def _knows(self, name: str) -> bool:
        """True for the name of a month, which is kept."""
        month = name.lower().rstrip(".")
        if month in MONTH_NUMBERS:
            self.month_names.add(month)
            return True
        return False


def _may_be_days(forms: _Forms, evidence: Evidence) -> bool:
    """True for "Nov 10", "Nov 26" and so on, which are days of a year that nobody says rather than months of years."""
    numbers = forms.after_months
    return (
        bool(numbers) and max(numbers) <= 31 and (len(numbers) > MOST_SHORT_YEARS or bool(evidence.words & DAY_WORDS))
    )


def plan_written(evidence: Evidence, *, date_order: DateOrder | None, file_order: DateOrder | None) -> Plan | None:
    """Return the plan for dates of three parts, or of a month's name and a year; None when fewer than 95 % of the cells
    are such. `date_order` is the user's word, `file_order` what other columns of the file settle."""
    if evidence.share(_SPACED_DAY) < ENOUGH:
        return _plan_written(evidence, date_order=date_order, file_order=file_order)
    values: Counter[str] = Counter()
    for text, cells in evidence.values.items():
        values[_SPACED_DAY.sub(r"\1.\2.\3", text)] += cells
    plan = _plan_written(replace(evidence, values=values), date_order=date_order, file_order=file_order)
    # 3. 4. 2024, as Czech, Slovak and Slovene write it.
    cell = r"regexp_replace({x}, '^(\d{1,2})\. (\d{1,2})\. ?', '\1.\2.')"
    return None if plan is None else _over(plan, cell)


def _plan_written(evidence: Evidence, *, date_order: DateOrder | None, file_order: DateOrder | None) -> Plan | None:
    forms = _Forms(short_year_first=date_order == "YMD" or _begins_with_short_years(evidence))
    for text, cells in evidence.values.items():
        forms.count(text, cells)
    if forms.months_alone >= ENOUGH * evidence.cells:
        if _may_be_days(forms, evidence):
            return None
        value = f"TRY_CAST({_named_sql(forms.month_names, months_only=True)} AS DATE)"
        return Plan("datetime", "DATE", value, "month and year, as the month's first day", "month")
    if forms.dates < ENOUGH * evidence.cells or _may_be_versions(forms, evidence):
        return None
    storage: StorageType = "TIMESTAMP" if forms.has_time else "DATE"
    order, is_open = _order(forms, told=date_order, file_order=file_order)
    readings, words = zip(*_readings(forms, order), strict=True)
    coalesced = f"coalesce({', '.join(readings)})" if len(readings) > 1 else readings[0]
    plan = Plan(
        "datetime",
        storage,
        f"CAST({coalesced} AS {storage})",
        _description(forms, words),
        "mixed formats" if len(set(words)) > 1 else None,
        fit=forms.dates / evidence.cells,
        other=_other_reading(forms, order, storage) if forms.slashed and is_open else None,
    )
    return _with_colons(plan) if forms.has_dotted_time else plan


def _with_colons(plan: Plan) -> Plan:
    """Return the plan for cells whose hours and minutes a point parts (25.5.2022 10.39), as in Italian and Finnish."""
    cell = r"regexp_replace({x}, '([ T]\d{1,2})\.(\d{2})\.(\d{2})$', '\1:\2:\3')"
    return _over(plan, cell.replace("{x}", r"regexp_replace({x}, '([ T]\d{1,2})\.(\d{2})$', '\1:\2')"))


def _over(plan: Plan, cell: str) -> Plan:
    """Return the plan that reads what the SQL of `cell` makes of each text."""
    rival = plan.other.value if plan.other else None
    other = replace(plan.other, value=rival.replace("{x}", cell)) if plan.other and rival else plan.other
    return plan.but(value=plan.sql(cell), other=other)


def _may_be_versions(forms: _Forms, evidence: Evidence) -> bool:
    """True for one or two different texts such as 1.2.10, which say a version as well as a day."""
    is_bare = not (forms.has_time or forms.named or forms.iso)
    return is_bare and forms.separators == {"."} and forms.has_short_year and len(evidence.values) < 3


def _readings(forms: _Forms, order: DateOrder) -> Iterator[tuple[str, str]]:
    """Yield for each form that occurs the SQL that reads it, and its words."""
    cell = _AFTER_WEEKDAY if forms.has_weekday else "{x}"
    if forms.iso:
        moment = ZONED if forms.has_zone else "TRY_CAST({x} AS TIMESTAMP)"
        sql = f"CASE WHEN regexp_matches({{x}}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}') THEN {moment} END"
        yield sql.replace("{x}", cell), "year-month-day"
    if forms.year_first:
        sql = _numeric_sql("YMD", has_time=forms.has_time, short_years=forms.short_year_first)
        yield sql.replace("{x}", cell), "year/month/day" if "/" in forms.separators else "year-month-day"
    if forms.slashed:
        yield _numeric_sql(order, has_time=forms.has_time).replace("{x}", cell), _SPOKEN[order]
    if forms.named:
        yield _named_sql(forms.month_names, months_only=False), "month by name"
    if forms.ctime:
        yield _ctime_sql(forms.month_names), "month by name, year last"


def _description(forms: _Forms, words: tuple[str, ...]) -> str:
    text = ", ".join(dict.fromkeys(words)) + " and time" * forms.has_time + ", converted to UTC" * forms.has_zone
    if forms.clocks and not forms.has_zone:
        text += f", as the clocks of {', '.join(sorted(forms.clocks)[:4])} show"
    return text + "; several forms mixed" * (len(words) > 1)


def _other_reading(forms: _Forms, order: DateOrder, storage: StorageType) -> OtherReading:
    """Return the same cells read with month and day the other way round, asked of a cell where that matters."""
    rival: DateOrder = "DMY" if order == "MDY" else "MDY"
    telling = (text for text in forms.slashed if (m := _NUMERIC.fullmatch(text)) and m["a"] != m["b"])
    example = next(telling, next(iter(forms.slashed)))
    value = f"CAST({_numeric_sql(rival, has_time=forms.has_time)} AS {storage})"
    return OtherReading(
        question=f"Is {example} {_SPOKEN[order]} or {_SPOKEN[rival]}? No cell has a part above 12 to settle it.",
        chosen=_SPOKEN[order],
        other=_SPOKEN[rival],
        value=value.replace("{x}", _AFTER_WEEKDAY) if forms.has_weekday else value,
        storage=storage,
        option={"dateOrder": rival},
    )


def _begins_with_short_years(evidence: Evidence) -> bool:
    """True when a first part is beyond 31 and so no day, and all last parts can be days: 99-12-31."""
    parts = [(m["a"], m["b"], m["c"]) for text in evidence.values if (m := _NUMERIC.fullmatch(text))]
    short = [(int(a), int(b), int(c)) for a, b, c in parts if len(a) == len(c) == 2]
    return any(a > 31 for a, _, _ in short) and all(1 <= b <= 12 and 1 <= c <= 31 for _, b, c in short)


def _order(forms: _Forms, *, told: DateOrder | None, file_order: DateOrder | None) -> tuple[DateOrder, bool]:
    """Return the order of day and month, and whether the cells leave it open."""
    if told in {"DMY", "MDY"}:
        return told, False
    if forms.first_over > forms.second_over:
        return "DMY", False
    if forms.second_over > forms.first_over:
        return "MDY", False
    if file_order in {"DMY", "MDY"}:
        return file_order, forms.first_over == 0
    # Points are the German and Slavic way, day first. Slashes are undecided; more files have the American order.
    return ("DMY", True) if "." in forms.separators else ("MDY", True)


def _numeric_sql(order: DateOrder, *, has_time: bool, short_years: bool = False) -> str:
    date = "regexp_extract({x}, '^(\\d{1,4}[-/. ]\\s*\\d{1,2}[-/. ]\\s*\\d{1,4})', 1)"
    plain = f"regexp_replace(translate({date}, '-. ', '//'), '/+', '/', 'g')"
    if order == "YMD":
        two = of_this_age(f"TRY_STRPTIME({plain}, '%y/%m/%d')")
        short = f" WHEN regexp_matches({{x}}, '^\\d{{2}}[-/. ]') THEN {two}"
        parsed = (
            f"CASE WHEN regexp_matches({{x}}, '^\\d{{4}}[-/. ]') THEN TRY_STRPTIME({plain}, '%Y/%m/%d')"
            f"{short if short_years else ''} END"
        )
    else:
        d, m = ("%d", "%m") if order == "DMY" else ("%m", "%d")
        four = f"TRY_STRPTIME({plain}, '{d}/{m}/%Y')"
        two = of_this_age(f"TRY_STRPTIME({plain}, '{d}/{m}/%y')")
        parsed = (
            f"CASE WHEN regexp_matches({{x}}, '^\\d{{1,2}}[-/. ]\\s*\\d{{1,2}}[-/. ]\\s*\\d{{4}}') THEN {four} "
            f"WHEN regexp_matches({{x}}, '^\\d{{1,2}}[-/. ]\\s*\\d{{1,2}}[-/. ]\\s*\\d{{2}}(\\D|$)') THEN {two} END"
        )
    return f"({parsed}{_plus_time() if has_time else ''})"


def _plus_time() -> str:
    clock = (
        "replace(regexp_extract({x}, '(?:[ T,]|\\d{4}:)(\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d{1,6})?)?)', 1), ',', '.')"
    )
    full = f"CASE WHEN length({clock}) <= 5 THEN {clock} || ':00' ELSE {clock} END"
    half = (
        "CASE WHEN regexp_matches({x}, '(?i)\\d\\s*p(?:\\.?m\\.?)?(?:\\PL|$)') AND hour(%s) < 12 THEN to_hours(12)"
        " WHEN regexp_matches({x}, '(?i)\\d\\s*a(?:\\.?m\\.?)?(?:\\PL|$)') AND hour(%s) = 12 THEN to_hours(-12)"
        " ELSE to_hours(0) END"
    )
    time = f"TRY_CAST({full} AS TIME)"
    offset = "(?:[0-9 AaPpMm.]|UTC|GMT)([+-])(\\d{1,2}):?(\\d{2})?$"
    minutes = " + ".join(
        f"coalesce(TRY_CAST(nullif(regexp_extract({{x}}, '{offset}', {group}), '') AS INTEGER), 0) * {factor}"
        for group, factor in ((2, 60), (3, 1))
    )
    zone = f"to_minutes(({minutes}) * CASE WHEN regexp_extract({{x}}, '{offset}', 1) = '-' THEN -1 ELSE 1 END)"
    return (
        f" + CASE WHEN {clock} = '' THEN to_hours(0) ELSE to_microseconds(epoch_us({time})) +"
        f" {half.replace('%s', time)} - {zone} END"
    )


def _ctime_sql(months: set[str]) -> str:
    letters = "lower(regexp_extract({x}, '^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ', 1))"
    number = " ".join(f"WHEN {quoted(m)} THEN '{MONTH_NUMBERS[m]:02d}'" for m in sorted(months))
    day = "lpad(regexp_extract({x}, '^[A-Z][a-z]{2} [A-Z][a-z]{2} +(\\d{1,2}) ', 1), 2, '0')"
    clock, year = "regexp_extract({x}, '(\\d{2}:\\d{2}:\\d{2})', 1)", "regexp_extract({x}, '(\\d{4})$', 1)"
    return (
        f"TRY_STRPTIME({year} || '-' || CASE {letters} {number} END || '-' || {day} || ' ' || {clock},"
        " '%Y-%m-%d %H:%M:%S')"
    )


def _named_sql(months: set[str], *, months_only: bool) -> str:
    """Return the SQL for dates with the month's name: its number is put in the name's place."""
    letters = (
        r"regexp_extract({x}, '(?i)(?:^|[^\p{L}])("
        + "|".join(sorted(months, key=len, reverse=True))
        + r")(?:[^\p{L}]|$)', 1)"
    )
    number = (
        f"CASE lower({letters}) "
        + " ".join(f"WHEN {quoted(month)} THEN '{MONTH_NUMBERS[month]:02d}'" for month in sorted(months))
        + " END"
    )
    if months_only:
        year = "regexp_extract({x}, '(\\d{4}|\\d{2})', 1)"
        full = _with_century(year)
        return f"TRY_STRPTIME({full} || '-' || {number} || '-01', '%Y-%m-%d')"
    year = (
        "coalesce(nullif(regexp_extract({x}, '(?:^|[^\\d:])(\\d{4})(?:[^\\d]|$)', 1), ''), regexp_extract({x},"
        " '\\d{1,2}[^\\d:]+(\\d{2})(?:[^\\d:]|$)', 1))"
    )
    full = _with_century(year)
    day = (
        "lpad(coalesce(nullif(regexp_extract({x}, '^\\D*(\\d{1,2})(?:\\D)', 1), ''), regexp_extract({x}, '(\\d{1,2})$',"
        " 1)), 2, '0')"
    )
    return f"(TRY_STRPTIME({full} || '-' || {number} || '-' || {day}, '%Y-%m-%d'){_plus_time()})"


def _with_century(year: str) -> str:
    return f"CASE WHEN length({year}) = 2 THEN {in_full(year)} ELSE {year} END"


def in_full(year: str) -> str:
    """Return the SQL of a year in four digits for the last two."""
    return f"(CASE WHEN {year} <= '{LATEST_SHORT_YEAR % 100}' THEN '20' ELSE '19' END) || {year}"


def of_this_age(moment: str) -> str:
    """Return the SQL of a date with a year of two digits, which the engine takes for 1969-2068, in the hundred years up
    to the latest that is meant."""
    return f"CASE WHEN year({moment}) > {LATEST_SHORT_YEAR} THEN {moment} - INTERVAL 100 YEAR ELSE {moment} END"
