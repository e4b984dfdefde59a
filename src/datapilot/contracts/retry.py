"""How often something is tried, and how long is waited in between (spec D7). Knows no client and waits for nothing."""

import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RetryPolicy:
    """`attempts` tries in all; the pause before try k + 1 is min(max_s, initial_s * factor^(k-1)) +- `jitter`."""

    attempts: int = 2
    initial_s: float = 0.5
    factor: float = 2.0
    max_s: float = 10.0
    jitter: float = 0.1

    def pause_s(
        self, attempt: int, *, asked_s: float | None = None, chance: Callable[[], float] = random.random
    ) -> float:
        """Return the pause after the failed try number `attempt`; `chance` returns 0-1.

        What the other side asked for (`asked_s`) wins, and is never cut short: jitter only adds to it.
        """
        if asked_s is not None:
            return asked_s * (1 + self.jitter * chance())
        pause = min(self.max_s, self.initial_s * self.factor ** (attempt - 1))
        return pause * (1 + self.jitter * (2 * chance() - 1))


def retry_after_s(headers: Mapping[str, str], *, now: float | None = None) -> float | None:
    """Return the seconds of `retry-after-ms` or `Retry-After` (a number or a date), None where there is no sense."""
    milliseconds, asked = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        seconds = float(milliseconds) / 1000 if milliseconds else float(asked) if asked else None
    except ValueError:
        from email.utils import parsedate_to_datetime  # noqa: PLC0415 - every command loads this module, few see a date

        try:
            seconds = parsedate_to_datetime(asked or "").timestamp() - (time.time() if now is None else now)
        except ValueError:
            return None
    if seconds is None or not math.isfinite(seconds):
        return None
    return max(0.0, seconds)
