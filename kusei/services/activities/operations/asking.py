"""The organiser's questions: added, mended, ordered and taken away; once answered, only their words change."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.services.activities.asking import NUMBER_AT_MOST
from kusei.services.activities.enums import ActivityVerb, QuestionKind
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.models import Intake, Question, QuestionTranslation, Survey
from kusei.services.activities.operations.holding import held
from kusei.services.activities.permissions import may_host
from kusei.services.activities.queries.hosts import host_ids
from kusei.wards import audit, permissions
from kusei.wards.models import Person

MOST_QUESTIONS, MOST_CHOICES = 20, 20
Owner = Intake | Survey
"""Where questions stand: what people apply by, or a questionnaire."""

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
def add_question(*, owner: Owner, wording: Wording, actor: Person) -> Question:
    """One more question, the last. Raises NotFitting once somebody has answered or where there are enough, NotAllowed."""
    owner = held_owner(owner, actor)
    if is_answered(owner):
        raise NotFitting(
            _("もう答えた人がいるので、質問は増やせません。文を直すか、外すことだけができます。")
        )
    count = owner.questions.filter(removed_at=None).count()
    if count >= MOST_QUESTIONS:
        raise NotFitting(_("質問は%(most)d問までです。") % {"most": MOST_QUESTIONS})
    wording = _checked(wording)
    if isinstance(owner, Survey) and wording.is_for_each:
        raise NotFitting(_("アンケートは一人が一枚です。「一人ずつ尋ねる」は選べません。"))
    last = owner.questions.order_by("-position").values_list("position", flat=True).first()
    question = Question.objects.create(
        ward=owner.ward,
        intake=owner if isinstance(owner, Intake) else None,
        survey=owner if isinstance(owner, Survey) else None,
        position=0 if last is None else last + 1,
        **{**asdict(wording), "choices": list(wording.choices)},
    )
    _record(owner, ActivityVerb.QUESTION_ADDED, actor, question.text)
    return question


@transaction.atomic
def change_question(*, question: Question, wording: Wording, revision: int, actor: Person) -> Question:
    """Other words; how it is answered changes only while nobody has answered. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    owner = held_owner(question.owner, actor)
    question = _current(question, revision)
    if question.standard:
        raise NotFitting(_("決まった質問の文は直せません。外して、自分の質問を加えてください。"))
    wording = _checked(wording)
    if is_answered(owner):
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
    _record(owner, ActivityVerb.QUESTION_CHANGED, actor, question.text, (words, question.text))
    return question


@transaction.atomic
def move_question(*, question: Question, up: bool, actor: Person) -> None:
    """One place up or down; at the end it stays where it is. Raises NotAllowed."""
    owner = held_owner(question.owner, actor)
    ordered = list(owner.questions.filter(removed_at=None))
    place = next((n for n, each in enumerate(ordered) if each.pk == question.pk), None)
    other = None if place is None else place - 1 if up else place + 1
    if place is None or other is None or not 0 <= other < len(ordered):
        return
    ordered[place], ordered[other] = ordered[other], ordered[place]
    for position, each in enumerate(ordered):
        each.position = position
    Question.objects.bulk_update(ordered, ["position"])
    _record(owner, ActivityVerb.QUESTIONS_ORDERED, actor, question.text)


@transaction.atomic
def remove_question(*, question: Question, revision: int, actor: Person) -> bool:
    """Ask it no longer; True where its answers stay to be read. Raises ChangedMeanwhile, NotAllowed."""
    owner = held_owner(question.owner, actor)
    question = _current(question, revision)
    stays = is_answered(owner)
    if stays:
        question.removed_at = timezone.now()
        question.revision += 1
        question.save(update_fields=["removed_at", "revision"])
    else:
        question.delete()
    _record(owner, ActivityVerb.QUESTION_REMOVED, actor, question.text)
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
    return copy_questions(like, intake)


def copy_questions(before: Owner, owner: Owner) -> int:
    """Ask what was asked before, in the languages it was asked in; how many. For operations of this room, after their own permission."""
    carried = list(before.questions.filter(removed_at=None))
    translations = list(QuestionTranslation.objects.filter(question__in=[each.pk for each in carried]))
    now_at = {each.pk: each for each in carried}
    for position, each in enumerate(carried):
        each.pk, each.position, each.revision = None, position, 1
        each.intake = owner if isinstance(owner, Intake) else None
        each.survey = owner if isinstance(owner, Survey) else None
        each._state.adding = True
    Question.objects.bulk_create(carried)
    for words in translations:
        words.pk, words.question = None, now_at[words.question_id]
        words._state.adding = True
    QuestionTranslation.objects.bulk_create(translations)
    return len(carried)


def is_answered(owner: Owner) -> bool:
    """Whether anybody has applied or answered, so that questions may not change their kind."""
    return owner.next_number > 1 if isinstance(owner, Intake) else owner.replies.exists()


def held_survey(survey: Survey, actor: Person | None) -> Survey:
    """The questionnaire, locked; `actor`: who must be of its hosts. For operations of this room. Raises NotAllowed."""
    found = (
        Survey.objects.select_for_update(no_key=True, of=("self",))
        .select_related("activity", "ward")
        .get(pk=survey.pk)
    )
    if actor is not None:
        permissions.require(may_host(permissions.rights_of(actor), found.ward, host_ids(found.activity)))
    return found


def held_owner(owner: Owner, actor: Person) -> Owner:
    """Where questions stand, locked; `actor` must be of its hosts. For operations of this room. Raises NotAllowed."""
    if isinstance(owner, Survey):
        return held_survey(owner, actor)
    found = held(owner.pk)
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
    owner: Owner,
    verb: ActivityVerb,
    actor: Person,
    label: str,
    words: tuple[str, str] | None = None,
) -> None:
    audit.record(
        ward=owner.ward, actor=actor, verb=verb, target=owner.activity, label=label,
        changes={"question": words} if words and words[0] != words[1] else {},
    )  # fmt: skip
