"""Find columns that say who somebody is, by validated values and by the words of the name; look-alikes stay out."""

import re
from collections.abc import Callable
from datetime import date

from datapilot.contracts.table import Pii
from datapilot.reading.columns.evidence import Evidence
from datapilot.reading.vocabulary import word_set

EMAIL = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+\.[^\W\d_]{2,24}")
MAILBOX = re.compile(r".*<[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,24}>")
URL = re.compile(r"(?:(?:https?|ftp|s3|gs)://|www\.)\S+", re.IGNORECASE)
BARE_DOMAIN_PATH = re.compile(r"(?:[a-z0-9-]+\.)+(?:com|org|net|io|gov|edu|co|de|uk|fr|eu|info)/\S*", re.IGNORECASE)
IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
IPV6 = re.compile(r"(?=.*::|(?:[0-9a-fA-F]{1,4}:){7})[0-9a-fA-F:]{3,39}(?:%\w+)?")
UUID = re.compile(r"\{?[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\}?")
SSN = re.compile(r"(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}")
SSN_LOOSE = re.compile(
    r"(?!000|666|9\d\d)\d{3}[- ]?(?!00)\d{2}[- ]?(?!0000)\d{4}|\*{3}-?\*{2}-?\d{4}|[xX]{3}-[xX]{2}-\d{4}"
)
PHONE_SHAPE = re.compile(r"(?:\+|00)?[\d(][\d\s().\-/\u00a0]{5,20}\d(?:\s?(?:x|ext\.?|#)\s?\d{1,6})?", re.IGNORECASE)
NANP = re.compile(
    r"(?:\+?1[\s.\-]?)?(?:\([2-9]\d{2}\)\s?|[2-9]\d{2}[\s.\-])[2-9]\d{2}[\s.\-]\d{4}(?:\s?(?:x|ext\.?)\s?\d{1,6})?",
    re.IGNORECASE,
)
INTERNATIONAL = re.compile(r"\+[1-9]\d{0,2}[\s.\-(]?[\d\s().\-/]{5,18}\d")
_FRACTION = re.compile(r"\d?\.\d+|\d")  # of one: shares and correlations, no number to dial
_SIGNED_AMOUNT = re.compile(r"\+[\d ]+\.\d{1,2}")  # what came in, to the cent
CARD_SHAPE = re.compile(r"\d(?:[ -]?\d){11,18}")
IBAN_SHAPE = re.compile(r"[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30}")
_NAME_PART = r"[^\W\d_](?:[^\W\d_]|['’.\-])*"
PERSON = re.compile(rf"{_NAME_PART}(?:[ ,]+{_NAME_PART}){{1,4}}")
_CAPITALISED = re.compile(r"(?:\w+[.'’])?[^\W\d_a-z]")
_ONE_TOKEN = re.compile(r"[!-~]+")
STREET = re.compile(
    r".*\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl|square|sq|terrace|highway|hwy|"
    r"parkway|circle|apt|suite|p\.?\s?o\.?"
    r" box|rue|avenida|calle|via|plaza|weg|allee|ulica|ul|utca)\b.*|.*(?:str\.|straße|strasse|platz|gasse)\s*\d*.*",
    re.IGNORECASE,
)

_PHONE_WORDS = word_set("personal", "phone")
_CARD_WORDS = word_set("personal", "card")
_BIRTH_WORDS = word_set("personal", "birth")
# Beside the letters DOB they say that a department's date is meant.
_EVENT_WORDS = frozenset({
    "run", "filing", "filed", "job", "issued", "issue", "issuance", "permit", "inspection", "approved", "approval",
    "updated", "created", "expiration", "expiry", "received", "processed", "violation", "status",
})  # fmt: skip
_NATIONAL_WORDS = word_set("personal", "national")
_SSN_WORDS = word_set("personal", "ssn")
_WHOLE_NAMES = word_set("personal", "whole_name")
_PERSON_WORDS = word_set("personal", "person")
_ONE_WORD_PERSONS = word_set("personal", "one_word_person")
_THING_WORDS = word_set("personal", "thing")
_ADDRESS_WORDS = word_set("personal", "address")
_ROLE_WORDS = word_set("personal", "role")
_DEED_WORDS = word_set("personal", "deed")
_LOGIN_WORDS = word_set("personal", "login")
_COMPANY_WORDS = word_set("personal", "company") | word_set("personal", "business")
_GIVEN_NAMES = word_set("personal", "given")
_NUMBERED_THINGS = word_set("personal", "numbered_thing")
_SAYS_NOTHING = re.compile(r"(?:col|column|field|var|variable|unnamed|value|x|v|c|f)?[\s_:.\-]*\d*", re.IGNORECASE)
FEWEST_BIRTHS, YEARS_OF_DEEDS = 30, 1  # days, and years that they span
COMPANIES, PEOPLE_AMONG_THEM = 0.25, 0.05  # of the names: that say so, and that hold a given name and do not
DIGITS_IN_NAMES = 0.2  # share of texts with a digit (“Doe #80”) that leaves a column of names one


