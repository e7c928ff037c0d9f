"""A ward to look at, and a guard: no page of these tests prints a number without saying how."""

from __future__ import annotations

import decimal

import pytest
from django.template import base, defaulttags
from django.templatetags import i18n

from kusei.portal.tests.factories import make_large_ward
from tests.stored import made_once


@pytest.fixture(autouse=True)
def _no_bare_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail on {{ 1234 }}: amounts need their commas, ids must never get them; only named formats decide which."""
    original = base.render_value_in_context

    def guarded(value, context):
        if isinstance(value, int | float | decimal.Decimal) and not isinstance(value, bool):
            raise AssertionError(f"a bare number in {context.template_name}: {value!r}; use a named format")
        return original(value, context)

    for module in (base, i18n, defaulttags):
        if hasattr(module, "render_value_in_context"):
            monkeypatch.setattr(module, "render_value_in_context", guarded)


@pytest.fixture
def large_ward(db):
    """泉が丘区 with 40 actions: enough for every part of every page."""
    return made_once("large_ward", lambda: make_large_ward(actions=40))
