"""Which words claim something that only a fact may say. English; what does not read as English is not let through.

Outside slots a model writes neither digits nor number words, and nothing that a figure would have to prove: the
greatest, the cause, the direction, the share. The lists are wide on purpose: a sentence refused costs a reader
nothing, because the rules' own sentence stands in its place.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Use = Literal["comment", "advice"]

LONGEST_COMMENT = 240  # characters; two sentences
LONGEST_ADVICE = 200
LONGEST_LEAD_WORDS = 12
SHORTEST_LEAD_WORDS = 2
LEAST_FUNCTION_WORDS = 0.15  # of the words of an English sentence; measured on our own: .25-.6
PAYLOAD_WORDS = 3  # as many words in a row from a column's name are an echo of it, not a mention


def _words(listed: str) -> list[str]:
    return listed.split()


def _any_of(*lists: str) -> re.Pattern[str]:
    words = "|".join(word for listed in lists for word in _words(listed))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


_NUMBERS = r"""
    zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundreds? thousands? millions?
    billions? trillions? dozens? half halves halv\w+ thirds? fourths? fifths? tenths? doubl\w+ tripl\w+
    quadrupl\w+ twice thrice [a-z]+fold percent(?:age)?s? per\s+cent pct [a-z]*(?:teen|ty)-[a-z]+
"""
# "the first step", "one by one", "next quarter": advice may say so, a comment may not.
_NUMBERS_LOOSELY = r"""
    one quarters? first second pairs? couple both neither
"""
_SUPERLATIVES = r"""
    most\w* least best worst top bottom highest lowest largest smallest greatest biggest longest shortest fewest
    strongest weakest fastest slowest cheapest leading leaders? maxim\w+ minim\w+ peaks? peak\w+ record-\w+
    extreme\w* dominant dominat\w+ outperform\w* exceed\w* ever never always only sole(?:ly)? unique\w* latest
    earliest newest oldest youngest richest poorest hottest coldest warmest deepest farthest furthest nearest
    tallest widest hardest [a-z]+iest
"""
_CAUSES = r"""
    because caus\w+ due\s+to driv(?:es?|en|ers?|ing) drove leads?\s+to led\s+to
    result(?:s|ed|ing)?\s+(?:in|of|from) thanks\s+to owing\s+to attribut\w+ therefore thus hence consequen\w+
    explain\w* stems?\s+from trigger\w* responsible\s+for as\s+a\s+result contribut\w+ influenc\w+
    impact(?:s|ed|ing) affect(?:s|ed|ing)? prov(?:es?|en|ing) reason\s+(?:is|why)
"""
_AGGREGATES = r"""
    averag\w+ the\s+mean medians? totals? totall\w+ sums? summed counts? counted percentiles? quantiles?
    quartiles? ratios? rates? shares? proportions? correlat\w+ associat\w+ slopes? outliers? deviations?
    varianc\w+ distribut\w+ skew\w* duplicat\w+ missing
"""
_DIRECTIONS = r"""
    ris(?:e|es|en|ing) rose fall(?:s|en|ing)? fell grow(?:s|n|th|ing)? grew increas\w+ decreas\w+ declin\w+
    drop(?:s|ped|ping)? climb\w* surg\w+ soar\w* plung\w+ plummet\w* slump\w* shr[aiu]nk\w* expand\w* improv\w+
    worsen\w* deteriorat\w+ higher lower more less fewer greater larger smaller bigger longer shorter faster
    slower above below over under up down upward\w* downward\w* ahead behind better worse stronger weaker
    gain(?:s|ed)? los(?:e|es|t|ing) stabl\w+ steady steadily flat unchanged constant\w* trend\w* revers\w+
"""
# In advice "reduce" and "raise" are deeds; "fell" and "is growing" are claims.
_DIRECTION_CLAIMS = r"""
    rises rising risen rose falls falling fallen fell grows growing grown grew growth increases increased
    increasing decreases decreased decreasing declin\w+ drops dropped dropping climbs climbed climbing surg\w+
    soar\w* plung\w+ plummet\w* slump\w* worsened worsening deteriorat\w+ outpac\w+ lagg\w+
"""
_QUANTITIES = r"""
    all none every each nobody everybody everyone no\s+one majority minority almost nearly roughly approximately
    hardly barely rare\w* common\w* typical\w* usual\w* often seldom frequent\w* many much few several some
    strong\w* weak\w* significant\w* substantial\w* considerabl\w* slight\w* sharp\w* huge\w* massive\w* tiny
    high\w* low\w* large\w* small\w* long\w* short\w* unrelated related independent\w* impossible certain\w*
    definit\w+ clearly guarante\w+
