"""Fact -> words: the only writer of digits. A template says where a figure stands; the figure comes from a fact.

Slots: `{f_1a2b3c4d}` the fact's value with its unit, `{f_…|percent}` in another form (words.numbers.FORMS),
`{f_…|n}` the rows it rests on, `{f_…|between}` of a correlation ratio the share of the variance between the groups,
`{f_…[0].key}`, `{f_…[0].value|percent}`, `{f_…[-1].n}` an entry of a keyed fact,
`{col:NAME}` a column's label, `{cols:NAME}` its plural, `{thing:NAME}` what it numbers (of `machine_id` "machine"),
`{ask:NAME}` and `{item:NAME}` the two parts of a column that asks a question of one of several things, `{val:TEXT}` a
cell value or period that a cited fact filters by or has as a key, `{whole:TEXT}` the same text up to its end.
Inside names `{{` and `}}` stand for braces. A digit anywhere else is refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Fact, KeyedValue, Measure
from datapilot.words.cleaning import clean_text
from datapilot.words.labels import heading_and_group, label, many_of, numbered_thing, question_and_item, without_unit
from datapilot.words.meanings import names_origin
from datapilot.words.numbers import show
from datapilot.words.periods import grain_of, period_ends, show_period

_FACT = re.compile(
    r"(?P<id>f_[0-9a-f]{8})(?:\[(?P<index>-?\d+)\]\.(?P<part>key|value|n))?(?P<forms>(?:\|[a-z]+)*)", re.ASCII
)
_PART = re.compile(r"[^{}]+|\{\{|\}\}|[{}]")

MOST_UNQUOTED_WORDS = 5
QUOTED_CHARACTERS = 60
LONGEST_TEXT = 180  # characters of a cell that is shown whole
FEWEST_STATED = 4  # words of a statement to agree with
_STATING = frozenset({
    "i", "i'm", "i’m", "my", "we", "our", "ich", "mein", "meine", "wir", "je", "mon", "nous", "mi",
    "the", "this", "these", "it", "there",
})  # fmt: skip
_ASKS = re.compile(r"\?\s*(?:\([^()]*\)\s*|\[[^\[\]]*\]\s*)?$")  # the scale may stand behind it in brackets
FEWEST_CLAIMED = 3  # words of one that claims something: "Workload is fair"
_CLAIMS = frozenset({"is", "are", "was", "were", "has", "have", "can", "should", "would", "ist", "sind", "est", "sont",
                     "es", "son"})  # fmt: skip
STEM_WORDS = 3  # of a question whose answers have a column each
_YEARS_OF_MAKING = range(1_000, 2_200)
_LIMITS = frozenset({"gt", "ge", "lt", "le", "between"})


class UnfitTemplate(ValueError):
    """A template that says something its facts do not: an unknown slot, a bare digit, a value no fact knows."""


class _Piece(NamedTuple):
    text: str
    is_slot: bool


def render(template: str, facts: Mapping[str, Fact]) -> str:
    """Return the sentence, its first letter capital. Raises UnfitTemplate when any part has no fact behind it."""
    # A value is looked up in the facts the sentence shows before any other: "1" may be a Monday somewhere else.
    facts = {fact_id: facts[fact_id] for fact_id in cited_facts(template) if fact_id in facts} | dict(facts)
    pieces = [piece for piece in _pieces(template) if piece.text]
    once = _units_once(pieces, facts)
    sentence = "".join(
        (once.names.get(piece.text) or _fill(once.figures.get(piece.text, piece.text), facts)) if piece.is_slot
        else _checked(piece.text)
        for piece in pieces
    )  # fmt: skip
    return sentence[:1].upper() + sentence[1:] if pieces and _starts_with_word(pieces[0]) else sentence


def slots_as_shown(template: str, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """Return the slots of a template as it shows them: a figure whose unit the name bears is plain."""
    figures = _units_once([piece for piece in _pieces(template) if piece.text], facts).figures
    return tuple(figures.get(slot, slot) for slot in slots_of(template))


class _UnitsOnce(NamedTuple):
    """What is said instead of a slot: the texts of `names`, and the slots of `figures` in their plain form."""

    names: dict[str, str]
    figures: dict[str, str]


def _units_once(pieces: Sequence[_Piece], facts: Mapping[str, Fact]) -> _UnitsOnce:
    """Return what is said where a name and a figure would both bear the unit: "average wait min is 23 min" loses the
    first one, and "overtime hours are 15 hours", whose hours are a word of the name, the second."""
    names = {piece.text.partition(":")[2]: piece.text for piece in pieces if piece.is_slot and piece.text[:4] == "col:"}
    said = _UnitsOnce({}, {})
    for piece in pieces if names else ():
        match = _FACT.fullmatch(piece.text) if piece.is_slot else None
        fact = facts.get(match["id"]) if match is not None else None
        if match is None or fact is None or match["part"] not in {None, "value"} or match["forms"]:
            continue
        name = fact.measure.column
        if fact.unit is None or name is None or name not in names or fact.measure.minus or is_question(name):
            continue
        rest = without_unit(label(name), fact.unit)
        if rest:
            said.names[names[name]] = rest
        elif rest is not None:
            said.figures[piece.text] = f"{piece.text}|plain"
    for name, slot in names.items():
        if slot not in said.names and not _has_plain_figures(pieces, name, facts):
            bare = _bare_name(name, facts)
            if bare is not None:
                said.names[slot] = bare
    return said


def _has_plain_figures(pieces: Sequence[_Piece], name: str, facts: Mapping[str, Fact]) -> bool:
    """Whether a sentence shows figures of a column without their unit, which its name then has to say: a limit, or what
    is written plainly."""
    for piece in pieces:
        if not piece.is_slot:
            continue
        match = _FACT.fullmatch(piece.text)
        fact = facts.get(match["id"]) if match is not None else None
        is_its = fact is not None and fact.measure.column == name and fact.unit is not None
        if (is_its and match is not None and match["forms"]) or _is_limit(piece.text):
            return True
    return False


def _is_limit(slot: str) -> bool:
    kind, _, text = slot.partition(":")
    return kind == "val" and text.lstrip("-").replace(".", "", 1).isdecimal()


def _bare_name(name: str, facts: Mapping[str, Fact]) -> str | None:
    """Return a column's label without the unit it ends in, if the facts have figures of it in that unit: "amount EUR"
    is an amount where no figure stands beside it."""
    units = {
        fact.unit for fact in facts.values()
        if fact.measure.column == name and fact.unit is not None and fact.measure.minus is None
    }  # fmt: skip
    rests = (without_unit(label(name), unit) for unit in sorted(units))
    return None if is_question(name) else next((rest for rest in rests if rest), None)


def column_slot(name: str) -> str:
    """Return the slot that shows the column's label, whatever braces its name has."""
    return "{col:" + _escaped(name) + "}"


