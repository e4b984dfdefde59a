"""Bytes become the characters their writer saw, or the receipt says what was assumed."""

import pytest

pytestmark = pytest.mark.spec("A3")

TEXT = "name,city\nJürgen,Köln\nFrançoise,Orléans\nAnna,Łódź\n"
WESTERN = "name,city\nJürgen,Köln\nFrançoise,Orléans\nAnna,Malmö\n"


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with BOM"),
        ("utf-16", "UTF-16 (little endian) with BOM"),
        ("utf-16-le", "UTF-16 (little endian)"),
        ("utf-16-be", "UTF-16 (big endian)"),
    ],
)
def test_unicode_encodings_are_recognised(read_text, encoding, label):
    """With or without a byte order mark, Unicode text is told by its bytes."""
    read = read_text(TEXT.encode(encoding))

    assert read.receipt.encoding == label
    assert read.values("city") == ["Köln", "Orléans", "Łódź"]
    assert read.names == ["name", "city"]


def test_western_bytes_are_windows_1252_and_said(read_text):
    """Bytes that are not UTF-8 are read as Windows-1252, and the receipt says so."""
    read = read_text(WESTERN.encode("cp1252"))

    assert read.values("city") == ["Köln", "Orléans", "Malmö"]
    assert read.receipt.encoding == "Windows-1252"
    assert "assumed" in (read.receipt.encoding_note or "")


def test_cyrillic_code_page_is_told_by_its_letters(read_text):
    """Letter statistics tell Cyrillic from Western text."""
    lines = [
        "имя,город",
        *["Анна Петровна живёт в городе,Москва", "Борис Иванович работает на заводе,Новосибирск"] * 20,
    ]

    read = read_text("\n".join(lines).encode("cp1251"))

    assert read.values("город")[:2] == ["Москва", "Новосибирск"]


@pytest.mark.parametrize(
    ("codec", "cells"),
    [
        ("cp1253", ["Λεωνιδας", "Αλεξανδρος", "Μυρων", "Ευστοργιος"]),
        ("cp1253", ["ΑΘΗΝΑ", "ΘΕΣΣΑΛΟΝΙΚΗ", "ΠΑΤΡΑ", "ΗΡΑΚΛΕΙΟ", "ΛΑΡΙΣΑ"]),
        ("cp1251", ["Харків", "Одеса", "Дніпро", "Донецьк", "Запоріжжя"]),
        ("cp932", ["ﾔﾏﾀﾞ ﾀﾛｳ", "ｻﾄｳ ﾊﾅｺ", "ｽｽﾞｷ ｲﾁﾛｳ", "ﾀｶﾊｼ ｹﾝ", "ﾜﾀﾅﾍﾞ ｼｮｳ"]),
    ],
    ids=["Greek", "Greek capitals", "Ukrainian", "katakana of half width"],
)
def test_a_few_words_of_another_alphabet_are_told_apart(read_text, codec, cells):
    """Vowels tell Greek from Cyrillic, and what no Japanese writes tells capitals from katakana."""
    read = read_text(("name,n\n" + "".join(f"{cell},{n}\n" for n, cell in enumerate(cells))).encode(codec))

    assert read.values("name") == cells


def test_mixed_encodings_are_read_line_by_line(read_text):
    """A file put together from two sources keeps both readable."""
    content = b"name,city\n" + "Jürgen,Köln\n".encode() * 10 + "François,Orléans\n".encode("cp1252") * 3

    read = read_text(content)

    assert set(read.values("city")) == {"Köln", "Orléans"}
    assert "3 lines are not valid UTF-8" in (read.receipt.encoding_note or "")


def test_undefined_bytes_of_windows_1252_do_not_stop_the_file(read_text):
    """Five bytes have no character there; they are kept, not refused."""
    read = read_text(b"name,city\nA\x81B,K\xf6ln\nC,D\n")

    assert read.table.row_count == 2
    assert read.values("city")[0] == "Köln"
