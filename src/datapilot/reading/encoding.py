"""Decide which characters the bytes mean, by looking at all of them, and read the file's lines accordingly."""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from datapilot.contracts.errors import NotATable
from datapilot.reading.vocabulary import alphabet, letter_set

MIXED, TWICE = "mixed", "twice"
EVIDENCE_BYTES = 200_000  # of lines that are not ASCII: enough for letter statistics, quick to score
EVIDENCE_BYTES_A_LINE = 10_000
LONGEST_LINE_BYTES = 128 << 20  # held in memory whole, and a few times over while it is cut
FEWEST_LETTERS = 8  # fewer that are not ASCII tell no code page from another
FEWEST_KINDS = 4  # different letters that tell one all the same, where none stands as no language has it
ALPHABET_BYTES = 20_000  # of the evidence
GOOD_FIT = 0.85  # from which a language is recognised without further statistics
CLEARLY = 0.02
OF_SEVERAL_LANGUAGES = 0.93  # letters that no single language of Western Europe has all
USUALLY_FREQUENT = 0.65  # share of the ten most frequent letters of an alphabet
LEAST_USUAL = 0.25  # of the letters are frequent ones of their language
_TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
_FOREIGN, _RUN = re.compile(rb"[\x80-\xff]"), re.compile(rb"[\x80-\xff]{4,}")
LABELS = {
    "utf-8": "UTF-8", "utf-16-le": "UTF-16 (little endian)", "utf-16-be": "UTF-16 (big endian)",
    "utf-32-le": "UTF-32 (little endian)", "utf-32-be": "UTF-32 (big endian)", "cp1252": "Windows-1252",
    "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1253": "Windows-1253", "cp1254": "Windows-1254",
    "mac_roman": "Mac Roman", "shift_jis": "Shift JIS", "cp932": "Shift JIS (Windows)", "gb18030": "GB 18030",
    "big5": "Big5", "euc_jp": "EUC-JP", "euc_kr": "EUC-KR", "cp949": "Korean (Windows)", "koi8_r": "KOI8-R",
    "cp850": "DOS (code page 850)", "cp866": "DOS Cyrillic (code page 866)", "iso8859_2": "ISO 8859-2",
    "cp1255": "Windows-1255", "cp1256": "Windows-1256", "cp1257": "Windows-1257", "cp874": "Windows-874",
    "koi8_u": "KOI8-U", "iso8859_5": "ISO 8859-5",
    MIXED: "UTF-8 and Windows-1252 mixed", TWICE: "UTF-8 encoded twice",
}  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Code pages whose text the letter statistics tell reliably from Western European text.
_TRUSTED_GUESSES = {
    "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp932", "shift_jis", "gb18030", "gbk", "gb2312",
    "big5", "big5hkscs", "euc_jp", "euc_kr", "cp949", "johab", "koi8_r", "koi8_u", "iso8859_2", "iso8859_5",
    "iso8859_7",
}  # fmt: skip


