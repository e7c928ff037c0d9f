"""When people are written to."""

from __future__ import annotations

from datetime import datetime

import pytest

from kusei.notices.rules import is_by_day


@pytest.mark.parametrize(
    ("hour", "minute", "expected"), [(7, 59, False), (8, 0, True), (19, 59, True), (20, 0, False)]
)
def test_nobody_is_written_to_at_night(hour: int, minute: int, expected: bool) -> None:
    assert is_by_day(datetime(2026, 6, 9, hour, minute)) is expected
