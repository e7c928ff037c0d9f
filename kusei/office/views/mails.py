"""送ったメール: what a ward sent, what failed how often, and sending it again. For the ward's administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kusei.notices import operations as notices
from kusei.notices.queries import mail_line, mails_of, notice_of
from kusei.office.views.frame import office_page
from kusei.wards.access import OfficeRequest, in_office
from kusei.wards.models import Ward
from kusei.wards.permissions import may_administer
from kusei.wards.post import can_send

MAILS_AT_ONCE = 50


@require_safe
@in_office(may_administer)
def mails(request: HttpRequest, ward: Ward) -> HttpResponse:
    """The ward's mails, newest first; `?state=open` those that have not gone out."""
    state = "open" if request.GET.get("state") == "open" else ""
    page = Paginator(mails_of(ward, only_open=bool(state)), MAILS_AT_ONCE).get_page(request.GET.get("page"))
    now = timezone.now()
    return office_page(
        request,
        "office/settings/mails.html",
        ward,
        title=_("送ったメール"),
        section="settings",
        context={
            "page": page,
            "lines": [mail_line(each, now=now) for each in page],
            "keep": "state=open" if state else "",
            "state": state,
            "tab": "mails",
            "has_mail_server": can_send(),
        },
    )


@require_POST
@in_office(may_administer)
def send_again(request: OfficeRequest, ward: Ward, notice_id: int) -> HttpResponse:
    """Send one of them again, at once."""
    notice = notice_of(ward, notice_id)
    if notice is None:
        raise Http404(_("このメールは見つかりません。"))
    try:
        notices.send_again(notice=notice, actor=request.user)
    except notices.NoticeError as error:
        messages.error(request, str(error))
        return redirect("office:mails", key=ward.key)
    notice.refresh_from_db()
    if notice.sent_at:
        messages.success(request, _("「%(subject)s」を送りました。") % {"subject": notice.subject})
    else:
        messages.error(
            request,
            _("「%(subject)s」は、まだ送れていません。%(why)s")
            % {"subject": notice.subject, "why": notice.failed},
        )
    return redirect("office:mails", key=ward.key)