def columns_slot(name: str) -> str:
    """Return the slot that shows the plural of the column's label, or the label where it has none."""
    return "{cols:" + _escaped(name) + "}"


def thing_slot(name: str) -> str:
    """Return the slot that shows what a column numbers, or the column's label where it numbers nothing known so."""
    return "{thing:" + _escaped(name) + "}" if numbered_thing(name) else column_slot(name)


def question_slot(name: str) -> str:
    """Return the slot that shows the question of a column that asks it of one of several things, or the heading that
    groups of a printed table share."""
    return "{ask:" + _escaped(name) + "}"


def item_slot(name: str) -> str:
    """Return the slot that shows the thing such a column asks about, or the group below such a heading."""
    return "{item:" + _escaped(name) + "}"


def value_slot(value: Scalar) -> str:
    """Return the slot that shows a cell value or period, whatever braces it has."""
    return "{val:" + _escaped(as_key_text(value)) + "}"


def whole_slot(text: str) -> str:
    """Return the slot that shows a cell's text whole where `value_slot` would cut it: a title that is a question of the
    file's own."""
    return "{whole:" + _escaped(text) + "}"


def is_question(name: str) -> bool:
    """Whether a column's name is a sentence of its own, which is quoted where it is shown."""
    is_long = len(label(name).split()) > MOST_UNQUOTED_WORDS or bool(_ASKS.search(name))
    return is_long or _is_statement(name) or _claims(name)


def _claims(name: str) -> bool:
    """Whether a name says something of something: "Workload is fair"; "is active" names a state."""
    words = name.split()
    claims = bool(_CLAIMS.intersection(words[1:-1]))  # in small letters: "Children: Has children" is a heading
    return len(words) >= FEWEST_CLAIMED and claims and words[0].lower() not in _CLAIMS


