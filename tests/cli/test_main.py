"""What all commands have in common: their help, their exit status, and the one line they fail with."""

import os
import pty
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from tests.cli.conftest import PROGRAM, Run, environment, refused, spawn

from datapilot.cli.commands import COMMANDS
from datapilot.contracts.errors import DataPilotError, EmptyFile

READING = {"--sheet", "--header-row", "--delimiter", "--decimal", "--date-order", "--type"}
FLAGS = {
    "up": {"--host", "--port", "--workers"},
    "api": {"--host", "--port"},
    "worker": {"--drain"},
    "analyze": READING | {"--json", "--no-llm"},
    "table": READING | {"--out", "--raw"},
    "verify": set(),
    "reprocess": {"--no-llm"},
    "cancel": set(),
    "delete": set(),
    "clean": {"--dry-run"},
    "feedback review": {"--again"},
    "dataset export": {"--min-score", "--sample", "--seed", "--format", "--holdout", "--out"},
    "dataset validate": set(),
    "dataset eval": {"--baseline", "--tuned", "--few-shot", "--baseline-price", "--tuned-price"},
    "health": set(),
    "keys create": {"--scope"},
    "keys list": set(),
    "keys revoke": set(),
    "smoke": {"--max-wait"},
    "version": set(),
}
ARGUMENTS = {
    "analyze": ["file"],
    "table": ["file"],
    "verify": ["result", "file"],
    "reprocess": ["job"],
    "cancel": ["job"],
    "delete": ["job"],
    "feedback review": ["job"],
    "dataset validate": ["file"],
    "dataset eval": ["file"],
    "keys create": ["name"],
    "keys revoke": ["id"],
    "smoke": ["url"],
}

# What makes a start slow: half a second together, on a machine that does nothing else.
HEAVY = {
    "duckdb", "numpy", "scipy", "fastapi", "uvicorn", "docket", "redis", "httpx", "sqlglot", "rich",
    "obstore", "structlog", "asyncio", "python_calamine",
}  # fmt: skip


def test_every_command_has_its_flags_known() -> None:
    """The table of this test keeps up with the commands."""
    assert {command.split()[0] for command in FLAGS} == set(COMMANDS)


@pytest.mark.parametrize("command", FLAGS)
def test_help_names_what_a_command_takes(command: str, run: Run) -> None:
    """`--help` shows every argument and every flag."""
    told = run(*command.split(), "--help")

    assert (told.status, told.err) == (0, "")
    assert all(f"  {argument} " in told.out for argument in ARGUMENTS.get(command, []))
    flags = {word.rstrip(",") for word in told.out.split() if word.startswith("--")}
    assert flags >= FLAGS[command] | {"--help"}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_does(command: str, run: Run) -> None:
    """In the words of the list of commands, and with the verbs of one that has several."""
    told = run(command, "--help")

    verbs = [" ".join(words.split()[1:]) for words in FLAGS if words.startswith(f"{command} ")]
    assert " ".join(COMMANDS[command].summary.split()) in " ".join(told.out.split())
    assert all(f"\n  {verb} " in told.out for verb in verbs)


@pytest.mark.parametrize("arguments", [("-h",), ("keys", "-h")], ids=" ".join)
def test_help_has_a_short_name(arguments: tuple[str, ...], run: Run) -> None:
    """What most programs call it works as well."""
    assert run(*arguments).out == run(*arguments[:-1], "--help").out


@pytest.mark.parametrize("command", [name for name in COMMANDS if name in FLAGS])
def test_summary_in_the_list_is_the_one_of_the_command(command: str) -> None:
    """The list of commands is shown without loading them, so it is written apart; both say the same."""
    place = COMMANDS[command]

    function = getattr(import_module(f"datapilot.cli.{place.module}"), command)

    assert (function.__doc__ or "").splitlines()[0] == place.summary


def test_help_lists_the_commands(run: Run) -> None:
    """`datapilot --help` shows all of them, in the order of use."""
    told = run("--help")

    listed = [line.split()[0] for line in told.out.partition("Commands:")[2].splitlines() if line[2:3].strip()]
    assert told.status == 0
    assert listed == list(COMMANDS)


