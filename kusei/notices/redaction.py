"""Tokens of links never stand in a log: an address that holds one is written with … in its place."""

from __future__ import annotations

import logging
import re
from typing import Any

_TOKEN = re.compile(
    r"(/(?:answer|applications|cards|q/r|visit-requests|invitation|password/reset/key)/)[^/\s?#\"']+"
)


def without_tokens(text: str) -> str:
    """/answer/abc…/ → /answer/…/."""
    return _TOKEN.sub(r"\1…", text)


class HideTokens(logging.Filter):
    """For every handler that writes somewhere."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _clean(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_clean(each) for each in record.args)
        elif isinstance(record.args, dict):
            record.args = {name: _clean(each) for name, each in record.args.items()}
        return True


def _clean(value: Any) -> Any:
    return without_tokens(value) if isinstance(value, str) else value