_FREQUENT = ("gb18030", "big5", "cp949", "cp932", "euc_jp")
_SAME_LANGUAGE = {
    "gbk": "gb18030", "gb2312": "gb18030", "big5hkscs": "big5", "euc_kr": "cp949", "johab": "cp949",
    "shift_jis": "cp932", "euc_jp": "cp932",
}  # fmt: skip
# Letters where no language of Western Europe, nor Turkish, has them: so look those of other code pages read as theirs.
_OUT_OF_PLACE = re.compile(
    r"[ñÑ](?![aeiouyáéíóú])|[èÈ][aioukáíóú]|[ìùÌÙ](?=\w)|[øØ][íýéáìè]|[ãÃ](?![oei]|s?\b)|[õû]\b|[ºª](?=[a-z])"
    r"|õ(?=[^\W\d]*[zcyqwx])|(?<=[zcyqwx])õ|(?<=[^\W\dmMtTnNdD])³|œ(?=[wlkjzræ])|Œ(?=[wlkjzr])"
    r"|þ(?![aeiouyáéíóúýæörvj])|\b[ðğÐĞ](?=[a-zýþð])|[ðþÐÞÝ](?=[^\W\d]*[zcqw])|(?<=[zcqw])[ðþ]|(?<=y)ý|ðd|ýþ"
)
_SLAVIC_OR_BALTIC = frozenset("šžŠŽ")  # which Windows-1252 has as well
_AWAY_FROM_LETTERS = frozenset("£¼½¾¦¬¤±¶¿")  # no word begins or ends with one
_FIRST_NOT_LATIN = "\u0370"
_NEUTRAL = frozenset("€£¥¢§©®™°±²³µ·¹º»«¼½¾¿¡×÷–—‘’‚“”„…•‹›†‡‰№´¨ª\u00a0\u00ad")
_WESTERN = (
    "german", "french", "spanish", "portuguese", "italian", "swedish", "danish", "catalan", "dutch", "icelandic",
    "western",
)  # fmt: skip
_CYRILLIC = ("russian", "ukrainian", "serbian")
_CENTRAL = ("polish", "czech", "hungarian", "romanian", "croatian")
# Code pages of one byte a letter and the languages written in them, the usual ones first.
_WRITTEN_IN = (
    ("cp1252", _WESTERN), ("cp1254", ("turkish",)), ("cp1250", _CENTRAL), ("cp1251", _CYRILLIC), ("cp1253", ("greek",)),
    ("cp1255", ("hebrew",)), ("cp1256", ("arabic",)), ("cp1257", ("lithuanian", "latvian", "estonian")),
    ("cp874", ("thai",)), ("iso8859_2", _CENTRAL), ("koi8_r", _CYRILLIC[:1]), ("koi8_u", _CYRILLIC[1:2]),
    ("cp866", _CYRILLIC[:1]), ("iso8859_5", _CYRILLIC), ("mac_roman", _WESTERN), ("cp850", _WESTERN),
)  # fmt: skip
_BESIDE_WESTERN = frozenset({"cp1250", "cp1254", "cp1257"})
_LATIN = frozenset({"cp1252", "cp1250", "cp1254", "cp1257", "iso8859_2", "mac_roman", "cp850"})
_FREQUENT_LETTERS = {
    "russian": frozenset("оеаинтсрвл"), "ukrainian": frozenset("оаниівтерс"), "serbian": frozenset("аиоенрјстк"),
    "greek": frozenset("αοιετσνηυρ"), "hebrew": frozenset("יוהלאמרתבש"), "arabic": frozenset("اليمنوترهة"),
}  # fmt: skip


class Encoding(NamedTuple):
    """`codec` is Python's name of it, `mixed` (each line by itself) or `twice` (some lines are UTF-8 whose bytes were
    taken for Windows-1252 and written in UTF-8 again); `mark_bytes` is the length of the BOM."""

    codec: str
    mark_bytes: int = 0
    note: str | None = None

    @property
    def as_written(self) -> "Encoding":
        """The encoding of the file's own letters: what was encoded twice stays so."""
        return Encoding("utf-8", self.mark_bytes) if self.codec == TWICE else self

    @property
    def label(self) -> str:
        name = LABELS.get(self.codec, self.codec)
        return f"{name} with BOM" if self.mark_bytes else name


def encoding_of_head(head: bytes) -> Encoding | None:
    """Return the encoding that a mark or a pattern of zero bytes gives away; None when only the whole file can tell."""
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(codec, len(mark))
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > 0.3 * half and even < 0.05 * half:
        return Encoding("utf-16-le", note="There is no byte order mark; the zero bytes show UTF-16.")
    if even > 0.3 * half and odd < 0.05 * half:
        return Encoding("utf-16-be", note="There is no byte order mark; the zero bytes show UTF-16.")
    return None


def decide_encoding(path: Path) -> Encoding:
    """Return the encoding that fits every line of the file, saying in `note` what was assumed where bytes allow more
    than one reading. Raises NotATable for a line that is no row."""
    with path.open("rb") as file:
        given = encoding_of_head(file.read(65_536))
    if given and given.codec != "utf-8":
        return given
    mark_bytes = given.mark_bytes if given else 0
    valid, invalid, twice, evidence = 0, 0, 0, bytearray()
    with path.open("rb") as file:
        for line in iter(partial(file.readline, LONGEST_LINE_BYTES), b""):
            if len(line) == LONGEST_LINE_BYTES and b"\r" not in line:
                raise NotATable(
                    f"A line of the file is longer than {LONGEST_LINE_BYTES >> 20} MB, which no row of a table is. "
                    "Check that the export finished, or save the table as Excel or Parquet."
                )
            if line.isascii():
                continue
            try:
                text = line.decode("utf-8")
                valid += 1
                twice += encoded_once(text) is not None
            except UnicodeDecodeError:
                invalid += 1
                if len(evidence) < EVIDENCE_BYTES:
                    evidence += _telling_part(line)
    if not invalid and twice:
        lines = "1 line was" if twice == 1 else f"{twice:,} lines were"
        note = f"{lines} encoded twice (“Ã¼” for “ü”), which was undone."
        return Encoding(TWICE, mark_bytes, note=note)
    if not invalid:
        return Encoding("utf-8", mark_bytes)
    if valid > 0.1 * (valid + invalid) or mark_bytes:
        lines = "1 line is" if invalid == 1 else f"{invalid:,} lines are"
        return Encoding(MIXED, mark_bytes, note=f"{lines} not valid UTF-8 and were read as Windows-1252.")
    codec = _guess(bytes(evidence))
    lines = "1 line holds" if invalid == 1 else f"{invalid:,} lines hold"
    why = "the usual one of Excel in Western Europe and America" if codec == "cp1252" else "which its letters fit best"
    note = f"{lines} bytes that are not UTF-8; {LABELS.get(codec, codec)} is assumed, {why}."
    return Encoding(codec, note=note)


