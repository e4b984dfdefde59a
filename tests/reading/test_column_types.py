"""Columns are told by cells and names: what they are, how they may be added up, what they measure."""

from collections.abc import Callable

import pytest
from tests.reading.conftest import Read, ReadText

from datapilot.reading.columns.evidence import name_words

pytestmark = pytest.mark.spec("B2")


def spread(values: list[str], times: int = 4) -> list[str]:
    return values * times


@pytest.mark.parametrize(
    ("name", "cells", "inferred", "subtype"),
    [
        ("region", spread(["North", "South", "East"]), "categorical", None),
        ("active", spread(["yes", "no"]), "boolean", None),
        ("aktiv", spread(["ja", "nein"]), "boolean", None),
        ("actif", spread(["oui", "non"]), "boolean", None),
        ("активен", spread(["да", "нет"]), "boolean", None),
        ("is_member", spread(["1", "0", "1"]), "boolean", None),
        ("flag", spread(["TRUE", "FALSE"]), "boolean", None),
        ("binary", spread(["PASS", "FAIL"]), "categorical", None),
        ("order_id", [str(n) for n in range(1001, 1021)], "identifier", None),
        ("invoice no", [str(n) for n in range(1001, 1021)], "identifier", None),
        ("sku", [f"AB-{n:04d}" for n in range(20)], "identifier", None),
        ("uid", [f"8f14e45f-ceea-467f-a8b6-1e5f0a9c{n:04x}" for n in range(20)], "identifier", "uuid"),
        ("zip", ["00501", "10001", "94105", "60601"] * 3, "categorical", "code"),
        ("site", [f"https://example.com/{n}" for n in range(20)], "url", None),
        ("mail", [f"user{n}@example.com" for n in range(20)], "email", None),
        ("phone", [f"(212) 555-01{n:02d}" for n in range(20)], "phone", None),
        ("ip", [f"10.0.{n}.7" for n in range(20)], "identifier", "ip"),
        ("lat", ["59.91", "-12.05", "5.60"], "location", "latitude"),
        ("longitude", ["10.75", "-77.04", "-0.19"], "location", "longitude"),
        ("position", ["59.91, 10.75", "-12.05, -77.04", "5.60, -0.19"], "location", "coordinates"),
        ("payload", ['{"a": 1}', '{"a": 2}', '{"b": [3]}'], "json", None),
        ("scores", ["[1, 2]", "[3, 4, 5]", "[6]"], "list", None),
        ("genres", spread(["Drama|Comedy|War", "Comedy|War|Drama", "War|Drama|Comedy"]), "list", None),
        ("year", ["2013", "2012", "2011"], "numeric", "year"),
        ("country code", spread(["47", "51", "233"]), "categorical", "code"),
        ("Cost centre", ["4711", "4720", "5100", "9769"], "categorical", "code"),
        ("TRACT", spread(["10100", "10201", "842400"]), "categorical", "code"),
        ("HS", spread(["84713000", "85171300"]), "categorical", "code"),
        ("HS", spread([str(n) for n in range(4, 22)]), "numeric", None),
        ("SITEID", spread(["101", "102", "103"]), "identifier", None),
        ("INTPTLAT", ["41.850033", "42.1", "41.7"], "location", "latitude"),
        ("comment", [f"the delivery number {n} came late and the box was wet again" for n in range(20)], "text", None),
        ("source", ["web"] * 8, "constant", None),
        ("nothing", ["", "", "NA"], "empty", None),
    ],
)
def test_type_of_a_column(read_cells, name, cells, inferred, subtype):
    """The inferred type is what a careful reader of the column would say."""
    column = read_cells(cells, name=name).column(name)

    assert (column.inferred_type, column.subtype) == (inferred, subtype)
    assert column.reasons


