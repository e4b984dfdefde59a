"""Dates and times in the forms people write arrive as the days they mean."""
# ruff: noqa: DTZ001  (tables hold wall-clock times, without a zone)

from datetime import date, datetime, time

import pytest

pytestmark = pytest.mark.spec("B2")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(["2024-03-01", "2023-12-31"], [date(2024, 3, 1), date(2023, 12, 31)], id="ISO"),
        pytest.param(["31/12/2023", "01/03/2024"], [date(2023, 12, 31), date(2024, 3, 1)], id="day first"),
        pytest.param(["12/31/2023", "03/01/2024"], [date(2023, 12, 31), date(2024, 3, 1)], id="month first"),
        pytest.param(["31.12.2023", "01.03.2024"], [date(2023, 12, 31), date(2024, 3, 1)], id="points"),
        pytest.param(["10/22/12", "9/8/17"], [date(2012, 10, 22), date(2017, 9, 8)], id="short year"),
        pytest.param(["2023/12/31", "2024/3/1"], [date(2023, 12, 31), date(2024, 3, 1)], id="year first with slashes"),
        pytest.param(["31 Dec 2023", "1 Mar 2024"], [date(2023, 12, 31), date(2024, 3, 1)], id="month by name"),
        pytest.param(["Dec 31, 2023", "March 1, 2024"], [date(2023, 12, 31), date(2024, 3, 1)], id="American by name"),
        pytest.param(["Dec-31-2023", "Mar-1-2024"], [date(2023, 12, 31), date(2024, 3, 1)], id="name first, hyphens"),
        pytest.param(["31-Dec-63", "1-Mar-35"], [date(1963, 12, 31), date(2035, 3, 1)], id="short years by name"),
        pytest.param(["31/12/63", "01/03/35"], [date(1963, 12, 31), date(2035, 3, 1)], id="short years"),
        pytest.param(
            ["1920-21", "2001-02", "1999-00"], [date(1920, 1, 1), date(2001, 1, 1), date(1999, 1, 1)], id="seasons"
        ),
        pytest.param(
            ["2019/2020", "2020/2021", "2021/2022"],
            [date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1)],
            id="seasons in full",
        ),
        pytest.param(["2001-02", "2003-07"], [date(2001, 2, 1), date(2003, 7, 1)], id="months, no seasons"),
        pytest.param(["31-Dec-23", "01-Mar-24"], [date(2023, 12, 31), date(2024, 3, 1)], id="Oracle style"),
        pytest.param(["Sun, 31 Dec 2023", "Fri, 1 Mar 2024"], [date(2023, 12, 31), date(2024, 3, 1)], id="weekday"),
        pytest.param(["31. Dezember 2023", "1. März 2024"], [date(2023, 12, 31), date(2024, 3, 1)], id="German"),
        pytest.param(["31 décembre 2023", "1 août 2024"], [date(2023, 12, 31), date(2024, 8, 1)], id="French"),
        pytest.param(
            ["31 de diciembre de 2023", "1 de enero de 2024"], [date(2023, 12, 31), date(2024, 1, 1)], id="Spanish"
        ),
        pytest.param(["2024-03", "2023-12"], [date(2024, 3, 1), date(2023, 12, 1)], id="month"),
        pytest.param(["Mar 2024", "Dec 2023"], [date(2024, 3, 1), date(2023, 12, 1)], id="month by name and year"),
        pytest.param(["2024-Q1", "2023-Q4"], [date(2024, 1, 1), date(2023, 10, 1)], id="quarter"),
        pytest.param(["Q1 2024", "Q4 2023"], [date(2024, 1, 1), date(2023, 10, 1)], id="quarter first"),
        pytest.param(["2024-W09", "2023-W52"], [date(2024, 2, 26), date(2023, 12, 25)], id="ISO week"),
        pytest.param(["18:00", "09:30"], [time(18), time(9, 30)], id="clock"),
        pytest.param(["18.00.00", "09.30.15"], [time(18), time(9, 30, 15)], id="clock with points"),
        pytest.param(["6:00 PM", "9:30 AM"], [time(18), time(9, 30)], id="clock with AM and PM"),
        pytest.param(
            ["2024-03-01 18:00:05", "2023-12-31T09:30:00"],
            [datetime(2024, 3, 1, 18, 0, 5), datetime(2023, 12, 31, 9, 30)],
            id="ISO with time",
        ),
        pytest.param(
            ["2024-03-01T18:00:00+02:00", "2023-12-31T09:30:00Z"],
            [datetime(2024, 3, 1, 16), datetime(2023, 12, 31, 9, 30)],
            id="time zones become UTC",
        ),
        pytest.param(
            ["31/12/2023 18:05", "01/03/2024 09:30"],
            [datetime(2023, 12, 31, 18, 5), datetime(2024, 3, 1, 9, 30)],
            id="day first with time",
        ),
        pytest.param(
            ["12/31/2023 6:05 PM", "3/1/2024 12:30 AM"],
            [datetime(2023, 12, 31, 18, 5), datetime(2024, 3, 1, 0, 30)],
            id="month first with AM and PM",
        ),
    ],
)
def test_date_is_read_as_meant(read_cells, cells, expected):
    """Every cell becomes the day, time or period that its writer meant."""
    read = read_cells(cells * 3)

    assert read.column("value").inferred_type == "datetime"
    assert read.values("value") == expected * 3


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("created_at", ["1700000000", "1709251200"], [datetime(2023, 11, 14, 22, 13, 20), datetime(2024, 3, 1)]),
        ("timestamp", ["1700000000000", "1709251200000"], [datetime(2023, 11, 14, 22, 13, 20), datetime(2024, 3, 1)]),
        ("date", ["20231231", "20240301"], [date(2023, 12, 31), date(2024, 3, 1)]),
        ("date", ["800102", "870521"], [date(1980, 1, 2), date(1987, 5, 21)]),
        ("month", ["1/86", "10/12"], [date(1986, 1, 1), date(2012, 10, 1)]),
        ("order date", ["45352", "45291"], [date(2024, 3, 1), date(2023, 12, 31)]),
    ],
    ids=[
        "epoch seconds",
        "epoch milliseconds",
        "digits alone",
        "short year first",
        "month and short year",
        "spreadsheet serials",
    ],
)
def test_bare_digits_are_dates_where_the_name_says_so(read_cells, name, cells, expected):
    """Digits alone are dates only under a name that says date or time."""
    assert read_cells(cells * 3, name=name).values(name) == expected * 3


