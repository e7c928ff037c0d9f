"""Residents' pages as the office names and addresses them."""

from __future__ import annotations

from typing import Any

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import wareki_year
from kusei.plans.enums import PlanKind
from kusei.plans.models import Plan
from kusei.wards.models import Ward


def public_address(ward: Ward, plan: Plan) -> str:
    """Where residents read what is in force of a plan."""
    where = [ward.key, plan.fiscal_year, plan.kind]
    if plan.part:
        return reverse("portal:plan_part", args=[*where, plan.part])
    return reverse("portal:plan", args=where)


def page_name(path: str) -> str:
    """What a resident's page is called, for people who know it by its heading; the path itself where it has no name here."""
    try:
        match = resolve(path)
    except Resolver404:
        return path
    if match.namespace != "portal":
        return path
    names: dict[str, str] = {
        "ward": _("区のトップページ"),
        "year": _("トップページ"),
        "themes": _("施策の一覧"),
        "bodies": _("担当の一覧"),
        "body": _("担当のページ"),
        "tags": _("タグの一覧"),
        "tag": _("タグのページ"),
        "budget": _("予算"),
        "results": _("取組と結果"),
        "situations": _("暮らしの場面の一覧"),
        "situation": _("暮らしの場面のページ"),
        "districts": _("地区の一覧"),
        "district": _("地区のページ"),
        "documents": _("もとの文書の一覧"),
        "document": _("もとの文書"),
        "changes": _("最近変わったこと"),
        "compare": _("年度をくらべるページ"),
        "ward_search": _("検索"),
    }
    name = names.get(match.url_name or "") or _plan_name(match.kwargs)
    year = match.kwargs.get("fiscal_year")
    if not name:
        return path
    return f"{wareki_year(year)} {name}" if year else name


def _plan_name(words: dict[str, Any]) -> str:
    kind = words.get("kind")
    if kind not in PlanKind.values:
        return ""
    return f"{PlanKind(kind).label} {words.get('part', '')}".strip()
