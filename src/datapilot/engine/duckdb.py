"""DuckDB as the house uses it: its compiled module, without the Python package that stands around it.

Relations, expressions and the sources of data frames are most of what `import duckdb` loads, 60 ms that no statement
here needs and a quarter of what a SUMMARIZE of a small file takes in all (benchmarks/analysis_speed.py). The names are
those of the package, and so are the objects.
"""

from _duckdb import (
    ConversionException,
    DuckDBPyConnection,
    Error,
    InvalidInputException,
    OutOfMemoryException,
    connect,
)

__all__ = [
    "ConversionException",
    "DuckDBPyConnection",
    "Error",
    "InvalidInputException",
    "OutOfMemoryException",
    "connect",
]
