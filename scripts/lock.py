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
    write(runtime, "pyproject.toml", "--constraint", dev, "--no-annotate")
    write(node, FOLDER / "node.in", *upgrade)
    return 0


def write(lock: Path, *arguments: str | Path) -> None:
    subprocess.run([*COMPILE, *arguments, "-o", lock], cwd=ROOT, env=uv_environment(), check=True)
    print(f"wrote {lock}")


if __name__ == "__main__":
    sys.exit(main())