def test_bare_digits_are_numbers_where_it_does_not(read_cells):
    """The same digits under another name stay numbers."""
    assert read_cells(["1700000000", "1709251200"] * 3, name="revenue").column("revenue").inferred_type == "numeric"


def test_one_day_above_twelve_settles_the_order_for_all(read_cells):
    """The vote is over all rows, and the last one may decide."""
    read = read_cells(["01/02/2024", "03/04/2024"] * 20 + ["25/12/2024"])

    assert read.values("value")[0] == date(2024, 2, 1)
    assert read.receipt.ambiguities == ()


def test_another_column_settles_the_order(read_text):
    """A file does not change its mind from column to column."""
    read = read_text("a,b\n01/02/2024,25/12/2023\n03/04/2024,26/12/2023\n")

    assert read.values("a") == [date(2024, 2, 1), date(2024, 4, 3)]


def test_open_order_is_said_with_what_it_changes(read_cells):
    """Where no cell settles day and month, the receipt asks and says the other range."""
    read = read_cells(["03/04/2024", "05/06/2024", "07/08/2024"])

    (ambiguity,) = read.receipt.ambiguities
    assert ambiguity.option == {"dateOrder": "DMY"}
    assert "2024-04-03" in ambiguity.effect
    assert read.column("value").confidence < 0.7


@pytest.mark.spec("B8")
def test_user_settles_the_order(read_cells):
    """The option stands above the default."""
    read = read_cells(["03/04/2024", "05/06/2024"], date_order="DMY")

    assert read.values("value") == [date(2024, 4, 3), date(2024, 6, 5)]
    assert read.receipt.ambiguities == ()


