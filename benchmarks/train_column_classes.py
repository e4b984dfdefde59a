"""Learn the nine column classes from labelled columns and write `column_classes.npz`.

    uv run --with lightgbm --with scikit-learn python -m benchmarks.train_column_classes FOLDER
    uv run --with lightgbm --with scikit-learn python -m benchmarks.run column_classes=FOLDER      cross validation

FOLDER holds `train_columns.csv`, one row per labelled column: table_id, column_name, class, rows, missing, distinct,
mean, std, min, max, value_1 .. value_5 (SortingHat, Shah et al., SIGMOD 2021). Every column is learned twice: with the
counts of the whole column, and as the small CSV file of its five values that the product's own reader opens, so that
long and short files are both known.
"""

import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import lightgbm
import numpy as np
import numpy.typing as npt

from datapilot.contracts.errors import DataPilotError
from datapilot.contracts.limits import Limits
from datapilot.contracts.table import ReadingOptions
from datapilot.engine.connect import connect
from datapilot.reading.columns.evidence import Evidence
from datapilot.reading.columns.missing import missing_spellings, strip
from datapilot.reading.columns.ml_features import NAME_BUCKETS, ColumnCounts, features
from datapilot.reading.columns.ml_type import CLASSES, MODEL, describe_column
from datapilot.reading.columns.type_table import evidences_of
from datapilot.reading.find_table import find_table

WORKERS = 4
MOST_BLANKS = 200  # rows of a small file that stand for the missing share of a long column
SETTINGS = {  # ml_type.Leaves has room for 32 leaves
    "n_estimators": 250, "learning_rate": 0.07, "num_leaves": 31, "min_child_samples": 8, "colsample_bytree": 0.1,
    "subsample": 0.8, "subsample_freq": 1, "reg_lambda": 2.0, "max_bin": 63, "n_jobs": 1, "random_state": 1,
    "verbose": -1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Labelled:
    """One row per column: its features with whole-column counts, those of the small file (a row of NaN where the file
    was not read as one column), its class and its table."""

    whole: Matrix
    file: Matrix
    classes: npt.NDArray[np.int64]
    tables: npt.NDArray[np.str_]


def read_columns(folder: Path) -> Labelled:
    """Return the labelled columns in both views."""
    whole, file, classes, tables = [], [], [], []
    csv.field_size_limit(sys.maxsize)
    with (folder / "train_columns.csv").open(encoding="utf-8", newline="") as source:
        rows: list[Mapping[str, str]] = list(csv.DictReader(source))
    with ProcessPoolExecutor(WORKERS) as pool:
        for row, (one, other) in zip(rows, pool.map(_both, rows, chunksize=100), strict=True):
            whole.append(one)
            file.append(other)
            classes.append(CLASSES.index(row["class"]))
            tables.append(row["table_id"])
    return Labelled(np.array(whole), np.array(file), np.array(classes), np.array(tables))


def _both(row: Mapping[str, str]) -> tuple[Matrix, Matrix]:
    whole = np.array(_whole(row), np.float32)
    file = _as_file(row)
    return whole, np.array(file, np.float32) if file is not None else np.full_like(whole, np.nan)


def _whole(row: Mapping[str, str]) -> list[float]:
    filled = Counter(cell for n in range(1, 6) if (cell := strip(row[f"value_{n}"])))
    spellings = missing_spellings(filled)
    values = [cell for n in range(1, 6) if (cell := strip(row[f"value_{n}"])) and cell not in spellings]
    numbers = [float(row[key] or 0) for key in ("mean", "std", "min", "max")]
    counts = ColumnCounts(
        int(float(row["rows"])),
        int(float(row["missing"])),
        int(float(row["distinct"])),
        *(number if np.isfinite(number) else 0.0 for number in numbers),
    )
    return features(row["column_name"], values, counts)


def _as_file(row: Mapping[str, str]) -> list[float] | None:
    """Return the features that the product's reader finds in the column written as a CSV file; None for no column."""
    filled = [row[f"value_{n}"] for n in range(1, 6) if row[f"value_{n}"]]
    rows, missing = int(float(row["rows"])), int(float(row["missing"]))
    blanks = min(MOST_BLANKS, round(len(filled) * missing / (rows - missing))) if filled and missing < rows else 5
    if filled and not missing:
        blanks = 0
    read = read_as_file(row["column_name"], [*filled, *[""] * blanks])
    return None if read is None else describe_column(read, rows=len(filled) + blanks)


def read_as_file(name: str, cells: Sequence[str]) -> Evidence | None:
    """Return what the reader knows of the column in a CSV file of its own, None when it finds no single column."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "column.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([[name], *([cell] for cell in cells)])
        try:
            found = find_table(
                path,
                name=path.name,
                options=ReadingOptions(),
                limits=Limits(),
                connection=_engine(),
                scratch=Path(folder),
            )
        except DataPilotError:
            return None
    evidences = list(evidences_of(found.text))
    return evidences[0][0] if len(evidences) == 1 else None


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """One a process: opening it takes ten times as long as reading five cells."""
    return connect(Limits(threads=1), None)


def learn(whole: Matrix, file: Matrix, classes: npt.NDArray[np.int64]) -> lightgbm.LGBMClassifier:
    read = ~np.isnan(file[:, 0])
    model = lightgbm.LGBMClassifier(**SETTINGS)
    model.fit(np.vstack([whole, file[read]]), np.concatenate([classes, classes[read]]))
    return model


def save(model: lightgbm.LGBMClassifier, path: Path) -> None:
    """Write the trees as plain arrays; nodes of all trees stand in one table, a left child right behind its parent."""
    feature: list[int] = []
    threshold: list[float] = []
    right: list[int] = []
    value: list[float] = []

    def add(node: dict[str, object]) -> int:
        place = len(feature)
        feature.append(int(node.get("split_feature", -1)))  # type: ignore[arg-type]
        threshold.append(float(node.get("threshold", 0.0)))  # type: ignore[arg-type]
        value.append(float(node.get("leaf_value", 0.0)))  # type: ignore[arg-type]
        right.append(0)
        if "split_feature" in node:
            add(node["left_child"])  # type: ignore[arg-type]
            right[place] = add(node["right_child"])  # type: ignore[arg-type]
        return place

    roots = [add(tree["tree_structure"]) for tree in model.booster_.dump_model()["tree_info"]]
    dense = model.n_features_in_ - NAME_BUCKETS
    buckets = sorted({number - dense for number in feature if number >= dense})
    place_of = {dense + bucket: dense + place for place, bucket in enumerate(buckets)}
    is_leaf = np.array(feature) < 0
    thresholds, place_among = np.unique(np.array(threshold, np.float32), return_inverse=True)
    np.savez(  # not compressed: every short run reads it
        path,
        feature=np.array([place_of.get(number, number) for number in feature], np.int16),
        threshold=place_among.astype(np.int16),
        thresholds=thresholds,
        to_right=np.where(is_leaf, 0, np.array(right) - np.arange(len(right))).astype(np.uint8),
        leaf_value=np.array(value, np.float32)[is_leaf],
        roots=np.array(roots, np.int32),
        buckets=np.array(buckets, np.int16),
    )


if __name__ == "__main__":
    labelled = read_columns(Path(sys.argv[1]))
    save(learn(labelled.whole, labelled.file, labelled.classes), MODEL)
    print(f"wrote {MODEL} ({MODEL.stat().st_size:,} bytes)")
