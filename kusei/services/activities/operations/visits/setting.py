"""On what terms a theme is brought to groups."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Activity, VisitTerms
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.services.activities.visit_enums import VisitVerb
from kusei.services.activities.visiting import Terms
from kusei.wards import audit, permissions
from kusei.wards.models import Person

_MOST_LEAD = 365


@transaction.atomic
def set_terms(*, activity: Activity, terms: Terms, revision: int, actor: Person) -> VisitTerms:
    """The terms of a visiting lecture, for the first time (`revision` 0) or others; requests that came before stay as they are.

    Raises NotFitting, ChangedMeanwhile, NotAllowed.
    """
    permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))
    if activity.kind != ActivityKind.VISIT:
        raise NotFitting(_("種類が「出前講座」のものだけに決められます。"))
    _check(terms)
    Activity.objects.select_for_update(no_key=True, of=("self",)).get(pk=activity.pk)
    kept = VisitTerms.objects.filter(activity=activity).first()
    if (kept.revision if kept else 0) != revision:
        raise ChangedMeanwhile(
            _("開いているあいだに、ほかの人が条件を変えました。いまの内容を確かめてください。")
        )
    before = _columns(terms_of(kept)) if kept else {}
    wanted = _columns(terms)
    if kept is None:
        kept = VisitTerms.objects.create(ward=activity.ward, activity=activity, **wanted)
    else:
        VisitTerms.objects.filter(pk=kept.pk).update(**wanted, revision=revision + 1)
        kept.refresh_from_db()
    audit.record(
        ward=activity.ward, actor=actor, verb=VisitVerb.TERMS, target=activity,
        changes={name: (before.get(name), value) for name, value in wanted.items() if before.get(name) != value and name in _TOLD},
    )  # fmt: skip
    return kept


def copy_terms(like: Activity, made: Activity, actor: Person) -> None:
    """Give a new visiting lecture the terms of the one that it is like, without its excluded days. For operations of this room."""
    kept = VisitTerms.objects.filter(activity=like).first()
    if kept is not None and made.kind == ActivityKind.VISIT:
        set_terms(activity=made, terms=replace(terms_of(kept), without=()), revision=0, actor=actor)


def terms_of(kept: VisitTerms) -> Terms:
    """The terms as the rules take them."""
    said = {each.name: getattr(kept, each.name) for each in fields(Terms)}
    said["weekdays"] = tuple(int(each) for each in kept.weekdays)
    said["without"] = tuple(date.fromisoformat(each) for each in kept.without)
    return Terms(**said)


_TOLD = ("lead_days", "minutes", "least_people", "most_people", "most_a_year", "only_in_ward")
"""Whose changes stand in the trail."""


def _columns(terms: Terms) -> dict[str, Any]:
    said = {each.name: getattr(terms, each.name) for each in fields(Terms)}
    said["weekdays"] = "".join(str(each) for each in sorted(set(terms.weekdays)))
    said["without"] = [each.isoformat() for each in sorted(set(terms.without))]
    return said


def _check(terms: Terms) -> None:
    if not terms.weekdays:
        raise NotFitting(_("行う曜日を一つは選んでください。"))
    if not 0 <= terms.lead_days <= _MOST_LEAD:
        raise NotFitting(_("何日前までかは、0日から365日までで書いてください。"))
    begin = datetime.combine(timezone.localdate(), terms.from_time)
    end = datetime.combine(timezone.localdate(), terms.to_time)
    if terms.minutes < 1 or begin + timedelta(minutes=terms.minutes) > end:
        raise NotFitting(_("行える時間帯に、講座の長さが入りません。時間帯か長さを直してください。"))
    if terms.least_people < 1 or (terms.most_people is not None and terms.most_people < terms.least_people):
        raise NotFitting(_("人数は、最少を1人以上、最多を最少以上にしてください。"))
    if terms.most_a_year is not None and terms.most_a_year < 1:
        raise NotFitting(_("一年度に行う回数は1回以上にしてください。限りがないときは空けておきます。"))
