"""Evaluation: figures with intervals, per label, span, slice."""

from vptnlp.evaluation.bootstrap import Estimate
from vptnlp.evaluation.report import EvaluationReport, evaluate

__all__ = ["Estimate", "EvaluationReport", "evaluate"]
