"""JSON of every table-like shape is read; JSON that is broken is refused with the place of the fault."""

import json

import pytest

from datapilot.contracts.errors import EmptyFile, ExpandsTooFar, InvalidJson, NotATable

pytestmark = pytest.mark.spec("A2")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]', id="list of records"),
        pytest.param('{"a": [1, 2], "b": ["x", "y"]}', id="object of lists"),
        pytest.param('{"data": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}], "count": 2}', id="envelope"),
        pytest.param('{"response": {"items": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]}}', id="envelope in an envelope"),
        pytest.param('[["a", "b"], [1, "x"], [2, "y"]]', id="list of rows with a header"),
        pytest.param('{"a": {"0": 1, "1": 2}, "b": {"0": "x", "1": "y"}}', id="columns keyed by row"),
        pytest.param('\ufeff[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]', id="byte order mark"),
    ],
)
def test_shapes_of_tables(read_text, text):
    """Whatever the shape, the same table comes out."""
    read = read_text(text, name="t.json")

    assert read.names == ["a", "b"]
    assert read.rows() == [(1, "x"), (2, "y")]


@pytest.mark.parametrize("name", ["t.jsonl", "t.ndjson", "t.json", "t.txt"])
def test_json_lines(read_text, name):
    """One record a line is read under any name; records need not have the same fields."""
    read = read_text('{"a": 1, "b": "x"}\n{"a": 2, "c": 2.5}\n', name=name)

    assert read.names == ["a", "b", "c"]
    assert read.rows() == [(1, "x", None), (2, None, 2.5)]
    assert read.receipt.file_type == "jsonl"


def test_nested_records_become_dotted_columns(read_text):
    """Fields of fields are named by their path; lists stay JSON."""
    read = read_text(
        json.dumps([{"id": 1, "who": {"name": "A", "at": {"city": "Oslo"}}, "tags": ["x", "y"]}] * 3), name="t.json"
    )

    assert read.names == ["id", "who.name", "who.at.city", "tags"]
    assert read.values("tags")[0] == '["x", "y"]'


def test_numbers_as_text_become_numbers(read_text):
    """Amounts written as text with separators are amounts."""
    read = read_text(json.dumps([{"y": "45,571,090"}, {"y": "-3,000"}, {"y": "0"}]), name="t.json")

    assert read.values("y") == [45571090, -3000, 0]


def test_path_of_the_list_is_said(read_text):
    """The receipt names the list that was taken for the table."""
    read = read_text('{"meta": {"n": 2}, "results": [{"a": 1}, {"a": 2}]}', name="t.json")

    assert any("results" in note for note in read.receipt.notes)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[{"a": 1}, {"a": 2},]', "line 1"),
        ('[{"a": 1}\n {"a": 2}]', "line 2, column 2"),
        ("[{'a': 1}]", "line 1, column 3"),
        ('[{"a": NaN}]', "NaN"),
        ('[{"a": Infinity}]', "Infinity"),
        ('{"a": [1, 2', "line 1"),
        ('[{"a": 01}]', "line 1"),
        ("[" * 100_000, "nested too deeply"),
    ],
    ids=["trailing comma", "missing comma", "single quotes", "NaN", "Infinity", "cut off", "leading zero", "brackets"],
)
@pytest.mark.spec("A4")
def test_broken_json_is_refused_with_the_place(read_text, text, place):
    """The message says where to look; nothing is invented."""
    with pytest.raises(InvalidJson, match=place):
        read_text(text, name="t.json")


@pytest.mark.parametrize("text", ["true", "[]", '"text"', "{}", "12", "null"])
@pytest.mark.spec("A4")
def test_json_without_records_is_no_table(read_text, text):
    """Valid JSON that holds no records is told from broken JSON."""
    with pytest.raises(NotATable, match="valid JSON"):
        read_text(text, name="t.json")


@pytest.mark.spec("A4")
def test_bytes_that_are_not_unicode_are_refused(read_text):
    """JSON is Unicode; a stray byte is named by its position."""
    with pytest.raises(InvalidJson, match="position 8"):
        read_text(b'[{"a": "\xe9"}]', name="t.json")


