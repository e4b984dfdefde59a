"""`datapilot analyze`: the report of a file without a server, and a sentence for every file that holds no table."""

import asyncio
import gzip
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run, environment, refused, spawn

from datapilot.actions.analyze_dataset import analyze_file, report_json
from datapilot.contracts.job import JobRequest
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.jobs.memory import MemoryJobs
from datapilot.storage.keys import result_key
from datapilot.storage.memory import MemoryStorage
from datapilot.worker.supervisor import Supervisor

SALES = "day,region,amount\n" + "".join(
    f"2024-{1 + row // 28:02}-{1 + row % 28:02},{'North' if row % 3 else 'South'},{100 + row * 7 % 90}.5\n"
    for row in range(120)
)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))
PROGRAM_FILE = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00>\x00" + bytes(range(256)) * 8


@pytest.fixture
def sales(folder: Path) -> Path:
    """A small table with a date, a category and an amount."""
    path = folder / "sales.csv"
    path.write_text(SALES)
    return path


def comparable(text: str) -> dict[str, Any]:
    """Return a result without what differs between two runs: the job's id and the times."""
    report: dict[str, Any] = json.loads(text)
    metadata = report["insights"]["metadata"] | {"seconds": 0}
    return report | {"jobId": "", "processedAt": "", "insights": report["insights"] | {"metadata": metadata}}


class TestReport:
    """What comes out."""

    def test_json_on_stdout_is_one_document_and_nothing_else(self, sales: Path, run: Run) -> None:
        """A script may pipe it on: one line of JSON, no banner, nothing on stderr."""
        told = run("analyze", sales, "--json", "-")

        report = json.loads(told.out)
        assert (told.status, told.err) == (0, "")
        assert told.out.count("\n") == 1
        assert (report["jobId"], report["fileInfo"]["name"], report["fileInfo"]["rows"]) == ("local", "sales.csv", 120)

    @pytest.mark.spec("H8")
    def test_page_is_one_file_with_the_report_in_it(self, sales: Path, run: Run, folder: Path) -> None:
        """--html OUT writes a page that needs no other file, and the summary says where."""
        told = run("analyze", sales, "--html", "page.html")

        page = (folder / "page.html").read_text(encoding="utf-8")
        embedded = page.partition('id="report">')[2].partition("</script>")[0]
        assert told.status == 0
        assert "The whole report is in page.html." in told.out
        assert json.loads(embedded)["fileInfo"]["name"] == "sales.csv"
        assert "<title>sales.csv: " in page

    def test_page_never_takes_the_place_of_the_data(self, sales: Path, run: Run) -> None:
        """--html with the file's own name is refused before anything is read."""
        told = run("analyze", sales, "--html", sales)

        assert told.status == 2
        assert sales.read_text() == SALES

    def test_json_in_a_file_is_the_same_document(self, sales: Path, run: Run, folder: Path) -> None:
        """--json OUT writes what --json - prints, and the summary says where."""
        printed = run("analyze", sales, "--json", "-")
        told = run("analyze", sales, "--json", "out.json")

        written = folder / "out.json"
        assert (told.status, told.err) == (0, "")
        assert "The whole report is in out.json." in told.out
        assert comparable(written.read_text(encoding="utf-8")) == comparable(printed.out)
        assert sorted(path.name for path in folder.iterdir()) == ["out.json", "sales.csv"]

    def test_file_gets_ordinary_rights(self, sales: Path, run: Run, folder: Path) -> None:
        """The report may be read by whoever may read what this user makes, not by him alone."""
        ordinary = folder / "ordinary"
        ordinary.touch()

        run("analyze", sales, "--json", "out.json")

        assert stat.S_IMODE((folder / "out.json").stat().st_mode) == stat.S_IMODE(ordinary.stat().st_mode)

    def test_summary_tells_size_quality_and_story(self, sales: Path, run: Run) -> None:
        """Without --json a person reads what matters first."""
        told = run("analyze", sales)

        assert (told.status, told.err) == (0, "")
        assert told.out.startswith("sales.csv: 120 rows, 3 columns. Data quality 100 of 100.\n\n  ")
        assert "Total amount: " in told.out

    def test_reading_options_are_heard(self, folder: Path, run: Run) -> None:
        """Every flag that corrects the reading reaches the receipt."""
        (folder / "a.txt").write_text("made by hand\nzip|price|when\n01234|1,5|03/04/2024\n01235|2,5|04/04/2024\n")

        told = run(
            "analyze", "a.txt", "--json", "-", "--delimiter", "|", "--header-row", "2", "--decimal", ",",
            "--date-order", "mdy", "--type", "zip=identifier", "--type", "price=numeric",
        )  # fmt: skip

        report = json.loads(told.out)
        assert report["receipt"]["options"] == {
            "sheet": None,
            "headerRow": 2,
            "delimiter": "|",
            "decimal": ",",
            "dateOrder": "MDY",
            "types": {"zip": "identifier", "price": "numeric"},
        }
        assert report["kpis"]["numericStats"]["price"]["max"] == 2.5
        assert report["cleanedPreview"][0]["when"] == "2024-03-04"

    @pytest.mark.spec("B1")
    def test_command_and_worker_make_the_same_report(self, sales: Path, folder: Path) -> None:
        """A worker's child and the command run one function: the same bytes, but for the job's id and the times."""
        printed = spawn("analyze", "sales.csv", "--json", "-", folder=folder)
        (folder / "scratch").mkdir()
        stored = asyncio.run(_by_a_worker(sales.name, sales.read_bytes(), folder / "scratch"))

        assert comparable(printed.out) == comparable(stored)
        assert list(json.loads(printed.out)) == list(json.loads(stored))

    def test_zipped_file_is_read(self, folder: Path, run: Run) -> None:
        """An archive of one table is that table."""
        (folder / "sales.csv.gz").write_bytes(gzip.compress(SALES.encode()))

        told = run("analyze", "sales.csv.gz")

        assert told.out.startswith("sales.csv.gz: 120 rows, 3 columns.")


