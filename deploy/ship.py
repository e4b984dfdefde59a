"""Bring a version into use: `python3 deploy/ship.py TARGET VERB [VERSION]`. Needs nothing but Python.

Verbs: release, activate, verify, smoke, rollback, current, and deploy, which is all of them in order, with a rollback
when one fails. Exit 0: it is so. 1: it is not, and the last line says why. 2: called wrongly.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from targets.antigravity import Antigravity  # noqa: E402  # found from here only after the line above
from targets.base import Failed, deploy  # noqa: E402
from targets.host import Host  # noqa: E402

WELL_NOW_S = 3.0  # what is broken is not waited for
VERBS = ("deploy", "release", "activate", "verify", "smoke", "rollback", "current", "stop")


def main(arguments: list[str] | None = None) -> int:
    wanted = _parser().parse_args(arguments)
    try:
        return _do(wanted, _target(wanted))
    except Failed as failed:
        print(f"FAILED: {failed}", file=sys.stderr)
        return 1


def _do(wanted: argparse.Namespace, target: Host | Antigravity) -> int:
    match wanted.verb:
        case "deploy":
            return 0 if deploy(target, _version(wanted)) else 1
        case "release" | "activate":
            getattr(target, wanted.verb)(_version(wanted))
        case "rollback":
            return _roll_back(wanted, target)
        case "current":
            print(target.current() or "")
        case "stop":
            if not isinstance(target, Host):
                raise Failed("only the target `host` can be stopped from here")
            target.stop()
        case verb:
            getattr(target, verb)()
    return 0


def _roll_back(wanted: argparse.Namespace, target: Host | Antigravity) -> int:
    """Return to the version that is named, or the one before; what is well is left alone unless that is forced."""
    version = wanted.version or os.environ.get("ROLLBACK_VERSION") or target.previous()
    if not version:
        raise Failed("there is no earlier version; name one with ROLLBACK_VERSION")
    if os.environ.get("FORCE_ROLLBACK") != "1":
        try:
            replace(target, well_within_s=WELL_NOW_S).verify()
        except Failed as unwell:
            print(f"not well, so it is rolled back: {str(unwell).splitlines()[0]}")
        else:
            print("what runs is well; FORCE_ROLLBACK=1 rolls it back all the same", file=sys.stderr)
            return 1
    target.rollback(version)
    target.verify()
    print(f"rolled back: {version} is active and well")
    return 0


def _version(wanted: argparse.Namespace) -> str:
    if not wanted.version:
        raise Failed(f"{wanted.verb} needs a version")
    return str(wanted.version)


def _target(wanted: argparse.Namespace) -> Host | Antigravity:
    if wanted.target == "host":
        return Host(
            root=wanted.root.resolve(),
            port=wanted.port,
            host=wanted.host,
            source=wanted.source.resolve() if wanted.source else None,
            requirements=wanted.requirements.resolve() if wanted.requirements else None,
            service=wanted.service,
            well_within_s=wanted.well_within,
            drained_within_s=wanted.drained_within,
        )
    endpoint, key = os.environ.get("ANTIGRAVITY_API_ENDPOINT"), os.environ.get("ANTIGRAVITY_API_KEY")
    if not endpoint or not key:
        raise Failed("ANTIGRAVITY_API_ENDPOINT and ANTIGRAVITY_API_KEY must be set")
    return Antigravity(
        endpoint=endpoint,
        key=key,
        manifest=HERE / "antigravity" / "antigravity.yml",
        image=os.environ.get("IMAGE", "datapilot"),
        url=os.environ.get("DEPLOY_URL"),
        force=os.environ.get("FORCE_ROLLBACK") == "1",
        well_within_s=wanted.well_within,
        drain_s=wanted.drained_within,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=("host", "antigravity"))
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("version", nargs="?")
    parser.add_argument("--root", type=Path, default=Path("/opt/datapilot"), help="host: where releases lie")
    parser.add_argument("--source", type=Path, help="host: a wheel, or a folder with bin/datapilot")
    parser.add_argument("--requirements", type=Path, help="host: the lock to install a wheel's dependencies from")
    parser.add_argument("--service", help="host: the systemd unit that runs it; without, it is started here")
    parser.add_argument("--host", default="127.0.0.1", help="host: address to listen on")
    parser.add_argument("--port", type=int, default=5328, help="host: port to listen on")
    parser.add_argument("--well-within", type=float, default=60.0, help="seconds that a start may take")
    parser.add_argument("--drained-within", type=float, default=660.0, help="seconds that running jobs may take")
    return parser


if __name__ == "__main__":
    sys.exit(main())
