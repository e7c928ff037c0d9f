"""Lines of the trail as people read them."""

from __future__ import annotations

import pytest

from kusei.office.templatetags.trail import changes
from kusei.wards.models import AuditEntry

pytestmark = pytest.mark.slow


def told(before: object, after: object) -> tuple[tuple[str, str], ...]:
    entry = AuditEntry(verb="plans.edit_item", changes={"text": [before, after]})
    return tuple((each.kind, each.text) for each in changes(entry)[0]["pieces"])


def test_one_word_in_a_long_text_is_told_with_a_few_words_around_it() -> None:
    before = "あ" * 80 + "。月に1回訪ねる。" + "い" * 80
    found = told(before, before.replace("1", "2"))
    assert [kind for kind, _text in found] == ["same", "gone", "new", "same"]
    assert (found[1][1], found[2][1]) == ("1", "2")
    assert found[0][1].startswith("…")
    assert found[0][1].endswith("月に")
    assert found[3][1].endswith("…")
    assert all(len(text) < 40 for _kind, text in found)


@pytest.mark.parametrize(
    ("before", "after"),
    [("月に1回", "月に2回"), (None, "月に2回訪ねて、話を聞く。"), ("見守り事業を続けます", "")],
)
def test_short_values_are_told_whole(before: object, after: object) -> None:
    assert told(before, after) == ()
