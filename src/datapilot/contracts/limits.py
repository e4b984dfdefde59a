"""How much one job may take."""

from datapilot.contracts.base import Contract

MEBIBYTE = 1024 * 1024


class Limits(Contract):
    """`memory_bytes` is the resident size at which the watchdog ends the child; the engine spills before that.

    a table with more than `max_columns` columns is refused; `max_unpacked_bytes` and `max_unpack_ratio` refuse archive
    bombs.
    """

    memory_bytes: int = 2048 * MEBIBYTE
    threads: int = 2
    max_columns: int = 20_000
    max_unpacked_bytes: int = 4096 * MEBIBYTE
    max_unpack_ratio: int = 200
