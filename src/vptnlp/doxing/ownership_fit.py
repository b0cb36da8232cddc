"""Fit the table of `vptnlp.doxing.ownership` to labelled messages.

Logistic regression with an L2 penalty; the subjects of earlier details are taken from the gold data while fitting. Weights
are rounded to one decimal and features that hold fewer than `MINIMUM` times are left out, so that the table stays readable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from vptnlp.doxing.base import Detail
from vptnlp.doxing.features import context_of, features_of
from vptnlp.doxing.ownership import SUBJECTS, Weights
from vptnlp.taxonomy import Subject

MINIMUM = 8
"""How often a feature must hold to get a row."""


def fit(messages: Iterable[tuple[str, Sequence[Detail]]], penalty: float = 0.15) -> Weights:
    """Fit the weights.

    Args:
        messages: Pairs of text and gold details with subjects, sorted by start.
        penalty: Inverse strength of the L2 penalty (`C` of scikit-learn).

    Returns:
        Feature name to one weight a subject, rounded to one decimal.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    rows: list[dict[str, float]] = []
    gold: list[int] = []
    for text, details in messages:
        context = context_of(text, details)
        subjects = [Subject(detail.subject or Subject.BYSTANDER) for detail in details]
        for index in range(len(details)):
            rows.append(dict.fromkeys(features_of(context, details, index, subjects[:index]), 1.0))
            gold.append(SUBJECTS.index(subjects[index]))
    counts = Counter(name for row in rows for name in row)
    rows = [{name: 1.0 for name in row if counts[name] >= MINIMUM} for row in rows]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform(rows)
    model = LogisticRegression(C=penalty, max_iter=2000, fit_intercept=False).fit(matrix, gold)
    table: dict[str, tuple[float, ...]] = {}
    for position, name in enumerate(vectorizer.get_feature_names_out()):
        weights = [0.0] * len(SUBJECTS)
        for row, column in enumerate(model.classes_):
            weights[int(column)] = round(float(model.coef_[row][position]), 1) + 0.0
        if any(weights):
            table[str(name)] = tuple(weights)
    return table


def write(weights: Weights, path: Path) -> None:
    """Write a table as tab-separated values, features in alphabetical order."""
    lines = ["\t".join(("feature", *SUBJECTS))]
    lines += ["\t".join((name, *(f"{weight:g}" for weight in row))) for name, row in sorted(weights.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
