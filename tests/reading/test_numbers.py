"""Numbers as people write them arrive as the numbers they mean."""

import openpyxl
import pytest

pytestmark = pytest.mark.spec("B2")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["1", "20", "-3"], [1, 20, -3], id="whole numbers"),
        pytest.param(["1.5", "20.25", "-3.0"], [1.5, 20.25, -3.0], id="decimal point"),
        pytest.param(["1,5", "20,25", "-3,0"], [1.5, 20.25, -3.0], id="decimal comma"),
        pytest.param(["1,234.50", "20.25", "12,345,678.00"], [1234.5, 20.25, 12345678.0], id="thousands comma"),
        pytest.param(["1.234,50", "20,25", "12.345.678,00"], [1234.5, 20.25, 12345678.0], id="thousands point"),
        pytest.param(["1 234,50", "20,25", "12 345 678,00"], [1234.5, 20.25, 12345678.0], id="thousands space"),
        pytest.param(["1\u00a0234,50", "20,25", "7,1"], [1234.5, 20.25, 7.1], id="no-break space between thousands"),
        pytest.param(["1'234.50", "20.25", "7.1"], [1234.5, 20.25, 7.1], id="Swiss apostrophe"),
        pytest.param(["1,00,000", "12,34,567", "5,000"], [100000, 1234567, 5000], id="Indian lakhs"),
        pytest.param(["$1,500", "$20", "$3.50"], [1500.0, 20.0, 3.5], id="dollar before"),
        pytest.param(["1.500,00 €", "20,00 €", "3,50 €"], [1500.0, 20.0, 3.5], id="euro behind"),
        pytest.param(["USD 1,500.00", "USD 20.00", "USD 3.50"], [1500.0, 20.0, 3.5], id="currency code before"),
        pytest.param(["-$5.00", "$-6.00", "$7.00"], [-5.0, -6.0, 7.0], id="minus on either side of the sign"),
        pytest.param(["37%", "5.5%", "100%"], [37.0, 5.5, 100.0], id="percent"),
        pytest.param(["5 kg", "12.5 kg", "7 kg"], [5.0, 12.5, 7.0], id="unit behind"),
        pytest.param(["(1,200)", "300", "(45)"], [-1200, 300, -45], id="brackets are negative"),
        pytest.param(["1200-", "300", "45-"], [-1200, 300, -45], id="trailing minus"),
        pytest.param(["−5", "−6.5", "7"], [-5.0, -6.5, 7.0], id="typographic minus"),
        pytest.param(["1e3", "2.5E-2", "-4e+1"], [1000.0, 0.025, -40.0], id="scientific"),
        pytest.param(["10K", "2.5M", "300"], [10000.0, 2500000.0, 300.0], id="thousands and millions by letter"),
        pytest.param(["$1.2bn", "$900M", "$3k"], [1.2e9, 9e8, 3000.0], id="money by letter"),
        pytest.param([".5", "0.25", "1."], [0.5, 0.25, 1.0], id="bare decimal mark"),
        pytest.param([" 5 ", "6", "\u00a07"], [5, 6, 7], id="white space around"),
    ],
)
def test_number_is_read_as_meant(read_cells, cells, expected):
    """Every cell becomes the number that its writer meant."""
    read = read_cells(cells)

    assert read.column("value").inferred_type == "numeric"
    assert read.values("value") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("cells", "unit", "subtype"),
    [
        (["$5", "$6", "$7.50"], "$", "currency"),
        (["5 €", "6 €", "7,50 €"], "€", "currency"),
        (["5%", "6%", "7.5%"], "%", "percent"),
        (["5 kg", "6 kg", "7.5 kg"], "kg", "unit"),
    ],
)
def test_unit_in_cells_becomes_the_unit_of_the_column(read_cells, cells, unit, subtype):
    """What stands beside the digits is kept as the column's unit, once."""
    column = read_cells(cells).column("value")

    assert (column.unit, column.subtype) == (unit, subtype)


@pytest.mark.parametrize(
    ("name", "cells", "inches"),
    [
        pytest.param("Height", ["5'7", "6'0", "5'11"], [67, 72, 71], id="one mark"),
        pytest.param("reach", ["5' 7\"", "6' 1\"", "5' 10.5\""], [67, 73, 70.5], id="both marks"),
        pytest.param("reach", ["5’7”", "6’", "5’11½”"], [67, 72, 71.5], id="curly marks and halves"),
        pytest.param("board", ["5 ft 7 in", "6 ft", "12 ft 3 in"], [67, 72, 147], id="words"),
        pytest.param("ht", ["6-2", "5-11", "7-00"], [74, 71, 84], id="dashes below a name that says height"),
    ],
)
def test_feet_and_inches_are_inches(read_cells, name, cells, inches):
    """English heights are a number each, so that the tall can be told from the small."""
    read = read_cells(cells, name=name)

    assert read.values(name) == pytest.approx(inches)
    assert (read.column(name).unit, read.column(name).inferred_type) == ("in", "numeric")


