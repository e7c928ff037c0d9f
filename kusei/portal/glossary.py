"""Short words of explanation for marks that documents print and people ask about."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_BY_NAME: dict[str, Promise] = {
    "重点": _("区が特に力を入れるとしている事業です。"),
    "新規": _("この年度に新しく始める事業です。"),
    "拡充": _("前の年度より内容や規模を広げる事業です。"),
    "区": _("区の予算で行う事業です。"),
    "局": _("市の局の予算で行う事業です。"),
    "統合事業費": _("区の予算の合計とは別に計上される予算です。"),
}
_BY_ENDING: dict[str, Promise] = {"区配": _("市の局の予算から区に配分されるお金です。")}


def explanation_of(mark: str) -> str:
    """What a tag or a budget source means; empty where nobody has written it down."""
    found = _BY_NAME.get(mark) or next((text for end, text in _BY_ENDING.items() if mark.endswith(end)), "")
    return str(found)
