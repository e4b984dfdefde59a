"""The sample files that ship with the product."""

from pathlib import Path

import pytest

from datapilot.actions.offer_samples import SampleFile, described, examples_folder, sample_file, sample_files
from datapilot.actions.submit_dataset import UploadOptions
from datapilot.contracts.errors import UnknownSample


@pytest.mark.spec("I7")
def test_samples_are_found_in_the_source_tree() -> None:
    """The first one is the one that the README begins with."""
    names = [path.name for path in sample_files()]

    assert examples_folder() is not None
    assert names[0] == "sales_demo.csv"
    assert len(names) >= 4


def test_other_files_are_no_samples(tmp_path: Path) -> None:
    """A README beside the samples is not offered."""
    (tmp_path / "README.md").write_text("about")
    (tmp_path / "b.xlsx").write_bytes(b"x")
    (tmp_path / "folder").mkdir()

    assert [path.name for path in sample_files(tmp_path)] == ["b.xlsx"]


@pytest.mark.parametrize("name", ["b.csv", "../b.xlsx", "folder/b.xlsx", "", "README.md"])
def test_only_a_listed_name_is_a_sample(tmp_path: Path, name: str) -> None:
    """Names are compared, never joined to a path."""
    (tmp_path / "b.xlsx").write_bytes(b"x")

    with pytest.raises(UnknownSample):
        sample_file(name, tmp_path)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("- `a.csv`: a shop's sales", "a shop's sales"),
        ("| a.csv | a shop's sales |", "a shop's sales"),
        ("* **a.csv** — a shop's sales", "a shop's sales"),
        ("The file a.csv is good.", ""),
    ],
)
def test_description_is_what_the_readme_says(tmp_path: Path, line: str, words: str) -> None:
    """Lists and tables are understood; a sentence that happens to name the file is not."""
    (tmp_path / "README.md").write_text(f"# Samples\n\n{line}\n")

    assert described(tmp_path / "a.csv") == words


async def test_sample_is_delivered_as_it_is(tmp_path: Path) -> None:
    """The bytes of the file, under its name."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 3_000_000)
    received: dict[str, bytes] = {}

    async def store(name: str, chunks: object) -> None:
        received[name] = b"".join([chunk async for chunk in chunks])  # type: ignore[attr-defined]

    await SampleFile(path, UploadOptions()).deliver(store)

    assert received == {"a.csv": b"x" * 3_000_000}