@pytest.mark.parametrize(
    ("name", "cells"),
    [("score", ["6-2", "5-11", "7-0"]), ("length", ["5'30", "6'12", "3'07"]), ("said", ["5 f", "6 feet tall", "'t"])],
    ids=["games won", "minutes and seconds", "words"],
)
def test_what_only_looks_like_feet_stays_what_it_is(read_cells, name, cells):
    """A score has a dash too, and a foot has no 30 inches."""
    assert read_cells(cells, name=name).column(name).unit != "in"


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Weight (kg)", "kg"), ("price_eur", "EUR"), ("budget_2013$", "$"), ("Discount %", "%"),
        ("Speed [km/h]", "km/h"), ("price_kg", None), ("Price (kg)", None), ("Price (EUR/kg)", "EUR/kg"),
        ("running time min", "min"), ("wait_mins", "min"), ("lead_time_days", "days"), ("response_time_s", "seconds"),
        ("temp_min", None), ("price_min", None), ("cost_per_hours", None), ("days", None),
    ],
)  # fmt: skip
def test_unit_in_the_name_becomes_the_unit_of_the_column(read_cells, name, unit):
    """A header such as "Weight (kg)" says what its bare numbers are; a price by the kilogram is no weight."""
    column = read_cells(["5.5", "6.25", "7.125"], name=name).column(name)

    assert column.unit == unit


def test_thousands_point_or_decimal_point_is_said_and_weighed(read_cells):
    """1.234 alone may be either; the receipt says which was taken and what the other would change."""
    read = read_cells(["1.234", "2.345", "3.456"], name="revenue")

    (ambiguity,) = read.receipt.ambiguities
    assert read.values("revenue") == [1.234, 2.345, 3.456]
    assert ambiguity.column == "revenue"
    assert ambiguity.option == {"decimal": ","}
    assert "7,035 instead of 7.035" in ambiguity.effect


def test_other_columns_settle_what_one_leaves_open(read_text):
    """A file that writes decimal commas elsewhere means thousands by 1.234."""
    read = read_text("a;b\n1.234;0,5\n2.345;1,25\n3.456;7,75\n")

    assert read.values("a") == [1234, 2345, 3456]
    assert read.receipt.ambiguities == ()


@pytest.mark.spec("B8")
def test_user_settles_the_decimal_mark(read_cells):
    """The option stands above any vote and leaves no ambiguity."""
    read = read_cells(["1.234", "2.345", "3.456"], decimal=",")

    assert read.values("value") == [1234, 2345, 3456]
    assert read.receipt.ambiguities == ()


def test_one_decimal_comma_further_down_changes_the_whole_column(read_cells):
    """The vote is over all rows: what looks like thousands at first is not when one cell cannot be."""
    read = read_cells(["1,234"] * 50 + ["0,5"] * 10)

    assert read.values("value")[:1] + read.values("value")[-1:] == [1.234, 0.5]


def test_cells_that_are_no_numbers_are_kept_as_misfits(read_cells):
    """Up to one cell in twenty may be something else; it is listed with its row and text, not lost."""
    read = read_cells(["5", "6", "7", "8"] * 10 + ["see note"])

    conversion = read.conversion("value")
    assert conversion.failed == 1
    assert conversion.failed_rows == (40,)
    assert conversion.failed_examples == ("see note",)
    assert read.values("value")[40] is None
    hidden = read.table.misfits["value"]
    assert read.table.connection.execute(f"SELECT {hidden} FROM data WHERE rowid = 40").fetchone() == ("see note",)


def test_column_of_two_kinds_stays_text(read_cells):
    """Where a fifth of the cells are words, calling the column numeric would be wrong."""
    read = read_cells(["5", "6", "7", "8", "low"] * 4)

    assert read.column("value").storage == "VARCHAR"
    assert read.values("value")[4] == "low"


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(["00501", "10001", "94105"], id="ZIP codes"),
        pytest.param(["007", "008", "123"], id="padded codes"),
        pytest.param(["12345678901234567890", "98765432109876543210", "11111111112222222222"], id="beyond 18 digits"),
    ],
)
def test_digits_that_a_number_would_change_stay_text(read_cells, cells):
    """Leading zeros and digits beyond a number's reach are kept."""
    read = read_cells(cells, name="ref")

    assert read.values("ref") == cells


