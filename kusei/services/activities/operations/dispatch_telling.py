"""What people who are sent are told by mail: asked, asked again, no longer needed. Japanese; the page behind the link has all languages."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.notices import operations as notices
from kusei.notices.permissions import may_give_links_of_own_work
from kusei.press.formats import date_ja, moment_ja
from kusei.services.activities.models import Assignment
from kusei.services.activities.operations.envoys import envoy_label, known_if_possible
from kusei.wards.models import Person
from kusei.wards.post import can_send

PURPOSE = "activities.assignment"
PAGE = "portal:answer_dispatch"
_AFTER = timedelta(days=1)


def tell_envoy(assignment: Assignment, what: str, *, actor: Person | None = None, reason: str = "") -> bool:
    """Mail what happened: asked, moved (both with a link to answer by), accepted, released, filled, called_off. False where no
    mail reaches the person: somebody has to telephone."""
    envoy = assignment.envoy
    if not envoy.has_mail or not can_send():
        return False
    known = known_if_possible(envoy)
    if known is None:
        return False
    session = assignment.need.session
    with translation.override("ja"):
        begin, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
        lines = [
            _("%(name)s 様") % {"name": known.name}, "", _SAID[what](),
            *([_("理由: %(reason)s") % {"reason": reason}] if reason else []), "",
            _("内容: %(title)s") % {"title": assignment.need.purpose or session.activity.title},
            _("役割: %(role)s") % {"role": assignment.need},
            _("日時: %(day)s %(from)s～%(to)s") % {"day": date_ja(begin.date()), "from": f"{begin:%H:%M}", "to": f"{end:%H:%M}"},
            *([_("場所: %(place)s") % {"place": session.place}] if session.place else []),
        ]  # fmt: skip
        if what in ("asked", "moved") and actor is not None:
            link = notices.make_link(
                ward=assignment.ward, purpose=PURPOSE, target=assignment, made_for=envoy_label(envoy), actor=actor,
                site=settings.KUSEI_SITE_URL, page=PAGE,
                valid_for=max(session.ends_at - timezone.now(), timedelta()) + _AFTER,
                may=may_give_links_of_own_work,
            )  # fmt: skip
            lines += [
                "", _("次のページから、引き受けるか断るかを知らせてください。引き受けたあとで都合が悪くなったときも、同じページから知らせられます。"),
                link.url, _("%(day)sまで使えます。") % {"day": moment_ja(link.link.expires_at)},
            ]  # fmt: skip
        lines += ["", session.activity.host.name, session.activity.contact]
        notices.send_notice(
            ward=assignment.ward, to=known.mail, subject=f"{_SUBJECTS[what]()} {date_ja(begin.date())}",
            text="\n".join(lines).rstrip() + "\n", subject_key=f"assignment:{assignment.pk}",
        )  # fmt: skip
    return True


_SAID = {
    "asked": lambda: _("次の派遣をお願いできますか。"),
    "moved": lambda: _(
        "お願いしていた派遣の日時か場所が変わりました。変わった内容で、もう一度お願いできますか。"
    ),
    "accepted": lambda: _("引き受けてくださり、ありがとうございます。次のとおりお願いします。"),
    "released": lambda: _("お願いしていた次の派遣は、取り消しになりました。"),
    "filled": lambda: _("お願いしていた次の派遣は、ほかの方に決まりました。ありがとうございました。"),
    "overlapping": lambda: _(
        "次の派遣は日時が変わり、ほかにお願いしている派遣と重なるので、取り消しになりました。"
    ),
    "called_off": lambda: _("お願いしていた次の派遣は、中止になりました。"),
}
_SUBJECTS = {
    "asked": lambda: _("派遣のお願い"),
    "moved": lambda: _("派遣の日時・場所の変更"),
    "accepted": lambda: _("派遣が決まりました"),
    "released": lambda: _("派遣の取消のお知らせ"),
    "filled": lambda: _("派遣はほかの方に決まりました"),
    "overlapping": lambda: _("派遣の取消のお知らせ"),
    "called_off": lambda: _("派遣の中止のお知らせ"),
}
