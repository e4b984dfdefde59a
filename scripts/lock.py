"""Write the locks in `requirements/` anew. A lock holds versions and hashes but no index address, so that the same
files serve every mirror; that is why it is not a `uv.lock`, which writes addresses down."""

import subprocess
import sys
from pathlib import Path

from setup import BIN, ROOT, uv_environment

COMPILE = (
    BIN / "uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-header",
)  # fmt: skip
FOLDER = Path("requirements")


def main() -> int:
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    dev, runtime, node = FOLDER / "dev.txt", FOLDER / "runtime.txt", FOLDER / "node.txt"
    write(dev, "pyproject.toml", "--group", "dev", *upgrade)
    # Images install what the tests ran with: the same versions, without the tools.
    # With what a setting alone switches on: an image in which SENTRY_DSN only says what is missing helps nobody.
    write(runtime, "pyproject.toml", "--extra", "sentry", "--extra", "otel", "--constraint", dev, "--no-annotate")
    write(node, FOLDER / "node.in", *upgrade)
    return 0


def write(lock: Path, *arguments: str | Path) -> None:
    before = (ROOT / lock).read_text(encoding="utf-8")
    # uv keeps the versions that stand there, and would keep their hashes too, without asking whether these are all.
    (ROOT / lock).write_text(versions_of(before), encoding="utf-8")
    try:
        subprocess.run([*COMPILE, *arguments, "-o", lock], cwd=ROOT, env=of_the_index_alone(), check=True)
    except BaseException:
        (ROOT / lock).write_text(before, encoding="utf-8")
        raise
    print(f"wrote {lock}")


def versions_of(lock: str) -> str:
    """Return the lock without its hashes."""
    return "".join(line.removesuffix(" \\") + "\n" for line in lock.splitlines() if "==" in line[:60])


def of_the_index_alone() -> dict[str, str]:
    """Return uv's environment without folders of this machine: they hold the wheels of its own Python, and a lock made
    of them would lack the hashes that every other Python and system needs."""
    environment = uv_environment()
    environment.pop("UV_FIND_LINKS", None)
    remote = [address for address in environment.pop("UV_INDEX", "").split() if not address.startswith("file:")]
    return environment | ({"UV_INDEX": " ".join(remote)} if remote else {})


if __name__ == "__main__":
    sys.exit(main())