def test_leading_zero_far_down_is_not_lost(read_text):
    """A code with a leading zero turns up after the sample: the column is read again as text."""
    lines = ["zip,amount", *(f"{10000 + n % 80000},{n}" for n in range(60_000)), "00501,1"] + ["02134,2"] * 2000

    read = read_text("\n".join(lines) + "\n")

    assert read.column("zip").storage == "VARCHAR"
    assert read.values("zip")[60_000] == "00501"


def test_decimals_far_down_turn_whole_numbers_into_decimals(read_text):
    """A column that starts with whole numbers and ends in decimals loses neither."""
    lines = ["a,b", *(f"{n},x" for n in range(60_000)), *(f"{n}.5,x" for n in range(5000))]

    read = read_text("\n".join(lines) + "\n")

    assert read.column("a").storage == "DOUBLE"
    assert read.values("a")[-1] == 4999.5
    assert read.conversion("a").failed == 0


def test_bare_decimal_commas_do_not_hide_other_dress(read_cells):
    """Cells that no sample showed are looked at: groups and brackets far down are read by the full form."""
    cells = [f"{number},5" for number in range(3000)]

    read = read_cells([*cells, "1.234,5", "(2,5)", "1.5.3"], name="amount")

    assert read.values("amount")[-3:] == [1234.5, -2.5, None]
    assert read.column("amount").storage == "DOUBLE"


def test_fractions_among_whole_numbers_of_a_workbook_are_numbers(tmp_path, read_file):
    """What the workbook itself holds as a number fits a column of numbers, however rare fractions are."""
    book = openpyxl.Workbook()
    for row in (["n"], *[[number] for number in range(99)], [97.5]):
        book.active.append(row)
    book.save(tmp_path / "n.xlsx")

    read = read_file(tmp_path / "n.xlsx")

    assert read.values("n")[-1] == 97.5
    assert read.conversion("n").failed == 0


def test_raised_digit_in_a_number_is_no_digit(read_text):
    """68²08190 among the numbers of the rows is a slip of the file, which is kept as it stands."""
    lines = [str(number) for number in range(1, 81)]
    lines[40] = "4²"

    read = read_text("v,date,x\n" + "".join(f"{line},{line},a\n" for line in lines))

    assert read.values("v")[39] in (40, "40")
    assert read.table.row_count == 80


@pytest.mark.parametrize(
    ("form", "odd", "value"),
    [("{}%", "(3.5%)", -3.5), ("$ {}", "-$7.25", -7.25), ("{} kg", "8.5", 8.5)],
    ids=["brackets", "a sign before the mark", "no mark"],
)
def test_one_number_in_another_dress_far_below(read_cells, form, odd, value):
    """The others are read by the one end where their mark stands; this one is looked at and read as well."""
    cells = [form.format(f"{n / 100:.2f}") for n in range(100, 3100)]
    cells[1501] = odd

    read = read_cells(cells, name="reading")

    assert read.values("reading")[1500:1503] == [16.0, value, 16.02]
    assert read.conversion("reading").failed == 0


def test_the_two_sides_of_an_account(read_cells):
    """Dr is below zero where Cr stands beside it, and neither is a unit."""
    read = read_cells(["1,213.50 Cr", "40.00 Dr", "7.25 Cr", "1,000.00 Dr"], name="balance")

    assert read.values("balance") == [1213.5, -40.0, 7.25, -1000.0]
    assert read.column("balance").unit is None
    assert "Dr is negative" in read.conversion("balance").format


def test_billions_are_exact(read_cells):
    """8.2bn is 8,200,000,000 to the last digit."""
    read = read_cells(["8.2bn", "4.9bn", "0.7bn"])

    assert read.values("value") == [8_200_000_000, 4_900_000_000, 700_000_000]


def test_people_in_their_forties_are_not_forty_seconds_old(read_cells):
    """A decade has an s in English; under any other name it stays the seconds that it was."""
    ages = read_cells(["20s", "30s", "40s", "50s"] * 5, name="age").column("age")
    waits = read_cells(["20s", "30s", "40s", "50s"] * 5, name="timeout").column("timeout")

    assert (ages.unit, waits.unit) == (None, "s")