def test_mixed_forms_are_read_together(read_cells):
    """A column kept by several people holds several forms; each is read by its own."""
    read = read_cells(["2024-03-01", "15/03/2024", "16 Mar 2024", "March 17, 2024"] * 5)

    assert set(read.values("value")) == {date(2024, 3, day) for day in (1, 15, 16, 17)}
    assert "mixed" in read.conversion("value").format


def test_days_that_do_not_exist_are_misfits(read_cells):
    """30 February stands in no statistic but in the receipt."""
    read = read_cells(["2024-03-01"] * 40 + ["2024-02-30"])

    assert read.conversion("value").failed_examples == ("2024-02-30",)


@pytest.mark.parametrize(
    ("usual", "odd"),
    [("2024-03-01", "0000-01-01"), ("2024-03-01 10:00:00", "10000-01-01 10:00:00"), ("31/12/2023", "31/12/0000")],
    ids=["year 0", "a digit too many", "year 0, day first"],
)
def test_years_that_no_calendar_has_are_misfits(read_cells, usual, odd):
    """The engine counts on beyond the years 1 to 9999, where neither an ISO date nor a reader follows."""
    read = read_cells([usual] * 40 + [odd])

    assert read.conversion("value").failed_examples == (odd,)
    assert {cell.year for cell in read.values("value") if cell} == {int(usual[-4:]) if "/" in usual else 2024}


def test_time_of_day_far_down_is_not_cut_off(read_text):
    """Dates that turn into dates with times keep the times."""
    lines = ["d,n", *(f"2024-01-{n % 28 + 1:02d},{n}" for n in range(60_000)), *["2024-02-01 13:45:00,1"] * 4000]

    read = read_text("\n".join(lines) + "\n")

    assert read.values("d")[-1] == datetime(2024, 2, 1, 13, 45)


@pytest.mark.parametrize("cells", [["1.2", "3.4"], ["10-12", "5-7"], ["1/2", "3/4"], ["2.10.1", "3.0.14"]])
def test_look_alikes_are_no_dates(read_cells, cells):
    """Decimals, ranges, fractions and versions are not dates."""
    assert read_cells(cells * 4).column("value").inferred_type != "datetime"


def test_years_are_numbers_that_nobody_adds_up(read_cells):
    """A year keeps its digits, is marked as such and has no sum."""
    column = read_cells(["2013", "2012", "2011"], name="year").column("year")

    assert (column.storage, column.subtype, column.role) == ("BIGINT", "year", "never")


def test_clocks_without_a_colon(read_cells):
    """Five past midnight stands as 5, and the average of 1259 and 1301 is no 1280; minutes stay a number."""
    clocks = [str(hour * 100 + minute) for hour in range(24) for minute in (5, 40)] + ["2400"]

    read = read_cells(clocks, name="dep_time")

    assert read.values("dep_time")[:2] == [time(0, 5), time(0, 40)]
    assert read.values("dep_time")[-2:] == [time(23, 40), time(0)]
    assert read_cells([str(20 + 7 * n) for n in range(200)], name="air_time").column("air_time").storage == "BIGINT"


def test_a_short_timetable_without_colons(read_cells):
    """A dozen departures are enough where the name speaks of a departure and of a time; the minutes of a delay stay."""
    clocks = ["5", "1830", "745", "2200", "1015", "1259", "600", "1340", "1905", "2130", "830", "920"]

    assert read_cells(clocks, name="dep_time").values("dep_time")[:3] == [time(0, 5), time(18, 30), time(7, 45)]
    assert read_cells(clocks, name="departures").column("departures").storage == "BIGINT"
    assert read_cells([*clocks[1:], "1275"], name="dep_time").column("dep_time").storage == "BIGINT"