@pytest.mark.parametrize(
    ("name", "cells", "role"),
    [
        ("revenue", ["10.5", "20.25", "1200.5"], "sum"),
        ("quantity", ["1", "2", "19"], "sum"),
        ("unit_price", ["10.5", "20.25", "1200.5"], "average"),
        ("total price", ["10.5", "20.25", "1200.5"], "sum"),
        ("discount", ["0.1", "0.2", "0.15"], "average"),
        ("rating", ["1", "5", "4"], "average"),
        ("age", ["31", "45", "62"], "average"),
        ("temperature", ["-3.5", "12.25", "20.0"], "average"),
        ("target_percentage", ["10", "80", "95"], "average"),
        ("share", ["10%", "80%", "95%"], "average"),
        ("RespondentID", ["3292879998", "3292879538", "3292765271"], "never"),
        ("ISO3166-1-numeric", [str(4 * n) for n in range(1, 30)], "never"),
        ("year", ["2013", "2012", "2011"], "never"),
        ("lat", ["59.91", "-12.05", "5.60"], "never"),
        ("zip", ["00501", "10001", "94105"], "count"),
        ("region", ["North", "South", "North"], "count"),
        ("open", ["yes", "no", "yes"], "count"),
        (
            "note",
            ["the box was wet and came very late again", "all fine with this one as far as we know here"],
            "never",
        ),
        ("amount", ["$5", "$1,200", "$3.50"], "sum"),
        ("Unit cost", ["$5", "$1,200", "$3.50"], "average"),
        ("gender", ["1", "2", "1", "2", "9"], "count"),
        ("marital_status", ["1", "2", "3", "1"], "count"),
        ("state", [str(n % 46 + 1) for n in range(460)], "count"),
        ("state population", [str(n * 7919 % 90_000) for n in range(400)], "sum"),
        ("month", [str(n % 12 + 1) for n in range(60)], "count"),
        ("patient", [str(n // 3 + 1) for n in range(600)], "never"),
        ("Sample Number", [str(n % 150 + 1) for n in range(300)], "never"),
        ("game_no", [str(n % 160 + 1) for n in range(300)], "never"),
        ("seqno", [str(n * 3 % 901 + 1) for n in range(300)], "never"),
        ("familyid", [str(n % 90 + 1) for n in range(300)], "never"),
        ("total number", [str(n * 7 % 200) for n in range(300)], "sum"),
        ("rooms no", [str(n * 7 % 200) for n in range(300)], "sum"),
        ("number", [str(n * 7 % 200) for n in range(300)], "sum"),
        ("customer_id", [f"{n % 90 + 1}.0" for n in range(300)], "never"),
        ("wind_dir", [str(10 * (n % 37)) for n in range(300)], "never"),
        ("dir", [f"{n % 30 / 10}" for n in range(300)], "average"),
        ("minute", [str(n % 60) for n in range(300)], "never"),
        ("peak_hour", [str(n % 24) for n in range(300)], "never"),
        ("minutes", [str(n % 60) for n in range(300)], "average"),
        ("dep_time", [str(100 * (n % 24) + n * 7 % 60) for n in range(300)], "never"),
        ("lead_time", [str(n * 7 % 2400) for n in range(300)], "average"),
        ("q7", ["1", "4", "5", "3", "1"], "average"),
        ("kids", ["0", "2", "1", "3", "0"], "sum"),
        ("visits", ["0", "2", "11", "40", "1"], "sum"),
        ("CO(GT)", ["2,6", "-200", "1,2", "1,3", "1,6", "2,25", "-200,0", "11,9", "4"], "average"),
        ("Netto", ["1250.50", "1190.75", "1230.00", "1180.20", "1240.10"], "sum"),
        ("Brutto (EUR)", ["1250.50", "1190.75", "1230.00", "1180.20", "1240.10"], "sum"),
        ("hours_spent", ["1.5", "4.25", "3.0", "2.5"], "sum"),
        ("hours", ["1.5", "4.25", "3.0", "2.5"], "average"),
        ("date", ["11714", "11804", "11896", "11987"], "never"),
        ("startpage", [str(n * 7 % 900 + 1) for n in range(300)], "never"),
        ("accuracy", ["14", "22", "3", "19", "22"], "average"),
        ("betr", ["1.250,50", "3,75", "12.300,00", "8,20", "4,10"], "sum"),
    ],
)
def test_role_of_a_column(read_cells, name, cells, role):
    """Amounts and counts add up, rates and prices average, categories count, names and codes do neither."""
    assert read_cells(cells, name=name, repeat=1).column(name).role == role


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a", "NA", "b", "n/a", "#N/A", "-", "null", "None", "NaN", "", "  ", "\u00a0", "?"], 11),
        (["1", "NA", "2", "#DIV/0!", "(blank)", "nan", "--"], 5),
    ],
    ids=["text", "numbers"],
)
def test_spellings_of_missing_are_missing(read_cells, cells, expected):
    """What people type for nothing counts as missing, in text and numbers alike, and is counted by spelling."""
    read = read_cells(cells)

    assert sum(value is None for value in read.values("value")) == expected
    assert read.conversion("value").failed == 0
    assert read.conversion("value").missing_tokens["NA"] == 1


def test_na_among_codes_is_a_code(read_cells):
    """NA is Namibia among countries and North America among continents."""
    read = read_cells(["AF", "NA", "EU", "AS", "SA", "OC", "AN", "NA"], name="Continent")

    assert read.values("Continent").count("NA") == 2


def test_na_among_the_parts_of_the_world_is_north_america(read_cells):
    """Companies divide the world into few parts; in a column of answers NA is none."""
    regions = read_cells(["EMEA", "NA", "APAC"] * 20, name="Region").values("Region")
    answers = read_cells(["YES", "NA", "NO"] * 20, name="Answer").values("Answer")

    assert regions.count("NA") == 20
    assert answers.count("NA") == 0


def test_white_space_around_cells_is_no_content(read_cells):
    """Labels that differ in trailing spaces are one label."""
    read = read_cells(["North", "North ", " North", "North\u00a0"])

    assert set(read.values("value")) == {"North"}


def test_html_escapes_become_characters(read_cells):
    """`&amp;` is an ampersand that an export forgot to turn back."""
    read = read_cells(["Tom &amp; Jerry", "A &lt;b&gt;", "AT&T", "&amp;lt;"])

    assert read.values("value") == ["Tom & Jerry", "A <b>", "AT&T", "&lt;"]


@pytest.mark.spec("B8")
@pytest.mark.parametrize(
    ("told", "cells", "expected"),
    [
        ("text", ["1", "2", "3"], ["1", "2", "3"]),
        ("identifier", ["1", "2", "3"], ["1", "2", "3"]),
        ("boolean", ["1", "0", "1"], [True, False, True]),
        ("numeric", ["1", "2", "x"], [1, 2, None]),
    ],
)
def test_user_settles_the_type(read_cells, told, cells, expected):
    """The type asked for is the type given; cells that do not fit are listed."""
    read = read_cells(cells, types={"value": told})

    assert read.column("value").inferred_type == told
    assert read.values("value") == expected


def test_labels_of_a_long_table_are_labels(read_text):
    """Thousands of different labels that each recur are categories though a sample sees most of them once."""
    lines = ["city,n", *(f"city number {n * 7919 % 2500},{n}" for n in range(60_000))]

    assert read_text("\n".join(lines) + "\n").column("city").inferred_type == "categorical"


def test_clean_beginning_does_not_hide_a_late_misfit(read_text):
    """A column that looked clean where it was sampled keeps the cells deep inside that do not fit."""
    lines = [f"{number},{number / 4},2024-01-{number % 28 + 1:02d}" for number in range(30_000)]
    lines[20_011] = "20011,n.b.,2024-02-30"

    read = read_text("id,amount,day\n" + "\n".join(lines) + "\n")

    assert [(read.column(name).inferred_type, read.column(name).storage) for name in ("amount", "day")] == [
        ("numeric", "DOUBLE"),
        ("datetime", "DATE"),
    ]
    assert read.conversion("amount").failed_rows == read.conversion("day").failed_rows == (20_011,)
    assert read.conversion("amount").failed_examples == ("n.b.",)
    assert read.values("amount")[20_010:20_013] == [5002.5, None, 5003.0]


@pytest.mark.parametrize("cell", ["inf", "NaN", "1e400", "-Infinity", "1e70", "-2.5e200"])
def test_late_number_that_is_none_is_kept_as_it_stands(read_text, cell):
    """What the engine takes for a number and nobody else does is found wherever it stands."""
    lines = [f"w{number % 9},{number / 4}" for number in range(30_000)]
    lines[20_011] = f"w1,{cell}"

    read = read_text("who,amount\n" + "\n".join(lines) + "\n")

    missing = read.conversion("amount").missing_tokens
    assert read.values("amount")[20_010:20_013] == [5002.5, None, 5003.0]
    assert read.conversion("amount").failed_rows == (() if missing else (20_011,))
    assert set(missing) <= {cell}


@pytest.mark.parametrize("cell", ["1e400", "-2.5e200"])
def test_late_number_that_is_none_is_found_among_many_columns(cell, read_text):
    """Also where more columns of numbers are looked at than one question to the engine takes."""
    lines = [",".join(f"{number * place % 997 / 4}" for place in range(1, 96)) for number in range(8_000)]
    lines[7_011] = lines[7_011].rpartition(",")[0] + f",{cell}"

    read = read_text(",".join(f"x{place}" for place in range(1, 96)) + "\n" + "\n".join(lines) + "\n")

    assert read.conversion("x95").failed_rows == (7_011,)
    assert read.column("x95").inferred_type == "numeric"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Días de entrega", ["días", "de", "entrega"]),
        ("VerkäuferStraße", ["verkäufer", "straße"]),
        ("customerID", ["customer", "id"]),
        ("売上2024", ["売上", "2024"]),
    ],
)
def test_names_are_cut_at_humps_and_not_at_accents(name: str, words: list[str]) -> None:
    """A word with an accent stays whole, or no list of words would know it."""
    assert name_words(name) == words


