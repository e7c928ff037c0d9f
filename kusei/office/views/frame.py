"""What all pages of a ward's office have in common: the ward, its navigation, the breadcrumb."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kusei.ledger.permissions import may_define_metrics, may_keep_books, may_see_entries
from kusei.plans.permissions import may_plan, may_see_drafts
from kusei.results.permissions import may_collect, may_see_all_answers, may_see_answers
from kusei.services.activities.permissions import may_work_on_activities
from kusei.services.questions.permissions import may_work_on_questions
from kusei.wards.models import Ward
from kusei.wards.permissions import (
    Decision,
    Rights,
    may_administer,
    may_enter_office,
    may_keep_bodies,
    may_keep_readings,
    may_search_audit,
)

Predicate = Callable[[Rights, Ward], Decision]


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the office's navigation, shown to whoever may open it."""

    name: str
    label: Any
    address: str
    may: Predicate


def _only(may: Predicate, unless: Predicate) -> Predicate:
    """For whom one entry leads to the page below another entry that they may not open."""

    def decide(rights: Rights, ward: Ward) -> Decision:
        return Decision(False) if unless(rights, ward) else may(rights, ward)

    return decide


SECTIONS: tuple[Section, ...] = (
    Section("work", _("自分の仕事"), "office:work", may_enter_office),
    Section("plans", _("計画"), "office:plans", may_see_drafts),
    Section("results", _("取組結果"), "office:results", may_see_answers),
    Section("imports", _("取り込み"), "office:imports", may_plan),
    Section("links", _("つながり"), "office:links", may_plan),
    Section("figures", _("実績"), "office:figures", may_see_entries),
    Section("indicators", _("指標"), "office:indicators", may_see_answers),
    Section("reviews", _("評価"), "office:reviews", may_see_all_answers),
    Section("activities", _("講座・催し"), "office:activities", may_work_on_activities),
    Section("questions", _("質問"), "office:questions", may_work_on_questions),
    Section("bodies", _("実施主体"), "office:bodies", may_keep_bodies),
    Section("people", _("利用者"), "office:people", may_administer),
    Section("settings", _("区の設定"), "office:settings", may_administer),
    Section("settings", _("区の設定"), "office:districts", _only(may_keep_bodies, may_administer)),
    Section("settings", _("よみがな"), "office:readings", _only(may_keep_readings, may_keep_bodies)),
    Section("trail", _("変更の記録"), "office:trail", may_search_audit),
)


SETTINGS_TABS: tuple[Section, ...] = (
    Section("settings", _("見た目と連絡先"), "office:settings", may_administer),
    Section("districts", _("地区"), "office:districts", may_keep_bodies),
    Section("readings", _("よみがな"), "office:readings", may_keep_readings),
    Section("metrics", _("数えるもの"), "office:metrics", may_define_metrics),
    Section("sentences", _("文のひな形"), "office:sentences", may_collect),
    Section("books", _("実績の締め"), "office:books", may_keep_books),
    Section("reconcile", _("実績の照合"), "office:reconcile", may_keep_books),
    Section("mails", _("送ったメール"), "office:mails", may_administer),
)


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the breadcrumb; the last has no address."""

    label: str
    url: str = ""


def office_page(
    request: HttpRequest,
    template: str,
    ward: Ward,
    *,
    title: str,
    section: str = "",
    crumbs: Sequence[Crumb] = (),
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page of a ward's office."""
    rights: Rights = request.rights  # type: ignore[attr-defined]
    return render(
        request,
        template,
        {
            "ward": ward,
            "rights": rights,
            "page_title": title,
            "crumbs": [*crumbs, Crumb(title)] if crumbs else [],
            "section": section,
            "sections": _open_to(rights, ward, SECTIONS),
            "settings_tabs": _open_to(rights, ward, SETTINGS_TABS) if section == "settings" else [],
            **(context or {}),
        },
        status=status,
    )


def unread(rows: Iterable[Any], known: Mapping[int, object]) -> int:
    """How many of the rows hold something sealed that could not be opened; for `office/parts/unreadable.html`."""
    return sum(1 for each in rows if each.sealed and each.pk not in known)


def _open_to(rights: Rights, ward: Ward, entries: Sequence[Section]) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "label": each.label, "url": reverse(each.address, args=[ward.key])}
        for each in entries
        if each.may(rights, ward)
    ]
