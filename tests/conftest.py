"""Fixtures that many tests share: small, real things."""

from __future__ import annotations

from pathlib import Path

import pytest

from vptnlp import Analyzer

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The analyzer with the shipped model."""
    return Analyzer.load()
