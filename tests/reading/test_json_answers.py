"""Answers of services, whose table stands in disguise, are the table that a person sees in them."""

import json
from datetime import date, datetime

import pytest

from datapilot.contracts.errors import NotATable

pytestmark = pytest.mark.spec("A2")

CHART = {
    "cols": [
        {"id": "A", "label": "Region", "type": "string"},
        {"id": "B", "label": "", "type": "date"},
        {"id": "C", "label": "Sales"},
    ],
    "rows": [
        {"c": [{"v": "North"}, {"v": "Date(2024,0,31)", "f": "31.01."}, {"v": 1.5, "f": "$1.50"}]},
        {"c": [{"v": "South"}, {"v": "Date(2024,1,1)"}, None]},
    ],
}
SERIES = [
    {"metric": {"job": job}, "values": [[1435781430.781 + k, str(k * 1.5)] for k in range(3)]} for job in ("a", "b")
]
PORTAL = {
    "meta": {"view": {"columns": [{"name": "sid", "dataTypeName": "meta_data"}, {"name": "Kind"}, {"name": "Cost"}]}},
    "data": [[f"row-{k}", f"kind {k}", str(100 * k)] for k in range(5)],
}


@pytest.mark.parametrize(
    ("document", "names", "rows", "second"),
    [
        ({"status": "ok", "table": CHART}, ["Region", "B", "Sales"], 2, ("South", date(2024, 2, 1), None)),
        (CHART, ["Region", "B", "Sales"], 2, ("South", date(2024, 2, 1), None)),
        (
            {
                "schema": {"fields": [{"name": "w"}, {"name": "n"}]},
                "rows": [{"f": [{"v": w}, {"v": "5"}]} for w in "abc"],
            },
            ["w", "n"],
            3,
            ("b", 5),
        ),
        (
            {
                "dimensionHeaders": [{"name": "town"}],
                "metricHeaders": [{"name": "users"}],
                "rows": [
                    {"dimensionValues": [{"value": t}], "metricValues": [{"value": "7"}]} for t in ("Rome", "Oslo")
                ],
            },
            ["town", "users"],
            2,
            ("Oslo", 7),
        ),
        (
            {"status": "success", "data": {"resultType": "matrix", "result": SERIES}},
            ["job", "time", "value"],
            6,
            ("a", datetime.fromisoformat("2015-07-01T20:10:31.781"), 1.5),
        ),
        (
            {
                "data": {
                    "resultType": "vector",
                    "result": [{"metric": {"job": j}, "value": [1435781430.5, "2.5"]} for j in "ab"],
                }
            },
            ["job", "time", "value"],
            2,
            ("b", datetime.fromisoformat("2015-07-01T20:10:30.500"), 2.5),
        ),
        (
            {
                "results": [
                    {
                        "series": [
                            {
                                "name": "cpu",
                                "tags": {"host": h},
                                "columns": ["n", "use"],
                                "values": [[1, 2.5], [2, 3.5]],
                            }
                            for h in "ab"
                        ]
                    }
                ]
            },
            ["host", "n", "use"],
            4,
            ("a", 2, 3.5),
        ),
        (PORTAL, ["Kind", "Cost"], 5, ("kind 1", 100)),
        (
            {"columns": ["x", "y"], "index": ["r1", "r2"], "data": [[1, 2.5], [3, 4.5]]},
            ["index", "x", "y"],
            2,
            ("r2", 3, 4.5),
        ),
        ({"columns": ["x", "y"], "index": [0, 1], "data": [[1, 2.5], [3, 4.5]]}, ["x", "y"], 2, (3, 4.5)),
        (
            {
                "labels": ["Jan", "Feb"],
                "datasets": [{"label": "A", "data": [1, 2]}, {"label": "B", "data": [3.5, 4.5]}],
            },
            ["label", "A", "B"],
            2,
            ("Feb", 2, 4.5),
        ),
        (
            [{"page": 1, "total": 2}, [{"date": "2020-01-01", "n": 1}, {"date": "2020-02-01", "n": 2}]],
            ["date", "n"],
            2,
            (date(2020, 2, 1), 2),
        ),
        (
            {
                "resources": [
                    {"name": "small", "data": [{"a": 1}]},
                    {"name": "big", "data": [{"b": k * 1.5} for k in range(4)]},
                ]
            },
            ["b"],
            4,
            (1.5,),
        ),
        (
            {"hits": {"total": 2, "hits": [{"_id": w, "_source": {"name": w * 2, "_id": 5}} for w in ("x", "y")]}},
            ["_id", "name", "_source._id"],
            2,
            ("y", "yy", 5),
        ),
        (
            {"series": [{"id": s, "data": [{"year": "2024", "n": k * 1.5} for k in range(3)]} for s in "CL"]},
            ["id", "year", "n"],
            6,
            ("C", 2024, 1.5),
        ),
        (
            {"chart": {"result": [{"meta": {"at": "X"}, "t": [1, 2, 3], "quote": [{"open": [1.5, 2.5, 3.5]}]}]}},
            ["t", "open"],
            3,
            (2, 2.5),
        ),
        ([{"_id": {"$oid": w}, "n": {"$numberLong": "5"}} for w in ("5f01", "5f02")], ["_id", "n"], 2, ("5f02", 5)),
        (
            {"Items": [{"id": {"S": w}, "n": {"N": "1.5"}, "gone": {"NULL": True}} for w in ("x", "y")]},
            ["id", "n", "gone"],
            2,
            ("y", 1.5, None),
        ),
    ],
    ids=[
        "Google's answer",
        "Google's table",
        "BigQuery",
        "Google Analytics",
        "Prometheus, ranges",
        "Prometheus, moments",
        "InfluxDB",
        "Socrata",
        "pandas, split",
        "pandas, split without labels",
        "Chart.js",
        "pages",
        "data package",
        "Elasticsearch",
        "series",
        "lists side by side",
        "MongoDB",
        "DynamoDB",
    ],
)
def test_table_in_disguise_is_unfolded(read_text, document, names, rows, second):
    """Names, labels and values are put together from where they stand, and the receipt says from where."""
    read = read_text(json.dumps(document), name="answer.json")

    assert read.names == names
    assert len(read.rows()) == rows
    assert read.rows()[1] == second
    assert read.receipt.notes or names == ["_id", "n"]