@pytest.mark.spec("B2")
@pytest.mark.parametrize(
    ("name", "cells", "inferred_type", "role"),
    [
        pytest.param("Respondent", range(1, 61), "identifier", "never", id="the row's number under a name"),
        pytest.param("participant", range(60), "identifier", "never", id="counted from zero"),
        pytest.param("units sold", [n * 37 % 61 for n in range(1, 61)], "numeric", "sum", id="all different"),
        pytest.param("lap distance", range(1, 61), "numeric", "never", id="what is measured in steps of one"),
    ],
)
def test_numbers_that_count_the_rows_name_them(read_cells, name, cells, inferred_type, role):
    """1, 2, 3, … down the file is never added up or averaged, whatever the column is called."""
    column = read_cells([str(cell) for cell in cells], name=name).column(name)

    assert (column.inferred_type, column.role) == (inferred_type, role)


@pytest.mark.spec("B2")
@pytest.mark.parametrize(
    ("name", "cells", "inferred_type", "role"),
    [
        pytest.param("firm", [n // 4 + 1 for n in range(480)], "numeric", "never", id="firms of a panel, in order"),
        pytest.param("k", [n // 9 + 1 for n in range(90)], "numeric", "never", id="numbered under any name"),
        pytest.param("wealth", [n * 37 % 83 + 1 for n in range(83)], "numeric", "never", id="ranks of the rows"),
        pytest.param("peak_hour", [n * 7 % 24 for n in range(90)], "numeric", "never", id="an hour of the day"),
        pytest.param("start month", [n * 5 % 12 + 1 for n in range(90)], "numeric", "never", id="a month"),
        pytest.param("flight", [n * 7919 % 8000 for n in range(90)], "numeric", "never", id="flights have numbers"),
        pytest.param("no.", [n % 11 + 1 for n in range(17)], "numeric", "never", id="a number that comes again"),
        pytest.param(
            "orders per hour", [n * 7 % 24 for n in range(90)], "numeric", "average", id="counted by the hour"
        ),
        pytest.param("treated_yes_ill_no", [89, 100, 747, 172, 308], "numeric", "average", id="no as an answer"),
        pytest.param("Number thousands", [37237, 38624, 39303, 41200], "numeric", "sum", id="how many there are"),
        pytest.param("IMDB votes", [n * 7919 % 90000 for n in range(90)], "numeric", "sum", id="votes on a site"),
        pytest.param("household.hid", [n * 37 % 60 + 5 for n in range(90)], "identifier", "never", id="ends in id"),
        pytest.param("candidate_district", [n * 7 % 24 for n in range(200)], "categorical", "count", id="a group"),
        pytest.param("posts this week", [n * 7 % 24 for n in range(200)], "numeric", "sum", id="counted in a week"),
        pytest.param("people per district", [n * 7 % 24 for n in range(200)], "numeric", "average", id="per group"),
        pytest.param("lwid", [n % 4 + 10 for n in range(90)], "numeric", "average", id="a width"),
        pytest.param("highest bid", [n * 37 % 60 + 5 for n in range(90)], "numeric", "average", id="a bid is no id"),
        pytest.param("politycode2", [n % 9 * 35 + 2 for n in range(90)], "categorical", "count", id="ends in code"),
        pytest.param("died", [0] * 199 + [1], "boolean", "count", id="rarely true"),
        pytest.param("relapse", [n * 7 % 3 // 2 + 1 for n in range(90)], "categorical", "count", id="two codes"),
        pytest.param("gdpPercap", [f"{n * n * 1.2345}" for n in range(9, 99)], "numeric", "average", id="per head"),
        pytest.param("percblack", [f"{n * n / 1.7:.7f}" for n in range(9, 99)], "numeric", "average", id="per cent"),
        pytest.param("brain", [f"{1.5**n:.4f}" for n in range(30)], "numeric", "average", id="measured, long tail"),
        pytest.param("assets", [f"{1.5**n:.2f}" for n in range(30)], "numeric", "sum", id="money, long tail"),
        pytest.param("claimants long term", [f"{n / 3:.1f}" for n in range(30, 60)], "numeric", "average", id="long"),
        pytest.param("Total birth rate", [f"{n / 7:.2f}" for n in range(30)], "numeric", "average", id="a rate"),
    ],
)
def test_no_sum_of_what_only_names_or_measures(read_cells, name, cells, inferred_type, role):
    """A careful analyst adds up amounts and counts, and neither numbers of things, parts of a time nor shares."""
    column = read_cells([str(cell) for cell in cells], name=name).column(name)

    assert (column.inferred_type, column.role) == (inferred_type, role)


@pytest.mark.spec("B2")
def test_whole_numbers_with_a_point_and_a_zero_are_whole(read_text):
    """Programs write 3 as 3.0 where the column has gaps; a year, an id or a flag stays what it is."""
    rows = [f"{1950 + n}.0,{n + 1}.0,{n % 2}.0" for n in range(40)]

    read = read_text("\n".join(["year,client id,censored", ",,0.0", *rows]) + "\n")

    assert (read.column("year").subtype, read.values("year")[:3]) == ("year", [None, 1950, 1951])
    assert (read.column("client id").inferred_type, read.values("client id")[1]) == ("identifier", 1)
    assert read.values("censored")[:3] == [False, False, True]
    assert read.conversion("year").failed == 0


@pytest.mark.spec("B2")
@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        pytest.param(["None", "Some", "Marked"] * 20, {}, id="none is one of the answers"),
        pytest.param(["NONE", "good", "scientific"] * 20, {}, id="in capitals"),
        pytest.param(["None", "True", "False"] * 20, {"None": 20}, id="beside true and false"),
        pytest.param(["None", "1.5", "2.5"] * 20, {"None": 20}, id="among numbers"),
        pytest.param(["None", *(f"Person {n}" for n in range(60))], {"None": 1}, id="among names"),
    ],
)
def test_none_is_an_answer_among_answers(read_cells, cells, missing):
    """The group without treatment is a group, not a gap; among numbers, names and flags nothing was there."""
    read = read_cells(cells, name="improved")

    told = [conversion.missing_tokens for conversion in read.receipt.conversions if conversion.column == "improved"]
    assert {token: count for tokens in told for token, count in tokens.items()} == missing


@pytest.mark.spec("B2")
def test_numbers_beside_their_names_are_codes(read_text):
    """“Subcategory” beside “Subcategory name” holds codes; the user's own word for a type stands."""
    lines = ["Subcategory,Subcategory name,units", *(f"{n % 5 * 10},kind {n % 5},{n * 7 % 31}" for n in range(60))]
    text = "\n".join(lines)

    assert read_text(text).column("Subcategory").role in {"count", "never"}
    assert read_text(text).column("units").role == "sum"
    assert read_text(text, types={"Subcategory": "numeric"}).column("Subcategory").inferred_type == "numeric"


@pytest.mark.parametrize(
    ("name", "cells", "subtype"),
    [
        ("Xlongitude", [f"{n * 1.7 - 3:.4f}" for n in range(40)], "longitude"),
        ("customer_id", ["17"] * 40, "code"),
        ("opened", [str(1888 + 7 * n % 130) for n in range(40)], "year"),
        ("ordinal_date", [str(736_392 + n) for n in range(40)], None),
        ("city", [str(1 + n % 30) for n in range(40)], None),
        ("villnum", [str(1 + n % 30) for n in range(40)], None),
    ],
    ids=[
        "a coordinate in one word",
        "an identifier that is the same in every row",
        "years of what happened then",
        "days counted from some day",
        "numbers of cities",
        "numbers of things in one word",
    ],
)
def test_what_is_no_amount_is_not_averaged(read_cells, name, cells, subtype):
    """Places and names are numbers of which no average tells anything."""
    column = read_cells(cells, name=name).column(name)

    assert (column.subtype, column.role) == (subtype, "never")


@pytest.mark.parametrize(
    ("name", "cells", "unit"),
    [
        pytest.param("discount_pct", ["0.05", "0.127", "0.4", "0.33", "0"], "share", id="fractions"),
        pytest.param("marge_pct", ["0,05", "0,127", "0,4", "-0,33", "0"], "share", id="with commas, some negative"),
        pytest.param("conversionRate", ["0.0142", "0.0301", "0.0288", "0.0333"], "share", id="a rate below one"),
        pytest.param("discount_pct", ["5.5", "12.7", "40", "0.33", "0"], "%", id="percentages"),
        pytest.param("fat_pct", ["0.31", "0.52", "0.11", "0.94", "0.07"], "%", id="of what there is little"),
        pytest.param("share_pct", ["0.012", "0.008", "0.021", "0.017"], "%", id="small throughout"),
        pytest.param("growth_pct", ["0.3", "0.52", "0.8", "0.1", "0.9"], "%", id="growth of a quarter"),
        pytest.param("exchange rate", ["0.851", "0.862", "0.877", "0.901"], None, id="a price of money"),
        pytest.param("power factor", ["0.851", "0.862", "0.877", "0.901"], None, id="no share of anything"),
    ],
)
def test_fractions_of_one_are_shown_as_percent(
    name: str, cells: list[str], unit: str | None, read_cells: Callable[..., Read]
) -> None:
    """0.127 under “percent” is 12.7 %, unless the column is of what is small by itself."""
    column = read_cells(cells, name=name, repeat=8).column(name)

    assert column.unit == unit


@pytest.mark.parametrize("name", ["Personalnr", "Kostenstellennummer", "lagernr", "Klantnummer"])
def test_a_number_named_in_one_word_is_neither_added_nor_averaged(name: str, read_text: ReadText) -> None:
    """Whatever it numbers: German, Dutch and the Nordic languages make one word of it."""
    lines = [f"{name},month,pay", *(f"{1000 + n % 40},{n // 40 + 1},{2000 + n * 13 % 700}" for n in range(160))]

    assert read_text("\n".join(lines)).column(name).role == "never"


@pytest.mark.parametrize(
    ("first", "name", "role"),
    [
        pytest.param("2024-01-{:02d}", "Hours", "sum", id="a sheet of hours"),
        pytest.param("2024-01-{:02d}", "hours worked", "sum", id="with what was done"),
        pytest.param("2024-01-{:02d}", "hours per week", "average", id="a rate"),
        pytest.param("student {:d}", "Hours", "average", id="without a date"),
        pytest.param("2024-01-{:02d}", "total working years", "average", id="years of somebody"),
    ],
)
def test_hours_add_up_where_they_are_booked_by_date(first: str, name: str, role: str, read_text: ReadText) -> None:
    """Of a sheet of hours the sum is asked; how long each student learned, or works a week, is averaged."""
    lines = [f"of,{name}", *(f"{first.format(n % 28 + 1)},{(n * 7 % 16) / 2 + 0.5}" for n in range(112))]

    assert read_text("\n".join(lines)).column(name).role == role


@pytest.mark.parametrize(
    ("beside", "role"),
    [
        pytest.param(("age", "gender"), "average", id="of persons"),
        pytest.param(("branch", "month"), "sum", id="of branches"),
        pytest.param(("age", "month"), "sum", id="one word is not enough"),
    ],
)
def test_income_is_averaged_beside_what_persons_are(beside: tuple[str, str], role: str, read_text: ReadText) -> None:
    """What those asked in a survey earn in all says nothing; what branches take in adds up."""
    lines = [",".join((*beside, "income")), *(f"{n % 50 + 20},{n % 2 + 3},{n * 37 % 4000 + 900}" for n in range(90))]

    assert read_text("\n".join(lines)).column("income").role == role


@pytest.mark.parametrize(
    ("beside", "role"),
    [(("age", "gender"), "average"), (("class", "teacher"), "sum")],
    ids=["of persons", "of classes"],
)
def test_how_many_children_persons_have_is_averaged(beside: tuple[str, str], role: str, read_text: ReadText) -> None:
    """Of parents the usual number is asked; the children of all classes are those of the school."""
    lines = [",".join((*beside, "children")), *(f"{n % 50 + 20},{n % 2 + 3},{n * 37 % 29}" for n in range(90))]

    assert read_text("\n".join(lines)).column("children").role == role


@pytest.mark.parametrize(
    ("name", "role"), [("DistanceFromHome", "average"), ("distance to station", "average"), ("distance", "sum")]
)
def test_how_far_away_something_lies_is_averaged(name: str, role: str, read_text: ReadText) -> None:
    """Nobody goes the ways of all employees one after the other; the trips of a car add up."""
    lines = [f"who,{name}", *(f"p{n},{(n * n * 37) % 29 * (40 if n % 17 == 0 else 1)}" for n in range(90))]

    assert read_text("\n".join(lines)).column(name).role == role


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("", "identifier", id="of a selection"),
        pytest.param("rownames", "identifier", id="by its name"),
        pytest.param("Column1", "identifier", id="of a workbook's table without headings"),
        pytest.param("width", "numeric", id="measured"),
    ],
)
def test_numbers_of_the_rows_of_a_selection_are_identifiers(name: str, kind: str, read_text: ReadText) -> None:
    """What is left of 1, 2, 3, … where rows were taken out, written beside the table by the program that did it."""
    lines = [f"{name},gpa", *(f"{n * 3 + n % 2 + 4},{2 + n * 7 % 20 / 10}" for n in range(80))]

    assert read_text("\n".join(lines)).table.columns[0].inferred_type == kind


def test_numbers_of_people_that_count_the_rows_are_identifiers_wherever_they_begin(read_text: ReadText) -> None:
    """Applicant 90,000 and the next: their average says nothing."""
    lines = ["applicant,gpa", *(f"{90000 + n},{2 + n * 7 % 20 / 10}" for n in range(80))]

    assert read_text("\n".join(lines)).column("applicant").inferred_type == "identifier"


def test_column_that_turns_to_text_late_keeps_its_missing_words(read_text):
    """Two numbers in a cell were taken for one with groups until all cells were seen; the hyphens stay missing."""
    cells = [*(f"{60 + k}.5" for k in range(42)), ".8    13.7", "138  11", "18    1", *["---"] * 5]

    read = read_text("n,value\n" + "".join(f"{n},{cell}\n" for n, cell in enumerate(cells)))

    assert read.column("value").storage == "VARCHAR"
    assert read.conversion("value").missing_tokens == {"---": 5}
    assert read.conversion("value").failed == 0


@pytest.mark.parametrize(
    ("name", "inferred"),
    [
        ("yr", "categorical"), ("cluster", "categorical"), ("sex", "categorical"), ("customer gender", "categorical"),
        ("class", "categorical"), ("is_new", "boolean"), ("am", "boolean"), ("same_sex", "boolean"),
        ("new_type", "boolean"),
    ],
)  # fmt: skip
def test_years_clusters_and_sexes_numbered_from_zero_are_no_yes_and_no(name: str, inferred: str, read_cells) -> None:
    """That "yr is yes", or "sex is no", nobody would say."""
    assert read_cells(["0", "1"], name=name, repeat=20).column(name).inferred_type == inferred


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("arrival_date_day_of_month", 31), ("arrival_date_week_number", 53), ("day_of_week", 7), ("wday", 7),
        ("day_of_year", 366), ("hour of day", 23),
    ],
)  # fmt: skip
def test_the_day_of_a_month_and_the_number_of_a_week_add_up_to_nothing(name: str, most: int, read_cells) -> None:
    """However the name says it."""
    cells = [str(number) for number in range(1, most + 1)]

    assert read_cells(cells, name=name, repeat=3).column(name).role == "never"
