"""Evaluation: figures with intervals, per label, span, slice; curves, mistakes, and one model beside another."""

from vptnlp.evaluation.bootstrap import Estimate
from vptnlp.evaluation.compare import Comparison, compare
from vptnlp.evaluation.diagnostics import Diagnostics, diagnose
from vptnlp.evaluation.report import EvaluationReport, evaluate

__all__ = ["Comparison", "Diagnostics", "Estimate", "EvaluationReport", "compare", "diagnose", "evaluate"]