def _is_statement(name: str) -> bool:
    """Whether a name is a statement to agree with: "My workload is manageable", "The pace was right"."""
    words = name.lower().split()
    return len(words) >= FEWEST_STATED and words[0] in _STATING


def slots_of(template: str) -> tuple[str, ...]:
    """Return what stands in the template's slots, in order."""
    return tuple(piece.text for piece in _pieces(template) if piece.is_slot)


def cited_facts(template: str) -> tuple[str, ...]:
    """Return the ids of the facts a template shows, each once, in order of first mention."""
    ids = (match["id"] for slot in slots_of(template) if (match := _FACT.fullmatch(slot)))
    return tuple(dict.fromkeys(ids))


def as_key_text(value: Scalar) -> str:
    """Return a cell value as `{val:…}` spells it: numbers without separators, booleans as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def show_key(key: Scalar, measure: Measure) -> str:
    """Return the key of a keyed fact in words: "Mar 2024", "Monday", "North", "no value" for missing cells."""
    if key is None:
        return "no value"
    if measure.grain is not None:
        return show_period(key, measure.grain)
    if measure.bin_width is not None:
        return show(key, None)
    return _show_cell(key)


@lru_cache(maxsize=1024)  # a template is read when it is chosen, when its facts are gathered and when it is shown
def _pieces(template: str) -> tuple[_Piece, ...]:
    """Cut a template into text and slots. Raises UnfitTemplate for a brace without its partner."""
    pieces: list[_Piece] = []
    buffer: list[str] = []
    in_slot = False
    for match in _PART.finditer(template):
        part = match[0]
        if part == ("}" if in_slot else "{"):
            pieces.append(_Piece("".join(buffer), is_slot=in_slot))
            buffer, in_slot = [], not in_slot
        elif part in ("{", "}"):
            raise UnfitTemplate(f"A brace at {match.end()} has no partner.")
        else:
            buffer.append(part[0] if part in ("{{", "}}") else part)
    if in_slot:
        raise UnfitTemplate("The last slot is not closed.")
    return (*pieces, _Piece("".join(buffer), is_slot=False))


def _checked(text: str) -> str:
    if any(character.isnumeric() for character in text):
        raise UnfitTemplate(f"A digit stands outside a slot in “{clean_text(text)}”.")
    return text


def _fill(slot: str, facts: Mapping[str, Fact]) -> str:
    kind, _, name = slot.partition(":")
    if kind == "col" and name:
        return label_in_sentence(name)
    if kind == "cols" and name:
        return many_of(name) or label_in_sentence(name)
    if kind == "thing" and name:
        return numbered_thing(name) or label_in_sentence(name)
    if kind in {"ask", "item"} and name:
        return _asked(name, kind)
    if kind == "val" and name:
        return _show_value(name, facts)
    if kind == "whole" and name:
        _show_value(name, facts)  # which refuses what no fact knows
        return clean_text(name, limit=LONGEST_TEXT)
    match = _FACT.fullmatch(slot)
    if match is None:
        raise UnfitTemplate(f"“{clean_text(slot)}” is no slot.")
    fact = facts.get(match["id"])
    if fact is None:
        raise UnfitTemplate(f"No fact {match['id']} is cited here.")
    forms = match["forms"].removeprefix("|")
    if match["index"] is None:
        return _show_fact(fact, forms)
    return _show_entry(fact, int(match["index"]), match["part"], forms)


def label_in_sentence(name: str) -> str:
    """Return a column's label as a sentence bears it: a survey's question stands in quotes, or the words around it
    would fall apart."""
    said = label(name)
    if not is_question(name):
        return said
    parts = question_and_item(name)
    if parts is not None:
        # Many columns share the question; what tells them apart comes after it.
        start = " ".join(parts[0].split()[:STEM_WORDS])
        return f"“{start} … {clean_text(parts[1], limit=QUOTED_CHARACTERS)}”"
    # A question is quoted as it is written; a long name in one word is not.
    return f"“{clean_text(name if ' ' in name.strip() else said, limit=QUOTED_CHARACTERS)}”"


def _asked(name: str, part: str) -> str:
    question, group = question_and_item(name), heading_and_group(name)
    parts = question or group
    if parts is None:
        raise UnfitTemplate(f"“{clean_text(name)}” has no part that others share.")
    if part == "item":
        return clean_text(parts[1], limit=QUOTED_CHARACTERS)
    return f"“{clean_text(parts[0], limit=QUOTED_CHARACTERS)}”" if question else label(parts[0])


def _show_fact(fact: Fact, forms: str) -> str:
    if forms == "n":
        return show(fact.n, None)
    if isinstance(fact.value, tuple):
        raise UnfitTemplate(f"Fact {fact.id} has one value per key; say which.")
    if fact.value is None:
        raise UnfitTemplate(f"Fact {fact.id} has no value.")
    if forms == "between":
        if fact.measure.metric != "correlation_ratio" or not isinstance(fact.value, float):
            raise UnfitTemplate(f"Fact {fact.id} does not tell how far groups differ.")
        return show(fact.value**2, "share")
    if fact.measure.metric in {"argmax", "argmin"}:
        return show_key(fact.value, fact.measure)
    return _shown(fact.value, fact.unit, forms)


def _show_entry(fact: Fact, index: int, part: str, forms: str) -> str:
    if not isinstance(fact.value, tuple) or not -len(fact.value) <= index < len(fact.value):
        raise UnfitTemplate(f"Fact {fact.id} has no entry {index}.")
    entry: KeyedValue = fact.value[index]
    if part == "key":
        return show_key(entry.key, fact.measure)
    if part == "n":
        return show(entry.n, None)
    if entry.value is None:
        raise UnfitTemplate(f"Entry {index} of fact {fact.id} has no value.")
    return _shown(entry.value, fact.unit, forms)


def _shown(value: Scalar, unit: str | None, forms: str) -> str:
    try:
        return show(value, unit, form=forms or None)
    except ValueError as error:
        raise UnfitTemplate(str(error)) from None


def _show_value(text: str, facts: Mapping[str, Fact]) -> str:
    for fact in facts.values():
        for known in _known_values(fact):
            if as_key_text(known.value) == text:
                return known.said
        if (grain := grain_of(text)) and period_ends(text) in tuple(_known_ranges(fact)):
            return show_period(text, grain)
    raise UnfitTemplate(f"“{clean_text(text)}” occurs in no cited fact.")


class _Known(NamedTuple):
    value: Scalar
    said: str


def _known_values(fact: Fact) -> Iterator[_Known]:
    measure = fact.measure
    for condition in (*measure.filters, *measure.baseline):
        for value in condition.value if isinstance(condition.value, tuple) else (condition.value,):
            if value is not None:
                # A limit is an amount (12,000 or more); an equal value is a cell and keeps its writing (2024).
                is_amount = (
                    condition.op in _LIMITS and not isinstance(value, str) and not _is_year(value, condition.column)
                )
                yield _Known(value, show(value, None) if is_amount else _show_cell(value))
    keys = fact.value if isinstance(fact.value, tuple) else ()
    for entry in keys:
        if entry.key is not None:
            yield _Known(entry.key, show_key(entry.key, measure))
    if measure.metric in {"argmax", "argmin"} and fact.value is not None and not isinstance(fact.value, tuple):
        yield _Known(fact.value, show_key(fact.value, measure))


def _is_year(value: Scalar, column: str) -> bool:
    """Whether a limit is a year in which things were made, which keeps its writing too."""
    return isinstance(value, int) and value in _YEARS_OF_MAKING and names_origin(column)


def _known_ranges(fact: Fact) -> Iterator[tuple[str, str]]:
    for condition in (*fact.measure.filters, *fact.measure.baseline):
        if condition.op == "between" and isinstance(condition.value, tuple):
            low, high = condition.value
            yield str(low), str(high)


def _show_cell(value: Scalar) -> str:
    """Cells keep their own writing: a year is 2024, not 2,024."""
    if isinstance(value, str) or value is None or isinstance(value, bool):
        return show(value, None)
    return show(value, None, form="digits")


def _escaped(name: str) -> str:
    return name.replace("{", "{{").replace("}", "}}")


def _starts_with_word(first: _Piece) -> bool:
    """A word or a column's label takes a capital; a cell keeps its own writing (iPhone, pH)."""
    return not first.is_slot or first.text.startswith(("col:", "thing:"))
