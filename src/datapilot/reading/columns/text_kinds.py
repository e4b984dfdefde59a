"""Say what a column's texts are: addresses, coordinates, lists, codes, identifiers, labels or prose."""

import json
import re
from collections import Counter

from datapilot.contracts.table import InferredType
from datapilot.reading.columns.evidence import ENOUGH, Evidence
from datapilot.reading.columns.personal import BARE_DOMAIN_PATH, EMAIL, IPV4, IPV6, MAILBOX, URL, UUID, is_phone
from datapilot.reading.columns.plan import Plan
from datapilot.reading.late import late
from datapilot.reading.vocabulary import word_set

FEW_CATEGORIES = 20
ID_WORDS = word_set("names", "id")
CODE_WORDS = word_set("names", "code")
LONG_TEXT_CHARACTERS = 60
LONG_TEXT_WORDS = 8
_LIST = re.compile(r"\[[^\[\]{}]*\]|\([^()]*,[^()]*\)|\{[^{}:]*,[^{}:]*\}")
_AMOUNT_IN_BRACKETS = late(r"\((?:\d{1,3}(?:[. '’\u00a0\u202f]?\d{3})*,\d{2}|\d{1,3}(?:,\d{3})+(?:\.\d+)?)\)")
_PAIR = re.compile(
    r"\(?\s*[+-]?\d{1,2}\.\d{2,}\s*[,; ]\s*[+-]?\d{1,3}\.\d{2,}\s*\)?|POINT\s*\([-\d. ]+\)", re.IGNORECASE
)
_DEGREES = re.compile(r"\d{1,3}\s?[°º\ufffd]\s?\d{1,2}\s?['′’].*")
_CODE_SHAPE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]+(?:[-_/.:][A-Za-z0-9]+)*|[A-Z]{2,}[-_]?\d+|\d+(?:-\d+)+")
_SHORT_CODE = re.compile(r"[A-Z0-9]{2,5}")


def plan_marked_text(evidence: Evidence) -> Plan | None:
    """Texts whose make alone says what they are."""
    share = evidence.share
    if share(EMAIL) + share(MAILBOX) >= 0.9:
        return Plan("email", "VARCHAR", words="e-mail addresses", reasons=("The cells are e-mail addresses.",))
    if share(URL) >= 0.9 or (share(URL) + share(BARE_DOMAIN_PATH) >= ENOUGH):
        return Plan("url", "VARCHAR", words="web addresses", reasons=("The cells are web addresses.",))
    if (share(IPV4) >= ENOUGH and not evidence.words & {"version", "release", "firmware", "build"}) or share(
        IPV6
    ) >= ENOUGH:
        return Plan(
            "identifier", "VARCHAR", words="IP addresses", subtype="ip", reasons=("The cells are IP addresses.",)
        )
    if share(UUID) >= ENOUGH:
        return Plan("identifier", "VARCHAR", words="UUIDs", subtype="uuid", reasons=("The cells are UUIDs.",))
    if _json_share(evidence) >= ENOUGH:
        return Plan("json", "VARCHAR", words="JSON documents", reasons=("The cells are JSON objects or arrays.",))
    if share(_PAIR) >= ENOUGH or share(_DEGREES) >= ENOUGH:
        return Plan(
            "location",
            "VARCHAR",
            words="coordinates",
            subtype="coordinates",
            reasons=("The cells are pairs of coordinates.",),
        )
    if share(_LIST) >= ENOUGH and share(_AMOUNT_IN_BRACKETS()) < ENOUGH:
        return Plan("list", "VARCHAR", words="lists", reasons=("Each cell holds several values in brackets.",))
    if is_phone(evidence):
        return Plan("phone", "VARCHAR", words="telephone numbers", reasons=("The cells are telephone numbers.",))
    return None


