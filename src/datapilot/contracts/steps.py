"""The steps of a job, in order. An analysis tells them without loading what a job is."""

from typing import Literal, get_args

Step = Literal[
    "queued", "reading", "typing", "profiling", "quality", "charts", "facts", "insights", "saving", "done",
]  # fmt: skip
STEPS: tuple[Step, ...] = get_args(Step)