def encoded_once(text: str) -> str | None:
    """Return the text as it was before its UTF-8 was taken for Windows-1252; None where that never happened. Hardly any
    other text is UTF-8 once more: every letter beyond ASCII would have to be followed by the right signs."""
    if _TWICE.search(text) is None:
        return None
    try:
        return text.encode("cp1252", errors="western").decode("utf-8")
    except UnicodeError:
        return None


def _telling_part(line: bytes) -> bytes:
    """Return the line, of a long one what follows the first byte that is not ASCII: a page may be one line."""
    first = _FOREIGN.search(line) if len(line) > EVIDENCE_BYTES_A_LINE else None
    start = first.start() if first is not None else 0
    return line[start : start + EVIDENCE_BYTES_A_LINE]


def _guess(evidence: bytes) -> str:
    foreign = [byte for byte in evidence if byte > 127]
    if len(foreign) < FEWEST_LETTERS:
        return _guess_from_few(evidence, foreign)
    if (several := _of_several_bytes(evidence)) is not None:
        return several
    codec, fit = _best_alphabet(evidence[:ALPHABET_BYTES])
    if fit >= GOOD_FIT:
        return codec
    from charset_normalizer import from_bytes  # noqa: PLC0415  (30 ms to import; only files that are not UTF-8 pay)

    likely = from_bytes(evidence).best()
    guess = likely.encoding if likely else "cp1252"
    is_trusted = guess in _TRUSTED_GUESSES and _decodes(evidence, guess) and not _is_half_width(evidence, guess)
    return guess if is_trusted else codec


def _guess_from_few(evidence: bytes, foreign: Sequence[int]) -> str:
    """Return the code page of a handful of letters, as the names of columns have them: that of one language which has
    them all, where the usual one puts signs into words, or letters where no language has them, or mixes many that no
    language has together."""
    western = evidence.decode("cp1252", errors="western")
    is_odd = _oddness(western) > 0 or not _SLAVIC_OR_BALTIC.isdisjoint(western)
    if len(set(foreign)) < FEWEST_KINDS and not is_odd:
        return "cp1252"
    codec, fit = _best_alphabet(evidence)
    return codec if fit == 1.0 and codec in _BESIDE_WESTERN else "cp1252"


def _best_alphabet(evidence: bytes) -> tuple[str, float]:
    """Return the code page of one byte a letter that makes the best words of some language, and how good they are, 0-1.
    What is usual comes first and has to be beaten clearly."""
    best, best_fit = "cp1252", 0.0
    runs = sum(map(len, _RUN.findall(evidence))) / max(1, len(_FOREIGN.findall(evidence)))
    for codec, languages in _WRITTEN_IN:
        text = evidence.decode(codec, errors="replace")
        letters = Counter(letter for letter in text if letter > "\x7f" and letter not in _NEUTRAL)
        oddness = _oddness(text)
        for language in languages:
            share = sum(count for letter, count in letters.items() if letter in alphabet(language))
            fit = share / letters.total() if letters else 1.0
            fit = fit * (OF_SEVERAL_LANGUAGES if language == "western" else 1.0) - oddness
            # Letters beyond ASCII stand alone in Latin words; they make up those of other alphabets, the usual most.
            fit -= runs if codec in _LATIN else _rareness(language, letters)
            if fit > best_fit + CLEARLY:
                best, best_fit = codec, fit
    western = evidence.decode("cp1252", errors="replace")
    return ("cp1252" if evidence.decode(best, errors="replace") == western else best), best_fit


def _rareness(language: str, letters: Counter[str]) -> float:
    """Return how far the ten frequent letters of the language are from the share that they have in its texts."""
    frequent = _FREQUENT_LETTERS.get(language, frozenset())
    if not frequent or not letters:
        return 0.0
    share = sum(count for letter, count in letters.items() if letter.lower() in frequent) / letters.total()
    return 0.4 * max(0.0, USUALLY_FREQUENT - share)


