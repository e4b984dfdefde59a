"""The table is found among whatever stands around it, and the receipt says what was left out."""

from datetime import date

import pytest

pytestmark = pytest.mark.spec("A2", "B7")


def test_title_lines_above_the_header_are_skipped_and_said(read_text):
    """A report's title is not the header; its lines stand in the receipt with their numbers."""
    read = read_text("Sales report\nGenerated 2024-03-01\n\nregion,units,price\nNorth,5,1.5\nSouth,7,2.5\n")

    assert read.names == ["region", "units", "price"]
    assert read.table.row_count == 2
    assert [(note.line, note.text) for note in read.receipt.skipped] == [
        (1, "Sales report"),
        (2, "Generated 2024-03-01"),
    ]
    assert read.receipt.header_row == 4


def test_notes_below_the_table_are_skipped_and_said(read_text):
    """A source line at the end is no row."""
    read = read_text("region,units,price\nNorth,5,1.5\nSouth,7,2.5\n\nSource: the warehouse\n")

    assert read.table.row_count == 2
    assert [(note.line, note.text) for note in read.receipt.skipped] == [(5, "Source: the warehouse")]


def test_comment_lines_are_skipped(read_text):
    """Lines that begin with # are comments, above the table and inside."""
    read = read_text("# made by hand\nregion,units,price\nNorth,5,1.5\n# checked\nSouth,7,2.5\n")

    assert read.names == ["region", "units", "price"]
    assert read.table.row_count == 2
    assert read.receipt.skipped_count == 2


def test_total_row_is_set_aside(read_text):
    """A total at the end would count everything twice."""
    read = read_text("region,units,price\nNorth,5,1.5\nSouth,7,2.5\nEast,1,3.5\nTotal,13,7.5\n")

    assert read.values("units") == [5, 7, 1]
    assert read.receipt.skipped[-1].line == 5
    assert "total" in read.receipt.skipped[-1].reason


def test_category_called_total_is_kept(read_text):
    """A label that recurs is a category, not a total."""
    rows = "".join(f"{sex},{year},{year % 7}\n" for year in range(2000, 2010) for sex in ("men", "women", "Total"))

    assert read_text("sex,year,count\n" + rows).table.row_count == 30


def test_header_of_two_rows_is_joined(read_text):
    """Group labels above hold for the columns to their right."""
    read = read_text("id,2023,,2024,\n,units,price,units,price\na1,5,1.5,6,1.6\na2,7,2.5,8,2.6\na3,9,3.5,1,3.6\n")

    assert read.names == ["id", "2023: units", "2023: price", "2024: units", "2024: price"]
    assert read.table.row_count == 3


def test_table_without_header_gets_numbered_names(read_text):
    """Rows of numbers from the first line on have no header, and none is lost to it."""
    read = read_text("1,2.5,2024-01-01\n2,3.5,2024-01-02\n3,4.5,2024-01-03\n")

    assert read.names == ["column_1", "column_2", "column_3"]
    assert read.table.row_count == 3
    assert read.receipt.header_row is None


def test_years_as_column_names_are_a_header(read_text):
    """A row of consecutive years above numbers names the columns."""
    read = read_text("country,2010,2011,2012\nNorway,1,2,3\nChile,4,5,6\nGhana,7,8,9\n")

    assert read.names == ["country", "2010", "2011", "2012"]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("a,a,b", ["a", "a (2)", "b"]),
        ("a,,b", ["a", "column_2", "b"]),
        ("a,A,b", ["a", "A", "b"]),
        ('"a\nx",b , c', ["a x", "b", "c"]),
    ],
    ids=["repeated", "blank", "differing in case", "line break and spaces"],
)
def test_header_names_are_made_usable(read_text, header, names):
    """Every column has a name of its own."""
    assert read_text(f"{header}\n1,2,3\n4,5,6\n").names == names


def test_short_rows_are_padded_and_said(read_text):
    """A row that ends early keeps its cells and its place."""
    read = read_text("a,b,c\n1,2,3\n4,5\n7,8,9\n")

    assert read.rows() == [(1, 2, 3), (4, 5, None), (7, 8, 9)]
    assert read.receipt.repaired[0].line == 3


