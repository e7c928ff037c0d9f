"""A question's way: received, handed over, answered, settled, published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.notices import operations as notices
from kusei.notices.models import Notice
from kusei.plans.models import Item
from kusei.services.questions import rules
from kusei.services.questions.enums import Arrival, QuestionKind, QuestionState, QuestionVerb
from kusei.services.questions.errors import ChangedMeanwhile, LooksPersonal, NotFitting
from kusei.services.questions.models import Question
from kusei.services.questions.operations.contacts import Contact, contact_of, label_of, sealed_contact
from kusei.services.questions.permissions import may_handle_question, may_work_on_questions
from kusei.services.questions.queries import body_in_charge
from kusei.wards import audit, permissions
from kusei.wards.models import Body, Person, Ward
from kusei.wards.post import can_send


@transaction.atomic
def receive_question(
    *,
    ward: Ward,
    kind: QuestionKind,
    text: str,
    about_path: str,
    ticket: UUID,
    item: Item | None = None,
    contact: Contact | None = None,
    actor: Person | None = None,
    way: Arrival = Arrival.PAGE,
    body: Body | None = None,
) -> Question:
    """Take a question in and give it to the body in charge; the same `ticket` twice is one question.

    Without `actor` a resident sent it by the page. Staff who write down what somebody said may choose the body.
    Raises NotFitting for an empty text, an item or body of another ward; NotAllowed.
    """
    if actor is not None:
        permissions.require(may_work_on_questions(permissions.rights_of(actor), ward))
    text = text.strip()
    if not text:
        raise NotFitting(_("内容が空です。聞かれたことを書いてください。"))
    for each in (item, body):
        if each is not None and each.ward_id != ward.pk:
            raise NotFitting(_("同じ区の項目と担当を選んでください。"))
    # Whoever takes a number takes the ward's row first, so that two at once get two numbers (PostgreSQL).
    Ward.objects.select_for_update().get(pk=ward.pk)
    before = Question.objects.filter(ward=ward, ticket=ticket).first()
    if before is not None:
        return before
    now = timezone.now()
    year = fiscal_year_of(timezone.localdate(now))
    last = Question.objects.filter(ward=ward, fiscal_year=year).aggregate(last=Max("number"))["last"] or 0
    given = contact or Contact()
    question = Question.objects.create(
        ward=ward,
        fiscal_year=year,
        number=last + 1,
        ticket=ticket,
        kind=kind,
        about_path=about_path[:300],
        item=item,
        body=body or body_in_charge(ward, item),
        text=text,
        contact_sealed=sealed_contact(given),
        has_mail=bool(given.mail.strip()),
        way=way,
        received_at=now,
        received_by=actor,
    )
    with translation.override("ja"):  # what the office keeps is Japanese, whatever the resident reads
        audit.record(
            ward=ward, actor=actor, actor_name="" if actor else _("住民"), verb=QuestionVerb.RECEIVED,
            target=question, label=label_of(question),
            changes={"way": (None, str(way.label)), "in_charge": (None, _body_name(question.body))},
        )  # fmt: skip
    return question


@transaction.atomic
def hand_over_question(*, question: Question, body: Body | None, note: str, actor: Person) -> Question:
    """Give the question to another body (None: the planning division), with a note for it.

    Raises NotFitting without a note, for the body it has or one of another ward; ChangedMeanwhile, NotAllowed.
    """
    _require(question, actor)
    if not note.strip():
        raise NotFitting(_("ひとことを書いてください。次の担当は、それを読んで引き継ぎます。"))
    if body is not None and body.ward_id != question.ward_id:
        raise NotFitting(_("同じ区の担当を選んでください。"))
    if (body.pk if body else None) == question.body_id:
        raise NotFitting(_("もうその担当が受け持っています。別の担当を選んでください。"))
    if question.state == QuestionState.SETTLED:
        raise NotFitting(_("完了にした質問は回せません。"))
    before = _body_name(question.body)
    _change(question, body=body)
    question.body = body
    _record(
        question,
        QuestionVerb.HANDED_OVER,
        actor,
        changes={"in_charge": (before, _body_name(body))},
        reason=note,
    )
    return question


@transaction.atomic
def answer_question(*, question: Question, answer: str, actor: Person, by_mail: bool) -> Notice | None:
    """Keep the answer and, if asked to, mail it to the address that was given; the mail, where one was written. None is
    written where mails reach nobody.

    An answer may be corrected until the question is settled. Raises NotFitting for an empty answer or a settled question;
    ChangedMeanwhile, NotAllowed.
    """
    _require(question, actor)
    answer = answer.strip()
    if not answer:
        raise NotFitting(_("回答が空です。回答を書いてください。"))
    if not rules.may_become(question.state, QuestionState.ANSWERED):
        raise NotFitting(_("完了にした質問には答えられません。"))
    mail = contact_of(question).mail if by_mail and can_send() else ""
    notice = None
    before = question.answer
    _change(
        question, answer=answer, state=QuestionState.ANSWERED, answered_at=timezone.now(), answered_by=actor
    )
    if mail:
        notice = notices.send_notice(
            ward=question.ward,
            to=mail,
            subject=_("%(ward)s: お問い合わせへの回答（第%(number)d号）")
            % {"ward": question.ward.full_name, "number": question.number},
            text=render_to_string(
                "questions/mail/answer.txt",
                {"question": question, "answer": answer, "ward": question.ward},
            ),
        )
    # The trail can never be deleted, and what is said to a resident may be about them: it keeps the fact, not the words.
    _record(question, QuestionVerb.ANSWERED, actor, changes={"answer_length": (len(before), len(answer))})
    return notice


@transaction.atomic
def settle_question(*, question: Question, actor: Person, note: str = "") -> None:
    """Nothing is left to do; from now on the year runs after which the contact is deleted.

    Without an answer it takes a note that says why. Raises NotFitting, ChangedMeanwhile, NotAllowed.
    """
    _require(question, actor)
    if not rules.may_become(question.state, QuestionState.SETTLED):
        raise NotFitting(_("この質問はもう完了しています。"))
    if not question.answer and not note.strip():
        raise NotFitting(_("回答せずに完了にするときは、理由を書いてください。"))
    before = QuestionState(question.state)
    _change(question, state=QuestionState.SETTLED, settled_at=timezone.now())
    _record(
        question, QuestionVerb.SETTLED, actor, reason=note,
        changes={"state": (str(before.label), str(QuestionState.SETTLED.label))},
    )  # fmt: skip


@transaction.atomic
def publish_question(*, question: Question, public_question: str, public_answer: str, actor: Person) -> None:
    """Show question and answer on the item's page as よくある質問, in words that say nothing about who asked.

    Raises LooksPersonal where they seem to; NotFitting for a question about no item, without an answer, or an empty text;
    ChangedMeanwhile, NotAllowed.
    """
    _require(question, actor)
    asked, answered = public_question.strip(), public_answer.strip()
    if question.item_id is None:
        raise NotFitting(_("計画の項目についての質問だけを公開できます。"))
    if not question.answer:
        raise NotFitting(_("まだ回答していません。先に回答してください。"))
    if not asked or not answered:
        raise NotFitting(_("公開する質問と回答の両方を書いてください。"))
    contact = contact_of(question)
    known = {"name": contact.name, "mail": contact.mail, "telephone": contact.telephone}
    if rules.speaks_of_somebody(asked, **known) or rules.names_the_asker(answered, **known):
        raise LooksPersonal(
            _("質問した人の名前や連絡先のように見える言葉があります。だれの質問か分からないように書き直してください。")
        )  # fmt: skip
    before = (question.public_question, question.public_answer)
    _change(question, public_question=asked, public_answer=answered, published_at=timezone.now())
    _record(
        question, QuestionVerb.PUBLISHED, actor,
        changes={"public_question": (before[0], asked), "public_answer": (before[1], answered)},
    )  # fmt: skip


@transaction.atomic
def withdraw_question(*, question: Question, actor: Person) -> None:
    """Take a published question off the item's page. Raises ChangedMeanwhile, NotAllowed."""
    _require(question, actor)
    if question.published_at is None:
        raise NotFitting(_("この質問は公開されていません。"))
    _change(question, published_at=None)
    _record(question, QuestionVerb.WITHDRAWN, actor)


def _change(question: Question, **values: Any) -> None:
    """Save what changed unless somebody else changed the question since it was shown: of two at once, one does."""
    changed = Question.objects.filter(pk=question.pk, revision=question.revision).update(
        revision=F("revision") + 1, **values
    )
    if not changed:
        raise ChangedMeanwhile(
            _("ほかの人が先にこの質問を変えました。いまの内容を確かめて、必要ならもう一度押してください。")
        )
    question.refresh_from_db()


def _require(question: Question, actor: Person) -> None:
    permissions.require(may_handle_question(permissions.rights_of(actor), question.ward, question.body_id))


def _record(
    question: Question,
    verb: QuestionVerb,
    actor: Person,
    *,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        ward=question.ward, actor=actor, verb=verb, target=question, label=label_of(question), changes=changes,
        reason=reason,
    )  # fmt: skip


def _body_name(body: Body | None) -> str:
    return body.name if body else _("企画担当")
