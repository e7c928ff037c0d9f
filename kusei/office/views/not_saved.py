"""What was typed for an item that cannot be saved any more: shown, to be copied, instead of lost."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from kusei.office.views.frame import Crumb, office_page
from kusei.plans.draft_fields import COLUMNS
from kusei.wards.access import OfficeRequest
from kusei.wards.models import Ward

_LISTS = {"owner": "owners", "source": "source", "current": "current", "previous": "previous"}


def not_saved(request: OfficeRequest, ward: Ward, reason: str, go_on: str = "") -> HttpResponse:
    """Say why nothing was saved, and show every text that was sent. `go_on` is the draft's address, where there is one."""
    plans = reverse("office:plans", args=[ward.key])
    return office_page(
        request,
        "office/plans/not_saved.html",
        ward,
        title=_("保存できませんでした"),
        section="plans",
        crumbs=[Crumb(_("計画"), plans)],
        context={"reason": reason, "typed": _typed(request.POST), "go_on": go_on or plans},
        status=409,
    )


def _typed(given: QueryDict) -> list[tuple[str, str]]:
    labels = {**COLUMNS, "source": _("財源"), "reason": _("変える理由")}
    found = []
    for name in given:
        column = _LISTS.get(name, name)
        text = "\n".join(given.getlist(name) if name in _LISTS else given.getlist(name)[-1:]).strip()
        if column in labels and text:
            found.append((str(labels[column]), text))
    return found
