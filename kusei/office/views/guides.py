"""Help: the first steps of a ward, the words of the office, and a printed guide for each role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kusei.office.help import ROLES, answers, glossary
from kusei.office.queries.start import first_steps, steps_left
from kusei.office.views.frame import office_page
from kusei.wards.access import OfficeRequest, in_office, public
from kusei.wards.enums import Role
from kusei.wards.models import Ward
from kusei.wards.permissions import may_enter_office, may_keep_bodies


@require_safe
@in_office(may_keep_bodies)
def start(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """What is still to do before a ward's plan stands before its residents."""
    steps = first_steps(ward, request.rights)
    return office_page(
        request,
        "office/start.html",
        ward,
        title=_("はじめの設定"),
        context={"steps": steps, "left": steps_left(ward, steps)},
    )


@require_safe
@in_office(may_enter_office)
def help_page(request: OfficeRequest, ward: Ward) -> HttpResponse:
    """Questions and words, to be looked through."""
    words = request.GET.get("q", "").strip()[:100]
    return office_page(
        request,
        "office/help.html",
        ward,
        title=_("使い方と言葉"),
        context={"words": words, "answers": answers(words), "glossary": glossary(words), "guides": guides()},
    )


def guides() -> list[tuple[str, str]]:
    """The roles with a guide: key and name."""
    return [(role, str(Role(role).label)) for role in ROLES]


@require_safe
@public
def guide(request: HttpRequest, role: str) -> HttpResponse:
    """Two printed pages for one role. Public: it is handed out before anybody has an account."""
    label = str(Role(role).label)
    return render(
        request,
        f"office/guide/{role}.html",
        {"page_title": _("%(role)sの手引き") % {"role": label}, "guides": guides(), "role": role},
    )
