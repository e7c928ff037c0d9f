"""Residents' pages as the office names them."""

from __future__ import annotations

import pytest

from kusei.office.views.public_pages import page_name

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/w/141160/", "区のトップページ"),
        ("/w/141160/2021/", "令和3年度 トップページ"),
        ("/w/141160/2021/budget/", "令和3年度 予算"),
        ("/w/141160/2021/plans/budget/", "令和3年度 予算"),
        ("/w/141160/2021/plans/budget/施策２/", "令和3年度 予算 施策２"),
        ("/w/141160/nowhere/", "/w/141160/nowhere/"),
        ("/office/", "/office/"),
    ],
)
def test_a_page_is_called_by_its_heading(path: str, name: str) -> None:
    assert page_name(path) == name
