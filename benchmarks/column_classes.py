"""Judge the column classes by cross validation on the labelled columns of SortingHat, beside the published figures.

    uv run --with lightgbm --with scikit-learn python -m benchmarks.run column_classes=FOLDER

Two ways to see a column: with the counts of the whole column, as the published figures had it, and as a small CSV file
of its five values through the product's own reader; a file that is not read as one column counts as wrong. Two ways to
split: columns never seen (of tables that may be known, as published), and tables never seen.
"""

import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.measured import Row

FOLDS = 5
PUBLISHED = {
    "Random Forest (SortingHat)": 0.9265,
    "CNN": 0.8801,
    "k-NN": 0.8796,
    "SVM": 0.8736,
    "logistic regression": 0.8584,
    "plain rules": 0.76,
    "AutoGluon": 0.64,
    "TFDV": 0.56,
    "pandas": 0.45,
}


def measure(folder: Path) -> list[Row]:
    """Return accuracy and macro F1 a view and split, the confusion of the published kind of split, and the peers."""
    from sklearn.model_selection import GroupKFold, KFold

    from benchmarks.train_column_classes import WORKERS, learn, read_columns
    from datapilot.reading.columns.ml_type import CLASSES

    warnings.filterwarnings("ignore", message="X does not have valid feature names")
    columns = read_columns(folder)
    each = np.arange(len(columns.classes))
    rows: list[Row] = []
    for split, folds, groups in (
        ("columns", KFold(FOLDS, shuffle=True, random_state=1), None),
        ("tables", GroupKFold(FOLDS), columns.tables),
    ):
        answers = {"whole column": np.full_like(columns.classes, -1), "small file": np.full_like(columns.classes, -1)}
        parts = list(folds.split(each, columns.classes, groups))
        with ProcessPoolExecutor(WORKERS) as pool:
            models = list(
                pool.map(
                    learn,
                    [columns.whole[train] for train, _ in parts],
                    [columns.file[train] for train, _ in parts],
                    [columns.classes[train] for train, _ in parts],
                )
            )
        for model, (_, test) in zip(models, parts, strict=True):
            answers["whole column"][test] = model.predict(columns.whole[test])
            read = test[~np.isnan(columns.file[test, 0])]
            answers["small file"][read] = model.predict(columns.file[read])
        for view, answer in answers.items():
            rows.append({"split": split, "view": view, **_scores(columns.classes, answer, len(CLASSES))})
            if split == "columns":
                rows += _confusion(view, columns.classes, answer, CLASSES)
    return rows + [{"peer": name, "accuracy": accuracy} for name, accuracy in PUBLISHED.items()]


def _scores(truth: npt.NDArray[np.int64], answer: npt.NDArray[np.int64], classes: int) -> Row:
    f1 = []
    for one in range(classes):
        right = int(((truth == one) & (answer == one)).sum())
        f1.append(2 * right / max(1, int((truth == one).sum()) + int((answer == one).sum())))
    return {"accuracy": round(float((truth == answer).mean()), 4), "macro F1": round(sum(f1) / classes, 4)}


def _confusion(
    view: str, truth: npt.NDArray[np.int64], answer: npt.NDArray[np.int64], classes: tuple[str, ...]
) -> list[Row]:
    return [
        {
            "view": view,
            "truth": name,
            **{other: int(((truth == k) & (answer == j)).sum()) for j, other in enumerate(classes)},
            "not read": int(((truth == k) & (answer == -1)).sum()),
        }
        for k, name in enumerate(classes)
    ]


def markdown(rows: list[Row]) -> str:
    """Return three tables: scores, published figures, confusion."""
    scores = [row for row in rows if "split" in row]
    lines = ["| never seen before | seen as | accuracy | macro F1 |", "|---|---|---|---|"]
    lines += [f"| {r['split']} | {r['view']} | {r['accuracy']:.4f} | {r['macro F1']:.4f} |" for r in scores]
    lines += ["", "| published, columns never seen | accuracy |", "|---|---|"]
    lines += [f"| {row['peer']} | {row['accuracy']:.4f} |" for row in rows if "peer" in row]
    for view in dict.fromkeys(str(row["view"]) for row in rows if "truth" in row):
        table = [row for row in rows if row.get("view") == view and "truth" in row]
        names = [key for key in table[0] if key not in {"view", "truth"}]
        lines += ["", f"Truth down, answer across ({view}, columns never seen):", ""]
        lines += [f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
        lines += [f"| {row['truth']} | {' | '.join(str(row[name]) for name in names)} |" for row in table]
    return "\n".join(lines)
