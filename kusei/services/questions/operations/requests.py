"""Asking a body outside about items of a draft, and its answer: by a signed link, or by telephone through the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.notices import operations as notices
from kusei.notices.models import Notice, SignedLink
from kusei.notices.queries import newest_links
from kusei.plans.enums import EDITABLE
from kusei.plans.models import ItemText, PlanVersion
from kusei.plans.operations.comments import note_answer
from kusei.plans.operations.drafts import plan_label
from kusei.services.questions.enums import Arrival, QuestionVerb
from kusei.services.questions.errors import NotFitting, RequestClosed
from kusei.services.questions.models import BodyRequest
from kusei.services.questions.permissions import may_ask_bodies, may_work_on_questions
from kusei.wards import audit, permissions
from kusei.wards.enums import BodyKind, Way
from kusei.wards.models import Body, Person
from kusei.wards.post import can_send

PURPOSE = "questions.answer_request"
PAGE = "portal:answer"
_MAIL_ABOUT = "body-requests:"
"""Begins the `subject_key` of a mail to a body: its first and its last request follow."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the address of its link, which nothing but this keeps: show it once."""

    request: BodyRequest
    url: str
    link: SignedLink
    notice: Notice | None = None
    """The mail that brings the link, where one was written."""


@transaction.atomic
def ask_body(
    *,
    version: PlanVersion,
    items: Sequence[int],
    body: Body,
    text: str,
    actor: Person,
    site: str,
    mail: str = "",
) -> list[Asked]:
    """Ask a body outside about items of a draft: one request and one link for each, as each link opens one item.

    With `mail` all links go there in one message. Raises NotFitting for a division, a body of another ward, no items, an
    empty text or a draft that is no longer one; NotAllowed.
    """
    ward = version.ward
    permissions.require(may_ask_bodies(permissions.rights_of(actor), ward))
    text = text.strip()
    if not text:
        raise NotFitting(_("尋ねたいことを書いてください。"))
    if body.ward_id != ward.pk or body.kind == BodyKind.DIVISION:
        raise NotFitting(_("関係機関・団体などから選んでください。課にはコメントで呼びかけられます。"))
    if not PlanVersion.objects.filter(pk=version.pk, status__in=EDITABLE).exists():
        raise NotFitting(_("この下書きは、もう公開されたか捨てられました。"))
    texts = list(
        ItemText.objects.filter(version=version, item__in=list(items))
        .select_related("item")
        .order_by("position")
    )
    if not texts or len(texts) != len(set(items)):
        raise NotFitting(_("項目を選んでください。下書きから外された項目があるときは、選び直してください。"))
    asked = []
    for each in texts:
        request = BodyRequest.objects.create(
            ward=ward,
            version=version,
            item=each.item,
            item_title=each.title[:300],
            body=body,
            text=text,
            asked_by=actor,
            asked_at=timezone.now(),
        )
        asked.append(_with_link(request, actor, site))
        audit.record(
            ward=ward, actor=actor, verb=QuestionVerb.BODY_ASKED, target=request, label=each.title,
            changes={"asked_body": (None, body.name)}, reason=text,
        )  # fmt: skip
    return _mailed(asked, mail, actor, plan_label(version.plan))


@transaction.atomic
def renew_request(*, request: BodyRequest, actor: Person, site: str, mail: str = "") -> Asked:
    """A new link for the same question; the one before opens nothing any more. Raises RequestClosed, NotAllowed."""
    permissions.require(may_ask_bodies(permissions.rights_of(actor), request.ward))
    _close_link(request, actor)
    _keep_mail_back(request)
    asked = _with_link(request, actor, site)
    audit.record(
        ward=request.ward, actor=actor, verb=QuestionVerb.REQUEST_RENEWED, target=request, label=request.item_title
    )  # fmt: skip
    return _mailed([asked], mail, actor, plan_label(request.version.plan) if request.version else "")[0]


@transaction.atomic
def withdraw_request(*, request: BodyRequest, actor: Person) -> None:
    """The question needs no answer any more; its link opens nothing. Raises RequestClosed, NotAllowed."""
    permissions.require(may_ask_bodies(permissions.rights_of(actor), request.ward))
    _close_link(request, actor)
    _keep_mail_back(request)
    BodyRequest.objects.filter(pk=request.pk).update(withdrawn_at=timezone.now())
    request.refresh_from_db()
    audit.record(
        ward=request.ward, actor=actor, verb=QuestionVerb.REQUEST_WITHDRAWN, target=request, label=request.item_title
    )  # fmt: skip


def open_request(token: str) -> tuple[BodyRequest, SignedLink]:
    """The request behind a link, for reading; recorded. Raises LinkNotUsable."""
    link = notices.open_link(token, purpose=PURPOSE)
    return _request_of(link), link


@transaction.atomic
def answer_by_link(token: str, *, is_confirmed: bool, answer: str, name: str = "") -> BodyRequest:
    """The answer of whoever holds the link, once. `name` is who answers for the body, if they say so.

    Raises NotFitting where nothing was said (the link stays open), RequestClosed, LinkNotUsable.
    """
    answer = answer.strip()
    if not is_confirmed and not answer:
        raise NotFitting(_("「このままでよい」を選ぶか、直してほしいことを書いてください。"))
    with audit.trail(Way.LINK), translation.override("ja"):  # what the office keeps is Japanese
        link = notices.use_link(token, purpose=PURPOSE)
        request = _request_of(link)
        who = _named(request.body.name, name)
        return _answered(request, is_confirmed, answer, who, Arrival.LINK, None)


