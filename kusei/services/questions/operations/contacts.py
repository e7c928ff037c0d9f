"""The contact of whoever asked: sealed, seen for a reason that is recorded, deleted in time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import wareki_year
from kusei.notices.permissions import may_keep_notices
from kusei.notices.sealing import CannotUnseal, seal, unseal
from kusei.services.questions import rules
from kusei.services.questions.enums import ContactReason, QuestionVerb
from kusei.services.questions.errors import NotFitting
from kusei.services.questions.models import Question
from kusei.services.questions.permissions import may_handle_question
from kusei.wards import audit, permissions
from kusei.wards.models import Person, Ward

_PURPOSE = "questions.contact"


@dataclass(frozen=True, slots=True)
class Contact:
    """What somebody gave so that they can be answered; any of it may be empty."""

    name: str = ""
    mail: str = ""
    telephone: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.mail or self.telephone)


def sealed_contact(contact: Contact) -> str:
    """As the database keeps it; empty where nothing was given."""
    stripped = Contact(contact.name.strip(), contact.mail.strip(), contact.telephone.strip())
    return seal(asdict(stripped), purpose=_PURPOSE) if stripped else ""


def contact_of(question: Question) -> Contact:
    """The contact, for operations: nobody sees it by this. Raises NotFitting where the key is gone."""
    if not question.contact_sealed:
        return Contact()
    try:
        return Contact(**unseal(question.contact_sealed, purpose=_PURPOSE))
    except CannotUnseal:
        raise NotFitting(
            _("連絡先を封じた鍵（KUSEI_SECRET_KEY）が変わっているため、連絡先を開けません。機械の操作者に知らせてください。")
        ) from None  # fmt: skip


@transaction.atomic
def see_contact(*, question: Question, reason: ContactReason, actor: Person) -> Contact:
    """Show the contact to somebody who handles the question; recorded with the reason. Raises NotFitting, NotAllowed."""
    _require(question, actor)
    contact = contact_of(question)
    if not contact:
        raise NotFitting(
            _("この質問には連絡先がありません（書かれなかったか、保存期間が過ぎて消されました）。")
        )
    _record(question, QuestionVerb.CONTACT_SEEN, actor, str(reason.label))
    return contact


@transaction.atomic
def forget_contact(*, question: Question, actor: Person, reason: str = "") -> None:
    """Delete the contact before its time, for instance because the person asks for it. Raises NotAllowed."""
    _require(question, actor)
    if (
        Question.objects.filter(pk=question.pk)
        .exclude(contact_sealed="")
        .update(contact_sealed="", has_mail=False)
    ):
        _record(question, QuestionVerb.CONTACT_FORGOTTEN, actor, reason)


def purge_contacts(*, actor: Person, now: datetime | None = None) -> int:
    """Delete the contacts of questions that were settled a year ago or longer, in all wards; how many. Raises NotAllowed."""
    permissions.require(may_keep_notices(permissions.rights_of(actor)))
    limit = (now or timezone.now()) - rules.KEEP_CONTACT
    due = Question.objects.filter(settled_at__lte=limit).exclude(contact_sealed="")
    done = 0
    for ward in Ward.objects.filter(pk__in=due.values("ward")):
        with transaction.atomic():
            count = due.filter(ward=ward).update(contact_sealed="", has_mail=False)
            audit.record(
                ward=ward, actor=actor, verb=QuestionVerb.CONTACT_FORGOTTEN, target=ward,
                changes={"questions": (None, count)},
            )  # fmt: skip
            done += count
    return done


def _require(question: Question, actor: Person) -> None:
    permissions.require(may_handle_question(permissions.rights_of(actor), question.ward, question.body_id))


def _record(question: Question, verb: QuestionVerb, actor: Person, reason: str) -> None:
    audit.record(
        ward=question.ward, actor=actor, verb=verb, target=question, label=label_of(question), reason=reason
    )


def label_of(question: Question) -> str:
    """令和8年度 質問 第3号: how people name it."""
    return _("%(year)s 質問 第%(number)d号") % {
        "year": wareki_year(question.fiscal_year),
        "number": question.number,
    }
