"""Where each blob of a job lies, and what a key may look like. Touches no store."""

import re
from datetime import UTC, datetime

MAX_KEY_CHARACTERS = 512  # S3 allows 1024 bytes; ours are made of ids and never come near

UPLOADS, RESULTS = "uploads/", "results/"
FEEDBACK_SALT = "feedback/salt"  # what makes the hashes of reviewers this installation's own

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
# Two parts only of what is packed: of `letter.to.anna.csv` the middle says nothing of the format, and names somebody.
_EXTENSION = re.compile(r"(\.[a-z0-9]{1,10})?\.(gz|zip|bz2|xz|zst)$|\.[a-z0-9]{1,10}$")


def checked_key(key: str) -> str:
    """Return the key as it is. Raises ValueError for anything but `part/part/part` of plain letters, so that no key
    can leave its store, name a hidden file, or mean two things in two stores."""
    if not key or len(key) > MAX_KEY_CHARACTERS or not all(_PART.fullmatch(part) for part in key.split("/")):
        raise ValueError(f"Not a storage key: {key!r}.")
    return key


def checked_prefix(prefix: str) -> str:
    """Return the prefix as it is: empty, or whole parts each followed by a slash. Raises ValueError otherwise."""
    if prefix:
        if not prefix.endswith("/"):
            raise ValueError(f"A prefix ends with a slash: {prefix!r}.")
        checked_key(prefix[:-1])
    return prefix


def upload_prefix(job_id: str) -> str:
    return f"uploads/{job_id}/"


def upload_key(job_id: str, filename: str) -> str:
    """Return where the upload of a job lies. Of the user's name only a plain ending is kept (`.csv`, `.csv.gz`)."""
    ending = _EXTENSION.search(filename.lower())
    return checked_key(f"{upload_prefix(job_id)}source{ending.group() if ending else ''}")


def result_key(job_id: str) -> str:
    return checked_key(f"results/{job_id}.json")


def columns_key(job_id: str) -> str:
    """Return where all columns of a job lie in full, a line each, when its result has no room for them."""
    return checked_key(f"results/{job_id}_columns.jsonl")


def error_key(job_id: str) -> str:
    return checked_key(f"results/{job_id}_error.json")


def outbound_key(job_id: str) -> str:
    """Return where the ledger lies of what a job sent to a language model."""
    return checked_key(f"results/{job_id}_outbound.json")


def rules_key(job_id: str) -> str:
    """Return where the rules' insights lie of a job whose result holds a model's: what reprocessing starts from."""
    return checked_key(f"results/{job_id}_rules.json")


def version_key(job_id: str, version: int) -> str:
    """Return where an earlier result of a job lies; the oldest is version 1."""
    return checked_key(f"results/{job_id}.v{version}.json")


def result_keys(job_id: str) -> tuple[str, ...]:
    """Return where all may lie that is kept of a job below `results/`, but for its earlier versions."""
    return tuple(key(job_id) for key in (result_key, columns_key, error_key, outbound_key, rules_key))


def feedback_prefix(job_id: str | None) -> str:
    """Return below what the judgements of a job's insights lie in a bucket, or those of all jobs."""
    return "feedback/" if job_id is None else f"feedback/{job_id}/"


def feedback_key(job_id: str, feedback_id: str) -> str:
    return checked_key(f"{feedback_prefix(job_id)}{feedback_id}.json")


def cleaner_run_key(folder: str, started: datetime) -> str:
    """Return where the audit file of a cleaner's run lies; names sort as the runs did."""
    return checked_key(f"{folder}cleaner_{started.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}.json")
