"""Sending somebody where no course is: a request, its place, time and purpose, typed in by staff."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.services.activities.dispatch_enums import EnvoyRole
from kusei.services.activities.enums import ActivityKind, SessionState
from kusei.services.activities.errors import NotFitting
from kusei.services.activities.models import Activity, Need
from kusei.services.activities.operations.assigning import need_people
from kusei.services.activities.operations.setting_up import When, add_sessions
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import permissions
from kusei.wards.models import Person


@transaction.atomic
def request_dispatch(
    *, activity: Activity, when: When, role: EnvoyRole, count: int = 1, language: str = "", purpose: str, actor: Person
) -> Need:  # fmt: skip
    """One time and place of an activity of the kind DISPATCH, and whom it needs. The purpose names nobody. Asked for twice in
    the same words, it is one. Raises NotFitting, NotAllowed."""
    permissions.require(may_host(permissions.rights_of(actor), activity.ward, host_ids(activity)))
    held = (
        Activity.objects.select_for_update(no_key=True, of=("self",))
        .select_related("ward")
        .get(pk=activity.pk)
    )
    if held.kind != ActivityKind.DISPATCH:
        raise NotFitting(_("種類が「派遣」の事業を選んでください。なければ「講座・催しを作る」で作れます。"))
    if not purpose.strip():
        raise NotFitting(_("用件を書いてください。相手の名前は書かないでください。"))
    same = Need.objects.filter(
        session__activity=held, session__starts_at=when.starts_at, session__ends_at=when.ends_at,
        session__place=when.place.strip()[:120], role=role, language=language.strip()[:30], purpose=purpose.strip()[:200],
    ).exclude(session__state=SessionState.CALLED_OFF)  # fmt: skip
    if (before := same.first()) is not None:
        return before
    session = add_sessions(activity=held, whens=[when], actor=actor)[0]
    return need_people(
        session=session, role=role, count=count, language=language, purpose=purpose, actor=actor
    )
