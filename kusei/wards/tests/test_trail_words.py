"""What the trail keeps, as people read it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from kusei.wards import audit


@pytest.mark.parametrize(
    ("field", "kept", "read"),
    [
        ("expires_at", datetime(2026, 11, 22, 5, 5, 9, 123, tzinfo=UTC), "令和8年11月22日 14:05"),
        ("starts_on", date(2026, 4, 1), "令和8年4月1日"),
        ("starts_on", date(2019, 5, 1), "令和元年5月1日"),
        ("ends_on", None, ""),
        ("text", "2021-02-31", "2021-02-31"),
        ("text", "2026-04-01 から", "2026-04-01 から"),
        ("kind", "project", "事業"),
        ("kind", "action_plan", "アクションプラン"),
        ("kind", "課・所属", "課・所属"),
        ("language", "ja-easy", "やさしい日本語"),
        ("fiscal_year", 2021, "令和3年度"),
        ("last_year", 2024, "令和6年度"),
        ("version", 2, "第2版"),
        ("items", 75, "75件"),
        ("money", ["2021 6,588千円", "2020 1,000千円"], "R3 6,588千円、R2 1,000千円"),
        ("owners", ["福祉保健課", "高齢・障害支援課"], "福祉保健課、高齢・障害支援課"),
        ("plan_bullets", [], ""),
        ("anything", True, "はい"),
        ("anything", 12345, "12,345"),
        ("anything", {"kind": "project", "starts_on": "2026-04-01"}, "種類: 事業、始まり: 令和8年4月1日"),
    ],
)
def test_a_value_is_shown_as_people_write_it(field: str, kept: Any, read: str) -> None:
    assert audit.value_label(field, audit._plain(kept)) == read


@pytest.mark.parametrize(
    ("verb", "field", "kept", "label", "read"),
    [
        ("wards.take_second_factor", "sessions", 3, "ログアウトした端末", "3台"),
        ("activities.add_sessions", "sessions", 3, "回の数", "3"),
        ("activities.translate", "title", "Baby class", "名称", "Baby class"),
        ("activities.translate", "audience", "Babies", "対象", "Babies"),
        ("activities.template", "template", "ward", "ひな型", "区のみんなのひな型"),
    ],
)
def test_a_field_is_read_as_the_room_of_its_verb_means_it(
    verb: str, field: str, kept: object, label: str, read: str
) -> None:
    assert (audit.field_label(field, verb), audit.value_label(field, kept, verb)) == (label, read)
