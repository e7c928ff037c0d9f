"""Writing an answer, sending it in and returning it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.files.operations import store_file
from kusei.ledger.enums import Arrival
from kusei.plans.queries import latest_nodes
from kusei.plans.rules import clean_text
from kusei.results import answering, live
from kusei.results.answering import FIELDS, LARGEST_FILE, LONGEST_REASON, LONGEST_TEXT, MOVES, OPEN
from kusei.results.enums import ANSWERABLE, AnswerState, ResultVerb
from kusei.results.errors import (
    AnswerClash,
    AnswerClosed,
    FileNotKept,
    NotComplete,
    OutcomeUnknown,
    ResultError,
    TextTooLong,
)
from kusei.results.models import Answer, AnswerFile, Contribution
from kusei.results.operations.typed_records import follow_text
from kusei.results.permissions import may_answer, may_collect, may_contribute
from kusei.results.queries.answers import figures_told, sharing_of
from kusei.wards import audit, permissions
from kusei.wards.models import Person

_MISSING = {
    "outcome": _("状況（実施・中止など）を選んでください。"),
    "reason": _("一部実施・中止・延期などの理由を書いてください。"),
    "text": _("取組結果を書いてください。"),
    "figures": _("文の中の《 》に、まだ実績がないものがあります。実績を記録するか、数を書いてください。"),
    "contributions": _("分担する団体に、まだ書き終えていないところがあります。"),
}


_TOLD_AS = {"text": "result"}
"""Fields that the audit trail knows by another name: `text` is an item's text there."""


@transaction.atomic
def write_answer(
    *,
    answer: Answer,
    was: Mapping[str, str],
    mine: Mapping[str, str],
    actor: Person | None,
    actor_name: str = "",
    way: str = Arrival.FORM,
    is_vouched: bool = False,
) -> Answer:
    """Write what changed in an answer's fields (`answering.FIELDS`). `was` is what the writer's form showed, `mine` what
    it holds now: what others wrote into other fields meanwhile stays.

    Without an account (`actor` None) the caller has checked a signed link (`is_vouched`). Raises AnswerClash where the same
    field was changed by two, AnswerClosed, TextTooLong, OutcomeUnknown, NotAllowed; then nothing is written.
    """
    answer = held_answer(answer)
    if not is_vouched:
        require_answering(answer, actor)
    if answer.state not in OPEN:
        raise AnswerClosed(
            _(
                "この取組結果は、もう提出されています。直すときは、提出を取り消すか、差し戻しを頼んでください。"
            )
        )
    if len(mine.get("text", "")) > LONGEST_TEXT or len(mine.get("remark", "")) > LONGEST_TEXT:
        raise TextTooLong(_("文が長すぎます（%(limit)d字まで）。") % {"limit": LONGEST_TEXT})
    if len(mine.get("reason", "")) > LONGEST_REASON:
        raise TextTooLong(_("理由が長すぎます（%(limit)d字まで）。") % {"limit": LONGEST_REASON})
    now = {field: getattr(answer, field) for field in FIELDS}
    wanted = {field: clean_text(mine[field]) for field in FIELDS if field in mine}
    changes, clashes = answering.merge(was, now, wanted)
    if changes.get("outcome", "") not in ("", *ANSWERABLE):
        raise OutcomeUnknown(_("状況（実施・中止など）を一覧から選んでください。"))
    if clashes:
        raise AnswerClash(
            _("開いているあいだに、ほかの人が同じところを書き換えました。どちらにするか選んでください。"),
            clashes,
        )
    if not changes:
        return answer
    for field, value in changes.items():
        setattr(answer, field, value)
    if answer.state == AnswerState.WAITING:
        answer.state = AnswerState.WRITING
    answer.revision += 1
    answer.way = way
    answer.edited_at = timezone.now()
    answer.edited_by_name = actor_name or (actor.display_name if actor else "")
    answer.save()
    if "text" in changes:
        follow_text(answer, actor)
    record_answer(
        answer,
        ResultVerb.ANSWERED,
        actor,
        actor_name,
        {_TOLD_AS.get(field, field): (now[field], changes[field]) for field in changes},
    )
    return answer