def test_unquoted_delimiter_in_a_text_is_joined_back(read_text):
    """Where only one reading lets numbers stand in their columns, the text is put together again."""
    rows = "".join(f"item {n},{n},{n}.5\n" for n in range(20))
    read = read_text("name,units,price\n" + rows + "nuts, bolts,7,2.5\n")

    assert read.values("name")[-1] == "nuts, bolts"
    assert read.values("units")[-1] == 7
    assert read.receipt.repaired_count == 1


def test_extra_cells_are_kept_in_extra_columns(read_text):
    """Cells beyond the header are never dropped."""
    read = read_text("a,b\nx,y\nx,y,z\nx,y\n")

    assert read.table.row_count == 3
    assert "z" in read.rows()[1]


def test_largest_of_several_tables_is_read_and_the_others_are_named(read_text):
    """Two tables in one file are not mixed."""
    big = "".join(f"{n},{n * 2},{n * 3}\n" for n in range(30))
    read = read_text("region,units\nNorth,5\nSouth,6\nEast,7\n\n\na,b,c\n" + big)

    assert read.names == ["a", "b", "c"]
    assert read.table.row_count == 30
    assert len(read.receipt.other_tables) == 1
    assert "Lines 1–4" in read.receipt.other_tables[0]


def test_blank_lines_and_columns_are_left_out(read_text):
    """Empty lines are no rows, and columns without name and content no columns."""
    read = read_text("a,b,,\n\n1,2,,\n,,,\n3,4,,\n\n\n")

    assert read.names == ["a", "b"]
    assert read.rows() == [(1, 2), (3, 4)]


def test_captions_between_rows_are_filled_down(read_text):
    """A line of one cell above rows with a blank first cell says what they belong to."""
    text = "question,answer,share\nQ1,,\n,often,40%\n,rarely,60%\nQ2,,\n,often,30%\n,rarely,70%\n"
    read = read_text(text)

    assert read.rows() == [("Q1", "often", 40), ("Q1", "rarely", 60), ("Q2", "often", 30), ("Q2", "rarely", 70)]


def test_repeated_header_is_no_row(read_text):
    """Concatenated exports repeat their header; it stands in the receipt instead of the data."""
    read = read_text("a,b\n1,2\n3,4\na,b\n5,6\n")

    assert read.values("a") == [1, 3, 5]
    assert read.receipt.skipped[0].reason == "header repeated"


@pytest.mark.spec("B8")
def test_user_names_the_header_row(read_text):
    """The option counts lines from 1; what stands above is skipped."""
    read = read_text("x,y\na,b\n1,2\n3,4\n", header_row=2)

    assert read.names == ["a", "b"]
    assert read.table.row_count == 2


@pytest.mark.spec("B8")
def test_user_says_there_is_no_header(read_text):
    """Header row 0 makes every line a row."""
    assert read_text("x,y\na,b\nc,d\n", header_row=0).table.row_count == 3


@pytest.mark.parametrize("delimiter", [" ", ",", "\t"])
def test_names_of_rows_without_a_name_above_them(read_text, delimiter):
    """A header one name short belongs to the columns from the second on, or every column bears its neighbour's name."""
    rows = (f'"{place}" {n * 311} {n / 7:.2f} {n % 3}' for n, place in enumerate("ABCDEFGH", 5))
    lines = ["population rent stars", *rows]

    read = read_text("\n".join(lines).replace(" ", delimiter) + "\n")

    assert read.names == ["column_1", "population", "rent", "stars"]
    assert read.column("population").role == "sum"
    assert read.values("column_1") == list("ABCDEFGH")
    assert any("one name fewer" in note for note in read.receipt.notes)


def test_a_last_column_without_a_name(read_text):
    """Where the first name says that its column numbers the rows, the name that lacks is the last one."""
    read = read_text("id,name,age\n1,Ann,31,x\n2,Bob,45,y\n3,Cid,52,z\n4,Dot,29,x\n")

    assert read.names == ["id", "name", "age", "column_4"]


def test_numbers_across_are_names(read_text):
    """In a table of counts by two measures the first row holds the values of one of them."""
    head = '"","142.2","144.8","147.3","149.9"'
    lines = [head, *(f'"{9.4 + n / 10:.1f}",{n},{n % 3},0,{n % 5}' for n in range(8))]

    read = read_text("\n".join(lines) + "\n")

    assert read.names == ["column_1", "142.2", "144.8", "147.3", "149.9"]
    assert read.table.row_count == 8