"""
_NUMBER_WORDS = _any_of(_NUMBERS)
_MARKUP = re.compile(
    r"[<>\[\]{}`|\\*_#~^@%=$€£¥₹]|://|www\.|\w\.(?:com|org|net|io|example|dev|ai|ru|cn)\b", re.IGNORECASE
)
_ORDERS = re.compile(
    r"(?<!\w)(?:ignore|disregard|override|system\s+prompt|instructions?|password|api\s*key|click|visit|download|"
    r"approve[sd]?\s+(?:the\s+)?(?:loan|payment|request)|verified|guaranteed)(?!\w)", re.IGNORECASE,
)  # fmt: skip
_FUNCTION_WORDS = frozenset(
    _words("""
    a an the of in on at to for with by from and or but not is are was were be been it its this that these those
    as if than then so do does can could may might should would will before after when where which what who how
    there here any other between into
    """)
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

_CLAIMS: dict[Use, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "comment": (
        ("a number word", _any_of(_NUMBERS, _NUMBERS_LOOSELY)),
        ("a superlative", _any_of(_SUPERLATIVES)),
        ("a cause", _any_of(_CAUSES)),
        ("an aggregation", _any_of(_AGGREGATES)),
        ("a direction", _any_of(_DIRECTIONS)),
        ("a quantity", _any_of(_QUANTITIES)),
    ),
    "advice": (
        ("a number word", _any_of(_NUMBERS)),
        ("a superlative", _any_of(_SUPERLATIVES)),
        ("a cause", _any_of(_CAUSES)),
        ("a direction", _any_of(_DIRECTION_CLAIMS)),
    ),
}

# The words a lead is made of, beside the labels of the finding's own columns. None of them can be wrong by itself.
LEAD_WORDS = frozenset(
    _words("""
    a an and are as ask at attention be before between by can case cases check clarify close closely compare
    compared comparison confirm consider data decide decision decisions depends details differ difference
    different do does entries entry examine figure figures follow for from go group groups here how if in
    inspect into investigate is it its keep know line look looking matter matters merits mind next note notice
    of on open or own part patterns pattern period periods plan planning point points question questions records
    review rows see separate separately side stand stands start step steps study table team teams that the their
    them these they this those to together understand use values verify watch what when where whether which
    while who why with within worth you
    your report reports amounts
    """)
)


def flaw_of(text: str, use: Use, *, names: Iterable[str] = ()) -> str | None:
    """Return why the text may not be published as it is, None when it may.

    `names` are labels of the table, and names of columns long enough to carry a message: none is repeated.
    """
    if not text.strip():
        return "nothing"
    if len(text) > (LONGEST_COMMENT if use == "comment" else LONGEST_ADVICE):
        return "too long"
    if any(character.isnumeric() for character in text):
        return "a digit"
    if _MARKUP.search(text) or any(unicodedata.category(character)[0] == "C" for character in text):
        return "markup"
    if _ORDERS.search(text):
        return "an order"
    words = [word.lower() for word in _WORD.findall(text)]
    if not _reads_as_english(text, words):
        return "no English"
    for claim, pattern in _CLAIMS[use]:
        if pattern.search(text):
            return claim
    if any(_echoes(text, name) for name in names):
        return "a name of the table"
    return None


def flaw_of_lead(lead: str, *, labels: Iterable[str]) -> str | None:
    """Return why the words before a headline's slots may not be published, None when they may.

    Only words of LEAD_WORDS and of the `labels` of the finding's columns may stand there.
    """
    words = [word.lower() for word in _WORD.findall(lead)]
    if not SHORTEST_LEAD_WORDS <= len(words) <= LONGEST_LEAD_WORDS:
        return "too long or too short"
    if any(character.isnumeric() for character in lead) or re.search(r"[^\w\s,'’-]", lead):
        return "a sign"
    own = {word.lower() for label in labels for word in _WORD.findall(label)}
    own |= {word + "s" for word in own}
    own = {word for word in own if not any(pattern.search(word) for _, pattern in _CLAIMS["comment"])}
    if any(word not in LEAD_WORDS and word not in own for word in words):
        return "a word of its own"
    return None if any(word in LEAD_WORDS for word in words) else "names alone"


def number_words(text: str) -> set[str]:
    """Return the words of a text that count or multiply: "two", "half", "doubled"; in small letters."""
    return {found.lower() for found in _NUMBER_WORDS.findall(text)}


def _reads_as_english(text: str, words: list[str]) -> bool:
    if len(words) < 2 or not all(character.isascii() or character in "’‘“”–—é" for character in text):
        return False
    return sum(word in _FUNCTION_WORDS for word in words) >= LEAST_FUNCTION_WORDS * len(words)


def _echoes(text: str, name: str) -> bool:
    """Whether the text repeats a name, or as many words in a row of it as no chance explains.

    A name of one word counts as it is written, and a word that is also plain English only with a capital inside a
    sentence: of “in May” and “it may” one is a month, or a person.
    """
    parts, words = _WORD.findall(name), _WORD.findall(text)
    if len(parts) == 1:
        is_plain = parts[0].lower() in _FUNCTION_WORDS
        if len(parts[0]) < PAYLOAD_WORDS or (is_plain and parts[0].islower()):
            return False
        return parts[0] in (words[1:] if is_plain else words)
    said, parts = [word.lower() for word in words], [part.lower() for part in parts]
    length = min(len(parts), PAYLOAD_WORDS)
    runs = {tuple(parts[start : start + length]) for start in range(len(parts) - length + 1)} if parts else set()
    return any(tuple(said[start : start + length]) in runs for start in range(len(said) - length + 1))
