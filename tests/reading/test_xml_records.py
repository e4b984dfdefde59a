"""XML that programs export as a list of records is a table; other XML is refused by what it is."""

from datetime import date

import pytest

from datapilot.contracts.errors import CorruptFile, InvalidOption, UnsupportedFormat

pytestmark = pytest.mark.spec("A2", "A4")

ORDERS = "".join(
    f'<order id="{n}"><day>2024-03-{n:02d}</day><customer><name>Firm {n}</name><city>Köln</city></customer>'
    f'<amount currency="EUR">{n}.50</amount></order>'
    for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("before", "codec"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "utf-8"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "iso-8859-1"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"),
        ("<!-- nightly export -->\n", "utf-8"),
        ("", "utf-8-sig"),
    ],
)
def test_list_of_records_is_a_table(tmp_path, read_file, before, codec):
    """Attributes, elements and the elements in them name the columns, whatever the document declares of itself."""
    path = tmp_path / "orders.xml"
    path.write_bytes(f"{before}<export><orders>\n{ORDERS}\n</orders></export>".encode(codec))

    read = read_file(path)

    assert read.names == ["id", "day", "customer.name", "customer.city", "amount", "amount.currency"]
    assert read.rows()[2] == (3, date(2024, 3, 3), "Firm 3", "Köln", 3.5, "EUR")
    assert len(read.rows()) == 8
    assert read.receipt.file_type == "xml"
    assert read.receipt.notes[0] == "The file is XML; each of its <order> elements is a row."


def test_fields_that_name_themselves_are_columns(tmp_path, read_file):
    """Databases and statistical offices write `<field name="age">41</field>`; nil says nothing."""
    path = tmp_path / "dump.xml"
    nil = 'xsi:nil="true"'
    rows = "".join(
        f'<row><field name="who">P{n}</field><field name="age"{f">{40 + n}" if n != 3 else f" {nil}>"}</field></row>'
        for n in range(6)
    )
    path.write_text(
        f'<?xml version="1.0"?><resultset xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{rows}</resultset>'
    )

    read = read_file(path)

    assert read.names == ["who", "age"]
    assert read.values("age") == [40, 41, 42, None, 44, 45]


def test_groups_lend_their_attributes_to_the_records_in_them(tmp_path, read_file):
    """An element that holds nothing but records of one name says something of each of them."""
    path = tmp_path / "rates.xml"
    days = "".join(
        f'<Cube time="2024-01-{day:02d}"><Cube currency="USD" rate="1.0{day}"/>'
        f'<Cube currency="JPY" rate="15{day}"/></Cube>'
        for day in range(1, 6)
    )
    path.write_text(f'<e:Envelope xmlns:e="urn:e"><e:subject>Rates</e:subject><Cube>{days}</Cube></e:Envelope>')

    read = read_file(path)

    assert read.names == ["Cube.time", "currency", "rate"]
    assert read.rows()[3] == (date(2024, 1, 2), "JPY", 152.0)
    assert len(read.rows()) == 10


def test_what_a_record_says_twice_is_joined_and_other_lists_are_named(tmp_path, read_file):
    """Tags of a film stay one cell; the smaller list beside the films is told, not mixed in."""
    path = tmp_path / "films.xml"
    films = "".join(f"<film><title>T{n}</title><tag>new</tag><tag>short</tag></film>" for n in range(5))
    path.write_text(f"<archive>{films}<hall><seats>90</seats></hall><hall><seats>120</seats></hall></archive>")

    read = read_file(path)

    assert read.names == ["title", "tag"]
    assert read.values("tag") == ["new; short"] * 5
    assert read.receipt.notes[1] == "Not read: 2 <hall>."


def test_names_in_brackets_above_delimited_rows_are_no_xml(tmp_path, read_file):
    """Exports of exchanges write `<TICKER>,<DATE>`: nothing closes."""
    path = tmp_path / "prices.txt"
    path.write_text("<TICKER>,<DATE>,<CLOSE>\n" + "".join(f"ACME,202403{day},10.{day}\n" for day in range(11, 29)))

    assert read_file(path).names == ["<TICKER>", "<DATE>", "<CLOSE>"]


BOMB = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]>'


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        pytest.param(f"<a>{ORDERS}", CorruptFile, "cut short", id="cut off"),
        pytest.param(f"{BOMB}<a><b><c>&y;</c></b><b><c>&y;</c></b></a>", UnsupportedFormat, "entities", id="entities"),
        pytest.param(
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b c="1">&x;</b><b c="2">&x;</b></a>',
            UnsupportedFormat,
            "entities",
            id="file of the server",
        ),
        pytest.param("<orders><order id='1'/></orders>", UnsupportedFormat, "(<orders>)", id="a single record"),
        pytest.param(
            "<book>" + "<para>Some <em>words</em> and more <em>words</em>.</para>" * 9 + "</book>",
            UnsupportedFormat,
            "without a list of records",
            id="sentences",
        ),
        pytest.param(
            "<build>"
            + "".join(f"<target name='t{n}'><do{n} a{n}='1' b{n}='2' c{n}='3'/></target>" for n in range(20))
            + "</build>",
            UnsupportedFormat,
            "without a list of records",
            id="elements of one name and all sorts of things in them",
        ),
        pytest.param(
            '<!DOCTYPE a SYSTEM "a.dtd"><a><b c="1">&firm;</b><b c="2">&firm;</b></a>',
            UnsupportedFormat,
            "declared elsewhere",
            id="entities of another file",
        ),
        pytest.param("<svg><path d='M1'/><path d='M2'/></svg>", UnsupportedFormat, "a drawing (SVG)", id="drawing"),
        pytest.param("<a>" * 5000 + "</a>" * 5000, UnsupportedFormat, "nested too deep", id="nested too deep"),
    ],
)
def test_other_xml_is_refused_by_what_it_is(tmp_path, read_file, content, error, says):
    """Nothing expands, nothing is looked up, and each refusal says what is the matter."""
    path = tmp_path / "document.xml"
    path.write_text('<?xml version="1.0"?>' + content)

    with pytest.raises(error, match=says.replace("(", r"\(").replace(")", r"\)")):
        read_file(path)


def test_columns_of_xml_have_names_of_their_own(tmp_path, read_file):
    """A header row does not fit a file that names its values."""
    path = tmp_path / "orders.xml"
    path.write_text(f"<orders>{ORDERS}</orders>")

    with pytest.raises(InvalidOption, match="JSON, XML and Parquet"):
        read_file(path, header_row=2)
