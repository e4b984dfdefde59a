"""The documents are true: settings, commands, error codes, links and figures that they name exist, and the reverse."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks import readme

from datapilot.api.errors import KINDS
from datapilot.api.publish import example_result
from datapilot.cli.commands import COMMANDS
from datapilot.contracts.errors import DataPilotError
from datapilot.settings import Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])
GUIDES = ("deployment", "runbook", "troubleshooting", "checklist", "observability", "retention", "scheduled-jobs",
          "finetune_playbook")  # fmt: skip

# Written like settings, but read by the build and the tests alone; CONTRIBUTING.md says what they do.
BUILD_VARIABLES = {"DATAPILOT_SKIP_WEB", "DATAPILOT_NODE", "DATAPILOT_CHROMIUM", "DATAPILOT_API"}
# Read by what stands in deploy/, not by the product.
DEPLOY_VARIABLES = {
    "ANTIGRAVITY_API_ENDPOINT", "ANTIGRAVITY_API_KEY", "DEPLOY_URL", "FORCE_ROLLBACK", "ROLLBACK_VERSION",
    "SLACK_WEBHOOK_URL", "VALKEY_PASSWORD", "S3_KEY", "S3_SECRET", "IMAGE", "VERSION",
}  # fmt: skip
MAKE_VARIABLES = {"PORT", "HOST", "WORKERS", "PYTHON", "UPGRADE", "ARGS"}
NO_SETTINGS = {
    "CSV",
    "JSON",
    "XLSX",
    "SIGTERM",
    "SIGKILL",
    "SIGINT",
    "NULL",
    "NA",
    "SUMMARIZE",
    "WAITAOF",
    "HOME",
    "PATH",
}

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def families(error: type[DataPilotError] = DataPilotError) -> Iterator[type[DataPilotError]]:
    """Yield every error of the house, the root included."""
    yield error
    for member in error.__subclasses__():
        yield from families(member)


def code_spans(text: str) -> list[str]:
    """Return what stands in backticks, fenced blocks included."""
    fenced = re.findall(r"```.*?\n(.*?)```", text, re.DOTALL)
    return [*fenced, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]


@pytest.mark.spec("I6")
@each_document
def test_settings_named_in_documents_exist(document: Path) -> None:
    """A reader who sets what a document names gets an effect."""
    known = (
        {name.upper() for name in Settings.model_fields}
        | BUILD_VARIABLES
        | DEPLOY_VARIABLES
        | MAKE_VARIABLES
        | NO_SETTINGS
    )
    text = document.read_text(encoding="utf-8")

    named = {
        word for span in code_spans(text) for word in re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b(?=\W|$)", span)
    }

    assert named <= known


def test_error_codes_are_documented_each_once() -> None:
    """docs/errors.md is the whole catalogue: codes of the house and of the API, each with its HTTP status."""
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d{3}) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    in_families = set(re.findall(r"`([a-z_]+)`", text.partition("## Families")[2]))

    documented = {code: int(status) for code, status, _, _ in rows}

    assert len(rows) == len(documented)
    assert documented.keys() | in_families == {error.code for error in families()} | KINDS.keys()
    assert documented == {code: KINDS[code].status for code in documented}


def test_commands_and_documents_name_each_other() -> None:
    """A command in a document can be pasted; every command is in the README."""
    named = {
        command
        for document in DOCUMENTS
        for span in code_spans(document.read_text(encoding="utf-8"))
        for command in re.findall(r"(?:^|[\s/])datapilot ([a-z]+)\b", span)
    }
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert named <= COMMANDS.keys()
    assert [command for command in COMMANDS if f"datapilot {command}" not in readme] == []


def test_make_targets_named_in_documents_exist() -> None:
    """The words after `make` are in the Makefile, and each has its line in the menu."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## .", makefile, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, re.MULTILINE))

    named = {
        word
        for document in DOCUMENTS
        for span in code_spans(document.read_text(encoding="utf-8"))
        for word in re.findall(r"(?:^|\s)make ([a-z-]+)\b", span)
    }

    assert targets == phony
    assert named <= targets


@each_document
def test_links_resolve(document: Path) -> None:
    """Links between documents, to files and to headings lead somewhere."""
    text = document.read_text(encoding="utf-8")

    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, heading = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), f"{target} leads nowhere"
        if heading:
            assert heading in _anchors(file.read_text(encoding="utf-8")), f"{target} names no heading"


@pytest.mark.spec("I5")
@pytest.mark.parametrize("guide", GUIDES)
def test_guide_for_operators_is_there(guide: str) -> None:
    """Each has commands that can be pasted, and the README leads to it."""
    text = (ROOT / "docs" / f"{guide}.md").read_text(encoding="utf-8")

    assert re.search(r"^```|`datapilot [a-z]+|`make [a-z]+|`GET /", text, re.MULTILINE)
    assert f"docs/{guide}.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_files_named_in_documents_exist() -> None:
    """A path in backticks that looks like one of ours is there."""
    looks_ours = re.compile(r"(?:src|tests|docs|examples|scripts|benchmarks|web|requirements)/[\w./-]+\.\w+")

    missing = {
        f"{document.relative_to(ROOT)}: {path}"
        for document in DOCUMENTS
        for span in code_spans(document.read_text(encoding="utf-8"))
        for path in looks_ours.findall(span)
        if not (ROOT / path).exists() and not (ROOT / "src" / "datapilot" / path).exists()
    }

    assert not missing


def test_figures_in_the_readme_were_measured() -> None:
    """README's table is what the committed results say; `python -m benchmarks.readme` writes it anew."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    said = text.partition(readme.START)[2].partition(readme.END)[0].strip()

    assert said == readme.table()
    assert len(said.splitlines()) > 8, "there is something to compare"


def test_example_result_is_what_the_sample_gives_today() -> None:
    """Run `python -m datapilot.api.publish` after a change in what is said of a table; the page's tests draw it."""
    committed = json.loads((ROOT / "docs" / "result.example.json").read_text(encoding="utf-8"))

    assert committed == example_result()


def test_changelog_tells_of_this_version() -> None:
    """Whoever upgrades finds what changed for him."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## \[?([^\]\s]+)", changelog, re.MULTILINE)

    assert sections[0] == "Unreleased" or re.fullmatch(r"\d+\.\d+\.\d+", sections[0])
    assert set(re.findall(r"^### (\w+)", changelog, re.MULTILINE)) <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    }


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