def find_personal(evidence: Evidence, *, is_number: bool, is_date: bool) -> Pii | None:
    """Return what kind of personal data the column holds, or None."""
    words, share = evidence.words, evidence.share
    if not evidence.values:
        return None
    joined = re.sub(r"[^\w]", "", evidence.name).lower().replace("_", "")
    if is_date:
        is_named = words & _BIRTH_WORDS or joined in _BIRTH_WORDS
        return "birth_date" if is_named and not words & _EVENT_WORDS and _are_births(evidence) else None
    if share(EMAIL) + share(MAILBOX) >= 0.8:
        return "email"
    if share(IPV4) >= 0.95 and not words & {"version", "release", "firmware", "build"}:
        return "ip"
    if share(IPV6) >= 0.95:
        return "ip"
    ssn_named = bool(words & _SSN_WORDS) or joined in _SSN_WORDS or {"social", "security"} <= words
    if (share(SSN) >= 0.9 and not words & _NUMBERED_THINGS) or (ssn_named and share(SSN_LOOSE) >= 0.8):
        return "ssn"
    if _is_card(evidence, named=bool(words & _CARD_WORDS) or joined in _CARD_WORDS):
        return "card"
    if share(IBAN_SHAPE) >= 0.9 and _valid_share(evidence, _is_iban) >= 0.8:
        return "iban"
    national = (
        bool(words & _NATIONAL_WORDS)
        or joined in _NATIONAL_WORDS
        or {"national", "id"} <= words
        or {"tax", "id"} <= words
        or (words & {"license", "licence"} and words & {"driver", "drivers", "driving"})
    )
    if national and len(evidence.values) > 0.5 * evidence.cells and not words & {"type", "country", "expiry"}:
        return "national_id"
    if is_phone(evidence):
        return "phone"
    if is_number:
        return None
    if _is_name(evidence, joined):
        return "name"
    if _is_address(evidence):
        return "address"
    return None


def is_phone(evidence: Evidence) -> bool:
    """True for telephone numbers: written as such, or digits under a name that says so."""
    words = evidence.words
    named = bool(words & _PHONE_WORDS) and not words & {
        "type",
        "model",
        "brand",
        "count",
        "calls",
        "service",
        "lines",
        "minutes",
    }
    if named and evidence.share(PHONE_SHAPE) >= 0.8 and evidence.share(_FRACTION) < 0.5:
        digits = [len(re.sub(r"\D", "", text)) for text in evidence.values]
        return sum(7 <= n <= 15 for n in digits) >= 0.8 * len(digits)
    if evidence.share(NANP) >= 0.9 and len(evidence.values) >= 3:
        # Three groups of digits with blanks between them may be anything unless the name or a bracket says more.
        is_written = evidence.share(re.compile(r".*[().\-+].*")) >= 0.5
        return is_written and not words & (_NUMBERED_THINGS | {"id", "no"})
    return evidence.share(INTERNATIONAL) >= 0.9 and evidence.share(_SIGNED_AMOUNT) < 0.5


def _are_births(evidence: Evidence) -> bool:
    years = [int(match.group()) for text in evidence.values if (match := re.search(r"(?:18|19|20)\d{2}", text))]
    is_spelled = bool(evidence.words & {"birth", "born"})
    # People of one or two years of age alone are rare where nothing but three letters says that they were born.
    if years and not is_spelled and len(evidence.values) >= FEWEST_BIRTHS and max(years) - min(years) <= YEARS_OF_DEEDS:
        return False
    return not years or sum(1880 <= year <= date.max.year for year in years) >= 0.9 * len(years)


def _is_card(evidence: Evidence, *, named: bool) -> bool:
    if evidence.share(CARD_SHAPE) < 0.9:
        return evidence.share(re.compile(r"(?:[*xX•]{4}[ -]?){2,3}\d{4}|\d{4} \*{4} \*{4} \d{4}")) >= 0.9
    valid = _valid_share(evidence, _is_card_number)
    # One number in ten passes Luhn by chance, so a column of cards stands out even without its name.
    return valid >= 0.9 or (named and valid >= 0.5)


def _valid_share(evidence: Evidence, check: Callable[[str], bool]) -> float:
    return sum(count for text, count in evidence.values.items() if check(text)) / evidence.cells