def _json_share(evidence: Evidence) -> float:
    candidates = [text for text in evidence.values if text[:1] == "{" and text[-1:] == "}"]
    if not candidates:
        candidates = [text for text in evidence.values if text[:2] in {"[{", "[["} and text[-1:] == "]"]
    if len(candidates) < 0.9 * len(evidence.values):
        return 0.0
    good = 0
    for text in candidates[:200]:
        try:
            json.loads(text)
            good += 1
        except (ValueError, RecursionError):
            continue
    return good / len(candidates[:200])


def plan_text(evidence: Evidence) -> Plan:
    """Texts of no particular make: labels, codes, identifiers or prose, told apart by length and repetition."""
    texts, cells, words = evidence.values, evidence.cells, evidence.words
    distinct = len(texts)
    mean_length = sum(len(text) * count for text, count in texts.items()) / cells
    mean_words = sum((text.count(" ") + 1) * count for text, count in texts.items()) / cells
    zero_padded = (
        sum(c for t, c in texts.items() if re.fullmatch(r"0\d+", t)) > 0 and evidence.share(re.compile(r"\d+")) >= 0.9
    )
    if zero_padded or (words & CODE_WORDS and evidence.share(re.compile(r"[\w.\-/ ]{1,12}")) >= 0.9):
        kind: InferredType = "identifier" if distinct > 0.9 * cells and distinct > FEW_CATEGORIES else "categorical"
        why = "Leading zeros would be lost in a number." if zero_padded else "The name says code."
        return Plan(kind, "VARCHAR", words="codes, kept as text", subtype="code", reasons=(why,))
    coded = evidence.share(_CODE_SHAPE) >= 0.9
    if words & ID_WORDS and (coded or distinct > 0.5 * cells) and mean_words < 2:
        return Plan("identifier", "VARCHAR", words="identifiers", reasons=("The name says identifier.",))
    if coded and distinct > 0.95 * cells and cells >= 10 and mean_length >= 4:
        return Plan(
            "identifier", "VARCHAR", words="identifiers", reasons=("Codes of letters and digits that do not repeat.",)
        )
    if evidence.share(_SHORT_CODE) >= ENOUGH and distinct > 0.9 * cells and cells >= FEW_CATEGORIES:
        return Plan(
            "identifier", "VARCHAR", words="codes", subtype="code", reasons=("Short codes that do not repeat.",)
        )
    if _is_list(evidence):
        return Plan("list", "VARCHAR", words="lists", reasons=("Most cells hold several values with a separator.",))
    if (mean_words >= LONG_TEXT_WORDS and distinct > 0.3 * cells) or (
        mean_length > 2 * LONG_TEXT_CHARACTERS and distinct > FEW_CATEGORIES
    ):
        return Plan("text", "VARCHAR", reasons=("Long texts that hardly repeat.",))
    if (distinct <= FEW_CATEGORIES and (distinct < cells or cells <= 5)) or distinct <= 0.5 * cells:
        return Plan(
            "categorical",
            "VARCHAR",
            words="labels as they stand",
            reasons=(
                f"{distinct:,} labels in {cells:,} cells looked at."
                if distinct > 1
                else "One label; other cells are blank.",
            ),
        )
    return Plan("text", "VARCHAR", reasons=("Texts that hardly repeat.",))


def _is_list(evidence: Evidence) -> bool:
    """True when the cells are short items joined by a separator, and the items recur."""
    if evidence.words & {
        "address",
        "name",
        "description",
        "notes",
        "note",
        "comment",
        "title",
        "city",
        "location",
        "capital",
    }:
        return False
    for separator in ("|", ";", ","):
        joined = {t: c for t, c in evidence.values.items() if separator in t}
        if sum(joined.values()) < 0.4 * evidence.cells:
            continue
        items: Counter[str] = Counter()
        longest = 0
        for text, count in evidence.values.items():
            parts = [part.strip() for part in text.split(separator)]
            longest = max(longest, len(parts))
            items.update(dict.fromkeys(parts, count))
        short = sum(len(item) <= 30 and item.count(" ") <= 3 for item in items) >= 0.9 * len(items)
        if short and longest >= 3 and len(items) < 0.5 * sum(len(t.split(separator)) for t in joined):
            return True
    return False
