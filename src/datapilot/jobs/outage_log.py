"""What docket logs while the queue's server is away, in one line now and then. Knows no queue and no job.

Each loop of each slot tries again several times a second, and logs a trace as an error every time: a worker would write
hundreds of lines a minute, and send them to whoever collects errors, of what one line says.
"""

import logging
import sys
import time
from collections.abc import Callable

from redis.exceptions import RedisError

LOGGERS = ("docket.worker", "docket._redelivery", "docket.strikelist")
TOLD_EVERY_S = 30.0
MESSAGE = "the queue's server does not answer: %s"


class ToldOnce(logging.Filter):
    """Lets the first line about the server through, in our words, and the next one after `TOLD_EVERY_S`. Lines about
    anything else pass as they are."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._quiet_until = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not (isinstance(error, RedisError | OSError) or record.getMessage().startswith("Redis ")):
            return True
        if self._clock() < self._quiet_until:
            return False
        self._quiet_until = self._clock() + TOLD_EVERY_S
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        # Some of docket's lines name no error, but are written while one is dealt with.
        record.msg, record.args = MESSAGE, (str(error or sys.exception() or "no connection"),)
        record.exc_info = record.exc_text = None
        return True


def tell_outages_once() -> None:
    """Have all of docket's loggers of this process share one such filter; calling it again changes nothing."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_SHARED)


_SHARED = ToldOnce()
