"""The names of holidays in the languages of the pages; one that is not here stands in Japanese."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_NAMES: dict[str, str | Promise] = {
    "元日": gettext_lazy("元日"),
    "成人の日": gettext_lazy("成人の日"),
    "建国記念の日": gettext_lazy("建国記念の日"),
    "天皇誕生日": gettext_lazy("天皇誕生日"),
    "春分の日": gettext_lazy("春分の日"),
    "昭和の日": gettext_lazy("昭和の日"),
    "憲法記念日": gettext_lazy("憲法記念日"),
    "みどりの日": gettext_lazy("みどりの日"),
    "こどもの日": gettext_lazy("こどもの日"),
    "海の日": gettext_lazy("海の日"),
    "山の日": gettext_lazy("山の日"),
    "敬老の日": gettext_lazy("敬老の日"),
    "国民の休日": gettext_lazy("国民の休日"),
    "秋分の日": gettext_lazy("秋分の日"),
    "スポーツの日": gettext_lazy("スポーツの日"),
    "文化の日": gettext_lazy("文化の日"),
    "勤労感謝の日": gettext_lazy("勤労感謝の日"),
    "年末年始": gettext_lazy("年末年始"),
}
_SUBSTITUTE = "振替休日"


def holiday_said(name: str) -> str:
    """A holiday as `japanese.business_days` names it, in the language that is spoken; empty for none."""
    if _SUBSTITUTE in name:
        return _("振替休日")
    return str(_NAMES.get(name, name))
