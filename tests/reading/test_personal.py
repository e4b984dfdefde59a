"""Personal data is found by validated values and names of columns, and look-alikes are left alone."""

import pytest

from datapilot.reading.columns.personal import passes_luhn

pytestmark = pytest.mark.spec("B2")

CARDS = ["4111 1111 1111 1111", "5500 0000 0000 0004", "4012888888881881", "378282246310005", "6011111111111117"]
IBANS = ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32", "FR1420041010050500013M02606", "NL91ABNA0417164300"]


@pytest.mark.parametrize(
    ("name", "cells", "pii"),
    [
        ("contact", [f"u{n}@example.com" for n in range(9)], "email"),
        ("phone", [f"+44 20 7946 0{n}58" for n in range(9)], "phone"),
        ("mobile", [f"212555{n:04d}" for n in range(9)], "phone"),
        ("payment", CARDS, "card"),
        ("account", IBANS, "iban"),
        ("ssn", [f"{n + 101}-45-678{n}" for n in range(9)], "ssn"),
        ("passport", [f"X{n}234567" for n in range(9)], "national_id"),
        ("client address", [f"10.1.{n}.7" for n in range(9)], "ip"),
        ("customer_name", ["Anna Berg", "Bert Cole", "Cleo Diaz", "Dan Egger"], "name"),
        ("first name", ["Anna", "Bert", "Cleo", "Dan"], "name"),
        ("surname", ["Berg", "Cole", "O'Neil", "Egger"], "name"),
        ("address", ["12 Main Street", "7 Elm Road", "99 Oak Ave", "5 Pine Ln"], "address"),
        ("date_of_birth", ["1980-01-02", "1975-12-31", "1999-07-15"], "birth_date"),
    ],
)
def test_personal_column_is_found(read_cells, name, cells, pii):
    """Each kind of personal data is recognised."""
    assert read_cells(cells, name=name).column(name).pii == pii


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("order_id", [str(4111111111111100 + n) for n in range(30)]),
        ("ean", ["4006381333931", "5901234123457", "4012345678901"]),
        ("sku", ["415-55-2671", "415-55-2672", "900-55-2673"]),
        ("version", ["1.2.3.4", "1.2.3.5", "2.0.0.1"]),
        ("product_name", ["Desk Lamp", "Office Chair", "Paper Clip"]),
        ("country", ["Norway", "Peru", "Ghana"]),
        ("city", ["New York", "San Francisco", "Los Angeles"]),
        ("company_name", ["Acme Corp", "Globex Inc", "Initech Llc"]),
        ("file name", ["report final", "data old", "notes new"]),
        ("order_date", ["1980-01-02", "1975-12-31", "1999-07-15"]),
        ("timestamp", ["1700000000", "1709251200", "1710000000"]),
        ("revenue", ["2125550101", "4155552671", "3035551234"]),
        ("phone_model", ["iPhone 12", "Pixel 7", "Galaxy S22"]),
        ("email_opened", ["yes", "no", "yes"]),
        ("ip_count", ["1", "20", "3"]),
        ("team", ["Red Wolves", "Blue Jays", "Green Bay"]),
        ("address_type", ["home", "work", "home"]),
        ("wallet address", ["0x2366c0205", "0x668f9182a", "0x1619561dd"]),
        ("DOB", ["101", "205", "310"]),
        ("DOB Run Date", ["2013-03-05", "2011-06-10", "2009-02-23"]),
        ("DOB", [f"2023-{month:02d}-{day:02d}" for month in range(1, 13) for day in (3, 14, 25)]),
        ("population", ["4155552671", "212555010", "303555123"]),
    ],
)
def test_look_alike_is_not_personal(read_cells, name, cells):
    """Numbers and names that only resemble personal data are not flagged."""
    assert read_cells(cells, name=name).column(name).pii is None


@pytest.mark.parametrize(
    ("digits", "valid"), [("79927398713", True), ("79927398710", False), ("4111111111111111", True)]
)
def test_luhn(digits, valid):
    """The worked example of ISO/IEC 7812-1 and a published test card pass; a wrong check digit does not."""
    assert passes_luhn(digits) is valid


def test_a_name_with_a_digit_leaves_names_personal(read_text):
    """One unknown person called “Doe #80” must not put all others on the page."""
    last = ["Aguilar", "Alvarez", "Doe #80", "Benson", "Castro", "Davis Jr.", "Epstein", "Garcia", "Haines", "Lam"]
    lines = ["last_name,age", *(f"{name},{20 + n}" for n, name in enumerate(last * 3))]

    assert read_text("\n".join(lines) + "\n").column("last_name").pii == "name"


_PEOPLE = ["Anna Berg", "Bert Cole", "Cleo Diaz", "Dan Egger", "John Smith", "Maria Rossi", "Paul Klein", "Eva Novak"]


@pytest.mark.parametrize(
    "cells",
    [
        ["Blue Harbor Foods", "Summit Logistics", "Nova Dental", "Pine Valley Market", "Cedar Ridge", "Oak Street"],
        ["Königlich Essen Delikatessen", "Weber Spedition", "La Maison Dorée", "Taller Norte", "Grupo Solar"],
        ["Müller und Söhne", "Kestrel Motors", "Fratelli Bruni", "Ferretería Central", "Iron Gate"],
    ],
    ids=["without a legal form", "in several languages", "called after families"],
)
def test_customers_that_are_companies_may_be_named(read_cells, cells):
    """Who buys most is told where customers are firms: many of their names say what they deal in."""
    assert read_cells(cells * 3, name="Customer").column("Customer").pii is None


@pytest.mark.parametrize(
    "cells",
    [
        _PEOPLE,
        [*_PEOPLE, "Acme Ltd", "Weber Spedition", "Summit Foods"],
        ["Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường", "Phạm Minh Đức", "Võ Thu Hà", "Acme Ltd"],
        ["Chinedu Okafor", "Ngozi Eze", "Oluwaseun Adeyemi", "Amara Nwosu", "Tunde Bakare", "Funke Akin"],
        ["J. Smith", "A. Kowalski", "R. Patel", "M. Novak", "T. O'Brien"],
        ["Baker McKenzie", "Latham Watkins", "Kirkland Ellis", "Sullivan Cromwell"],
    ],
    ids=["people", "people beside firms", "one firm", "names from elsewhere", "initials", "firms that may be people"],
)
def test_customers_that_may_be_people_stay_personal(read_cells, cells):
    """A few firms among the customers, or names that no list knows, put nobody's name on the page."""
    assert read_cells(cells * 3, name="Customer").column("Customer").pii == "name"
