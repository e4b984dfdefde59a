"""Learn the nine column classes from labelled columns and write `column_classes.npz`; or judge by cross validation.

    uv run --with lightgbm --with scikit-learn python benchmarks/train_column_classes.py COLUMNS.csv [--judge]

COLUMNS.csv has one row per labelled column: table_id, column_name, class, rows, missing, distinct, mean, std, min, max,
value_1 .. value_5 (SortingHat, Shah et al., SIGMOD 2021). Every column is learned twice: with the counts of the
whole column, and as the small table of its five values alone, so that long and short files are both known.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

import lightgbm
import numpy as np
import numpy.typing as npt

from datapilot.reading.evidence import Evidence
from datapilot.reading.missing import missing_spellings, strip
from datapilot.reading.ml_features import ColumnCounts, features
from datapilot.reading.ml_type import CLASSES, MODEL, column_counts

SETTINGS = {
    "n_estimators": 80, "learning_rate": 0.14, "num_leaves": 31, "min_child_samples": 8, "colsample_bytree": 0.3,
    "subsample": 0.8, "subsample_freq": 1, "reg_lambda": 2.0, "max_bin": 63, "n_jobs": 1, "random_state": 1,
    "verbose": -1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip
Matrix = npt.NDArray[np.float64]


def read_columns(path: Path) -> tuple[Matrix, Matrix, npt.NDArray[np.int64], npt.NDArray[np.str_]]:
    """Return the features with whole-column counts, those of the five values alone, the classes and the tables."""
    whole, alone, classes, tables = [], [], [], []
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells = [strip(row[f"value_{n}"]) for n in range(1, 6)]
            filled = Counter(cell for cell in cells if cell)
            spellings = missing_spellings(filled)
            values = [cell for cell in cells if cell and cell not in spellings]
            rows, missing = int(float(row["rows"])), int(float(row["missing"]))
            numbers = [float(row[key] or 0) for key in ("mean", "std", "min", "max")]
            counts = ColumnCounts(
                rows, missing, int(float(row["distinct"])), *(x if np.isfinite(x) else 0.0 for x in numbers)
            )
            whole.append(features(row["column_name"], values, counts))
            blanks = round(len(cells) * missing / max(1, rows - missing)) if missing < rows else 5
            tiny = Evidence(row["column_name"], Counter(values), Counter(), blanks)
            alone.append(features(row["column_name"], values, column_counts(tiny, rows=len(values) + blanks)))
            classes.append(CLASSES.index(row["class"]))
            tables.append(row["table_id"])
    return np.array(whole), np.array(alone), np.array(classes), np.array(tables)


def learn(whole: Matrix, alone: Matrix, classes: npt.NDArray[np.int64]) -> lightgbm.LGBMClassifier:
    model = lightgbm.LGBMClassifier(**SETTINGS)
    model.fit(np.vstack([whole, alone]), np.concatenate([classes, classes]))
    return model


def judge(whole: Matrix, alone: Matrix, classes: npt.NDArray[np.int64], tables: npt.NDArray[np.str_]) -> None:
    """Print accuracy and macro F1 of both views by 5-fold cross validation: columns of tables never seen, and columns
    never seen of tables that may be known, which is how the published figures were taken."""
    from sklearn.metrics import accuracy_score, confusion_matrix, f1_score
    from sklearn.model_selection import GroupKFold, KFold

    shuffled = np.arange(len(classes)).astype(str)
    for split, folds, groups in (
        ("tables", GroupKFold(5), tables),
        ("columns", KFold(5, shuffle=True, random_state=1), shuffled),
    ):
        answers = {"whole column": np.zeros_like(classes), "five values alone": np.zeros_like(classes)}
        for train, test in folds.split(whole, classes, groups):
            model = learn(whole[train], alone[train], classes[train])
            answers["whole column"][test] = model.predict(whole[test])
            answers["five values alone"][test] = model.predict(alone[test])
        for view, answer in answers.items():
            accuracy, macro = accuracy_score(classes, answer), f1_score(classes, answer, average="macro")
            print(f"unseen {split}, {view}: accuracy {accuracy:.4f}, macro F1 {macro:.4f}")
            print(confusion_matrix(classes, answer), flush=True)


def save(model: lightgbm.LGBMClassifier, path: Path) -> None:
    """Write the trees as plain arrays; nodes of all trees stand in one table."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    value: list[float] = []

    def add(node: dict[str, object]) -> int:
        place = len(feature)
        feature.append(int(node.get("split_feature", -1)))  # type: ignore[arg-type]
        threshold.append(float(node.get("threshold", 0.0)))  # type: ignore[arg-type]
        value.append(float(node.get("leaf_value", 0.0)))  # type: ignore[arg-type]
        left.append(0)
        right.append(0)
        if "split_feature" in node:
            left[place] = add(node["left_child"])  # type: ignore[arg-type]
            right[place] = add(node["right_child"])  # type: ignore[arg-type]
        return place

    roots = [add(tree["tree_structure"]) for tree in model.booster_.dump_model()["tree_info"]]
    np.savez_compressed(
        path,
        feature=np.array(feature, np.int32),
        threshold=np.array(threshold, np.float64),
        left=np.array(left, np.int32),
        right=np.array(right, np.int32),
        value=np.array(value, np.float32),
        roots=np.array(roots, np.int32),
    )


if __name__ == "__main__":
    columns = read_columns(Path(sys.argv[1]))
    if "--judge" in sys.argv:
        judge(*columns)
    else:
        save(learn(*columns[:3]), MODEL)
        print(f"wrote {MODEL} ({MODEL.stat().st_size:,} bytes)")
