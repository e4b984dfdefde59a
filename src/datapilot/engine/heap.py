"""Let the process keep the memory that it frees, for a while: the next array or block of the engine takes its place.

As it is set up, the C library gives the top of its heap back to the system at every larger free and fetches it anew,
page by page, for the next array: of thousands of columns that was a fifteenth of the time (benchmarks/table_shapes.py).
For processes that end with their work; a program that imports the package keeps its own ways. Such a process need not
take its engine down either, which gives back table by table what the end of the process gives back at once.
"""

import ctypes

MEBIBYTE = 1024 * 1024
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3  # malloc.h
KEPT_BYTES = 64 * MEBIBYTE
FETCHED_BYTES = 16 * MEBIBYTE  # at a time
OWN_MAPPING_BYTES = 8 * MEBIBYTE  # a larger block is given back when it is freed


class _Process:
    leaves_engines = False


def leave_engines() -> None:
    """Leave every engine as it is when its work is done, from now on, in processes forked from this one as well."""
    _Process.leaves_engines = True


def leaves_engines() -> bool:
    return _Process.leaves_engines


def keep_freed_memory() -> None:
    """Do so from now on, in processes forked from this one as well; nothing where the C library is not glibc."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return
    for option, size in (
        (M_TRIM_THRESHOLD, KEPT_BYTES),
        (M_TOP_PAD, FETCHED_BYTES),
        (M_MMAP_THRESHOLD, OWN_MAPPING_BYTES),
    ):
        mallopt(option, size)
