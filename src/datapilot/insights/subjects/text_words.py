"""Which words the texts of a column hold: comments, subjects of tickets, what a payment was for.

A word is told by how it is mostly written. Words that every text is made of ("the", "nicht") say nothing, nor do those
that stand in most of the texts or in hardly any.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from datapilot.contracts.base import Scalar
from datapilot.contracts.measure import Filter
from datapilot.contracts.profile import ColumnProfile
from datapilot.insights.statistics import Ints
from datapilot.insights.subjects.cells import Codes
from datapilot.words.function_words import function_words
from datapilot.words.meanings import name_words
from datapilot.words.render import value_slot

MOST_TEXTS = 4_000  # looked at; a word worth a sentence stands in dozens of them
MOST_WORDS = 40
LEAST_TEXTS = 10  # that hold a word
LEAST_SHARE, MOST_SHARE = 0.02, 0.6
SHORTEST, SHORTEST_ALONE = 3, 2  # letters of a word, of one in a script of more letters than the Latin one
MOST_DIGITS = 4  # of a word: printer546
SAME_STEM = 4  # letters: "services" says no more than "service"
ALWAYS_TOGETHER = 0.8  # of the texts with a word have the same word behind it: they are one name
ONE_WORD = 0.8  # of the texts with either of two words hold both
LEAST_WRITTEN, LEAST_NAMED = 4, 2  # words of a usual text, and of one whose column says that it is a text
_WORD = re.compile(r"[^\W_]+")
_TEXTS = frozenset({
    "comment", "comments", "description", "subject", "note", "notes", "remark", "remarks", "feedback", "text",
    "message", "memo", "details", "summary", "narrative", "reason", "reasons", "purpose", "complaint", "review",
    "request", "issue", "problem", "symptom", "symptoms", "observation", "observations", "explanation",
    "beschreibung", "kommentar", "verwendungszweck", "buchungstext", "bemerkung", "bemerkungen", "betreff", "notiz",
    "anmerkung", "anmerkungen", "grund", "libellé", "libelle", "commentaire", "commentaires", "objet", "motif",
    "remarque", "remarques", "descripción", "descripcion", "comentario", "comentarios", "concepto", "asunto",
    "motivo", "observaciones", "detalle", "descrizione", "commento", "causale", "oggetto", "descrição", "descricao",
    "comentário", "histórico", "historico", "assunto", "observação", "omschrijving", "opmerking", "opmerkingen",
    "mededelingen", "onderwerp", "opis", "komentarz", "uwagi", "tytułem", "beskrivning", "beskrivelse", "kommentarer",
    "açıklama", "konu",
})  # fmt: skip

_SAID = frozenset({
    "comment", "comments", "note", "notes", "remark", "remarks", "feedback", "review", "message", "kommentar",
    "bemerkung", "bemerkungen", "commentaire", "commentaires", "comentario", "comentarios", "commento", "opmerking",
})  # fmt: skip


class Word(NamedTuple):
    """A word, or words that always come together, as mostly written, and which of the texts looked at hold it."""

    text: str
    holds: NDArray[np.bool_]

    @property
    def parts(self) -> frozenset[str]:
        """The single words, in small letters."""
        return frozenset(self.text.lower().split())

    @property
    def said(self) -> str:
        """The template that quotes it."""
        return f"“{value_slot(self.text)}”"

    def shares_stem(self, text: str) -> bool:
        """Whether a text has a word that begins as one of these does."""
        return not {one[:SAME_STEM] for one in self.parts}.isdisjoint(one[:SAME_STEM] for one in text.lower().split())


class Texts(NamedTuple):
    """The words of a column's texts; `rows` are the places, among the cells held, of the texts looked at. `own` are the
    words that only the texts say: which of its groups a record is of, a column says better."""

    column: str
    rows: Ints
    words: tuple[Word, ...]
    own: tuple[Word, ...]

    def mentioned(self, word: Word) -> Filter:
        """Return the condition that a text holds the word."""
        return Filter(column=self.column, op="mentions", value=word.text)

    def not_mentioned(self, word: Word) -> Filter:
        """Return the condition that there is a text, without the word."""
        return Filter(column=self.column, op="not_mentions", value=word.text)


def is_written(column: ColumnProfile) -> bool:
    """Whether people write into a column, a few words or sentences that hardly repeat and name nothing."""
    if column.storage != "VARCHAR" or column.pii is not None or column.inferred_type not in {"text", "categorical"}:
        return False
    if names_text(column.name):
        return _usual_words(column) >= LEAST_NAMED
    return column.ml_type == "sentence" and _usual_words(column) >= LEAST_WRITTEN


def is_said_of_records(column: ColumnProfile) -> bool:
    """Whether a column holds what people say of a record in their own words, however often the same words come back:
    no group of records, as a reason may be one."""
    is_named = bool(set(name_words(column.name)[-1:]) & _SAID)
    return is_named and column.storage == "VARCHAR" and _usual_words(column) >= LEAST_NAMED


def names_text(column_name: str) -> bool:
    """Whether a column's name says that people write into it: a comment, a description."""
    return bool(set(name_words(column_name)[-1:]) & _TEXTS)