@pytest.mark.parametrize(
    "around", ["/*O_o*/\ngoogle.visualization.Query.setResponse({});", ")]}}'\n{}", "var rows = {};", "cb({})"]
)
def test_json_that_a_page_loads_is_read(read_text, around):
    """A call, a variable or a guard around it is taken off."""
    read = read_text(around.format(json.dumps({"rows": [{"a": 1}, {"a": 2}]})), name="answer.json")

    assert read.values("a") == [1, 2]


def test_orders_with_lines_keep_a_row_an_order(read_text):
    """Amounts beside a list would count once a line, so the list stays in its cell."""
    orders = [{"id": f"A{k}", "total": 10.5 * k, "lines": [{"sku": "x"}, {"sku": "y"}]} for k in range(3)]

    assert len(read_text(json.dumps(orders), name="orders.json").rows()) == 3


def test_data_package_with_rows_as_lists(read_text):
    """The first of them names the columns."""
    package = {"resources": [{"name": "s", "data": [["id", "name"], [7, "x"], [8, "y"]]}]}

    read = read_text(json.dumps(package), name="datapackage.json")

    assert (read.names, read.rows()) == (["id", "name"], [(7, "x"), (8, "y")])


def test_data_package_without_data_names_the_file_to_upload(read_text):
    """The description of a table is none."""
    with pytest.raises(NotATable, match=r"Upload the file that it names: sales\.csv"):
        read_text(json.dumps({"name": "p", "resources": [{"name": "s", "path": "sales.csv"}]}), name="datapackage.json")


def test_pages_of_a_notebook_are_rows_of_their_properties(read_text):
    """Notion wraps each value in its type, its style and its colour."""
    pages = [
        {
            "object": "page",
            "id": f"p{k}",
            "properties": {
                "Name": {"id": "t", "type": "title", "title": [{"plain_text": "Task "}, {"plain_text": str(k)}]},
                "Price": {"id": "a", "type": "number", "number": k * 2.5},
                "Status": {"id": "b", "type": "select", "select": {"name": ("Open", "Done")[k % 2], "color": "red"}},
                "Due": {"id": "c", "type": "date", "date": {"start": f"2024-02-0{k + 1}", "end": None}},
                "Tags": {"id": "d", "type": "multi_select", "multi_select": [{"name": "x"}, {"name": "y"}]},
                "Sum": {"id": "e", "type": "formula", "formula": {"type": "number", "number": k}},
                "Note": {"id": "f", "type": "rich_text", "rich_text": []},
            },
        }
        for k in range(4)
    ]

    read = read_text(json.dumps({"object": "list", "results": pages}), name="notes.json")

    assert read.names == ["id", "Name", "Price", "Status", "Due", "Tags", "Sum", "Note"]
    assert read.rows()[1] == ("p1", "Task 1", 2.5, "Done", date(2024, 2, 2), "x, y", 1, None)


def test_moments_in_milliseconds_are_dates(read_text):
    """Microsoft's older services write them so, and send links in place of what they leave out."""
    rows = [
        {"__metadata": {"uri": "https://x.example/1"}, "id": k, "at": f"/Date({836438400000 + k * 86400000})/",
         "customer": {"__deferred": {"uri": "https://x.example/2"}}}
        for k in range(4)
    ]  # fmt: skip

    read = read_text(json.dumps({"d": {"results": rows}}), name="orders.json")

    assert read.names == ["id", "at"]
    assert read.values("at")[1] == date(1996, 7, 5)


def test_sizes_are_no_marks_of_type(read_text):
    """A stock of shirts in S and L has nothing to do with DynamoDB."""
    rows = [{"red": {"S": k}, "blue": {"L": k + 1}} for k in range(3)]

    assert read_text(json.dumps(rows), name="stock.json").names == ["red.S", "blue.L"]


def test_what_is_nested_hundreds_deep_is_kept_as_it_stands(read_text):
    """No service nests so deep: such a cell holds no marks of type, and does not stop the file."""
    deep = "[" * 900 + "1" + "]" * 900

    assert read_text(f'[{{"x": 1, "a": {deep}}}, {{"x": 2, "a": 3}}]', name="t.json").values("x") == [1, 2]