async def _by_a_worker(name: str, content: bytes, scratch: Path) -> str:
    """Return the result that a worker stores for the file, made in a child as always."""
    jobs, storage, stop = MemoryJobs(), MemoryStorage(), asyncio.Event()
    await storage.put_bytes("uploads/job_1/source.csv", content)
    request = JobRequest(upload_key="uploads/job_1/source.csv", bytes=len(content), timeout_s=60)
    await jobs.submit("job_1", filename=name, request=request)
    supervisor = Supervisor(storage, scratch, Limits())
    working = asyncio.create_task(
        jobs.run(supervisor, slots=1, max_attempts=1, stop=stop, drain=asyncio.Event(), ended=supervisor.ended)
    )
    async with asyncio.timeout(60):
        job = [job async for job in jobs.watch("job_1")][-1]
    stop.set()
    await working
    assert job.status == "completed", job
    return (await storage.get(result_key("job_1"))).decode()


class TestHostileNames:
    """Names and cells are a stranger's."""

    def test_header_commands_no_terminal(self, folder: Path, run: Run) -> None:
        """Escape sequences, line breaks and marks that turn the reading direction are not passed on."""
        (folder / "a.csv").write_text(
            '"am\x1b[31mount\u202e","re\ngion"\n1,\x1b[2Jnorth\n' + "2,south\n3,north\n" * 200, encoding="utf-8"
        )

        told = run("analyze", "a.csv")

        assert told.status == 0
        assert not {"\x1b", "\u202e"} & set(told.out)

    @pytest.mark.skipif(os.name == "nt", reason="names are text there")
    def test_name_that_is_no_text_is_read_all_the_same(self, folder: Path) -> None:
        """A file name may hold bytes of an old encoding; the report names it as well as text can."""
        Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.csv")).write_text(SALES)

        told = spawn("analyze", os.fsdecode(b"caf\xe9.csv"), "--json", "-", folder=folder)

        assert (told.status, told.err) == (0, "")
        assert json.loads(told.out)["fileInfo"]["name"] == "caf\ufffd.csv"


