"""Say what kind of file this is, by its first bytes before its name."""

import re
import zipfile
from pathlib import Path
from typing import Literal

from datapilot.contracts.errors import CorruptFile, EmptyFile, EncryptedFile, UnsupportedFormat

Kind = Literal[
    "delimited", "json", "xlsx", "xlsb", "xls", "ods", "parquet", "pdf", "gzip", "zip", "html", "xml", "xml_workbook"
]

ADVICE = "Save it as CSV, Excel (XLSX), ODS, JSON or Parquet and upload that."
ACCEPTED = "CSV or other text, Excel, ODS, JSON, Parquet or a PDF with tables"
NO_TABLE_ADVICE = f"Upload the table itself: {ACCEPTED}."
UNPACK_ADVICE = f"Unpack it and upload the table inside: {ACCEPTED}."
JSON_ENDINGS = (".json", ".jsonl", ".ndjson", ".geojson", ".jsonlines")
LOOK_BYTES, TAIL_BYTES = 8192, 256
TAR_MAGIC_AT = 257
DBASE_VERSIONS, SMALLEST_DBASE = frozenset({0x02, 0x03, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xCB, 0xF5}), 65
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF_STARTS = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")

# What people upload by mistake: told apart so that the message can name it.
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"ARROW1", "an Arrow/Feather file"),
    (b"{\\rtf", "an RTF document"),
    (b"\x80\x04\x95", "a Python pickle"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF", "an HDF5 file"),
    (b"$FL2", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"\x00\x00\x02\x00\x06\x04", "a workbook of Lotus 1-2-3"),
    (b"\x00\x00\x1a\x00", "a workbook of Lotus 1-2-3"),
)
_NO_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a bitmap picture"),
    (b"RIFF", "a media file"),
    (b"ID3", "a sound file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
)
_PACKED: tuple[tuple[bytes, str], ...] = (
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
)

# Text that people take for a table because they can open it.
_FOREIGN_TEXT: tuple[tuple[bytes, str], ...] = (
    (b"BEGIN:VCALENDAR", "a calendar (iCalendar)"),
    (b"BEGIN:VCARD", "a list of contacts (vCard)"),
    (b"MSH|^~\\&", "a message between hospitals (HL7)"),
    (b"ISA*", "a message between firms (EDI X12)"),
    (b"UNA:+", "a message between firms (EDIFACT)"),
    (b"UNB+", "a message between firms (EDIFACT)"),
    (b"OFXHEADER:", "a bank statement for accounting programs (OFX)"),
    (b"!Type:", "a bank statement for accounting programs (QIF)"),
    (b"!Account", "a bank statement for accounting programs (QIF)"),
    (b":20:", "a bank statement between banks (MT940)"),
    (b"{1:F01", "a message between banks (SWIFT)"),
    (b"\\documentclass", "a text in LaTeX"),
    (b"\\begin{", "a text in LaTeX"),
    (b'CHARSET="', "a cube of a statistical office (PC-Axis)"),
    (b"AXIS-VERSION=", "a cube of a statistical office (PC-Axis)"),
    (b"ID;P", "a spreadsheet in SYLK"),
    (b"TABLE\r\n0,1", "a spreadsheet in DIF"),
    (b"TABLE\n0,1", "a spreadsheet in DIF"),
    (b"%!PS", "a page for a printer (PostScript)"),
    (b"#!/", "a program"),
)

_UTF_16_MARKS = frozenset({b"\xff\xfe", b"\xfe\xff"})
# A comment, or an element with its name: "<5" and "<-" are values.
_XML_START = re.compile(rb"<!--|<!doctype\s|<[a-z_][\w.:-]*(?:\s+[\w.:-]+\s*=\s*[\"'][^>]*|\s*)/?>")
_PAGE_STARTS = (
    b"<!doctype html",
    b"<html",
    b"<head",
    b"<meta",
    b"<style",
    b"<body",
    b"<table",
    b"<div",
    b"<script",
    b"<p>",
    b"<h1",
    b"<h2",
    b"<h3",
)