def _of_several_bytes(evidence: bytes) -> str | None:
    """Return the code page of two bytes a letter by which most letters are frequent ones of its language; None where
    none makes sense of the bytes."""
    fits = {codec: _usual_share(evidence, codec) for codec in _FREQUENT if _decodes(evidence, codec)}
    best = max(fits, key=lambda codec: fits[codec], default="")
    return best if best and fits[best] >= LEAST_USUAL else None


def _usual_share(evidence: bytes, codec: str) -> float:
    letters = [letter for letter in evidence.decode(codec, errors="replace") if letter > "\x7f"]
    usual = letter_set(_SAME_LANGUAGE.get(codec, codec))
    return sum(letter in usual for letter in letters) / max(1, len(letters))


def _is_half_width(evidence: bytes, codec: str) -> bool:
    """True where most letters would be katakana of half width, but for the first third of the syllables: so look the
    capitals of Greek and Russian in Shift JIS."""
    foreign = [letter for letter in evidence.decode(codec, errors="replace") if letter > "\x7f"]
    kana = [letter for letter in foreign if "\uff61" <= letter <= "\uff9f"]
    return len(kana) > 0.6 * len(foreign) and sum(letter < "\uff80" for letter in kana) < 0.1 * len(kana)


def _oddness(text: str) -> float:
    """Return the share of other than ASCII characters that are controls, symbols inside words, capitals after small
    letters, or letters out of place."""
    foreign, odd = 0, len(_OUT_OF_PLACE.findall(text))
    for match in re.finditer(r"[^\x00-\x7f]", text):
        at, char = match.start(), match[0]
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        foreign += 1
        if char == "\ufffd" or unicodedata.category(char) == "Cc":
            odd += 1
        elif not char.isalpha():
            is_catalan = char == "\u00b7" and before.lower() == after.lower() == "l"
            is_inside = before.isalpha() and after.isalpha() and char not in "\u2019\u00ad" and not is_catalan
            is_question = char == "¿" and not before.isalpha() and "?" in text[at:].partition("\n")[0]
            is_at_word = char in _AWAY_FROM_LETTERS and (before.isalpha() or after.isalpha()) and not is_question
            odd += is_inside or is_at_word
        else:
            is_capital = char.isupper() and before.isalpha() and before.islower()
            odd += is_capital or (char >= _FIRST_NOT_LATIN and (_is_latin(before) or _is_latin(after)))
    return min(1.0, odd / max(1, foreign))


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _decodes(evidence: bytes, codec: str) -> bool:
    text = evidence.decode(codec, errors="replace")
    return text.count("\ufffd") <= 0.001 * len(text)


def read_lines(path: Path, encoding: Encoding) -> Iterator[str]:
    """Yield the file's lines with their own line ends (`\\n`, `\\r\\n` or a lone `\\r`), without the BOM."""
    if encoding.codec == MIXED:
        yield from _mixed_lines(path, encoding.mark_bytes)
        return
    if encoding.codec == TWICE:
        for text in read_lines(path, Encoding("utf-8", encoding.mark_bytes)):
            once = encoded_once(text)
            yield text if once is None else once
        return
    handler = "western" if encoding.codec == "cp1252" else "replace"
    with path.open(encoding=encoding.codec, errors=handler, newline="") as file:
        first = True
        for line in file:
            yield line.removeprefix("\ufeff") if first else line
            first = False


def _mixed_lines(path: Path, mark_bytes: int) -> Iterator[str]:
    with path.open("rb") as file:
        file.seek(mark_bytes)
        for line in file:
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                text = line.decode("cp1252", errors="western")
            yield from _split_lone_returns(text)


def _split_lone_returns(text: str) -> Iterator[str]:
    """Python's binary lines end at `\\n` only; text lines also end at a lone `\\r`."""
    if text.count("\r") <= text.endswith("\r\n"):
        yield text
        return
    start = 0
    while (end := text.find("\r", start)) >= 0:
        stop = end + 2 if text[end + 1 : end + 2] == "\n" else end + 1
        yield text[start:stop]
        start = stop
    if start < len(text):
        yield text[start:]


def _undefined_byte_as_latin_1(error: UnicodeError) -> tuple[str | bytes, int]:
    """Windows-1252 leaves five bytes undefined; keep them as the control characters that Latin-1 has there."""
    if isinstance(error, UnicodeEncodeError):
        return error.object[error.start : error.end].encode("latin-1"), error.end
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("western", _undefined_byte_as_latin_1)