def stands(answer: Answer, mine: Mapping[str, str]) -> bool:
    """Whether an answer says by now what somebody wanted to write: who sends the same twice has lost nothing."""
    now = Answer.objects.get(pk=answer.pk)
    return all(getattr(now, field) == text for field, text in mine.items())


@transaction.atomic
def contribute(
    *,
    contribution: Contribution,
    was: str,
    text: str,
    is_done: bool,
    actor: Person | None,
    actor_name: str = "",
    way: str = Arrival.FORM,
    is_vouched: bool = False,
) -> Contribution:
    """A sharing body writes its own part. Raises AnswerClash, AnswerClosed, TextTooLong, NotAllowed."""
    answer = held_answer(contribution.answer)
    if not is_vouched:
        rights = permissions.rights_of(actor)
        permissions.require(may_contribute(rights, answer.ward, contribution.body_id, sharing_of(answer)))
    if answer.state not in OPEN:
        raise AnswerClosed(_("この取組結果は、もう提出されています。担当の課に知らせてください。"))
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(_("文が長すぎます（%(limit)d字まで）。") % {"limit": LONGEST_TEXT})
    contribution = Contribution.objects.get(pk=contribution.pk)
    changes, clashes = answering.merge({"text": was}, {"text": contribution.text}, {"text": clean_text(text)})
    if clashes:
        raise AnswerClash(
            _("開いているあいだに、ほかの人が同じところを書き換えました。どちらにするか選んでください。"),
            clashes,
        )
    before = (contribution.text, contribution.is_done)
    contribution.text = changes.get("text", contribution.text)
    contribution.is_done = is_done
    if (contribution.text, contribution.is_done) == before:
        return contribution
    contribution.revision += 1
    contribution.way = way
    contribution.edited_at = timezone.now()
    contribution.edited_by_name = actor_name or (actor.display_name if actor else "")
    contribution.save()
    if answer.state == AnswerState.WAITING:
        Answer.objects.filter(pk=answer.pk).update(state=AnswerState.WRITING)
    record_answer(
        answer, ResultVerb.CONTRIBUTED, actor, actor_name, {"result": (before[0], contribution.text)}
    )
    return contribution


@transaction.atomic
def submit_answer(
    *,
    answer: Answer,
    actor: Person | None,
    actor_name: str = "",
    without_contributions: bool = False,
    is_vouched: bool = False,
) -> Answer:
    """Send an answer in. `without_contributions`: although a sharing body has not finished.

    Raises NotComplete with what is missing, AnswerClosed, NotAllowed.
    """
    answer = held_answer(answer)
    if not is_vouched:
        require_answering(answer, actor)
    _require_state(answer, AnswerState.SUBMITTED)
    figures = figures_told([answer])[answer.item_id]
    open_parts = 0 if without_contributions else answer.contributions.filter(is_done=False).count()
    missing = answering.missing(
        answer.outcome, answer.reason, answer.text, len(live.unknown(answer.text, figures)), open_parts
    )
    if missing:
        raise NotComplete(" ".join(str(_MISSING[each]) for each in missing), missing)
    answer.submitted_at = timezone.now()
    return _move(answer, AnswerState.SUBMITTED, ResultVerb.SUBMITTED, actor, actor_name)


@transaction.atomic
def take_back(*, answer: Answer, actor: Person) -> Answer:
    """The body wants to write on: a submission that nobody has approved yet. Raises AnswerClosed, NotAllowed."""
    answer = held_answer(answer)
    require_answering(answer, actor)
    _require_state(answer, AnswerState.WRITING)
    answer.submitted_at = None
    return _move(answer, AnswerState.WRITING, ResultVerb.TAKEN_BACK, actor)


@transaction.atomic
def return_answers(*, answers: Sequence[Answer], note: str, actor: Person) -> int:
    """A planner sends answers back with a reason, approved ones too; returns how many. Raises ResultError, NotAllowed."""
    if not note.strip():
        raise ResultError(_("差し戻す理由を書いてください。担当は、それを読んで直します。"))
    done = 0
    for each in sorted(answers, key=_pk):
        answer = held_answer(each)
        permissions.require(may_collect(permissions.rights_of(actor), answer.ward))
        if answer.state not in MOVES[AnswerState.RETURNED]:
            continue
        answer.returned_note, answer.submitted_at = clean_text(note).strip(), None
        answer.approved_at = answer.approved_by = None
        answer.final_text, answer.final_figures = "", []
        _move(answer, AnswerState.RETURNED, ResultVerb.RETURNED, actor, reason=note)
        done += 1
    return done


