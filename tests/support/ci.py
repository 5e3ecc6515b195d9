"""Says what to do where a test needs something that is not here: a visible skip, and on CI a failure."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def on_ci() -> bool:
    """Whether this is a run on which nothing may be left out."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def not_here(reason: str) -> NoReturn:
    """Skip the test with its reason, or fail it on CI."""
    if on_ci():
        pytest.fail(f"CI=true, so nothing may be missing: {reason}", pytrace=False)
    pytest.skip(reason)
