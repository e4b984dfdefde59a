"""Find the sample files that ship with the product, in the installed package or in the source tree beside it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from datapilot.actions.submit_dataset import Store, UploadOptions
from datapilot.contracts.errors import UnknownSample
from datapilot.storage.base import CHUNK_BYTES

FIRST = "sales_demo.csv"
PACKAGE = Path(__file__).parent.parent
ENDINGS = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".ods", ".json", ".jsonl", ".parquet", ".pdf"})


def examples_folder() -> Path | None:
    """Return where the samples lie; None in an installation that came without them."""
    places = (PACKAGE / "_examples", PACKAGE.parent.parent / "examples")
    return next((place for place in places if place.is_dir()), None)


def sample_files(folder: Path | None = None) -> tuple[Path, ...]:
    """Return the samples, the one to begin with first; () when none came with the installation."""
    place = folder or examples_folder()
    found = () if place is None else tuple(path for path in place.iterdir() if path.suffix in ENDINGS)
    return tuple(sorted(found, key=lambda path: (path.name != FIRST, path.name)))


def sample_file(name: str, folder: Path | None = None) -> Path:
    """Return the sample of that name. Raises UnknownSample; a name never becomes a path."""
    for path in sample_files(folder):
        if path.name == name:
            return path
    raise UnknownSample(f"There is no sample named “{name[:100]}”.")


def described(path: Path) -> str:
    """Return what the README beside the samples says of this one (`- **name**: words`), or ""."""
    readme = path.with_name("README.md")
    lines = readme.read_text(encoding="utf-8").splitlines() if readme.is_file() else []
    for line in lines:
        _, mark, rest = line.partition(path.name)
        if mark and line.lstrip().startswith(("-", "*", "|")):
            return rest.strip(" `*:|—–-").replace("|", "·").strip()
    return ""


@dataclass(frozen=True)
class SampleFile:
    """An upload that is one of our own files."""

    path: Path
    options: UploadOptions

    async def deliver(self, store: Store) -> UploadOptions:
        """Give the sample to `store`."""
        await store(self.path.name, _chunks(self.path))
        return self.options


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
