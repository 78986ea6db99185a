"""Where the real pages are; tests that need them skip, and say so, where they are absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
REAL = SHARED / "real"

needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the real pages (../shared/real) are not on this machine")
needs_sentiment = pytest.mark.skipif(not (SHARED / "sentiment").is_dir(), reason="the sentiment data (../shared/sentiment) is not on this machine")