def test_settings_in_two_cells_above_the_table(read_text):
    """Labels and values above the table are no header, however many there are, nor a line that is drawn."""
    settings = [f'Setting {n}:,"value {n}"' for n in range(9)]
    head = ' ,"Area","Persons","Males","Females","Rate"'
    rows = [f'"Place {n}","{n * 7}.00","{n * 3}.00","{n}.00","{n * 2}.00","{n / 9:.2f}"' for n in range(1, 12)]

    read = read_text("\n".join([*settings, "=========", "Table", head, "", *rows]) + "\n")

    assert read.names == ["column_1", "Area", "Persons", "Males", "Females", "Rate"]
    assert read.table.row_count == 11
    assert len([note for note in read.receipt.skipped if note.text.startswith("Setting")]) == 9


def test_names_that_end_with_a_delimiter(read_text):
    """Titles of one cell, then names with a delimiter at their end that the rows do not have: still a table."""
    titles = ["Series:        X1", "", "Adjusted", "Unit:   percent", "Age:   16 and over", "", ""]
    rows = [f"X1,{1959 + n // 4},Q0{n % 4 + 1},{5 + n % 7}.{n % 10}" for n in range(40)]

    read = read_text("\n".join([*titles, "Series,Year,Period,Value,", *rows]) + "\n")

    assert read.names == ["Series", "Year", "Period", "Value"]
    assert read.table.row_count == 40


def test_numbers_that_name_samples(read_text):
    """Above yes and no a number is a name, as the mark of a sample is."""
    read = read_text("id,100022,100025,10011\n" + "".join(f"id{n},TRUE,{n % 2 > 0},FALSE\n" for n in range(4)))

    assert read.names == ["id", "100022", "100025", "10011"]
    assert read.values("100025") == [False, True, False, True]


def test_days_that_name_columns_of_counts(read_text):
    """Cases by place and day, a column a day: above numbers a date is a name."""
    days = [f"1/{day}/2020" for day in range(22, 29)]
    rows = [f"place {n},{n}.25,{-n}.5," + ",".join(str(n * k) for k in range(7)) for n in range(1, 9)]

    read = read_text("Place,Lat,Long," + ",".join(days) + "\n" + "\n".join(rows) + "\n")

    assert read.names == ["Place", "Lat", "Long", *days]
    assert read.values("1/23/2020") == list(range(1, 9))


ORANGE = "length\twidth\tkind\tleaf\nc\tcontinuous\td\tsmall large\n\t\tclass\tmeta\n"


@pytest.mark.parametrize("rows", [12, 20_000], ids=["few rows", "a file that is scanned"])
def test_lines_that_say_the_kind_and_the_use_of_columns(read_text, rows):
    """Orange writes them below the names; they are no rows, and the receipt says so."""
    read = read_text(ORANGE + "".join(f"{n % 9}.5\t{n % 7}.25\tsort {n % 3}\tlarge\n" for n in range(rows)))

    assert (read.names, read.table.row_count) == (["length", "width", "kind", "leaf"], rows)
    assert read.column("length").storage == "DOUBLE"
    assert [(note.line, note.reason) for note in read.receipt.skipped] == [
        (2, "says the kind of each column"),
        (3, "says the use of each column"),
    ]


def test_letters_that_are_data_stay_rows(read_text):
    """Below them stand cells that say no use of a column."""
    read = read_text("first mark,second mark,third mark\nc,d,s\nd,c,c\ns,d,d\nt,c,d\n")

    assert read.table.row_count == 4


def test_one_long_row_among_few_does_not_make_the_table(read_text):
    """All rows of a short file stay, whatever one of them has too much or too little."""
    read = read_text("name,qty\nA,1\nB,2,3\nC\n")

    assert read.names[:2] == ["name", "qty"]
    assert len(read.rows()) == 3


def test_names_wider_than_aligned_columns(read_text):
    """A name that stands over the gap beside its cells, and one behind a single space, cut the columns all the same."""
    lines = ["ID    NAME            BALANCE   SINCE"]
    lines += [f"{k:<6}{['Smith', 'Jones', 'Brown'][k % 3]:<16}{950.25 * k:>9.2f} 2024010{k}" for k in range(1, 9)]

    read = read_text("\n".join(lines) + "\n", name="t.txt")

    assert read.names == ["ID", "NAME", "BALANCE", "SINCE"]
    assert read.values("BALANCE")[:2] == [950.25, 1900.5]


