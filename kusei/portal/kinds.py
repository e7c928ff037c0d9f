"""Words for the kinds of things that search finds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kusei.plans.enums import ItemKind

_OTHERS = {
    "item": _("計画の項目"),
    "plan_item": _("計画の項目"),
    "page": _("もとの文書"),
    "source_page": _("もとの文書"),
    "document": _("もとの文書"),
    "document_page": _("もとの文書"),
    "body": _("担当"),
    "activity": _("講座・催し"),
}


def kind_label(kind: str) -> str:
    """事業, 取組 …; what nobody named is その他."""
    if kind in ItemKind.values:
        return str(ItemKind(kind).label)
    return str(_OTHERS.get(kind, _("その他")))
