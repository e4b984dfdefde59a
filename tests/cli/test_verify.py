"""`datapilot verify`: exit 0 when every claim stands, 1 when one does not, and a sentence when it cannot tell."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run, refused

from datapilot import __version__

TABLE = "region,amount\n" + "".join(f"{'North' if row % 3 else 'South'},{row * 7 % 90}\n" for row in range(60))


@pytest.fixture
def result(folder: Path, run: Run) -> dict[str, Any]:
    """The result of a table, both lying in the folder."""
    (folder / "sales.csv").write_text(TABLE)
    run("analyze", "sales.csv", "--json", "result.json")
    report: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return report


@pytest.mark.spec("C5")
def test_true_result_is_confirmed(result: dict[str, Any], run: Run) -> None:
    """The last line counts the claims, and all of them stand."""
    told = run("verify", "result.json", "sales.csv")

    confirmed, _, claims = told.out.partition(" claims verified.")[0].partition(" of ")
    assert (told.status, told.err) == (0, "")
    assert confirmed == claims
    assert int(claims.replace(",", "")) > 50


@pytest.mark.spec("C5")
def test_changed_figure_is_found(result: dict[str, Any], folder: Path, run: Run) -> None:
    """One wrong number is named with what the file says, and the exit status is 1."""
    result["kpis"]["numericStats"]["amount"]["max"] = 1_000_000
    (folder / "result.json").write_text(json.dumps(result))

    told = run("verify", "result.json", "sales.csv")

    assert (told.status, told.err) == (1, "")
    assert "kpis.numericStats.amount.max: stated 1000000" in told.out
    assert "recomputed 87" in told.out


@pytest.mark.spec("C5")
def test_changed_file_is_found(result: dict[str, Any], folder: Path, run: Run) -> None:
    """A result does not stand for another file; the list of what differs is kept short, the count is true."""
    (folder / "sales.csv").write_text(TABLE.replace("South", "East") * 2)

    told = run("verify", "result.json", "sales.csv")

    lines = told.out.splitlines()
    assert told.status == 1
    assert len(lines) <= 21
    assert lines[-1].endswith(" claims verified.")


@pytest.mark.spec("C5")
def test_result_without_the_fields_of_today_stands(result: dict[str, Any], folder: Path, run: Run) -> None:
    """An older version knew fewer fields. What it does not say cannot be false; that it was another one is told."""
    for column in result["schema"]:
        del column["label"]
    del result["columnsTold"]
    del result["together"]
    (folder / "result.json").write_text(json.dumps(result))

    told = run("verify", "result.json", "sales.csv")

    lines = told.out.splitlines()
    assert (told.status, told.err) == (0, "")
    assert lines[0] == "Another version of DataPilot made this result."
    assert "the result does not: 4, from schema.0.label on. That is no mismatch." in lines[1]


@pytest.mark.spec("C5")
def test_wrong_figure_of_another_version_is_found(result: dict[str, Any], folder: Path, run: Run) -> None:
    """Another version is no excuse: what it does state is recomputed, and the exit status is 1."""
    result["schemaVersion"] = "0.9"
    result["kpis"]["numericStats"]["amount"]["max"] = 1_000_000
    (folder / "result.json").write_text(json.dumps(result))

    told = run("verify", "result.json", "sales.csv")

    lines = told.out.splitlines()
    assert (told.status, told.err) == (1, "")
    assert "kpis.numericStats.amount.max: stated 1000000" in lines[0]
    assert "its schema version is 0.9, this one writes 1.0." in lines[1]
    assert "may come of rules that have changed since" in lines[2]


@pytest.mark.spec("B1", "C5")
def test_version_that_made_a_result_is_told(result: dict[str, Any], folder: Path, run: Run) -> None:
    """A result says which version's rules made it, so that a rule that has changed is not taken for a false figure."""
    assert result["madeBy"] == __version__
    result["madeBy"] = "0.0.9"
    result["kpis"]["cards"] = result["kpis"]["cards"][:1]
    (folder / "result.json").write_text(json.dumps(result))

    told = run("verify", "result.json", "sales.csv")

    assert told.status == 1
    assert f"DataPilot 0.0.9 made this result; this is {__version__}.\nWhat differs may come of rules" in told.out


def test_mismatch_commands_no_terminal(result: dict[str, Any], folder: Path, run: Run) -> None:
    """What a tampered result states is a stranger's text."""
    result["insights"]["businessSummary"][0] = "\x1b[2JAll is well\nerror none: 0 of 0"
    (folder / "result.json").write_text(json.dumps(result))

    told = run("verify", "result.json", "sales.csv")

    assert told.status == 1
    assert "\x1b" not in told.out
    assert "\nerror none" not in told.out


@pytest.mark.parametrize(
    "content",
    [b"", b"region,amount\nNorth,1\n", b"{}", b"[1, 2]", b'{"schemaVersion": "1.0"', b"\x89PNG\r\n\x1a\n\x00\xff"],
    ids=["nothing", "the table", "an empty object", "a list", "half a result", "a picture"],
)
def test_what_is_no_result_is_told(content: bytes, folder: Path, run: Run) -> None:
    """Not a mismatch, but a wrong call: exit status 2, and how a result is made."""
    (folder / "sales.csv").write_text(TABLE)
    (folder / "other.json").write_bytes(content)

    sentence = refused(run("verify", "other.json", "sales.csv"), "invalid_option", status=2)

    assert sentence.startswith("other.json is no result of this version. ")
    assert "datapilot analyze FILE --json OUT" in sentence


@pytest.mark.parametrize("arguments", [("no.json", "sales.csv"), ("result.json", "no.csv"), (".", "sales.csv")])
def test_missing_file_is_told(arguments: tuple[str, str], result: dict[str, Any], run: Run) -> None:
    """Either of the two."""
    refused(run("verify", *arguments), "missing_file")


def test_file_that_lost_a_column_is_told(result: dict[str, Any], folder: Path, run: Run) -> None:
    """Measures of a column that is gone cannot be computed: they are mismatches, not a crash."""
    (folder / "sales.csv").write_text("region,other\nNorth,1\nSouth,2\n")

    told = run("verify", "result.json", "sales.csv")

    assert (told.status, told.err) == (1, "")