def test_without_a_command_help_is_the_complaint(run: Run) -> None:
    """A bare `datapilot` is a wrong call: it exits with 2 and shows on stderr what there is."""
    told = run()

    assert (told.status, told.out) == (2, "")
    assert "Commands:" in told.err


@pytest.mark.parametrize("word", ["version", "--version"])
def test_version_is_printed(word: str, run: Run) -> None:
    """Name and number, for bug reports; asked for as other programs are, too."""
    told = run(word)

    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("datapilot 0.")


def _modules_loaded(*arguments: str, folder: Path) -> str:
    """Return the list of the modules that a command loads in a fresh interpreter, as Python prints it."""
    script = (
        "import sys\n"
        "from datapilot.cli.main import main\n"
        "try:\n"
        f"    main({list(arguments)!r})\n"
        "finally:\n"
        "    print(sorted(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    return done.stderr


def _small_sales(folder: Path) -> str:
    """Write a small file and return its name."""
    (folder / "sales.csv").write_text("region,amount\n" + "North,1.5\nSouth,2.5\n" * 20, encoding="utf-8")
    return "sales.csv"


@pytest.mark.parametrize("arguments", ["version", "--help"])
def test_short_commands_load_nothing_heavy(arguments: str, folder: Path) -> None:
    """Neither engine nor server nor models are imported to print a line; seen in a fresh interpreter."""
    loaded = _modules_loaded(arguments, folder=folder)

    assert "datapilot" in loaded
    assert {name for name in HEAVY if f"'{name}'" in loaded} == set()


def test_plain_analysis_loads_only_what_it_needs(folder: Path) -> None:
    """Imports are most of analysing a small file: no parser, event loop or package around the engine is among them."""
    spared = {
        "asyncio",
        "calendar",
        "datapilot.contracts.job",
        "dotenv",
        "duckdb",
        "email",
        "httpx",
        "pdfplumber",
        "python_calamine",
        "rich",
        "scipy",
        "typer",
    }

    loaded = _modules_loaded("analyze", _small_sales(folder), "--no-llm", folder=folder)

    assert "'_duckdb'" in loaded
    assert {name for name in spared if f"'{name}'" in loaded} == set()


def test_no_thread_changes_the_environment_while_the_engine_reads_it(folder: Path) -> None:
    """numpy loads beside the scan and would set a variable and take it back: a process that reads its environment
    meanwhile can crash."""
    _small_sales(folder)
    script = (
        "import os, sys, threading\n"
        "from datapilot.cli.main import main\n"
        "def noting(change):\n"
        "    def noted(*given):\n"
        "        if threading.current_thread() is not threading.main_thread():\n"
        "            print('changed', given, file=sys.stderr)\n"
        "        return change(*given)\n"
        "    return noted\n"
        "os.putenv, os.unsetenv = noting(os.putenv), noting(os.unsetenv)\n"
        "main(['analyze', 'sales.csv', '--no-llm'])\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_MAIN_FREE"}

    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )

    assert "changed" not in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("analyse", "x.csv"), "No such command 'analyse'. Did you mean `datapilot analyze`? `datapilot --help`"),
        (("help",), "No such command 'help'. Did you mean `datapilot --help`?"),
        (("frobnicate",), "No such command 'frobnicate'. `datapilot --help`"),
        (("analyze",), "Missing argument 'file'. `datapilot analyze --help`"),
        (("analyze", "x.csv", "--sheets", "a"), "--sheets"),
        (("analyze", "x.csv", "--header-row", "two"), "'--header-row': must be a whole number. `datapilot analyze"),
        (("dataset",), "Missing command. `datapilot dataset --help`"),
        (("dataset", "make"), "No such command 'make'. `datapilot dataset --help`"),
        (("keys", "lst"), "Did you mean 'list'? `datapilot keys --help`"),
        (("dataset", "validate", "x.jsonl", "--min-score", "3"), "No such option: --min-score"),
        (("analyze", "x.csv", "--delimiter"), "--delimiter"),
        (("analyze", "x.csv", "y.csv"), "y.csv"),
        (("table", "x.csv"), "--out"),
        (("verify", "x.json"), "file"),
        (("cancel",), "job"),
        (("api", "--port", "99999"), "65535"),
        (("up", "--workers", "0"), "--workers"),
        (("version", "--loud"), "--loud"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_wrong_call_is_told_from_a_failure(arguments: tuple[str, ...], said: str, run: Run) -> None:
    """Exit status 2, one line that names what is wrong, and the command that explains how it goes."""
    sentence = refused(run(*arguments), "invalid_option", status=2)

    assert said in sentence
    assert sentence.endswith("--help` explains the command.")


class TestUnexpected:
    """Errors that nobody foresaw."""

    @pytest.fixture
    def raising(self, monkeypatch: pytest.MonkeyPatch) -> object:
        """Have `version` raise what the test says."""

        def raises(error: BaseException) -> None:
            def version() -> None:
                raise error

            monkeypatch.setattr("datapilot.cli.version.version", version)

        return raises

    def test_bug_is_one_line_with_what_to_do(self, run: Run, raising: object) -> None:
        """A bug of ours is called one, and the user is told what helps us."""
        raising(RuntimeError("list index out of range"))  # type: ignore[operator]

        sentence = refused(run("version"), "processing_error")

        assert "fault of ours" in sentence
        assert "report" in sentence
        assert "RuntimeError" in sentence
        assert "DEBUG=true" in sentence

    def test_debug_shows_where(self, run: Run, raising: object, monkeypatch: pytest.MonkeyPatch) -> None:
        """DEBUG=true puts the traceback above that line, for the report."""
        monkeypatch.setenv("DEBUG", "true")
        raising(RuntimeError("list index out of range"))  # type: ignore[operator]

        told = run("version")

        assert told.status == 1
        assert "Traceback" in told.err
        assert told.err.splitlines()[-1].startswith("error processing_error: ")

    def test_bad_settings_do_not_hide_the_bug(self, run: Run, raising: object, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whether to show more is itself a setting, which may be wrong."""
        monkeypatch.setenv("DEBUG", "perhaps")
        raising(RuntimeError("list index out of range"))  # type: ignore[operator]

        refused(run("version"), "processing_error")

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            pytest.param(MemoryError(), "memory_limit_exceeded", id="memory"),
            pytest.param(OSError(28, "No space left on device"), "storage_full", id="disk"),
            pytest.param(EmptyFile("The file is empty."), "empty_file", id="one of ours"),
        ],
    )
    def test_known_trouble_keeps_its_code(self, run: Run, raising: object, error: Exception, code: str) -> None:
        """What the user can do something about is not called a bug."""
        raising(error)  # type: ignore[operator]

        refused(run("version"), code)

    def test_sentence_stays_one_line_and_commands_no_terminal(self, run: Run, raising: object) -> None:
        """A name from a hostile file may be part of the sentence; it moves no cursor and fakes no second line."""
        raising(DataPilotError("There is no column “a\x1b[2J\nerror fake: b”."))  # type: ignore[operator]

        sentence = refused(run("version"), "error")

        assert "\x1b" not in sentence

    def test_interrupt_ends_quietly(self, run: Run, raising: object) -> None:
        """Ctrl-C is no error: nothing is printed, and the status says what it was."""
        raising(KeyboardInterrupt())  # type: ignore[operator]

        told = run("version")

        assert (told.status, told.out, told.err) == (130, "", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_process_that_is_told_to_end_is_silent_and_leaves_nothing(number: signal.Signals, folder: Path) -> None:
    """Ctrl-C, a stopped service or a closed terminal in the middle of a query: the status says which, and no file is
    left behind."""
    os.mkfifo(folder / "slow")
    script = (
        "import sys\n"
        "import datapilot.actions.analyze_dataset as action\n"
        "from datapilot.engine import duckdb\n"
        "def query(*_, **__):\n"
        "    open('slow', 'w').close()\n"
        "    duckdb.connect().execute('SELECT sum(sin(range)) FROM range(1000000000000)').fetchall()\n"
        "action.analyze_file = query\n"
        "from datapilot.cli.main import main\n"
        "sys.argv = ['datapilot', 'analyze', 'a.csv']\n"
        "main()\n"
    )
    (folder / "a.csv").write_text("a\n1\n2\n")
    (folder / "scratch").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=folder,
        env=environment() | {"TMPDIR": str(folder / "scratch")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Whoever runs these tests in the background of a shell has SIGINT ignored, and hands that down.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509
    )

    (folder / "slow").open().close()  # opens when the other side does, in the middle of the work
    process.send_signal(number)
    out, err = process.communicate(timeout=60)

    assert (process.returncode, out, err) == (128 + number, b"", b"")
    assert list((folder / "scratch").iterdir()) == []


@pytest.mark.parametrize("arguments", [["version"], ["--help"], ["analyze", "a.csv", "--json", "-"]], ids=" ".join)
def test_reader_may_stop_reading(arguments: list[str], folder: Path) -> None:
    """`datapilot … | head -1` ends without a complaint, however little or much there was to say."""
    (folder / "a.csv").write_text("a\n1\n2\n")
    reading, writing = os.pipe()
    os.close(reading)

    process = subprocess.run([*PROGRAM, *arguments], cwd=folder, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)

    assert (process.returncode, process.stderr) == (1, b"")


@pytest.mark.parametrize(("closed", "arguments"), [(1, ["version"]), (1, ["analyze", "a.csv"]), (2, ["version"])])
def test_closed_output_is_no_fault(closed: int, arguments: list[str], folder: Path) -> None:
    """Whoever starts the command without an output wants none: it does its work all the same."""
    (folder / "a.csv").write_text("a\n1\n2\n")

    process = subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        capture_output=True,
        preexec_fn=lambda: os.close(closed),
        check=False,
    )

    assert (process.returncode, process.stderr) == (0, b"")


def test_terminal_that_lacks_a_letter_is_no_reason_to_fail(folder: Path) -> None:
    """Names in the file may need letters that the terminal's encoding has not: they are shown as question marks."""
    (folder / "a.csv").write_text("Größe 🚀\n1\n2\n", encoding="utf-8")

    told = spawn("analyze", "a.csv", folder=folder, PYTHONIOENCODING="ascii", PYTHONUTF8="0")

    assert (told.status, told.err) == (0, "")
    assert "?" in told.out


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals are of Unix")
def test_progress_is_shown_to_who_watches(folder: Path) -> None:
    """On a terminal the steps go by on stderr and are wiped at the end; stdout gets the summary alone."""
    (folder / "a.csv").write_text("day,amount\n2024-01-01,1\n2024-01-02,2\n")
    watching, terminal = pty.openpty()

    process = subprocess.Popen(
        [*PROGRAM, "analyze", "a.csv"],
        cwd=folder,
        env=environment() | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=terminal,
    )
    os.close(terminal)
    out, _ = process.communicate(timeout=60)
    shown = b""
    while piece := _read(watching):
        shown += piece
    os.close(watching)

    assert process.returncode == 0
    assert b"profiling" in shown or b"reading" in shown
    assert shown.rstrip().endswith(b"\x1b[2K"), shown[-80:]
    assert out.startswith(b"a.csv: 2 rows, 2 columns.")


def _read(watching: int) -> bytes:
    try:
        return os.read(watching, 65536)
    except OSError:  # Linux says the other end is gone this way
        return b""


@pytest.mark.parametrize(("module", "keeps"), [("datapilot.contracts.report", True), ("datapilot.cli.main", False)])
def test_only_commands_do_without_plug_ins_of_pydantic(module: str, *, keeps: bool) -> None:
    """Who imports the package into a program or notebook keeps what that program has plugged in."""
    asked = f"import sys, {module}; print(hasattr(sys.modules['pydantic.plugin._loader'], '__file__'))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == str(keeps)


@pytest.mark.spec("D6")
def test_command_leaves_at_once_when_its_work_is_done(folder: Path) -> None:
    """Libraries still send what they hold, traces for one, but no module is taken down: for `up` and its processes
    that would be seconds on a busy machine."""
    sends = "import atexit; atexit.register(print, 'sent')"
    stands = "stands = type('Stands', (), {'__del__': lambda _: print('taken down')})()"
    runs = "import sys; sys.argv = ['datapilot', 'health']; from datapilot.cli.main import main; main()"

    ended = subprocess.run(
        [sys.executable, "-c", f"{sends}\n{stands}\n{runs}"], cwd=folder, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert ended.stdout.endswith("sent\n")
    assert "taken down" not in ended.stdout