def test_units_below_the_names(read_text):
    """They are the columns' units, and stand in brackets behind the names."""
    rows = "".join(f"{k},{20 + k / 10},{1.5 * k}\n" for k in range(1, 20))

    read = read_text("time,temperature,flow\ns,°C,l/min\n" + rows)

    assert read.names == ["time (s)", "temperature (°C)", "flow (l/min)"]
    assert [column.unit for column in read.table.columns] == ["s", "°C", "l/min"]


def test_two_tables_of_different_widths(read_text):
    """An export that appends a table by days to one by pages: the larger is read, the other is named."""
    pages = "Page,Views,Visits,Exit\n" + "".join(f'/p{k},"{k},100",{k}5,{k}.5%\n' for k in range(1, 30))
    days = (
        "Day,Views\n"
        + "".join(f'1/{k}/24,"{k},200"\n' for k in range(1, 32))
        + "".join(f"2/{k}/24,{k}\n" for k in range(1, 29))
    )

    read = read_text(f"# Export\n# 2024\n\n{pages}\n{days}")

    assert read.names == ["Page", "Views", "Visits", "Exit"]
    assert len(read.rows()) == 29
    assert any("Day | Views" in other for other in read.receipt.other_tables)


def test_dashes_below_the_names_mark_the_columns(read_text):
    """A console's output is cut where its ruler says, whatever title stands above and however close the cells are."""
    lines = ["SALES REPORT      PAGE 1      2024-01-01", "", "Cust     Amount    City", "-------- --------- ---------"]
    lines += [f"{k:<9}{k * 1000.25:>9.2f} {'Bad Ems' if k % 2 else 'Ulm'}" for k in range(1, 10)]

    read = read_text("\n".join(lines) + "\n", name="t.txt")

    assert read.names == ["Cust", "Amount", "City"]
    assert read.rows()[0] == (1, 1000.25, "Bad Ems")


def test_years_with_gaps_are_names(read_text):
    """The World Bank's files begin so; four lines stand above, and not every year has a column."""
    rows = "".join(
        f'"{c}","{c[:3]}","Population","SP.POP","4{k}1","4{k}2","4{k}3",\n'
        for k, c in enumerate(("Aruba", "Chad", "Peru"))
    )
    names = '"Country","Code","Indicator","Series","1960","1961","2021",'
    text = f'"Data Source","Indicators",\n\n"Last Updated","2024-02-21",\n\n{names}\n{rows}'

    read = read_text(text)

    assert read.names == ["Country", "Code", "Indicator", "Series", "1960", "1961", "2021"]
    assert read.receipt.header_row == 5
    assert read.values("2021") == [403, 413, 423]


def test_labels_below_the_names_are_no_record(read_text):
    """A census names its columns twice, and marks some of its numbers with stars."""
    rows = "".join(f'05000{k:03d},"County {k}, X",{1000 + k},{("*****", "12")[k % 2]},{500 + k}\n' for k in range(20))

    read = read_text(
        f"GEO_ID,NAME,B01_001E,B01_001M,B01_002E\nGeography,Area,Estimate!!Total,Margin!!Total,Estimate!!Male\n{rows}"
    )

    assert read.names[2] == "B01_001E: Estimate!!Total"
    assert read.values(read.names[2])[0] == 1000
    assert len(read.rows()) == 20


def test_account_above_records_without_names_is_no_record(read_text):
    """A bank puts the account, a day and a balance first; the records below have no names."""
    rows = "".join(f"{day:02d}/03/2024;;CB;Card {day};-{day},50\n" for day in range(13, 25))

    read = read_text(f"Compte;Compte;****1234;05/03/2024;1234,56\n{rows}")

    assert len(read.rows()) == 12
    assert read.values(read.names[-1])[0] == -13.5
    assert read.receipt.header_row is None
    assert [note.line for note in read.receipt.skipped] == [1]


def test_sections_set_off_by_blank_lines_are_one_statement(read_text):
    """Each section of a profit and loss has a heading, items and a sum; blank lines and gross profit stand between."""
    text = (
        "Profit and Loss\nDemo Company\n\nAccount,2023,2022\nTurnover,,\nSales,120.50,98.00\nOther,10.50,3.00\n"
        "Total Turnover,131.00,101.00\n\nCost of Sales,,\nGoods,40.00,35.00\nWages,10.00,9.00\n"
        "Total Cost of Sales,50.00,44.00\n\nGross Profit,81.00,57.00\n\nAdministrative,,\nRent,12.00,12.00\n"
        "Telephone,8.00,7.50\nTotal Administrative,20.00,19.50\n"
    )

    read = read_text(text)

    assert read.values("Account") == ["Sales", "Other", "Goods", "Wages", "Rent", "Telephone"]
    assert read.values("Section")[2:] == ["Cost of Sales", "Cost of Sales", "Administrative", "Administrative"]
    assert not read.receipt.other_tables