def test_days_in_the_digits_and_the_direction_of_arabic(read_cells):
    """Marks that turn the direction of writing stand beside the slashes and are no part of the date; Thai years go."""
    arabic = ["١٥\u200f/٠١\u200f/٢٠٢٤", "٢٠\u200f/٠١\u200f/٢٠٢٤", "٠٥\u200f/٠٢\u200f/٢٠٢٤"]
    thai = ["๑๕/๐๑/๒๕๖๗", "๒๐/๐๑/๒๕๖๗", "๐๕/๐๒/๒๕๖๗"]

    days = [date(2024, 1, 15), date(2024, 1, 20), date(2024, 2, 5)]
    assert read_cells(arabic).values("value") == days
    assert read_cells(thai).values("value") == days


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("time", [f"{1949 + n / 12:.11f}" for n in range(60)]),
        ("time", [str(1875 + n) for n in range(60)]),
        ("Year", [str(1950 + 5 * n) for n in range(31)]),
    ],
    ids=["years and months as decimals", "years under another name", "years beyond this century"],
)
def test_years_of_a_series_are_years(read_cells, name, cells):
    """The time of a series is not averaged."""
    column = read_cells(cells, name=name).column(name)

    assert (column.subtype, column.role) == ("year", "never")


@pytest.mark.parametrize("end", ["24:00", "24:00:00"])
def test_the_end_of_the_day_is_a_time_of_day(read_cells, end):
    """A shop that closes at 24:00 closes at midnight, and the receipt says so."""
    read = read_cells(["18:30" + end[5:], end, "20:15" + end[5:]] * 9, name="closes")

    assert read.values("closes")[:2] == [time(18, 30), time(0)]
    assert read.conversion("closes").format == "time of day, 24:00 as 00:00"


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        pytest.param(
            [str(43_831 + n) for n in (0, 31, 60, 91, 121, 152, 182, 213, 244)], date(2020, 1, 1), id="firsts"
        ),
        pytest.param([str(43_830 + n) for n in (0, 31, 60, 91, 121, 152, 182, 213)], date(2019, 12, 31), id="lasts"),
        pytest.param([str(43_836 + 7 * (n // 5) + n % 5) for n in range(60)], date(2020, 1, 6), id="working days"),
    ],
)
def test_day_numbers_of_a_spreadsheet_that_keep_the_calendar(read_cells, cells, first):
    """They are days although no name says so, and the receipt tells the other reading."""
    read = read_cells(cells, name="section")

    assert read.column("section").storage == "DATE"
    assert read.values("section")[0] == first
    assert read.receipt.ambiguities[0].other == "plain numbers"


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([str(40_000 + 137 * n) for n in range(60)], id="any day of the week"),
        pytest.param([str(30_002 + 700 * n) for n in range(40)], id="one day of the week"),
        pytest.param([str(43_836 + n) for n in range(5)], id="few"),
    ],
)
def test_other_numbers_of_their_size_stay_numbers(read_cells, cells):
    """Wages and numbers of houses fall on Sundays too."""
    assert read_cells(cells, name="section").column("section").storage == "BIGINT"


def test_dates_of_which_a_spreadsheet_made_numbers_of_some(read_cells):
    """Those it did not know stayed texts; both are days."""
    read = read_cells(["43867", "43896", "25/03/2020", "43927", "13/04/2020"] * 4, name="seen")

    assert read.values("seen")[:3] == [date(2020, 2, 6), date(2020, 3, 6), date(2020, 3, 25)]
    assert read.column("seen").storage == "DATE"


def test_numbers_beside_texts_that_are_no_days_stay_as_they_are(read_cells):
    """A price on request makes no dates of the others."""
    assert read_cells([str(40_017 + 23 * n) for n in range(60)] + ["ask us"], name="offer").column("offer").storage == (
        "BIGINT"
    )


@pytest.mark.parametrize("form", ["{:02d}.05.2022 10.39.15", "2022-05-{:02d} 10.39.15", "{:02d}/05/2022 10.39"])
def test_hours_and_minutes_that_a_point_parts(read_cells, form):
    """Italian, Finnish and Danish programs write times so, behind a date too."""
    read = read_cells([form.format(day) for day in range(1, 25)], name="stamp")

    assert read.values("stamp")[20] == datetime(2022, 5, 21, 10, 39, 15 if form.endswith("15") else 0)


