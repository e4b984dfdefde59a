"""What bars say: their titles, subtitles and text alternatives. Knows the facts that are drawn, not the drawing."""

from collections.abc import Sequence
from statistics import median

from datapilot.analysis.drawing.candidate import Subject
from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact
from datapilot.contracts.profile import ColumnProfile
from datapilot.words.labels import label, plural
from datapilot.words.render import column_slot
from datapilot.words.time_columns import period_of

CLOSE = 0.1  # spread of parts, of the largest; no title names a leader below it: it would make a finding of chance
FAR = 1.1  # times the middle one, from which the highest of averages is named, or the middle one times the lowest
NARROW = 0.02  # lead over the next, of itself, that names none either
ENOUGH_ROWS = 30  # behind the average that a title calls the highest
LEADERS_ROWS = 0.25  # or of the rows of the middle group
STATES = frozenset({"are", "can", "did", "does", "had", "has", "is", "was", "will"})  # first words of what is no noun
LONGEST_BARE = 3
FEWEST_PARTS = 3  # of which one may trail: of two, the other one leads
_ANSWERS = frozenset({"high", "low", "medium", "negative", "none", "normal", "other", "positive", "unknown"})


def title_of(category: ColumnProfile, subject: Subject, fact: Fact, shares: Fact | None, first: int) -> str:
    """State who leads: by share of the whole where all parts add up to it, by value otherwise."""
    by = column_slot(category.name)
    assert isinstance(fact.value, tuple)
    values = [entry.value for entry in fact.value if entry.key is not None and isinstance(entry.value, int | float)]
    answer = f"{{{fact.id}[{first}].key}}"
    is_rows = subject.column is None
    leader = named_bar(category, fact, first) if not is_rows or category.inferred_type == "boolean" else answer
    parts = [value for value, _ in _groups(fact)]
    is_even = min(parts) > 0 and max(parts) - min(parts) < CLOSE * max(parts)
    is_shared = len(values) > 1 and values.count(values[0]) > 1
    is_led = not is_even and not is_shared and leads(parts)
    if subject.is_average and is_led and not _rests_on_few(fact, first):
        return subject.title(f" is highest for {leader}: {{{fact.id}[{first}].value{subject.form}}}")
    if subject.is_average or not is_led or shares is None or not _adds_up(shares):
        last = None if is_even else _trailing(fact) if subject.is_average else _losing(fact)
        if last is None:
            return subject.title(f" by {by}")
        return subject.title(
            f" is lowest for {named_bar(category, fact, last)}: {{{fact.id}[{last}].value{subject.form}}}"
        )
    part = f"{{{shares.id}[{first}].value|percent}}"
    if subject.column is None:
        # “is the most frequent region” needs a noun; names of states and answers (“is independent”) are none.
        said = label(category.name)
        is_state = category.inferred_type == "boolean" or said.split(" ", 1)[0] in STATES
        is_noun = not is_state and plural(said) is not None
        return (
            f"{leader} is the most frequent {by}: {part} of rows"
            if is_noun
            else f"{by}: {answer} leads, {part} of rows"
        )
    # A column that is named by a year holds no 2020: it has a total.
    whole = f"the total of {subject.slot}" if period_of(subject.name.strip()) is not None else subject.slot
    return f"{leader} accounts for {part} of {whole}"


def named_bar(category: ColumnProfile, fact: Fact, place: int) -> str:
    """Return the template of a group's name, with its category where it says nothing without it."""
    assert isinstance(fact.value, tuple)
    answer = f"{{{fact.id}[{place}].key}}"
    is_bare = category.inferred_type == "boolean" or _is_bare(fact.value[place].key)
    return f"{column_slot(category.name)} {answer}" if is_bare else answer


def _trailing(fact: Fact) -> int | None:
    """Return the place of the group whose average is far below the others', the lowest of all groups; None without."""
    parts = _groups(fact)
    if _has_folded(fact) or not trails([value for value, _ in parts]):
        return None
    last = min(parts)[1]
    return None if _rests_on_few(fact, last) else last


def _losing(fact: Fact) -> int | None:
    """Return the place of the group that loses clearly more than any other, of all groups; None without."""
    parts = sorted(_groups(fact))
    if _has_folded(fact) or len(parts) < 2:
        return None
    (least, last), (following, _), *_ = parts
    is_clear = least < 0 and following - least >= NARROW * abs(least)
    return last if is_clear else None


def _groups(fact: Fact) -> list[tuple[float, int]]:
    """Return the value of each named group that has one, with its place among the entries, in their order."""
    assert isinstance(fact.value, tuple)
    return [
        (float(entry.value), place)
        for place, entry in enumerate(fact.value)
        if entry.key is not None and entry.other is None and isinstance(entry.value, int | float)
    ]


def _has_folded(fact: Fact) -> bool:
    """Whether further groups stand in one bar together."""
    assert isinstance(fact.value, tuple)
    return any(entry.other for entry in fact.value)


def trails(values: Sequence[float]) -> bool:
    """Whether the lowest of averages stands clear of the next, and far below the middle one."""
    if len(values) < FEWEST_PARTS:
        return False
    least, following, *_ = sorted(values)
    return least > 0 and median(values) >= FAR * least and following - least >= NARROW * following


def leads(values: Sequence[float]) -> bool:
    """Whether the first value, the highest, stands clear of the next."""
    return len(values) < 2 or values[0] - values[1] >= NARROW * abs(values[0])


def _rests_on_few(fact: Fact, place: int) -> bool:
    """Whether an average rests on so few rows, beside the others, that chance may have put it first."""
    assert isinstance(fact.value, tuple)
    usual = median(entry.n for entry in fact.value if entry.key is not None and entry.other is None)
    return fact.value[place].n < min(ENOUGH_ROWS, LEADERS_ROWS * usual)


def _is_bare(key: Scalar) -> bool:
    """Whether a label says nothing without its column: ok, M, 3, negative."""
    return not isinstance(key, str) or len(key) <= LONGEST_BARE or key.lower() in _ANSWERS


def _adds_up(shares: Fact) -> bool:
    """Whether every part is a true part of the whole: none is negative or missing."""
    assert isinstance(shares.value, tuple)
    return all(isinstance(entry.value, int | float) and 0 <= entry.value <= 1 for entry in shares.value)


def extremes(fact: Fact, form: str) -> str:
    """Return the template "highest Furniture with €243,884, lowest Office with €32,792"."""
    drawn = _groups(fact)
    (_, high), (_, low) = max(drawn, key=lambda one: one[0]), min(drawn, key=lambda one: one[0])
    highest, lowest = (f"{{{fact.id}[{at}].key}} with {{{fact.id}[{at}].value{form}}}" for at in (high, low))
    return f"highest {highest}, lowest {lowest}"


def subtitle_of(category: ColumnProfile, subject: Subject, fact: Fact, ratio: Fact | None) -> str:
    by = column_slot(category.name)
    if subject.column is None:
        return f"Rows by {by}, {{{fact.id}|n}} in all"
    # The square of the ratio: exactly the share of the variance that lies between the groups (Fisher 1925).
    told = f"; the groups account for {{{ratio.id}|between}} of its variance" if ratio is not None else ""
    if subject.quotient is not None:
        told = told.replace("its variance", "the rows’ variance")
    return f"{subject.how} by {by}, over {{{fact.id}|n}} values{told}"
