"""Text that gives each record a block of lines is a table with a row a block."""

import pytest

pytestmark = pytest.mark.spec("A2")


def blocks(start: str, line: str) -> str:
    fields = (("id", "{k}"), ("name", "Shop {k}"), ("amount", "{k}.5"))
    return "".join(
        start.format(k=k) + "".join(line.format(name=name, value=value.format(k=k)) for name, value in fields)
        for k in range(1, 9)
    )


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (blocks("*************************** {k}. row ***************************\n", "{name:>8}: {value}\n"), "\\G"),
        (blocks("-[ RECORD {k} ]---\n", "{name:<7}| {value}\n"), "\\x"),
        (blocks("-", "  {name}: {value}\n").replace("-  id", "- id"), "YAML"),
        (blocks("\n", "{name}: {value}\n").lstrip(), "blank lines"),
    ],
    ids=["MySQL", "psql", "YAML", "blank lines"],
)
def test_each_block_is_a_row(read_text, text, form):
    """Fields are the columns, whichever program printed them, and the receipt says which."""
    read = read_text(text, name="out.txt")

    assert read.names == ["id", "name", "amount"]
    assert read.rows()[1] == (2, "Shop 2", 2.5)
    assert len(read.rows()) == 8
    assert form in read.receipt.notes[0]


def test_directory_keeps_values_that_come_twice(read_text):
    """Of LDIF the version is no record, a line that begins with a blank goes on, and no cell is lost."""
    text = "version: 1\n\n" + "".join(
        f"dn: uid=u{k},dc=x\nobjectClass: top\nobjectClass: person\nmail: a{k}@x.example\ndescription: long\n  text\n\n"
        for k in range(6)
    )

    read = read_text(text, name="people.ldif")

    assert read.names == ["dn", "objectClass", "mail", "description"]
    assert len(read.rows()) == 6
    assert read.values("objectClass")[0] == "top; person"
    assert read.values("description")[5] == "long\ntext"
    assert [(note.line, note.text) for note in read.receipt.skipped] == [(1, "version: 1")]


def test_missing_fields_and_nothing_said_are_missing(read_text):
    """NULL is no text, a block may lack a field, and the count of the console is no record."""
    text = (
        "*** 1. row ***\na: 1\nb: NULL\n*** 2. row ***\na: 2\n*** 3. row ***\na: 3\nb: x: y\n3 rows in set (0.00 sec)\n"
    )

    read = read_text(text, name="out.txt")

    assert read.rows() == [(1, None), (2, None), (3, "x: y")]
    assert [note.line for note in read.receipt.skipped] == [9]
