"""Fixtures that many tests share: small, real things."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from vptnlp import Analyzer

ROOT = Path(__file__).parents[1]

# CI draws the same examples every time, so that a change is judged by itself; a run at home explores.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The analyzer with the shipped model."""
    return Analyzer.load()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser: these tests run in a process of their own, because Playwright holds its event loop."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