@pytest.mark.spec("A4")
def test_blank_json_is_empty(read_text):
    """White space alone is an empty file."""
    with pytest.raises(EmptyFile):
        read_text("  \n ", name="t.json")


def test_half_a_surrogate_pair_does_not_stop_the_file(read_text):
    """An escape that is no character becomes the replacement character."""
    assert read_text('[{"a": "x\\ud800y"}, {"a": "z"}]', name="t.json").values("a")[0] == "x\ufffdy"


def test_whole_numbers_beyond_the_engine_keep_their_digits(read_text):
    """Digits are never rounded away."""
    read = read_text('[{"id": 123456789012345678901234567890}, {"id": 223456789012345678901234567891}]', name="t.json")

    assert read.values("id")[0] == "123456789012345678901234567890"


def _feature(properties, geometry, **others):
    return {"type": "Feature", "properties": properties, "geometry": geometry, **others}


def test_a_map_of_points_is_the_table_of_its_properties(read_text):
    """What is said of each place is the table; where a point is stands in two columns, and the receipt says so."""
    places = [
        _feature({"name": n, "bikes": k}, {"type": "Point", "coordinates": [9.5 + k, 51]}) for k, n in enumerate("AB")
    ]

    read = read_text(json.dumps({"type": "FeatureCollection", "features": places}), name="stations.geojson")

    assert read.names == ["name", "bikes", "longitude", "latitude"]
    assert read.rows() == [("A", 0, 9.5, 51), ("B", 1, 10.5, 51)]
    assert any("GeoJSON" in note and "longitude and latitude" in note for note in read.receipt.notes)


def test_places_without_geometry_have_no_column_of_it(read_text):
    """A map that says of no place where it is, is the table of its properties."""
    places = [_feature({"a": k}, None) for k in range(3)]

    assert read_text(json.dumps(places), name="t.json").names == ["a"]


def test_outlines_of_a_map_are_left_out_and_said(read_text):
    """Of an area only its kind is kept; a property that is called like a column of ours stays."""
    area = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    lines = [_feature({"geometry": "mine"}, area, id=7), _feature({"pop": 5}, area, id=8), _feature(None, None, id=9)]

    read = read_text("\n".join(map(json.dumps, lines)), name="areas.ndjson")

    assert read.names == ["id", "geometry", "pop"]
    assert read.values("geometry") == ["mine", "Polygon", None]
    assert any("2 Polygon" in note and "without coordinates" in note for note in read.receipt.notes)


def test_records_by_their_keys_inside_an_answer(read_text):
    """Rates by day are a table of days, whatever is said around them."""
    days = {f"2024-01-0{k}": {"USD": 1.0 + k / 100, "GBP": 0.8} for k in range(1, 6)}

    read = read_text(json.dumps({"base": "EUR", "rates": days}), name="rates.json")

    assert read.names == ["key", "USD", "GBP"]
    assert len(read.rows()) == 5
    assert "“rates”" in read.receipt.notes[0]


@pytest.mark.parametrize("names", [["day", "sold"], [{"name": "day", "type": "date"}, {"name": "sold"}]])
def test_rows_whose_names_stand_apart(read_text, names):
    """As pandas and data portals write tables: names in one list, rows of values in another."""
    document = {"columns": names, "index": [0, 1], "data": [["2024-01-01", 5], ["2024-01-02", 7]]}

    read = read_text(json.dumps(document), name="t.json")

    assert read.names == ["day", "sold"]
    assert read.values("sold") == [5, 7]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            '{"data": {"orders": {"edges": [{"node": {"n": 1}}, {"node": {"n": 2}}], "pageInfo": {"more": false}}}}',
            id="GraphQL",
        ),
        pytest.param(
            '{"meta": {"took": 3}, "answer": {"found": {"rows": [{"n": 1}, {"n": 2}]}}}', id="names of its own"
        ),
    ],
)
def test_list_wrapped_in_names_is_found(read_text, text):
    """However an answer is wrapped, the table is the longest list of records in it."""
    read = read_text(text, name="answer.json")

    assert [row[0] for row in read.rows()] == [1, 2]