BAD_FILES = [
    pytest.param(b"", "empty_file", id="no bytes"),
    pytest.param(b"\n\n  \n", "empty_file", id="blank lines"),
    pytest.param(PNG, "unsupported_format", id="a picture named csv"),
    pytest.param(PROGRAM_FILE, "unsupported_format", id="a program"),
    pytest.param(bytes(range(256)) * 64, "unsupported_format", id="bytes of every kind"),
    pytest.param(b"a,b\n", "not_a_table", id="a header alone"),
    pytest.param(b"PK\x03\x04" + bytes(60), "corrupt_file", id="a workbook that breaks off"),
]


class TestRefused:
    """What cannot be analysed, and what is said then."""

    @pytest.mark.spec("A4")
    @pytest.mark.parametrize(("content", "code"), BAD_FILES)
    def test_bad_file_is_told_with_its_code(self, content: bytes, code: str, folder: Path, run: Run) -> None:
        """Exit status 1, nothing on stdout, one line on stderr that says what to do."""
        (folder / "bad.csv").write_bytes(content)

        sentence = refused(run("analyze", "bad.csv", "--json", "-"), code)

        assert sentence.count(". ") >= 1, "what is wrong, and what to do"

    @pytest.mark.spec("A4")
    @pytest.mark.parametrize("content", [PNG, b""], ids=["a picture", "nothing"])
    def test_bad_file_shows_no_traceback_as_a_process(self, content: bytes, folder: Path) -> None:
        """The same from outside, where an uncaught error would show."""
        (folder / "bad.csv").write_bytes(content)

        ended = spawn("analyze", "bad.csv", folder=folder)

        assert ended.status == 1
        assert ended.err.startswith("error ")
        assert "Traceback" not in ended.err

    @pytest.mark.parametrize(
        ("name", "said"),
        [("no.csv", "There is no file no.csv"), (".", "is a folder"), ("no/such/folder.csv", "Check the name")],
        ids=["missing", "a folder", "a missing folder"],
    )
    def test_file_that_is_none_is_told(self, name: str, said: str, run: Run) -> None:
        """The name is at fault, and the sentence says how."""
        assert said in refused(run("analyze", name), "missing_file")

    @pytest.mark.skipif(os.name == "nt", reason="pipes are files on Unix")
    def test_pipe_is_no_file(self, folder: Path, run: Run) -> None:
        """A pipe cannot be read twice; waiting for one would look like a hang."""
        os.mkfifo(folder / "pipe.csv")

        assert "no ordinary file" in refused(run("analyze", "pipe.csv"), "missing_file")

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
    def test_file_that_may_not_be_read_is_told(self, sales: Path, run: Run) -> None:
        """Not a bug and not a bad file: a matter of rights."""
        sales.chmod(0)

        assert "may not be read" in refused(run("analyze", sales), "missing_file")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--type", "amount"], "--type wants COLUMN=TYPE"),
            (["--type", "=numeric"], "--type wants COLUMN=TYPE"),
            (["--type", "amount=number"], "Choose one of: numeric, "),
            (["--type", "weight=numeric"], "There is no column “weight”"),
            (["--delimiter", ""], "--delimiter wants one to eight characters"),
            (["--delimiter", "123456789"], "got “123456789”"),
            (["--type", "price=constant"], "“constant” is no column type"),
            (["--decimal", "'"], "--decimal wants '.' or ','"),
            (["--date-order", "YDM"], "--date-order wants DMY, MDY or YMD; got “YDM”"),
            (["--header-row", "-1"], "--header-row wants a line counted from 1"),
            (["--sheet", "Sales"], "sheet"),
        ],
        ids=lambda part: " ".join(part) if isinstance(part, list) else "",
    )
    def test_wrong_option_is_told_with_what_it_may_be(
        self, arguments: list[str], said: str, sales: Path, run: Run
    ) -> None:
        """Exit status 2: the call is at fault, not the file."""
        assert said in refused(run("analyze", sales, *arguments), "invalid_option", status=2)

    @pytest.mark.parametrize(
        ("out", "said"),
        [
            ("no/such/out.json", "there is no folder no/such"),
            (".", "is a folder"),
            ("", "is a folder"),
            ("sales.csv", "is the file that is read"),
            ("./sales.csv", "is the file that is read"),
        ],
    )
    def test_place_that_cannot_be_written_is_told_first(self, out: str, said: str, sales: Path, run: Run) -> None:
        """Before the work rather than after it, and the file that is read is never written over."""
        assert said in refused(run("analyze", sales, "--json", out), "invalid_option", status=2)
        assert sales.read_text() == SALES

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
    def test_folder_without_rights_is_told(self, sales: Path, folder: Path, run: Run) -> None:
        """What is in the way is a right, and another place helps."""
        closed = folder / "closed"
        closed.mkdir(mode=0o500)

        said = refused(run("analyze", sales, "--json", closed / "out.json"), "invalid_option", status=2)

        assert "may not be written" in said

    def test_bug_of_the_analysis_is_one_line(
        self, sales: Path, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An error nobody foresaw is called ours, and an older report stays as it was."""
        (folder / "out.json").write_text("older")

        def broken(*_: object, **__: object) -> None:
            raise IndexError("list index out of range")

        monkeypatch.setattr("datapilot.cli.report.analyze_file", broken)

        refused(run("analyze", sales, "--json", "out.json"), "processing_error")

        assert (folder / "out.json").read_text() == "older"

    def test_bad_setting_is_named(self, sales: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """The command reads the settings too."""
        monkeypatch.setenv("JOB_THREADS", "many")

        assert "JOB_THREADS" in refused(run("analyze", sales), "invalid_settings")


@pytest.mark.spec("A4", "B3")
@pytest.mark.parametrize(
    ("content", "size"),
    [
        ("amount\n1\n2\n3\n", "3 rows, 1 column."),
        ("name,amount\nAnna,12\n", "1 row, 2 columns."),
        ("amount\n1\n", "1 row, 1 column."),
        ("a,b\n,\n,1\n", "columns."),
    ],
    ids=["one column", "one row", "one cell", "hardly a cell"],
)
def test_tiny_file_is_a_table_too(content: str, size: str, folder: Path, run: Run) -> None:
    """A small result rather than an error, counted in proper English."""
    (folder / "tiny.csv").write_text(content)

    told = run("analyze", "tiny.csv")

    assert (told.status, told.err) == (0, "")
    assert size in told.out.splitlines()[0]


@pytest.mark.parametrize(("flag", "start"), [("--json", '{"schemaVersion"'), ("--html", "<!doctype html>")])
def test_dash_prints_instead_of_making_a_file_of_that_name(flag: str, start: str, sales: Path, run: Run) -> None:
    """Whatever can be written can be piped, and then nothing else is printed."""
    told = run("analyze", "sales.csv", flag, "-")

    assert (told.status, told.err) == (0, "")
    assert told.out.startswith(start)
    assert [path.name for path in sales.parent.iterdir()] == [sales.name]


def test_two_things_cannot_be_printed_at_once(sales: Path, run: Run) -> None:
    """A pipe has one reader, who could not tell where the first ends."""
    told = run("analyze", "sales.csv", "--json", "-", "--html", "-")

    assert "--json and --html" in refused(told, "invalid_option", 2)


def test_temporary_folder_is_left_empty(sales: Path, folder: Path) -> None:
    """Nothing of the user's data stays behind."""
    scratch = folder / "tmp"
    scratch.mkdir()

    told = spawn("analyze", "sales.csv", "--json", "-", folder=folder, TMPDIR=str(scratch))

    assert told.status == 0
    assert list(scratch.iterdir()) == []


def test_command_needs_no_writable_folder_and_makes_none(sales: Path, folder: Path) -> None:
    """No server, no state: the folder holds what it held before."""
    before = sorted(folder.iterdir())

    spawn("analyze", "sales.csv", folder=folder)

    assert sorted(folder.iterdir()) == before
    assert "DATA_DIR" not in environment()


def test_report_of_the_command_is_the_one_of_the_function(sales: Path, run: Run) -> None:
    """The command adds nothing and takes nothing away."""
    report = analyze_file(sales, name="sales.csv", job_id="local", options=ReadingOptions(), limits=Limits())

    assert comparable(run("analyze", sales, "--json", "-").out) == comparable(report_json(report))
