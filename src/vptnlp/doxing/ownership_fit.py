"""Fit the table of `vptnlp.doxing.ownership` to labelled messages.

Logistic regression with an L2 penalty; the subjects of earlier details are taken from the gold data while fitting. Weights
are rounded to one decimal and features that hold fewer than `MINIMUM` times are left out (unless they speak of
the detail itself, such as a PO box), so that the table stays readable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from vptnlp.doxing.base import Detail
from vptnlp.doxing.features import context_of, features_of
from vptnlp.doxing.ownership import SUBJECTS, Weights, as_read
from vptnlp.taxonomy import Subject

MINIMUM = 8
"""In how many details a feature must hold to get a row."""


class Labelled(NamedTuple):
    """A message with gold details (with subjects, sorted by start), and whether it is hostile."""

    text: str
    details: Sequence[Detail]
    hostile: bool


def fit(messages: Iterable[Labelled], penalty: float = 0.1) -> Weights:
    """Fit the weights.

    Args:
        messages: The labelled messages. Each is learnt from twice, with and without the hint whether it is hostile, so that
            one table serves both uses.
        penalty: Inverse strength of the L2 penalty (`C` of scikit-learn).

    Returns:
        Feature name to one weight a subject, rounded to one decimal.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows: list[dict[str, float]] = []
    gold: list[int] = []
    for text, details, hostile in messages:
        subjects = [Subject(detail.subject or Subject.BYSTANDER) for detail in details]
        read, placed = as_read(text, details)
        for hint in (hostile, None):
            context = context_of(read, placed, hint)
            for index in range(len(placed)):
                rows.append(dict.fromkeys(features_of(context, placed, index, subjects[:index]), 1.0))
                gold.append(SUBJECTS.index(subjects[index]))
    counts = Counter(name for row in rows for name in row)
    rows = [{name: 1.0 for name in row if counts[name] >= 2 * MINIMUM or name.startswith("own:")} for row in rows]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(rows)
    model = LogisticRegression(C=penalty, max_iter=2000, fit_intercept=False).fit(matrix, gold)
    # With two classes scikit-learn keeps one row, for the second.
    rows_of_weights = model.coef_ if len(model.coef_) > 1 else [-model.coef_[0], model.coef_[0]]
    table: dict[str, tuple[float, ...]] = {}
    for position, name in enumerate(vectorizer.get_feature_names_out()):
        weights = [0.0] * len(SUBJECTS)
        for row, column in zip(rows_of_weights, model.classes_, strict=True):
            weights[int(column)] = round(float(row[position]), 1) + 0.0
        if any(weights):
            table[str(name)] = tuple(weights)
    return table


def write(weights: Weights, path: Path) -> None:
    """Write a table as tab-separated values, features in alphabetical order."""
    lines = ["\t".join(("feature", *SUBJECTS))]
    lines += ["\t".join((name, *(f"{weight:g}" for weight in row))) for name, row in sorted(weights.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
