"""Keys of blobs: where things lie, and which names no store ever sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datapilot.storage.keys import checked_key, checked_prefix, error_key, result_key, upload_key


@pytest.mark.parametrize(
    "key",
    [
        "", "/", "/etc/passwd", "../up", "uploads/../../etc", "uploads/./x", "a//b", "a/", ".hidden", "uploads/.env",
        "a\\b", "a\x00b", "a\nb", "uploads/%2e%2e/x", "C:/x", "~root", "a" * 513, "ümlaut", "a b",
    ],
)  # fmt: skip
@pytest.mark.spec("A5")
def test_hostile_key_is_refused(key: str) -> None:
    """A key that could leave the store, or mean something else in another store, never gets to one."""
    with pytest.raises(ValueError, match="Not a storage key"):
        checked_key(key)


@given(st.text(max_size=60))
def test_accepted_key_stays_below_its_store(text: str) -> None:
    """Whatever passes has no empty, dotted or absolute part."""
    try:
        key = checked_key(text)
    except ValueError:
        return

    assert all(part and not part.startswith(".") for part in key.split("/"))


@pytest.mark.parametrize(
    ("filename", "key"),
    [
        ("sales.csv", "uploads/job_1/source.csv"),
        ("SALES.CSV.GZ", "uploads/job_1/source.csv.gz"),
        ("no ending", "uploads/job_1/source"),
        ("../../etc/passwd", "uploads/job_1/source"),
        ("evil.csv/../../x", "uploads/job_1/source"),
        ("a.tar.csv\n", "uploads/job_1/source.csv"),
        ("anna.schmidt@example.org.csv", "uploads/job_1/source.csv"),
        ("quartal.überlang", "uploads/job_1/source"),
    ],
)
@pytest.mark.spec("A5")
def test_of_the_users_file_name_only_the_ending_is_kept(filename: str, key: str) -> None:
    """A file name is hostile text; only a plain ending, which says the format, gets into the key."""
    assert upload_key("job_1", filename) == key


def test_result_and_error_stand_side_by_side() -> None:
    """The two outcomes of a job have the names the contract gives them."""
    assert result_key("job_1") == "results/job_1.json"
    assert error_key("job_1") == "results/job_1_error.json"


@pytest.mark.parametrize("prefix", ["uploads", "../", "/", "uploads//", ".incoming/"])
def test_hostile_prefix_is_refused(prefix: str) -> None:
    """A prefix is whole parts with a slash after each, or nothing."""
    with pytest.raises(ValueError, match=r"prefix|storage key"):
        checked_prefix(prefix)