def test_times_with_a_letter_for_morning_and_afternoon(read_cells):
    """1:47p is 13:47, as tills print it."""
    read = read_cells([f"7/{day}/2018 {hour}" for day in range(13, 25) for hour in ("12:05a", "1:47p")], name="Date")

    assert read.values("Date")[:2] == [datetime(2018, 7, 13, 0, 5), datetime(2018, 7, 13, 13, 47)]


def test_months_of_six_digits_under_the_name_of_a_date(read_cells):
    """192610 is October 1926: no day of 1919 has a month 26."""
    read = read_cells([f"{1926 + n // 12}{n % 12 + 1:02d}" for n in range(6, 60)], name="Date")

    assert (read.column("Date").subtype, read.values("Date")[0]) == ("month", date(1926, 7, 1))


def test_times_of_day_with_a_distance_from_utc(read_cells):
    """They stay what the clock showed, and the receipt says what was left out."""
    read = read_cells(["08:30:00+01:00", "17:05:30+01:00", "06:15Z"], name="shift start")

    assert read.values("shift start") == [time(8, 30), time(17, 5, 30), time(6, 15)]
    assert "+01:00, Z left out" in read.conversion("shift start").format


def test_seconds_since_1970_with_their_part(read_cells):
    """As trading and logging programs write moments; under a name that says nothing they stay numbers."""
    cells = ["1706770800.250", "1706773980.5", "1706777160.0"]

    assert read_cells(cells, name="timestamp").values("timestamp")[0] == datetime(2024, 2, 1, 7, 0, 0, 250_000)
    assert read_cells(cells, name="size").column("size").inferred_type == "numeric"


def test_times_of_a_timetable(read_cells):
    """Four digits under departure or arrival are hours and minutes."""
    cells = [f"{hour:02d}{minute:02d}" for hour in range(5, 23) for minute in (5, 40)]

    assert read_cells(cells, name="Sched Dep").values("Sched Dep")[:2] == [time(5, 5), time(5, 40)]


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2024010100", "2024010101", "2024013123"], "2024-01-01T00:00:00"),
        (["202401010015", "202401312345"], "2024-01-01T00:15:00"),
    ],
    ids=["hours", "minutes"],
)
def test_hours_behind_the_day_are_no_seconds_since_1970(read_cells, cells, first):
    """Weather services write 2024010113 for one o'clock in the afternoon; as an epoch it would be in 2034."""
    read = read_cells(cells, name="MESS_DATUM")

    assert read.values("MESS_DATUM")[0] == datetime.fromisoformat(first)


def test_years_of_emperors(read_cells):
    """Japan's banks and offices count them by era, the first year by a word of its own."""
    read = read_cells(["令和6年1月5日", "平成元年12月1日", "昭和64年1月7日", "R5.4.1"], name="日付")

    assert read.values("日付") == [date(2024, 1, 5), date(1989, 12, 1), date(1989, 1, 7), date(2023, 4, 1)]


def test_numbers_of_the_orders_of_a_day_are_no_minutes(read_cells):
    """202401150012 is the twelfth order of a day where no name says time."""
    read = read_cells([f"2024011{day}00{number:02d}" for day in range(1, 6) for number in range(10, 20)], name="order")

    assert read.column("order").inferred_type != "datetime"


def test_years_of_the_buddha_are_ours_less_543(read_cells):
    """Thailand's years lie 543 ahead, its leap days included; a single year of our future stays what it is."""
    thai = read_cells(["29/02/2567", "15/01/2566", "31/12/2565"], name="d")

    assert thai.values("d") == [date(2024, 2, 29), date(2023, 1, 15), date(2022, 12, 31)]
    assert "Buddhist era" in str(thai.conversion("d"))

    ours = read_cells(["2567-01-15", "2024-01-15", "2023-01-15"], name="d")

    assert ours.values("d")[0] == date(2567, 1, 15)


def test_quarters_of_fiscal_years(read_cells):
    """A quarter is one of its year, whether FY stands before or behind it."""
    read = read_cells(["FY20 Q1", "FY2021 Q4", "Q2 FY22", "FY'23-Q3"], name="period")

    assert read.values("period") == [date(2020, 1, 1), date(2021, 10, 1), date(2022, 4, 1), date(2023, 7, 1)]


