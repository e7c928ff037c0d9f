"""The organiser's questions: added, mended, ordered and taken away; once answered, only their words change."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.asking import NUMBER_AT_MOST
from kusei.services.activities.enums import ActivityVerb, QuestionKind
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Intake, Question
from kusei.services.activities.operations.holding import held
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person

MOST_QUESTIONS, MOST_CHOICES = 20, 20
_CHOSEN = (QuestionKind.ONE, QuestionKind.SEVERAL)


@dataclass(frozen=True, slots=True)
class Wording:
    """A question as it is set up; `is_for_each`: each person of an application answers it."""

    kind: QuestionKind
    text: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_for_each: bool = False
    least: int | None = None
    most: int | None = None


@transaction.atomic
def add_question(*, intake: Intake, wording: Wording, actor: Person) -> Question:
    """One more question, the last. Raises NotFitting once somebody has applied or where there are enough, NotAllowed."""
    intake = _held(intake, actor)
    if is_answered(intake):
        raise NotFitting(
            _("もう申し込んだ人がいるので、質問は増やせません。文を直すか、外すことだけができます。")
        )
    count = intake.questions.count()
    if count >= MOST_QUESTIONS:
        raise NotFitting(_("質問は%(most)d問までです。") % {"most": MOST_QUESTIONS})
    wording = _checked(wording)
    last = intake.questions.order_by("-position").values_list("position", flat=True).first()
    question = Question.objects.create(
        ward=intake.ward,
        intake=intake,
        position=0 if last is None else last + 1,
        **{**asdict(wording), "choices": list(wording.choices)},
    )
    _record(intake, ActivityVerb.QUESTION_ADDED, actor, question.text)
    return question


@transaction.atomic
def change_question(*, question: Question, wording: Wording, revision: int, actor: Person) -> Question:
    """Other words; how it is answered changes only while nobody has answered. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    intake = _held(question.intake, actor)
    question = _current(question, revision)
    wording = _checked(wording)
    if is_answered(intake):
        before = (question.kind, len(question.choices), question.is_for_each, question.least, question.most)
        after = (wording.kind, len(wording.choices), wording.is_for_each, wording.least, wording.most)
        if before != after or (wording.is_required and not question.is_required):
            raise NotFitting(
                _("もう答えた人がいるので、直せるのは文と説明だけです。答え方と、選ぶものの数はそのままにしてください。")
            )  # fmt: skip
    fields = {**asdict(wording), "choices": list(wording.choices)}
    words = question.text
    for name, value in fields.items():
        setattr(question, name, value)
    question.revision += 1
    question.save(update_fields=[*fields, "revision"])
    _record(intake, ActivityVerb.QUESTION_CHANGED, actor, question.text, (words, question.text))
    return question


@transaction.atomic
def move_question(*, question: Question, up: bool, actor: Person) -> None:
    """One place up or down; at the end it stays where it is. Raises NotAllowed."""
    intake = _held(question.intake, actor)
    ordered = list(intake.questions.filter(removed_at=None))
    place = next((n for n, each in enumerate(ordered) if each.pk == question.pk), None)
    other = None if place is None else place - 1 if up else place + 1
    if place is None or other is None or not 0 <= other < len(ordered):
        return
    ordered[place], ordered[other] = ordered[other], ordered[place]
    for position, each in enumerate(ordered):
        each.position = position
    Question.objects.bulk_update(ordered, ["position"])
    _record(intake, ActivityVerb.QUESTIONS_ORDERED, actor, question.text)


@transaction.atomic
def remove_question(*, question: Question, revision: int, actor: Person) -> bool:
    """Ask it no longer; True where its answers stay to be read. Raises ChangedMeanwhile, NotAllowed."""
    intake = _held(question.intake, actor)
    question = _current(question, revision)
    stays = is_answered(intake)
    if stays:
        question.removed_at = timezone.now()
        question.revision += 1
        question.save(update_fields=["removed_at", "revision"])
    else:
        question.delete()
    _record(intake, ActivityVerb.QUESTION_REMOVED, actor, question.text)
    return stays


def carry_questions(intake: Intake) -> int:
    """Ask in a new intake what the activity that it is like asked in the intake of the same name, or in its first; how many.
    For operations that make intakes, after their own permission."""
    if intake.activity.copied_from_id is None:
        return 0
    before = list(Intake.objects.filter(activity=intake.activity.copied_from_id).order_by("pk"))
    like = next((each for each in before if each.name == intake.name), before[0] if before else None)
    if like is None:
        return 0
    carried = list(like.questions.filter(removed_at=None))
    for position, each in enumerate(carried):
        each.pk, each.intake, each.position, each.revision = None, intake, position, 1
        each._state.adding = True
    Question.objects.bulk_create(carried)
    return len(carried)


def is_answered(intake: Intake) -> bool:
    """Whether anybody has applied, so that questions may not change their kind."""
    return intake.next_number > 1


def _held(intake: Intake, actor: Person) -> Intake:
    found = held(intake.pk)
    permissions.require(may_host(permissions.rights_of(actor), found.ward, host_ids(found.activity)))
    return found


def _current(question: Question, revision: int) -> Question:
    found = Question.objects.filter(pk=question.pk, removed_at=None).first()
    if found is None or found.revision != revision:
        raise ChangedMeanwhile(
            _("開いているあいだに、ほかの人がこの質問を変えました。いまの内容を確かめてください。")
        )
    return found


def _checked(wording: Wording) -> Wording:
    choices = tuple(text.strip()[:80] for text in wording.choices if text.strip())
    is_chosen, is_number = wording.kind in _CHOSEN, wording.kind == QuestionKind.NUMBER
    if not wording.text.strip():
        raise NotFitting(_("質問を書いてください。"))
    if is_chosen and not 2 <= len(choices) <= MOST_CHOICES:
        raise NotFitting(_("選ぶものは、2個から%(most)d個まで、1行に一つずつ書いてください。") % {"most": MOST_CHOICES})  # fmt: skip
    if is_chosen and len(set(choices)) != len(choices):
        raise NotFitting(_("選ぶものに、同じものが二つあります。"))
    least, most = (wording.least, wording.most) if is_number else (None, None)
    if least is not None and most is not None and least > most:
        raise NotFitting(_("いちばん小さい数を、いちばん大きい数以下にしてください。"))
    if any(each is not None and abs(each) > NUMBER_AT_MOST for each in (least, most)):
        raise NotFitting(_("数が大きすぎます。"))
    return Wording(
        kind=wording.kind, text=wording.text.strip()[:200], hint=wording.hint.strip()[:200],
        choices=choices if is_chosen else (), is_required=wording.is_required, is_for_each=wording.is_for_each,
        least=least, most=most,
    )  # fmt: skip


def _record(
    intake: Intake,
    verb: ActivityVerb,
    actor: Person,
    label: str,
    words: tuple[str, str] | None = None,
) -> None:
    audit.record(
        ward=intake.ward, actor=actor, verb=verb, target=intake.activity, label=label,
        changes={"question": words} if words and words[0] != words[1] else {},
    )  # fmt: skip