def test_text_above_aligned_columns(read_text):
    """A weather station tells about itself in lines that keep to no column."""
    rows = "".join(f"   {1990 + k // 12}  {k % 12 + 1:2d}   {k / 2:5.1f}    {k / 3:5.1f}   {k:5d}\n" for k in range(40))
    text = (
        "Heathrow (London Airport)\nLocation 507800E 176700N, Lat 51.479 Lon -0.449, 25m above the sea\n"
        f"Estimated data is marked with a star after the value of it.\n   yyyy  mm    tmax     tmin    rain\n{rows}"
    )

    read = read_text(text, name="station.txt")

    assert read.names == ["yyyy", "mm", "tmax", "tmin", "rain"]
    assert read.rows()[3] == (1990, 4, 1.5, 1.0, 3)
    assert [note.line for note in read.receipt.skipped] == [1, 2, 3]


@pytest.mark.parametrize(
    "lines",
    [
        '"Title","CPIH 00: ALL ITEMS"\n"CDID","L55O"\n"Unit","%"\n"Release date","14-02-2024"\n"Important notes",""\n',
        '"";BBEX3.D.USD;FLAGS\n"";Reference rate of the euro;\nUnit;USD;\nAs of;21.02.2024 16:05:12;\n',
    ],
    ids=["statistics", "central bank"],
)
def test_lines_about_a_series_are_no_values(read_text, lines):
    """What an office tells about its series stands between the names and the first year; the values are numbers."""
    value = "{}-01-01;{},5;\n" if ";" in lines else '"{}","{}.5"\n'
    values = "".join(value.format(1990 + k, k + 1) for k in range(20))

    read = read_text(lines + values)

    assert len(read.rows()) == 20
    assert read.values(read.names[1])[:2] == [1.5, 2.5]
    assert read.receipt.header_row == 1
    assert read.receipt.skipped_count == lines.count("\n") - 1


def test_total_above_the_years_is_no_line_about_them(read_text):
    """It holds a number, and is a row like the others."""
    read = read_text("year,n\nunknown,7\n" + "".join(f"{1990 + k},{k}\n" for k in range(20)))

    assert len(read.rows()) == 21


def test_statement_whose_items_have_no_name(read_text):
    """An accounting program names the amounts alone, and puts the first heading right below."""
    text = (
        ",\nAcme LLC,\nProfit and Loss,\n,\n,Total\nIncome,\n   Sales,120000.00\n   Services,30500.00\n"
        "Total Income,$150500.00\nCost of Goods,\n   Materials,50000.00\nTotal Cost of Goods,$50000.00\n"
        "Gross Profit,$100500.00\n"
    )

    read = read_text(text)

    assert read.names[1:] == ["Total", "Section"]
    assert read.values("Total") == [120000.0, 30500.0, 50000.0]
    assert read.values("Section") == ["Income", "Income", "Cost of Goods"]


def test_sums_above_their_rows_are_no_records(read_text):
    """A pivot puts each group's sum beside its label; the rows below, which leave the label out, are given it."""
    text = (
        "Region,City,Sales\nNorth,,300\n,Oslo,100\n,Bergen,200\nSouth,,510.5\n,Rome,250\n,Naples,260.5\nTotal,,810.5\n"
    )

    read = read_text(text)

    assert read.rows() == [
        ("North", "Oslo", 100.0), ("North", "Bergen", 200.0), ("South", "Rome", 250.0), ("South", "Naples", 260.5),
    ]  # fmt: skip
    assert [note.line for note in read.receipt.skipped] == [2, 5, 8]
    assert "beside the sums of groups" in read.receipt.notes[0]


def test_indented_rows_below_their_sum(read_text):
    """The parts stand below it with blanks in front; they keep its label as a column."""
    text = "Category,Amount\nAssets,1000\n  Cash,400\n  Receivables,600\nLiabilities,500\n  Loans,500\n"

    read = read_text(text)

    assert read.rows() == [("Cash", 400, "Assets"), ("Receivables", 600, "Assets"), ("Loans", 500, "Liabilities")]