def detect_kind(path: Path, name: str) -> Kind:
    """Return how to open the file. Raises EmptyFile, UnsupportedFormat, EncryptedFile or CorruptFile, each saying what
    the file seems to be and what to do."""
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile("The file is empty (0 bytes). Check that the export finished and upload it again.")
    with path.open("rb") as file:
        head = file.read(LOOK_BYTES)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read(TAIL_BYTES)
    ending = Path(name).suffix.lower()

    if head[:4] == b"PAR1":
        if tail[-4:] != b"PAR1":
            raise CorruptFile("This Parquet file is cut short: its end is missing. Upload the complete file.")
        return "parquet"
    if head[:4] == b"PARE":
        raise EncryptedFile("This Parquet file is encrypted. Write it without encryption and upload that.")
    if head[:5] == b"%PDF-":
        return "pdf"
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    if head[:4] in {b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"}:
        return _kind_of_zip(path)
    if head[:8] == OLE_MAGIC:
        return "xls"
    if head[:4] in BIFF_STARTS and ending in {".xls", ".xlt", ""}:
        raise UnsupportedFormat(f"This is a workbook in a form from before Excel 97, which cannot be read. {ADVICE}")
    if _is_dbase(head, size):
        raise UnsupportedFormat(f"This is a dBase table (DBF), which cannot be read. {ADVICE}")
    if head[TAR_MAGIC_AT:].startswith(b"ustar"):
        raise UnsupportedFormat(f"This is a tar archive, not a table. {UNPACK_ADVICE}")
    for foreign, advice in ((_FOREIGN, ADVICE), (_NO_TABLES, NO_TABLE_ADVICE), (_PACKED, UNPACK_ADVICE)):
        for magic, what in foreign:
            if head.startswith(magic) and not _is_plain_text(head):
                raise UnsupportedFormat(f"This is {what}, not a table. {advice}")
    if ending in {".xlsx", ".xlsm", ".xlsb", ".ods", ".xls", ".parquet"} and not _is_plain_text(head):
        raise CorruptFile(f"The file is named {ending} but is damaged or something else inside. {ADVICE}")
    if ending in JSON_ENDINGS:
        return "json"
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf") and size <= LOOK_BYTES:
        raise EmptyFile("The file holds nothing but blank lines. Check that the export finished and upload it again.")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for start, what in _FOREIGN_TEXT:
        if text.startswith(start):
            raise UnsupportedFormat(f"This is {what}, not a table. {ADVICE}")
    if (markup := _kind_of_markup(head, tail, ending)) is not None:
        return markup
    if _is_binary(head):
        raise UnsupportedFormat(f"This is a binary file that holds no readable text. {ADVICE}")
    return "delimited"


def _kind_of_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, KeyError):
        raise CorruptFile(
            "The file looks like a workbook or a zip but is damaged or cut short. Save or download it again."
        ) from None
    lowered = {name.lower().replace("\\", "/").lstrip("/") for name in names}
    if mimetype.startswith(b"application/vnd.sun.xml."):
        raise UnsupportedFormat(f"This is a document of OpenOffice 1, which cannot be read. {ADVICE}")
    if b"opendocument" in mimetype or "content.xml" in lowered:
        return "ods"
    if any(name.endswith("workbook.bin") for name in lowered):
        return "xlsb"
    if "[content_types].xml" in lowered or any(name.startswith("xl/") for name in lowered):
        if any(name.startswith(("word/", "ppt/")) for name in lowered):
            raise UnsupportedFormat(f"This is a text document or presentation, not a table. {ADVICE}")
        return "xlsx"
    return "zip"


def _is_dbase(head: bytes, size: int) -> bool:
    """True for a version of dBase and its kin, a day of change, and a header that describes the fields, 32 bytes each,
    and is followed by the rows that it counts."""
    if len(head) < SMALLEST_DBASE or head[0] not in DBASE_VERSIONS or not (1 <= head[2] <= 12 and 1 <= head[3] <= 31):
        return False
    rows, header_bytes, row_bytes = (int.from_bytes(head[at:to], "little") for at, to in ((4, 8), (8, 10), (10, 12)))
    return header_bytes >= SMALLEST_DBASE and row_bytes > 1 and 0 <= size - header_bytes - rows * row_bytes <= row_bytes


def _is_plain_text(head: bytes) -> bool:
    return not _is_binary(head) and (b"\x00" not in head or head[:2] in _UTF_16_MARKS)


def _is_binary(head: bytes) -> bool:
    """True when there are more control bytes than text files hold. UTF-16 text is not binary, and the bytes 1 and 28-31
    serve some databases as delimiters."""
    if head[:2] in _UTF_16_MARKS:
        return False
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if (even > 0.3 * half and odd < 0.05 * half) or (odd > 0.3 * half and even < 0.05 * half):
        return False  # UTF-16 without a mark: every other byte of Latin text is zero
    if head.count(0) > max(8, 0.01 * len(head)):
        return True
    controls = sum(head.count(bytes([byte])) for byte in (*range(2, 9), 11, *range(14, 28), 127))
    return controls >= 20 and controls > 0.05 * len(head)


def _kind_of_markup(head: bytes, tail: bytes, ending: str) -> Kind | None:
    """Return which markup the file is, None for other text."""
    if head[:2] in _UTF_16_MARKS:
        head = head.decode("utf-16", errors="ignore").encode()
    lowered = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if lowered.startswith((b"<?xml", b"<workbook")) and b"urn:schemas-microsoft-com:office:spreadsheet" in lowered:
        return "xml_workbook"
    if lowered.startswith(_PAGE_STARTS) or (lowered.startswith(b"<?xml") and b"<html" in lowered):
        return "html"
    if ending in {".html", ".htm"} and b"</" in lowered:
        return "html"  # a part of a page, or the mould of one
    if lowered.startswith(b"<?xml"):
        return "xml"
    # Exports of prices begin with names in brackets too ("<TICKER>,<DATE>"), but close none.
    is_closed = b"</" in lowered or b"/>" in lowered
    return "xml" if is_closed and tail.rstrip().endswith(b">") and _XML_START.match(lowered) else None
