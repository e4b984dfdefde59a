"""A training file -> what is wrong with it, line by line, and a score whose every lost point is itemised."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from datapilot.contracts.training import DatasetReport, Deduction, Format, LineFault
from datapilot.finetuning.formats import Line, UnfitLine, read_line
from datapilot.finetuning.select import ALIKE, five_word_runs, jaccard

ENOUGH_RECORDS = 50
MOST_TOKENS = 8_192  # of a record; small models are trained with no longer windows
SIGNS_PER_TOKEN = 4
TOKEN_NOTE = f"estimated as one token per {SIGNS_PER_TOKEN} characters; a tokenizer of the model may count differently"
MOST_OF_A_KIND = 0.5

POINTS = {"schema": 25, "evidence": 35, "personal": 15, "length": 10, "duplicates": 15}


@dataclass(frozen=True)
class Checks:
    """What the neighbours know: `unsupported` returns what an answer says that its question does not carry,
    `personal` what of a personal form stands in a text."""

    unsupported: Callable[[str, str], Sequence[str]]
    personal: Callable[[str], Sequence[str]]


def inspect_lines(lines: Iterable[str], *, file: str, checks: Checks) -> DatasetReport:
    """Return the report of a file. Blank lines are passed over; an empty file has no records and 0 points."""
    faults: list[LineFault] = []
    kinds: Counter[str] = Counter()
    formats: Counter[Format] = Counter()
    seen: dict[str, int] = {}
    runs: list[tuple[int, set[tuple[str, ...]]]] = []
    lengths: list[int] = []
    size = records = 0
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        records += 1
        size += len(text.encode())
        lengths.append(-(-len(text) // SIGNS_PER_TOKEN))
        faults += [LineFault(line=number, code="personal", reason=what) for what in checks.personal(text)]
        if lengths[-1] > MOST_TOKENS:
            faults.append(LineFault(line=number, code="too_long", reason=f"about {lengths[-1]:,} tokens"))
        try:
            line = read_line(text)
        except UnfitLine as unfit:
            faults.append(LineFault(line=number, code="schema", reason=str(unfit)))
            continue
        formats[line.format] += 1
        kinds[line.kind] += 1
        question = line.messages[-1]["content"]
        faults += [
            LineFault(line=number, code="evidence", reason=why) for why in checks.unsupported(line.answer, question)
        ]
        faults += _repetitions(number, line, seen, runs)
    form = formats.most_common(1)[0][0] if formats else None
    return _report(file, form, faults, kinds, lengths, size=size, forms=len(formats))


def _repetitions(
    number: int, line: Line, seen: dict[str, int], runs: list[tuple[int, set[tuple[str, ...]]]]
) -> list[LineFault]:
    text = f"{line.messages[-1]['content']} {line.answer} {line.rejected or ''}"
    if text in seen:
        return [LineFault(line=number, code="duplicate", reason=f"the same as line {seen[text]}")]
    seen[text] = number
    own = five_word_runs(text)
    like = next((other for other, known in runs if jaccard(own, known) > ALIKE), None)
    runs.append((number, own))
    return [] if like is None else [LineFault(line=number, code="near_duplicate", reason=f"nearly the same as {like}")]


def _report(
    file: str,
    form: Format | None,
    faults: list[LineFault],
    kinds: Counter[str],
    lengths: list[int],
    *,
    size: int,
    forms: int,
) -> DatasetReport:
    records = len(lengths)

    def share(*codes: str) -> float:
        return len({fault.line for fault in faults if fault.code in codes}) / records if records else 1.0

    shares = {
        "schema": (share("schema"), "lines that are not of the form"),
        "evidence": (share("evidence", "schema"), "answers that say what their question does not carry"),
        "personal": (1.0 if share("personal") else 0.0, "personal data in any record"),
        "length": (share("too_long"), f"records beyond {MOST_TOKENS:,} tokens"),
        "duplicates": (share("duplicate", "near_duplicate"), "records that repeat another"),
    }
    deductions = [
        Deduction(rule=rule, points=POINTS[rule], lost=round(POINTS[rule] * lost, 2), why=why)
        for rule, (lost, why) in shares.items()
        if lost > 0
    ]
    warnings = []
    if records < ENOUGH_RECORDS:
        warnings.append(f"{records} records; fewer than {ENOUGH_RECORDS} seldom change a model for the better.")
    if kinds and len(kinds) > 1 and max(kinds.values()) > MOST_OF_A_KIND * sum(kinds.values()):
        warnings.append(f"More than half of the records are of the kind “{kinds.most_common(1)[0][0]}”.")
    if forms > 1:
        warnings.append("The file mixes forms; a trainer reads one.")
    codes = {fault.code for fault in faults}
    return DatasetReport(
        file=file,
        format=form,
        records=records,
        is_usable=records > 0 and not codes & {"schema", "personal"},
        score=int(max(0.0, 100 - sum(one.lost for one in deductions)) + 0.5),
        deductions=tuple(deductions),
        faults=tuple(faults),
        warnings=tuple(warnings),
        kinds=dict(sorted(kinds.items())),
        tokens_total=sum(lengths),
        tokens_longest=max(lengths, default=0),
        token_note=TOKEN_NOTE,
        bytes=size,
    )
