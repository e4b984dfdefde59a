"""Decide which characters the bytes mean, by looking at all of them, and read the file's lines accordingly."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from datapilot.contracts.errors import NotATable

MIXED = "mixed"
EVIDENCE_BYTES = 200_000  # of lines that are not ASCII: enough for letter statistics, quick to score
EVIDENCE_BYTES_A_LINE = 10_000
LONGEST_LINE_BYTES = 128 << 20  # held in memory whole, and a few times over while it is cut
FEWEST_LETTERS = 8  # fewer that are not ASCII tell no code page from another
GREEK_VOWELS = 0.35  # share of the letters; Russian read as Greek has far fewer
_GREEK_VOWELS, _CYRILLIC_VOWELS = frozenset("αεηιουωάέήίόύώϊϋΐΰ"), frozenset("аеёиоуыэюяіїє")
_FOREIGN = re.compile(rb"[\x80-\xff]")
LABELS = {
    "utf-8": "UTF-8", "utf-16-le": "UTF-16 (little endian)", "utf-16-be": "UTF-16 (big endian)",
    "utf-32-le": "UTF-32 (little endian)", "utf-32-be": "UTF-32 (big endian)", "cp1252": "Windows-1252",
    "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1253": "Windows-1253", "cp1254": "Windows-1254",
    "mac_roman": "Mac Roman", "shift_jis": "Shift JIS", "cp932": "Shift JIS (Windows)", "gb18030": "GB 18030",
    "big5": "Big5", "euc_jp": "EUC-JP", "euc_kr": "EUC-KR", "cp949": "Korean (Windows)", "koi8_r": "KOI8-R",
    "cp850": "DOS (code page 850)", "cp866": "DOS Cyrillic (code page 866)",
    MIXED: "UTF-8 and Windows-1252 mixed",
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


_OF_SEVERAL_BYTES = {
    "cp932", "shift_jis", "gb18030", "gbk", "gb2312", "big5", "big5hkscs", "euc_jp", "euc_kr", "cp949", "johab",
}  # fmt: skip
_WESTERN_BYTES = frozenset(
    "äöüßéèêëàâçîïôûùñáíóúåøæœÄÖÜÉÈÊÀÂÇÎÔÑÁÍÓÚÅØÆŒ«»–—‘’“”„€…°·§²³½¼¿¡®©™£º\u00a0ãõÃÕ".encode("cp1252", "ignore")
)


class Encoding(NamedTuple):
    """`codec` is Python's name of it, or `mixed` (each line by itself); `mark_bytes` is the length of the BOM."""

    codec: str
    mark_bytes: int = 0
    note: str | None = None

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
    valid, invalid, evidence = 0, 0, bytearray()
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
                line.decode("utf-8")
                valid += 1
            except UnicodeDecodeError:
                invalid += 1
                if len(evidence) < EVIDENCE_BYTES:
                    evidence += _telling_part(line)
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


def _telling_part(line: bytes) -> bytes:
    """Return the line, of a long one what follows the first byte that is not ASCII: a page may be one line."""
    first = _FOREIGN.search(line) if len(line) > EVIDENCE_BYTES_A_LINE else None
    start = first.start() if first is not None else 0
    return line[start : start + EVIDENCE_BYTES_A_LINE]


def _guess(evidence: bytes) -> str:
    foreign = [byte for byte in evidence if byte > 127]
    western = sum(byte in _WESTERN_BYTES for byte in foreign)
    in_runs = sum(len(run) for run in re.findall(rb"[\x80-\xff]{3,}", evidence))
    # Western letters stand alone among ASCII ones; words made of nothing but others are of another alphabet.
    is_western = western >= 0.9 * len(foreign) and in_runs < 0.4 * len(foreign)
    if len(foreign) < FEWEST_LETTERS:
        return "cp1252"
    if is_western or len(foreign) < 20:  # too few letters for statistics
        return _least_odd(evidence, ("cp1252", "mac_roman", "cp850"))
    from charset_normalizer import from_bytes  # noqa: PLC0415  (30 ms to import; only files that are not UTF-8 pay)

    likely = from_bytes(evidence).best()
    guess = likely.encoding if likely else "cp1252"
    if guess not in _TRUSTED_GUESSES or not _decodes(evidence, guess) or _is_half_width(evidence, guess):
        guess = "cp1251" if in_runs > 0.8 * len(foreign) else "cp1252"
    if guess in _OF_SEVERAL_BYTES:
        return guess
    best = _least_odd(evidence, (guess, "cp1251", "koi8_r", "cp1253", "cp866", "cp1252", "mac_roman", "cp850"))
    return "cp1253" if best == "cp1251" and _is_greek(evidence) else best


def _is_half_width(evidence: bytes, codec: str) -> bool:
    """True where most letters would be katakana of half width, but for the first third of the syllables: so look the
    capitals of Greek and Russian in Shift JIS."""
    foreign = [letter for letter in evidence.decode(codec, errors="replace") if letter > "\x7f"]
    kana = [letter for letter in foreign if "\uff61" <= letter <= "\uff9f"]
    return len(kana) > 0.6 * len(foreign) and sum(letter < "\uff80" for letter in kana) < 0.1 * len(kana)


def _is_greek(evidence: bytes) -> bool:
    """True where the bytes read as Greek have the vowels of a language, and as Cyrillic half as many."""
    greek, cyrillic = (evidence.decode(codec, errors="replace").lower() for codec in ("cp1253", "cp1251"))
    vowels = sum(letter in _GREEK_VOWELS for letter in greek)
    if vowels < GREEK_VOWELS * sum(letter.isalpha() and not letter.isascii() for letter in greek):
        return False
    return sum(letter in _CYRILLIC_VOWELS for letter in cyrillic) <= 0.5 * vowels


def _least_odd(evidence: bytes, codecs_in_order: tuple[str, ...]) -> str:
    """Return the code page in which the fewest characters stand where no writer puts them; a later one must be far
    better than the first."""
    first = codecs_in_order[0]
    oddness = {codec: _oddness(evidence.decode(codec, errors="replace")) for codec in codecs_in_order}
    best = min(oddness, key=lambda codec: oddness[codec])
    return best if oddness[best] < 0.3 * oddness[first] - 0.02 else first


def _oddness(text: str) -> float:
    """Return the share of other than ASCII characters that are controls, symbols inside words, or capitals after small
    letters."""
    foreign = odd = 0
    for match in re.finditer(r"[^\x00-\x7f]", text):
        at, char = match.start(), match[0]
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        foreign += 1
        if char == "\ufffd" or unicodedata.category(char) == "Cc":
            odd += 1
        elif not char.isalpha():
            odd += before.isalpha() and after.isalpha() and char not in "\u2019\u00b7\u00ad"
        else:
            odd += char.isupper() and before.isalpha() and before.islower()
    return odd / max(1, foreign)


def _decodes(evidence: bytes, codec: str) -> bool:
    text = evidence.decode(codec, errors="replace")
    return text.count("\ufffd") <= 0.001 * len(text)


def read_lines(path: Path, encoding: Encoding) -> Iterator[str]:
    """Yield the file's lines with their own line ends (`\\n`, `\\r\\n` or a lone `\\r`), without the BOM."""
    if encoding.codec == MIXED:
        yield from _mixed_lines(path, encoding.mark_bytes)
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


def _undefined_byte_as_latin_1(error: UnicodeError) -> tuple[str, int]:
    """Windows-1252 leaves five bytes undefined; keep them as the control characters that Latin-1 has there."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("western", _undefined_byte_as_latin_1)