def _usual_words(column: ColumnProfile) -> float:
    """Return the words of a usual text; of a column whose words are not counted, of those that come back most."""
    if column.mean_words is not None:
        return column.mean_words
    said = [str(one.value).split() for one in column.top_values]
    return sum(map(len, said)) / len(said) if said else 0.0


def words_of(column: str, texts: Codes, said_elsewhere: Iterable[Scalar] = ()) -> Texts:
    """Return the words worth asking about, the commonest first; none of texts that are too few. `said_elsewhere` is
    what other columns call the records and their groups."""
    known = np.flatnonzero(texts.codes >= 0)
    rows = known[:: max(1, -(-len(known) // MOST_TEXTS))]
    codes, where = np.unique(texts.codes[rows], return_inverse=True)
    cells = [_Cell(str(texts.labels[code])) for code in codes]
    times = np.bincount(where, minlength=len(cells))
    counts: Counter[str] = Counter()
    for cell, often in zip(cells, times.tolist(), strict=True):
        for word in dict.fromkeys(cell.order):  # of words as common as each other the first says what it is about
            counts[word] += often
    least, most = max(LEAST_TEXTS, LEAST_SHARE * len(rows)), MOST_SHARE * len(rows)
    nothing = function_words(counts)
    common = [
        word for word, often in counts.most_common()
        if least <= often <= most and _is_word(word) and word not in nothing
    ]  # fmt: skip
    asked = common[:MOST_WORDS]
    written, pairs = _spellings(cells), _pairs_of(asked, cells, times)
    found: list[Word] = []
    for word in asked:
        pair = max(pairs[word], key=pairs[word].__getitem__, default=(word,))
        is_name = pairs[word][pair] >= ALWAYS_TOGETHER * counts[word]
        name = pair if is_name and all(_is_word(one) and one not in nothing for one in pair) else (word,)
        if any(one.parts == set(name) for one in found):
            continue
        inside = np.array([word in cell.words for cell in cells], dtype=np.bool_)
        if not any(_are_one(inside, other.holds, times) for other in found):
            text = " ".join(written[one].most_common(1)[0][0] for one in name)
            found.append(Word(text, inside))
    words, elsewhere = tuple(one._replace(holds=one.holds[where]) for one in found), " ".join(map(str, said_elsewhere))
    return Texts(column, rows, words, tuple(one for one in words if not one.shares_stem(elsewhere)))


class _Cell:
    """A text cut into words, in the order of the text and as a set, in small letters."""

    def __init__(self, text: str) -> None:
        self.written = _WORD.findall(text)
        self.order = [word.lower() for word in self.written]

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.order)


def _is_word(text: str) -> bool:
    """Whether a run of letters and digits is a word rather than a number, a code or an account."""
    digits = sum(one.isdigit() for one in text)
    return (
        len(text) >= (SHORTEST if text.isascii() else SHORTEST_ALONE) and digits <= MOST_DIGITS and digits < len(text)
    )


def _pairs_of(words: Sequence[str], cells: list[_Cell], times: Ints) -> dict[str, Counter[tuple[str, ...]]]:
    """Return in how many texts each word has which one before or behind it: "credit card" is one name."""
    found: dict[str, Counter[tuple[str, ...]]] = {word: Counter() for word in words}
    for cell, often in zip(cells, times.tolist(), strict=True):
        for pair in dict.fromkeys(pairwise(cell.order)):
            for word in dict.fromkeys(pair):
                if word in found:
                    found[word][pair] += often
    return found


def _are_one(inside: NDArray[np.bool_], other: NDArray[np.bool_], times: Ints) -> bool:
    return bool(times[inside & other].sum() >= ONE_WORD * times[inside | other].sum())


def _spellings(cells: list[_Cell]) -> dict[str, Counter[str]]:
    """Return how often each word is written in which way; a capital that only begins a text is not its own."""
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for cell in cells:
        for at, (small, own) in enumerate(zip(cell.order, cell.written, strict=True)):
            written[small][own if at or own.isupper() else small] += 1
    return written
