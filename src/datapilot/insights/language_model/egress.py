"""The last look at what is about to leave the house. Knows nothing of who sends it, or where to.

The masks before it should leave nothing to find; this finds it all the same, on the finished bytes.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from datapilot.insights.language_model.privacy import LEAST_DIGITS, find_personal, readable

SHORTEST_WORD = 3  # characters; initials and answers like "M" occur in any text
LONGEST_PHRASE = 12  # words of a cell that are looked for; the rest of a longer cell goes with them
_WORD = re.compile(r"\w+")
_FACT_ID = re.compile(r"\bf_[0-9a-f]{8}\b")
# Figures in the catalogue are written by our renderer: six digits at most, grouped by a comma, or far below one.
_FIGURE = re.compile(r"[−+-]?(?:\d{1,3},\d{3}|0\.0{2,6}\d{1,3})")


class PersonalDataFound(Exception):
    """A body holds what may not leave. Says what kind it is, never what it is."""

    def __init__(self, kinds: Iterable[str]) -> None:
        self.kinds = tuple(sorted(set(kinds)))
        super().__init__(f"The request held personal data ({', '.join(self.kinds)}) and was not sent.")


class EgressGuard:
    """Refuses a body with a cell of a personal column in it, or with anything of a personal form.

    `cells` are the texts of those cells. `known` is text of our own that stands in every body (instructions,
    examples, the model's name): what occurs there was written before the table was seen, and is allowed as often;
    a single word of it ("user", "total") is allowed anywhere, because our own sentences are made of such.
    """

    def __init__(self, cells: Iterable[str] = (), *, known: Iterable[str] = ()) -> None:
        self._phrases: set[tuple[str, ...]] = set()
        self._numbers: set[str] = set()
        for cell in cells:
            self._learn(readable(cell))
        known_texts = [readable(text) for text in known]
        own_words = {word for text in known_texts for word in _WORD.findall(text.casefold())}
        self._phrases -= {(word,) for word in own_words}
        self._lengths = sorted({len(phrase) for phrase in self._phrases})
        self._known_phrases = self._found_phrases(known_texts)
        self._known_forms = Counter(form for text in known_texts for form in _forms(text))

    def check(self, body: bytes) -> None:
        """Return when the body may leave. Raises PersonalDataFound. A body that is no JSON is read as text."""
        texts = [readable(text) for text in _texts(body)]
        kinds = [f"a form of {kind}" for (kind, _), _ in (_surplus(texts, self._known_forms)).items()]
        if self._found_phrases(texts) - self._known_phrases:
            kinds.append("a cell of a personal column")
        elif self._holds_number(texts):
            kinds.append("a number of a personal column")
        if kinds:
            raise PersonalDataFound(kinds)

    def _holds_number(self, texts: Iterable[str]) -> bool:
        if not self._numbers:
            return False
        digits = [_only_digits(text) for text in texts]
        return any(number in run for run in digits for number in self._numbers)

    def _learn(self, cell: str) -> None:
        words = tuple(_WORD.findall(cell.casefold()))[:LONGEST_PHRASE]
        digits = "".join(character for character in cell if character.isdigit())
        if len(digits) >= LEAST_DIGITS:
            self._numbers.add(digits)
        letters = sum(len(word) for word in words if not word.isdigit())
        if letters >= SHORTEST_WORD:
            self._phrases.add(words)

    def _found_phrases(self, texts: Iterable[str]) -> Counter[tuple[str, ...]]:
        found: Counter[tuple[str, ...]] = Counter()
        for text in texts:
            words = _WORD.findall(text.casefold())
            for length in self._lengths:
                for start in range(len(words) - length + 1):
                    phrase = tuple(words[start : start + length])
                    if phrase in self._phrases:
                        found[phrase] += 1
        return found


def _surplus(texts: Iterable[str], known: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    return Counter(form for text in texts for form in _forms(text)) - known


def _forms(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of everything of a personal form, ids and figures of our own writing left out."""
    plain = _FACT_ID.sub("#", text)
    for start, end, kind in find_personal(plain):
        if not _FIGURE.fullmatch(plain[start:end]):
            yield kind, plain[start:end]


def _texts(body: bytes) -> list[str]:
    """Return every text in a body, keys included; numbers as they are written."""
    try:
        return list(_strings(json.loads(body)))
    except (ValueError, RecursionError):
        return [body.decode(errors="replace")]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _only_digits(text: str) -> str:
    """Return the digits of a text, cut where words stand between them, so that distant figures do not join."""
    without_ids = _FACT_ID.sub(" x ", text)
    return re.sub(r"[^\d\w]+", "", re.sub(r"[^\W\d_]+", "|", without_ids)).replace("_", "")
