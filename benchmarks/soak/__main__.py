"""`python -m benchmarks.soak [PART …]`: kills, limits, uploads, flat; by default all. Exit 1: a promise was broken.

The long form of the kills: `kills --jobs 10000 --worker-kills 100 --server-kills 10 --seeds 1`.
`--keep NAME` keeps what is printed as benchmarks/results/soak_NAME.md.
"""

import argparse
import sys
from dataclasses import fields

from benchmarks.run import RESULTS, machine_words
from benchmarks.soak import flat, kills, limits, uploads

PARTS = ("kills", "limits", "uploads", "flat")


def main(arguments: list[str]) -> int:
    """Run the parts and print their figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to run; by default everything")
    for one in fields(kills.Plan):
        if one.name != "seed":
            parser.add_argument(f"--{one.name.replace('_', '-')}", type=type(one.default), default=one.default)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="one run of the kills each")
    parser.add_argument("--no-op-jobs", type=int, default=5000, help="jobs of the part `flat`")
    parser.add_argument("--upload-mib", type=int, default=1024, help="size of each upload of the part `uploads`")
    parser.add_argument("--keep", metavar="NAME", help="keep what is printed in benchmarks/results/soak_NAME.md")
    said = parser.parse_args(arguments)
    plan = {one.name: getattr(said, one.name) for one in fields(kills.Plan) if one.name != "seed"}

    good = True
    printed: list[str] = []

    def tell(*lines: str) -> None:
        print("\n".join(lines), flush=True)
        printed.extend(lines)

    for part in said.parts or PARTS:
        tell(f"== {part}")
        if part == "kills":
            runs = (kills.run(kills.Plan(**plan, seed=seed)) for seed in said.seeds)
        elif part == "limits":
            runs = iter([limits.run()])
        elif part == "uploads":
            runs = iter([uploads.run(said.upload_mib)])
        else:
            runs = iter([flat.run(said.no_op_jobs)])
        for outcome in runs:
            tell(*outcome.lines(), "  " + ("kept" if outcome.is_good else "BROKEN"))
            good = good and outcome.is_good
    if said.keep:
        command = " ".join(["python -m benchmarks.soak", *arguments])
        kept = ["```", f"$ {command}", *printed, "```", "", f"Measured on {machine_words()}.", ""]
        (RESULTS / f"soak_{said.keep}.md").write_text("\n".join(kept), encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