def test_rows_that_are_no_sums_of_those_below_stay(read_text):
    """Without the sums they are records like the others."""
    text = "Region,City,Sales\nNorth,,300\n,Oslo,101\n,Bergen,200\nSouth,,500\n,Rome,250\n,Naples,250\n"

    assert len(read_text(text).rows()) == 6


@pytest.mark.parametrize(
    "line", ["Glucose Data,Generated on,01-02-2024 10:11 UTC,Generated by,Ann Lee", "User,Ann Lee,abc-123"]
)
def test_settings_right_above_the_names_are_no_part_of_them(read_text, line):
    """A line that stops before the names do is no row of groups."""
    rows = "".join(f"Libre,AB-12,{k % 12 + 1:02d}:15,{k % 2},{70 + k},{80 + k},\n" for k in range(20))

    read = read_text(f"{line}\nDevice,Serial,Clock,Record,Historic,Scan,Notes\n{rows}")

    assert read.names == ["Device", "Serial", "Clock", "Record", "Historic", "Scan", "Notes"]
    assert read.receipt.header_row == 2


def test_third_line_of_names_with_blanks(read_text):
    """A logger tells name, unit, and how it was measured, the last not of every column."""
    rows = "".join(f'"2024-01-{k:02d} 10:00:00",{k},{k}.5,{20 + k}\n' for k in range(1, 20))
    head = "TOA5,Station1,CR1000,12345,Table1\nTIMESTAMP,RECORD,BattV,RH\nTS,RN,Volts,%\n,,Avg,Smp\n"

    read = read_text(head + rows)

    assert read.names == ["TIMESTAMP: TS", "RECORD: RN", "BattV: Volts: Avg", "RH: %: Smp"]
    assert len(read.rows()) == 19
    assert read.values("BattV: Volts: Avg")[0] == 1.5


def test_title_above_quoted_cells_does_not_make_one_column(read_text):
    """A broker writes a title, quotes around every cell and a delimiter at the end of each line."""
    rows = "".join(f'"SY{k}","Company {k}","{k}","$1,{k:03d}.50",\n' for k in range(10, 30))

    read = read_text(f'"Positions as of 10:11 AM ET, 2024/02/01"\n\n"Symbol","Name","Qty","Value",\n{rows}')

    assert read.names == ["Symbol", "Name", "Qty", "Value"]
    assert read.values("Value")[0] == 1010.5


def test_single_blanks_between_full_columns(read_text):
    """Programs that print numbers on the right leave one blank; the names beside each other part the columns."""
    rows = "".join(
        f"{k:<3} {('North', 'South')[k % 2]:>6} {k * 1.5 + 70:>6.1f} 2024-01-{k + 1:02d}\n" for k in range(20)
    )

    read = read_text(f"    region  sales       date\n{rows}\n[20 rows x 3 columns]\n", name="out.txt")

    assert read.names == ["column_1", "region", "sales", "date"]
    assert read.rows()[1] == (1, "South", 71.5, date(2024, 1, 2))
    assert len(read.rows()) == 20


def test_apostrophe_that_keeps_zeros_opens_no_quote(read_text):
    """Shops write '02134 so that a spreadsheet keeps the zero; nothing closes it, so it is no quote."""
    read = read_text("order,city,zip\n" + "".join(f"{k},Boston,'0{2100 + k}\n" for k in range(20)))

    assert read.receipt.quote == '"'
    assert not any("quote" in note for note in read.receipt.notes)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("Acme Inc\nBalance Sheet\n,2023,2024\nAssets,,\n", id="the years above the first heading"),
        pytest.param("Assets,2023,2024\n", id="the years beside the first heading"),
    ],
)
def test_balance_sheets_keep_all_their_sides(read_text, head):
    """Assets are a section like the others, the years name the columns, and equity of one item is no balance."""
    text = (
        f"{head}Cash,100,120\nReceivables,50,60\nTotal Assets,150,180\nLiabilities,,\nLoans,80,90\nPayables,20,25\n"
        "Total Liabilities,100,115\nEquity,,\nCapital,50,65\nTotal Equity,50,65\n"
    )

    read = read_text(text)

    assert read.names[1:] == ["2023", "2024", "Section"]
    assert read.values("Section") == ["Assets", "Assets", "Liabilities", "Liabilities", "Equity"]


ADDED_COLUMNS = "".join(f"R{n},P{n % 3},{n},{n * 1.5},{n % 4},{100 + n}\n" for n in range(12))