@transaction.atomic
def note_request_answer(
    *, request: BodyRequest, is_confirmed: bool, answer: str, name: str, actor: Person
) -> BodyRequest:
    """Write down what somebody of the body said by telephone; the link opens nothing any more.

    Raises NotFitting without a name or an answer, RequestClosed, NotAllowed.
    """
    permissions.require(may_work_on_questions(permissions.rights_of(actor), request.ward))
    answer = answer.strip()
    if not name.strip():
        raise NotFitting(_("電話で答えた人の名前を書いてください。"))
    if not is_confirmed and not answer:
        raise NotFitting(_("「このままでよい」を選ぶか、聞いた答えを書いてください。"))
    _close_link(request, actor)
    return _answered(request, is_confirmed, answer, _named(request.body.name, name), Arrival.TELEPHONE, actor)


def _answered(
    request: BodyRequest, is_confirmed: bool, answer: str, who: str, way: Arrival, actor: Person | None
) -> BodyRequest:
    changed = BodyRequest.objects.filter(
        pk=request.pk, answered_at__isnull=True, withdrawn_at__isnull=True
    ).update(
        is_confirmed=is_confirmed,
        answer=answer,
        answered_at=timezone.now(),
        answered_by_name=who[:200],
        way=way,
        noted_by=actor,
    )
    if not changed:
        raise RequestClosed(_("この依頼には、もう回答があったか、取り下げられています。"))
    request.refresh_from_db()
    if request.item is not None:
        words = [_("このままでよいとの回答です。")] if is_confirmed else []
        words += [answer] if answer else []
        words += [_("（電話で聞き取り: %(name)s）") % {"name": actor.display_name}] if actor else []
        comment = note_answer(
            ward=request.ward, item=request.item, text="\n".join(words), said_by=who, actor=actor,
            recorded_as=request.body.name,
        )  # fmt: skip
        BodyRequest.objects.filter(pk=request.pk).update(comment=comment)
        request.comment = comment
    audit.record(
        ward=request.ward, actor=actor, actor_name="" if actor else request.body.name,
        verb=QuestionVerb.REQUEST_ANSWERED, target=request, label=request.item_title,
        changes={"is_confirmed": (None, _("はい") if is_confirmed else _("いいえ")),
                 "answer_length": (0, len(answer)), "way": (None, str(way.label))},
    )  # fmt: skip
    return request


def _with_link(request: BodyRequest, actor: Person, site: str) -> Asked:
    issued = notices.make_link(
        ward=request.ward,
        purpose=PURPOSE,
        target=request,
        made_for=request.body.name,
        body=request.body,
        actor=actor,
        site=site,
        page=PAGE,
    )
    return Asked(request, issued.url, issued.link)


def _close_link(request: BodyRequest, actor: Person) -> None:
    """Revoke the link and hold the request, still open, until the transaction ends. Raises RequestClosed.

    The link comes first, as it does when somebody answers by it: two that took them in different order could wait for each
    other for ever (PostgreSQL).
    """
    link = link_of(request)
    if link is not None:
        notices.revoke_link(link=link, actor=actor)
    open_ = BodyRequest.objects.select_for_update().filter(
        pk=request.pk, answered_at__isnull=True, withdrawn_at__isnull=True
    )
    if not open_.exists():
        raise RequestClosed(_("この依頼には、もう回答があったか、取り下げられています。"))


def link_of(request: BodyRequest) -> SignedLink | None:
    """The link that was made last for a request."""
    return newest_links(request.ward, request._meta.label_lower, [request.pk]).get(str(request.pk))


def _request_of(link: SignedLink) -> BodyRequest:
    return BodyRequest.objects.select_related("body", "item", "version__plan", "ward__parent").get(
        ward=link.ward, pk=int(link.target_id)
    )


def _keep_mail_back(request: BodyRequest) -> None:
    """A mail that has not gone out yet does not go any more where none of its other requests is open."""
    waiting = Notice.objects.filter(
        ward=request.ward, subject_key__startswith=_MAIL_ABOUT, sent_at__isnull=True, begun_at=None
    )
    for key in waiting.values_list("subject_key", flat=True):
        first, last = map(int, key.removeprefix(_MAIL_ABOUT).split("-"))
        others = BodyRequest.objects.filter(body=request.body_id, pk__range=(first, last)).exclude(
            pk=request.pk
        )
        if first <= request.pk <= last and not others.filter(answered_at=None, withdrawn_at=None).exists():
            notices.withdraw(ward=request.ward, subject_key=key)


def _named(body: str, name: str) -> str:
    return f"{body}（{name.strip()}）" if name.strip() else body


def _mailed(asked: list[Asked], mail: str, actor: Person, plan: str) -> list[Asked]:
    """All links in one message, where an address was given and mails reach anybody."""
    if not mail.strip() or not can_send():
        return asked
    first = asked[0].request
    notice = notices.send_notice(
        ward=first.ward,
        to=mail,
        subject_key=f"{_MAIL_ABOUT}{first.pk}-{asked[-1].request.pk}",
        subject=_("%(ward)s: 計画の内容の確認のお願い") % {"ward": first.ward.full_name},
        text=render_to_string(
            "questions/mail/request.txt",
            {
                "asked": asked,
                "body": first.body,
                "ward": first.ward,
                "plan": plan,
                "text": first.text,
                "actor": actor.display_name,
                "expires_at": asked[0].link.expires_at,
            },
        ),
    )
    return [replace(each, notice=notice) for each in asked]
