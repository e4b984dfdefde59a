"""Files broken at random, the same ones for the same seed: bits flipped, ends cut off, pieces of other files put in."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.clean_tables import clean_tables
from benchmarks.pollutions import KINDS, delimited

ROOT = Path(__file__).parent.parent
SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".xlsx", ".xls", ".ods", ".parquet", ".gz", ".zip", "", ".pdf")
_MARKS = (b'"', b"'", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\\", b"\0", b"\xff", b"\xef\xbb\xbf", b"\x1a",
          b"=", b"#", b" ", b"\xc3", b"\x80", b"{", b"[", b"]", b"}", b"PK\x03\x04", b"\x1f\x8b")  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """One broken file. `number` makes it again."""

    number: int
    name: str
    content: bytes


def broken_file(number: int) -> Broken:
    """Return the file of this number."""
    draw = random.Random(number)
    name, content = _origin(draw)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        content = draw.choice(_MUTATIONS)(content, draw)
    if draw.random() < 0.1:
        name = "table" + draw.choice(SUFFIXES)
    return Broken(number, name, content)


def _origin(draw: random.Random) -> tuple[str, bytes]:
    if draw.random() < 0.5:
        polluted = draw.choice(KINDS).pollute(draw.choice(clean_tables()))
        return polluted.name, polluted.content
    if draw.random() < 0.5:
        return "table.csv", _random_dialect(draw)
    path = draw.choice(_files())
    return path.name, path.read_bytes()


@cache
def _files() -> tuple[Path, ...]:
    found = [path for folder in ("examples", "tests/tables") for path in sorted((ROOT / folder).rglob("*"))]
    return tuple(path for path in found if path.is_file() and path.stat().st_size < 400_000 and path.suffix != ".md")


def _random_dialect(draw: random.Random) -> bytes:
    delimiter = draw.choice((",", ";", "\t", "|", "||", "~", " ", "::", ", ", "\x1f", "^", "$$", "é"))
    end = draw.choice(("\n", "\r\n", "\r", "\n\n", "\n\r"))
    quote, escape = draw.choice(('"', "'", "`", '""')), draw.choice((None, "\\", "^"))
    codec = draw.choice(("utf-8", "utf-16", "utf-8-sig", "cp1252", "utf-32", "shift_jis", "cp437", "utf-7"))
    clean = draw.choice(clean_tables())
    lines = draw.sample(clean.lines, draw.randint(0, len(clean.lines)))
    text = delimited(lines, delimiter, quote=quote, end=end, always=draw.random() < 0.3, escape=escape)
    return text.encode(codec, errors="replace")


def _flip_bits(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.randint(1, 40) if changed else 0):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _truncate(content: bytes, draw: random.Random) -> bytes:
    at = draw.randint(0, len(content))
    return content[:at] if draw.random() < 0.8 else content[at:]


def _splice(content: bytes, draw: random.Random) -> bytes:
    _, other = _origin(draw)
    at, first = draw.randint(0, len(content)), draw.randint(0, len(other))
    return content[:at] + other[first : first + draw.randint(1, 5_000)] + content[draw.choice((at, len(content))) :]


def _delete(content: bytes, draw: random.Random) -> bytes:
    at = draw.randint(0, len(content))
    return content[:at] + content[at + draw.randint(1, 2_000) :]


def _repeat(content: bytes, draw: random.Random) -> bytes:
    at = draw.randint(0, len(content))
    piece = content[at : at + draw.randint(1, 200)]
    return content[:at] + piece * draw.randint(2, 200) + content[at:]


def _insert_marks(content: bytes, draw: random.Random) -> bytes:
    changed = content
    for _ in range(draw.randint(1, 25)):
        at = draw.randint(0, len(changed))
        changed = changed[:at] + draw.choice(_MARKS) * draw.choice((1, 1, 1, 2, 50)) + changed[at:]
    return changed


def _replace_marks(content: bytes, draw: random.Random) -> bytes:
    return content.replace(draw.choice(_MARKS), draw.choice(_MARKS), draw.choice((1, 5, -1)))


def _shuffle_lines(content: bytes, draw: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    draw.shuffle(lines)
    return b"".join(lines[: draw.randint(0, len(lines))])


_MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip_bits, _truncate, _splice, _delete, _repeat, _insert_marks, _replace_marks, _shuffle_lines,
)  # fmt: skip