def _is_card_number(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    network = re.match(r"4|5[1-5]|2[2-7]|3[47]|6(?:011|5|4[4-9])|35|3[068]", digits)
    return 13 <= len(digits) <= 19 and bool(network) and passes_luhn(digits) and len(digits) != 14 - (digits[0] != "3")


def passes_luhn(digits: str) -> bool:
    """True when the check digit is right (ISO/IEC 7812-1)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit)
        if position % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


def _is_iban(text: str) -> bool:
    plain = re.sub(r"\s", "", text).upper()
    if not 15 <= len(plain) <= 34:
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(ch, 36)) for ch in turned)) % 97 == 1


def _is_name(evidence: Evidence, joined: str) -> bool:
    words = evidence.words
    if joined in _LOGIN_WORDS or words in ({"user", "name"}, {"screen", "name"}):
        return len(evidence.values) > 0.1 * evidence.cells and evidence.share(re.compile(r"[^\s@]{2,40}")) >= 0.8
    if words & _THING_WORDS and not words & {"employee", "customer", "contact", "patient", "first", "last"}:
        return False
    if ("name" not in words and words & _THING_WORDS - {"title"} and not words & {"first", "last"}) or (
        {"user", "agent"} <= words
    ):
        return False
    one_part = bool(words & {"first", "last", "given", "family", "sur", "middle", "maiden"}) or (
        joined in _ONE_WORD_PERSONS and not words & _ROLE_WORDS
    )
    likely = (
        joined in _ONE_WORD_PERSONS
        or ("name" in words and bool(words & _PERSON_WORDS))
        or bool(words & {"firstname", "lastname", "surname", "fullname", "maiden"})
        or evidence.name.strip().lower() in _WHOLE_NAMES
    )
    by_deed = bool(words & _DEED_WORDS) and bool(words & {"by", "to", "from", "von", "por", "par", "da"})
    possible = bool(words & _ROLE_WORDS and "name" not in words) or by_deed
    says_nothing = bool(_SAYS_NOTHING.fullmatch(evidence.name.strip()))
    if not likely and not possible and not says_nothing:
        return False
    first = list(evidence.values)[:50]
    with_digits = sum(bool(re.search(r"\d", text)) for text in first)
    if with_digits > (DIGITS_IN_NAMES if likely else 0) * len(first):
        return False
    if len(evidence.values) < min(3, evidence.cells) or _are_companies(evidence):
        return False
    if likely and one_part:
        return evidence.share(re.compile(rf"{_NAME_PART}.{{0,40}}")) >= 0.9
    if likely and joined not in _ROLE_WORDS:
        return evidence.share(PERSON) >= 0.8
    if says_nothing:
        return evidence.share(PERSON) >= 0.95 and _given_share(evidence) >= 0.5
    return evidence.share(PERSON) >= 0.9 and _are_capitalised(evidence)


def _are_capitalised(evidence: Evidence) -> bool:
    """True when nearly every word begins with a capital, or the script has none: names do, phrases do not."""
    words = [word for text in list(evidence.values)[:200] for word in re.split(r"[ ,]+", text) if word]
    big = sum(bool(_CAPITALISED.match(word)) for word in words)
    return big >= 0.85 * len(words)


def _are_companies(evidence: Evidence) -> bool:
    """True when many names say that they are companies' and hardly another one holds a given name: where some customers
    are people, none is named."""
    names = [set(re.findall(r"\w+", text.lower())) for text in list(evidence.values)[:200]]
    others = [words for words in names if not words & _COMPANY_WORDS]
    people = sum(bool(words & _GIVEN_NAMES) for words in others)
    return len(names) - len(others) >= COMPANIES * len(names) and people <= PEOPLE_AMONG_THEM * len(names)


def _given_share(evidence: Evidence) -> float:
    texts = list(evidence.values)[:200]
    return sum(bool(_GIVEN_NAMES & set(re.findall(r"\w+", text.lower()))) for text in texts) / max(1, len(texts))


def _is_address(evidence: Evidence) -> bool:
    words = evidence.words
    if words & {"email", "mail", "ip", "mac", "web", "url", "type", "site", "wallet"}:
        return False
    with_number = sum(count for text, count in evidence.values.items() if re.search(r"\d", text)) / evidence.cells
    streets = evidence.share(STREET)
    if evidence.share(_ONE_TOKEN) >= 0.9:  # of a wallet, a machine or its memory
        return False
    if words & _ADDRESS_WORDS:
        return with_number >= 0.5 and len(evidence.values) > 0.3 * evidence.cells
    return with_number >= 0.9 and streets >= 0.9 and len(evidence.values) > 0.5 * evidence.cells
