"""The organiser's questions in other languages: of those who apply, and of questionnaires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.plans.enums import TranslationLanguage
from kusei.services.activities.errors import ChangedMeanwhile, NotFitting
from kusei.services.activities.language_enums import LanguageVerb
from kusei.services.activities.models import Question, QuestionTranslation
from kusei.services.activities.operations.asking import Owner, held_owner
from kusei.services.activities.translating import is_current_of, question_hash
from kusei.wards import audit
from kusei.wards.models import Person


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """A question in another language. `revision` is of the question that was shown; `still_fits`: the words that stand there are
    of the Japanese as it is now."""

    text: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    revision: int = 0
    still_fits: bool = False

    @property
    def stripped(self) -> tuple[str, str, list[str]]:
        return self.text.strip(), self.hint.strip(), [each.strip() for each in self.choices]


@transaction.atomic
def translate_questions(
    *, owner: Owner, language: str, words: Mapping[int, QuestionWords], actor: Person
) -> int:
    """Questions in a language, by question, in place of earlier words; how many changed. All empty takes a translation away. What stays
    word for word stays as it is, also older than its question, unless it `still_fits`. Raises NotFitting where something of a question
    but not all is translated (its hint may be left out), ChangedMeanwhile, NotAllowed."""
    owner = held_owner(owner, actor)
    if language not in TranslationLanguage.values:
        raise NotFitting(_("この言葉のページはありません。一覧から選んでください。"))
    asked = {each.pk: each for each in owner.questions.filter(removed_at=None, standard="")}
    known = {each.question_id: each for each in QuestionTranslation.objects.filter(language=language, question__in=asked)}  # fmt: skip
    changed = 0
    for pk, said in words.items():
        question, before = asked.get(pk), known.get(pk)
        if question is None:
            raise ChangedMeanwhile(_("開いているあいだに、ほかの人が質問を外しました。いまの内容を確かめてください。"))  # fmt: skip
        if _stays(question, before, said):
            continue
        if question.revision != said.revision:
            raise ChangedMeanwhile(
                _("開いているあいだに、ほかの人が「%(question)s」を変えました。いまの日本語を確かめて、もう一度押してください。")
                % {"question": question.text}
            )  # fmt: skip
        _put(question, before, language, said, actor)
        changed += 1
    return changed


def _stays(question: Question, before: QuestionTranslation | None, said: QuestionWords) -> bool:
    text, hint, choices = said.stripped
    if before is None:
        return not any((text, hint, *choices))
    shown = [*before.choices, *[""] * len(choices)][: len(choices)]
    is_same_hint = hint == before.hint or not (
        hint or question.hint
    )  # without a hint there is none to fill in
    is_same = is_same_hint and (before.text, shown) == (text, choices)
    return is_same and (not said.still_fits or is_current_of(before, question))


def _put(
    question: Question, before: QuestionTranslation | None, language: str, said: QuestionWords, actor: Person
) -> None:
    text, hint, choices = said.stripped
    if not any((text, hint, *choices)) and before is not None:
        before.delete()
    elif not text or len(choices) != len(question.choices) or not all(choices):
        raise NotFitting(
            _("「%(question)s」は、質問と、選ぶものの全部を訳してください。やめるときは、全部の欄を空にします。")
            % {"question": question.text}
        )  # fmt: skip
    else:
        QuestionTranslation.objects.update_or_create(
            question=question,
            language=language,
            defaults={
                "ward": question.ward, "text": text, "hint": hint, "choices": choices,
                "source_hash": question_hash(question), "made_by": actor, "made_at": timezone.now(),
            },
        )  # fmt: skip
    question.revision += 1
    question.save(update_fields=["revision"])
    was = (before.text, before.hint, "、".join(before.choices)) if before else ("", "", "")
    pairs = dict(zip(("question", "hint", "choices"), zip(was, (text, hint, "、".join(choices)), strict=True), strict=True))  # fmt: skip
    audit.record(
        ward=question.ward, actor=actor, verb=LanguageVerb.QUESTIONS_TRANSLATED, target=question.owner.activity,
        label=question.text,
        changes={"language": (None, language), **{name: each for name, each in pairs.items() if each[0] != each[1]}},
    )  # fmt: skip