@pytest.mark.parametrize("head", ["region,product,units", "region,product,units,,,"])
def test_header_that_names_only_the_columns_at_the_left(read_text, head):
    """Columns that somebody added to a sheet without a name are called by their number; the names that are, stay."""
    read = read_text(f"{head}\n{ADDED_COLUMNS}")

    assert read.names == ["region", "product", "units", "column_4", "column_5", "column_6"]
    assert (read.receipt.header_row, read.table.row_count) == (1, 12)
    assert "up to “units”" in read.receipt.notes[0]


@pytest.mark.parametrize("head", ["Sales,March", "Report:,Sales,March", "Shop 4,open,2024-03-01"])
def test_title_in_several_cells_names_no_columns(read_text, head):
    """Two words above texts, a label with its colon and a day are no names."""
    read = read_text(f"{head}\n{ADDED_COLUMNS}")

    assert read.names[0] == "column_1"
    assert read.receipt.skipped[0].line == 1


def test_years_above_a_statement_without_headings_name_its_columns(read_text):
    """A cash flow statement has no name above its items; its sums of cash are no items."""
    rows = [
        "Cash flow statement,,", ",2023,2022", "Net income,100,90", "Depreciation,20,18", "Change in receivables,-10,5",
        "Net cash from operating activities,110,113", "Capital expenditure,-40,-30", "Sale of equipment,5,0",
        "Net cash used in investing activities,-35,-30", "Dividends paid,-20,-15", "Loans,10,0",
        "Net cash from financing activities,-10,-15", "Net increase in cash,65,68",
    ]  # fmt: skip
    read = read_text("\n".join(rows))

    assert read.names == ["column_1", "2023", "2022"]
    assert read.values("2023") == [100, 20, -10, -40, 5, -20, 10]
    assert [note.reason for note in read.receipt.skipped[1:]] == ["total row: it would count everything twice"] * 4


@pytest.mark.parametrize("cells", ["early", "8"])
def test_days_above_a_roster_name_its_columns(read_text, cells):
    """Days that only rise behind a first name are names, above words as well as above hours."""
    head = ",".join(f"2024-01-0{day}" for day in range(1, 8))
    rows = "".join(
        f"Person {n},{','.join([cells, '', 'free' if cells == 'early' else '4'] * 2)},{cells}\n" for n in range(6)
    )

    assert read_text(f"Name,{head}\n{rows}").names == ["Name", *head.split(",")]


def test_lines_about_a_series_padded_to_its_width_are_no_years(read_text):
    """Below years, words alone in the first cell say where the figures are from; the years stay years."""
    rows = "".join(f"{2000 + n},{n}.5\n" for n in range(8))
    read = read_text(f"Year,GDP\n{rows}Source: World Bank,\nFigures of May,\n")

    assert read.values("Year") == list(range(2000, 2008))
    assert [note.text for note in read.receipt.skipped] == ["Source: World Bank", "Figures of May"]


def test_codes_explained_below_the_table_are_no_records(read_text):
    """A heading that opens the list, then a code and its meaning a line; the numbers of the table stop before it."""
    rows = "AUT,Austria,5\nBEL,Belgium,6\nCHE,Switzerland,7\nDEU,Germany,8\n"
    read = read_text(f"Code,Label,Value\n{rows}Codes,,\ne,estimated,\np,provisional,\n")

    assert read.values("Code") == ["AUT", "BEL", "CHE", "DEU"]
    assert read.receipt.skipped_count == 3


def test_last_rows_without_a_number_are_records(read_text):
    """Who has no score yet is in the list all the same."""
    read = read_text("name,score\nAnn,5\nBob,6\nCid,7\nDan,8\nEve,9\nZoe,\n")

    assert read.values("score") == [5, 6, 7, 8, 9, None]


@pytest.mark.spec("A5")
@pytest.mark.parametrize(
    "below",
    [
        ["Subtotal,,400.00", "VAT 19%,,76.00", "Total,,476.00"],
        ["Subtotal,,400.00", "GST 5%,,20.00", "PST tax,,28.00", "Total due,,448.00"],
        ["Nettobetrag,,400.00", "zzgl. 19 % MwSt.,,76.00", "Rechnungsbetrag,,476.00"],
        ["Total HT,,400.00", "TVA 20 %,,80.00", "Total TTC,,480.00"],
    ],
    ids=["VAT", "two taxes", "German", "French"],
)
def test_tax_between_two_sums_is_no_item(read_text, below):
    """What an invoice adds to the sum of its items is none of them, and is told among the lines left out."""
    read = read_text("\n".join(["item,quantity,amount", "chair,2,100.00", "desk,1,240.00", "lamp,3,60.00", *below]))

    assert read.values("item") == ["chair", "desk", "lamp"]
    assert [note.line for note in read.receipt.skipped] == list(range(5, 5 + len(below)))