GEOGRAPHY = {"label": "Country", "category": {"index": {"DE": 1, "AT": 0}, "label": {"AT": "Austria", "DE": "Germany"}}}
YEARS = {"category": {"index": ["2022", "2023"]}}
ONE_SEX = {"label": "Sex", "category": {"label": {"T": "Both"}}}


@pytest.mark.parametrize(
    "values", [[7.5, None, 9, 10], {"0": 7.5, "2": 9, "3": 10}], ids=["a list", "an object of those there are"]
)
def test_json_stat_is_a_row_per_value(read_text, values):
    """What statistical offices answer is unfolded: a column per dimension with the labels, and the value."""
    dataset = {"id": ["geo", "sex", "time"], "size": [2, 1, 2], "value": values,
               "dimension": {"geo": GEOGRAPHY, "sex": ONE_SEX, "time": YEARS}}  # fmt: skip
    read = read_text(json.dumps({"version": "2.0", "class": "dataset", **dataset}), name="stat.json")

    assert read.names == ["Country", "Sex", "time", "value"]
    assert [(row[0], row[2], row[3]) for row in read.rows()] == [
        ("Austria", 2022, 7.5), ("Germany", 2022, 9), ("Germany", 2023, 10),
    ]  # fmt: skip
    older = read_text(json.dumps({"dataset": dataset}), name="older.json")
    assert older.rows() == read.rows()


def test_json_stat_that_spans_too_much_is_refused(read_text):
    """Four dimensions of a hundred categories each would be a hundred million rows."""
    wide = {"category": {"index": [str(n) for n in range(100)]}}
    document = {"class": "dataset", "id": list("abcd"), "dimension": dict.fromkeys("abcd", wide), "value": [1]}

    with pytest.raises(ExpandsTooFar, match="100,000,000 values"):
        read_text(json.dumps(document), name="wide.json")


def test_records_by_their_keys_that_have_a_key_of_their_own(read_text):
    """Neither hides the other, also where the own one is an object and only some have it."""
    plain = {f"S{n}": {"key": f"x{n}", "units": n} for n in range(6)}
    nested = {f"S{n}": {"key": {"id": n}, "units": n} if n % 2 else {"units": n} for n in range(6)}
    told = {f"S{n}": {"key": f"S{n}", "units": n} for n in range(6)}

    assert read_text(json.dumps(plain), name="a.json").values("key 2") == [f"S{n}" for n in range(6)]
    assert read_text(json.dumps(plain), name="a.json").values("key") == [f"x{n}" for n in range(6)]
    assert read_text(json.dumps(nested), name="b.json").values("key 2") == [f"S{n}" for n in range(6)]
    assert read_text(json.dumps(told), name="c.json").names == ["key", "units"]


def test_lists_of_records_by_their_keys_are_one_table(read_text):
    """Prices by currency: all lists are read, and the key is a column; lists of other fields are other tables."""
    prices = {"EUR": [{"day": 1, "price": 1.5}, {"day": 2, "price": 1.75}], "USD": [{"day": 1, "price": 2.5}]}
    apart = {"orders": [{"id": 1, "total": 5}, {"id": 2, "total": 7}], "shops": [{"id": 1, "city": "Oslo"}]}

    assert read_text(json.dumps(prices), name="a.json").rows() == [
        ("EUR", 1, 1.5), ("EUR", 2, 1.75), ("USD", 1, 2.5),
    ]  # fmt: skip
    assert read_text(json.dumps(apart), name="b.json").names == ["id", "total"]


def test_values_one_after_the_other_over_several_lines(read_text):
    """As `jq` prints them: no list around them, and no value ends with its line."""
    text = "\n".join(json.dumps({"a": n, "b": {"c": n * 2}}, indent=2) for n in range(4))

    assert read_text(text, name="a.json").rows() == [(n, n * 2) for n in range(4)]