@pytest.mark.parametrize("nothing", ["00.00.0000", "0000-00-00", "0000-00-00 00:00:00", "00/00/0000"])
def test_day_of_nothing_but_zeros_is_a_missing_one(read_cells, nothing):
    """SAP and MySQL write it where nobody entered a date; the column is one of dates all the same."""
    read = read_cells(["2024-01-31", nothing, "2024-02-29", "2024-03-31"])

    assert read.values("value") == [date(2024, 1, 31), None, date(2024, 2, 29), date(2024, 3, 31)]


def test_blanks_behind_the_points_of_a_day(read_cells):
    """Czech, Slovak and Slovene put a blank behind each point, and a zero before no digit."""
    read = read_cells(["3. 1. 2024", "14. 2. 2024", "30. 11.2023"])

    assert read.values("value") == [date(2024, 1, 3), date(2024, 2, 14), date(2023, 11, 30)]
    assert read_cells(["3. 1. 2024 9:30", "14. 2. 2024 10:00"]).column("value").storage == "TIMESTAMP"


@pytest.mark.parametrize(
    "cells",
    [
        ["2024-03-13 00:00:00", "2024-03-14 00:00:00"], ["2024-03-13T00:00:00Z", "2024-03-14T00:00:00.000Z"],
        ["3/13/2024 12:00:00 AM", "3/14/2024 12:00:00 AM"], ["13.03.2024 00:00", "14.03.2024 0:00"],
    ],
    ids=["a database's", "a service's", "an American export's", "a German one's"],
)  # fmt: skip
def test_moments_that_all_are_midnights_are_days(read_cells, cells):
    """Who writes days as moments has no times to tell."""
    assert read_cells(cells).values("value") == [date(2024, 3, 13), date(2024, 3, 14)]


def test_one_late_time_of_day_keeps_all_moments(read_text):
    """However far down it stands: no hour is lost to a type that the first rows suggest."""
    lines = [f"{row},2024-03-{1 + row % 28:02d} 00:00:00" for row in range(60_000)]
    lines[-5] = "59995,2024-03-09 16:45:00"

    read = read_text("row,at\n" + "\n".join(lines) + "\n")

    assert read.column("at").storage == "TIMESTAMP"
    assert read.values("at")[-5] == datetime(2024, 3, 9, 16, 45)
    assert read.values("at")[0] == datetime(2024, 3, 1)


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["5 जनवरी 2024", "17 फ़रवरी 2024", "9 मार्च 2024"], [date(2024, 1, 5), date(2024, 2, 17), date(2024, 3, 9)]),
        (["05-सितंबर-2024", "17-दिसम्बर-2024"], [date(2024, 9, 5), date(2024, 12, 17)]),
        (["५ मई २०२४", "१७ जून २०२४"], [date(2024, 5, 5), date(2024, 6, 17)]),
        (["৫ জানুয়ারি ২০২৪", "১৭ মে ২০২৪"], [date(2024, 1, 5), date(2024, 5, 17)]),
        (["5 ม.ค. 2567", "17 ก.ค. 2567", "9 ธันวาคม 2567"], [date(2024, 1, 5), date(2024, 7, 17), date(2024, 12, 9)]),
    ],
    ids=["Hindi", "with hyphens", "in Hindi digits", "Bengali", "Thai, short and in its own era"],
)
@pytest.mark.spec("B3")
def test_months_whose_letters_have_signs_beside_them(read_cells, cells, days):
    """Vowels of Hindi, Bengali and Thai are signs and no letters; their months are known all the same."""
    read = read_cells(cells)

    assert read.column("value").storage == "DATE"
    assert read.values("value") == days


@pytest.mark.spec("B5")
def test_day_and_month_without_a_year_are_no_number(read_cells):
    """Ledgers write the day of a voucher as 105 or 1712; the year stands elsewhere, and nobody averages it."""
    read = read_cells(["105", "1712", "3006", "2802"] * 5, name="Belegdatum")

    assert (read.column("Belegdatum").inferred_type, read.column("Belegdatum").subtype) == ("categorical", "code")