@pytest.mark.spec("A5")
def test_tax_that_does_not_lead_to_the_next_sum_stays(read_text):
    """A label proves nothing: a budget's line of taxes is one of its records."""
    read = read_text(
        "item,quantity,amount\nchair,2,100.00\ndesk,1,240.00\nSubtotal,,340.00\ntax advice,1,60.00\nlamp,1,20.00\n"
        "Total,,420.00\n"
    )

    assert read.values("item") == ["chair", "desk", "tax advice", "lamp"]


@pytest.mark.spec("A5")
@pytest.mark.parametrize("header", ['income","foodexp"', 'income,"foodexp', 'income,foodexp"'])
def test_quote_that_nothing_opens_or_closes_is_no_part_of_a_name(read_text, header):
    """A header written by hand loses quotes; the names are those that were meant."""
    rows = "".join(f"{420 + n}.15,{255 + n}.83\n" for n in range(12))

    read = read_text(f"{header}\n{rows}")

    assert read.names == ["income", "foodexp"]
    assert len(read.rows()) == 12


@pytest.mark.spec("A5")
def test_inches_in_a_name_stay(read_text):
    """Behind a number the quote is a unit."""
    read = read_text('model,screen 15"\n' + "".join(f"m{n},{n}\n" for n in range(12)))

    assert read.names == ["model", 'screen 15"']


HEADS = {
    "names below the years": (
        "region,2023,,2024,,total\n,sales,units,sales,units,\n",
        ["region", "2023: sales", "2023: units", "2024: sales", "2024: units", "total"],
    ),
    "years below a name": (
        "region,sales,,costs,,note\n,2023,2024,2023,2024,\n",
        ["region", "sales: 2023", "sales: 2024", "costs: 2023", "costs: 2024", "note"],
    ),
    "a name that only the second row has": (
        "region,,sales,,,total\n,store,Q1,Q2,Q3,\n",
        ["region", "store", "sales: Q1", "sales: Q2", "sales: Q3", "total"],
    ),
    "groups said above each column, the key below": (
        ",sales,sales,costs,costs,total\n,2023,2024,2023,2024,all\nregion,,,,,\n",
        ["region", "sales: 2023", "sales: 2024", "costs: 2023", "costs: 2024", "total: all"],
    ),
    "three rows": (
        "region,2023,,,,total\n,H1,,H2,,\n,men,women,men,women,\n",
        ["region", "2023: H1: men", "2023: H1: women", "2023: H2: men", "2023: H2: women", "total"],
    ),
}


@pytest.mark.spec("A2")
@pytest.mark.parametrize(("head", "names"), HEADS.values(), ids=HEADS)
def test_rows_that_name_the_columns_only_together(read_text, head, names):
    """Some labels are groups of those below them, others stand alone: no row names all columns."""
    rows = "".join(f"R{n},{100 + n},{n},{200 + n},{2 * n},{300 + n}\n" for n in range(8))

    read = read_text(f"{head}{rows}")

    assert (read.names, len(read.rows())) == (names, 8)


@pytest.mark.spec("A2")
def test_rows_of_names_above_texts_alone(read_text):
    """Texts of their own below every name tell the names from the first record, where nothing is a number."""
    rows = "".join(f"S{n},{'ab'[n % 2]},{'ABCD'[n % 4]},{'DCBA'[n % 4]}\n" for n in range(8))

    read = read_text(f"pupil,class,grades,\n,,maths,art\n{rows}")

    assert (read.names, len(read.rows())) == (["pupil", "class", "grades: maths", "grades: art"], 8)


@pytest.mark.spec("A2")
def test_a_first_record_with_gaps_names_nothing(read_text):
    """A record that has a year where the header has no name is a record: years stand below it as well."""
    read = read_text("region,,note\n,2019,\n" + "".join(f"R{n},{2000 + n},x{n}\n" for n in range(8)))

    assert (read.names, len(read.rows())) == (["region", "column_2", "note"], 9)