@transaction.atomic
def add_file(
    *,
    answer: Answer,
    name: str,
    content: bytes,
    actor: Person | None,
    actor_name: str = "",
    is_vouched: bool = False,
) -> AnswerFile:
    """Put a paper beside an answer. The same paper twice is one. Raises AnswerClosed, FileNotKept, NotAllowed."""
    answer = held_answer(answer)
    if not is_vouched:
        require_answering(answer, actor)
    if answer.state not in OPEN:
        raise AnswerClosed(_("この取組結果は、もう提出されています。"))
    if not content:
        raise FileNotKept(_("ファイルに中身がありません。もう一度選んでください。"))
    if len(content) > LARGEST_FILE:
        raise FileNotKept(
            _("ファイルが大きすぎます（%(limit)d MBまで）。小さくするか、分けて付けてください。")
            % {"limit": LARGEST_FILE // 1024**2}
        )
    stored, _is_new = store_file(ward_id=answer.ward_id, name=name, content=content)
    added, is_new = AnswerFile.objects.get_or_create(
        ward_id=answer.ward_id,
        answer=answer,
        file=stored,
        defaults={
            "added_at": timezone.now(),
            "added_by_name": actor_name or (actor.display_name if actor else ""),
        },
    )
    if is_new:
        record_answer(answer, ResultVerb.FILE_ADDED, actor, actor_name, {"file": ("", name)})
    return added


@transaction.atomic
def remove_file(*, file: AnswerFile, actor: Person) -> None:
    """Take a paper away from an answer; the stored original stays. Raises AnswerClosed, NotAllowed."""
    answer = held_answer(file.answer)
    require_answering(answer, actor)
    if answer.state not in OPEN:
        raise AnswerClosed(_("この取組結果は、もう提出されています。"))
    name = file.file.name
    file.delete()
    record_answer(answer, ResultVerb.FILE_REMOVED, actor, "", {"file": (name, "")})


def _pk(answer: Answer) -> int:
    """Who decides about many holds them in one order: two then wait for each other instead of blocking each other."""
    return answer.pk


def held_answer(answer: Answer) -> Answer:
    """The answer as it stands, held against others' changes until the transaction ends."""
    return (
        Answer.objects.select_for_update(of=("self",))
        .select_related("collection__plan", "ward")
        .get(pk=answer.pk)
    )


def require_answering(answer: Answer, actor: Person | None) -> None:
    """Raise NotAllowed unless this person may write the answer."""
    rights = permissions.rights_of(actor)
    permissions.require(may_answer(rights, answer.ward, answer.lead_id, sharing_of(answer)))


def _require_state(answer: Answer, state: AnswerState) -> None:
    if answer.state not in MOVES[state]:
        raise AnswerClosed(
            _("この取組結果は「%(state)s」になっています。ページを読み直してください。")
            % {"state": AnswerState(answer.state).label}
        )


def _move(
    answer: Answer,
    state: AnswerState,
    verb: ResultVerb,
    actor: Person | None,
    actor_name: str = "",
    reason: str = "",
    title: str | None = None,
) -> Answer:
    before = AnswerState(answer.state).label
    answer.state = state
    answer.save()
    record_answer(answer, verb, actor, actor_name, {"status": (str(before), str(state.label))}, reason, title)
    return answer


def record_answer(
    answer: Answer,
    verb: ResultVerb,
    actor: Person | None,
    actor_name: str,
    changes: Mapping[str, tuple[object, object]],
    reason: str = "",
    title: str | None = None,
) -> None:
    """What happened to an answer, in the audit trail of its action."""
    if title is None:
        node = latest_nodes(answer.ward, [answer.item_id]).get(answer.item_id)
        title = node.title if node else ""
    audit.record(
        ward=answer.ward,
        actor=actor,
        actor_name=actor_name,
        verb=verb,
        target=answer.item,
        label=title,
        changes=changes,
        reason=reason,
    )