def test_or_more_is_no_unit(read_cells):
    """500+ is 500, and the receipt says what was taken off."""
    read = read_cells(["500+", "1,200+", "30+"])

    assert read.values("value") == [500, 1200, 30]
    assert read.column("value").unit is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["▲ 1.9%", "▼ 2.4%", "▲ 11.5%"], [1.9, -2.4, 11.5]),
        (["▲1,200", "3,400", "▲50"], [-1200, 3400, -50]),
        (["4.1 out of 5 stars", "3 out of 5 stars", "5.0 out of 5 stars"], [4.1, 3.0, 5.0]),
        (["١٢٣", "٤٥", "٦٧٨"], [123, 45, 678]),
        (["१,२३४.५", "९.२५", "७,०००.१"], [1234.5, 9.25, 7000.1]),
        (["๑,๒๐๐.๕๐", "๙๘๐.๐๐", "๒,๑๐๐.๒๕"], [1200.5, 980.0, 2100.25]),
        (["&euro; 12.50", "&euro;&nbsp;7.00", "&euro; 19.99"], [12.5, 7.0, 19.99]),
        (["&nbsp;12", "&nbsp;", "&#160;31"], [12, None, 31]),
    ],
    ids=[
        "more and less",
        "a minus in Japan",
        "marks",
        "Arabic digits",
        "Devanagari digits",
        "Thai digits",
        "escapes of HTML",
        "blanks of HTML",
    ],
)
def test_numbers_in_other_signs(read_cells, cells, expected):
    """Arrows, scales and the digits of other scripts are read as they are meant."""
    read = read_cells(cells)

    assert read.values("value") == expected


def test_marks_of_different_scales_stay_text(read_cells):
    """4 out of 5 is not the same 4 as out of 10."""
    read = read_cells(["4 out of 5", "4 out of 10", "7 out of 10"])

    assert read.column("value").inferred_type != "numeric"


def test_rupees_and_no_paise(read_cells):
    """The stroke and hyphen behind an amount in rupees close it, and are no minus."""
    read = read_cells(["Rs. 5,000/-", "Rs. 1,20,000/-", "Rs. 750/-"], name="fee")

    assert read.values("fee") == [5000, 120000, 750]
    assert read.column("fee").unit == "₹"


def test_balances_with_a_plus_are_amounts(read_cells):
    """Banks of some countries write a plus before what is there; to the cent, it is no telephone number."""
    cells = ["+1200.10", "+4700.10", "+4687.11", "+3487.11", "+3410.11"]

    assert read_cells(cells, name="Saldo").values("Saldo") == [1200.1, 4700.1, 4687.11, 3487.11, 3410.11]


@pytest.mark.spec("B2")
@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("body_mass_g", "g"), ("tank volume l", "l"), ("oven_temp_c", "°C"), ("Altitude m", "m"),
        ("motor power kw", "kW"),
        ("group_c", None), ("revenue m", None), ("team_l", None), ("weight per m", None),
    ],
)  # fmt: skip
def test_a_short_unit_is_read_behind_what_it_measures(read_cells, name, unit):
    """A letter is a unit where the name says what was measured; elsewhere it is a letter."""
    assert read_cells([f"{n}.5" for n in range(10, 40)], name=name).column(name).unit == unit


@pytest.mark.spec("B3")
def test_there_are_no_thousands_of_degrees(read_text):
    """A latitude of 48,100 is 48.1, which settles the decimal mark of the file; people at 48,100 stay thousands."""
    places = "city;latitude;height\nParis;48,100;2,350\nLyon;45,764;4,835\nNice;43,710;7,262\n"

    assert read_text(places).values("latitude") == [48.1, 45.764, 43.71]
    assert read_text(places).values("height") == [2.35, 4.835, 7.262]
    assert read_text(places.replace("latitude", "people")).values("people") == [48100, 45764, 43710]


def test_an_asterisk_at_every_number_is_no_unit(read_text):
    """Weather services mark so what was derived, at times all of a column."""
    column = read_text("day,max\n" + "".join(f"{n},{n}.5*\n" for n in range(20))).column("max")

    assert (column.inferred_type, column.unit) == ("numeric", None)


def test_a_flag_at_every_number_is_no_unit(read_text):
    """Where all figures of a year are provisional, an office says so at each."""
    column = read_text("land,figure\n" + "".join(f"L{n},{n}.5 p\n" for n in range(20))).column("figure")

    assert (column.inferred_type, column.unit) == ("numeric", None)


def test_people_below_an_age_are_not_counted_in_years(read_text):
    """ "Under 5 years" says whom the column counts; "Tenure (years)" and "age in years" say what it counts in."""
    rows = "".join(f"{600 + 7 * n},{n}.5\n" for n in range(20))

    read = read_text(f"Population under 5 years,tenure years\n{rows}")

    assert [read.column(name).unit for name in read.names] == [None, "years"]
