"""Setting up a question of the organiser."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.office.forms.activities import ActivityForm, check_field, number_field, text_field
from kusei.services.activities.enums import QuestionKind
from kusei.services.activities.models import Question
from kusei.services.activities.operations import Wording

_KINDS = [each for each in QuestionKind.choices if each[0] != QuestionKind.SCALE]


class QuestionForm(ActivityForm):
    """One question; what the chosen way of answering does not need stays empty."""

    text = text_field(
        gettext_lazy("質問"), 200, required=True, help_text=gettext_lazy("例: 食べ物のアレルギーはありますか")
    )
    hint = text_field(
        gettext_lazy("説明"), 200, help_text=gettext_lazy("何のために尋ねるか、どう書くか。空けておけます。")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("答え方"), choices=_KINDS, widget=forms.Select(attrs={"class": "input"})
    )
    choices = text_field(
        gettext_lazy("選ぶもの"),
        2000,
        lines=4,
        help_text=gettext_lazy("「一つを選ぶ」「いくつでも選ぶ」のとき、1行に一つずつ書きます。"),
    )
    least = number_field(
        gettext_lazy("いちばん小さい数"), least=-1_000_000, most=1_000_000_000,
        help_text=gettext_lazy("「数」のときだけ。決めないときは空けておきます。"),
    )  # fmt: skip
    most = number_field(gettext_lazy("いちばん大きい数"), least=-1_000_000, most=1_000_000_000)
    is_required = check_field(gettext_lazy("必ず答えてもらう（電話などで職員が入れるときは空けておけます）"))
    is_for_each = check_field(gettext_lazy("参加する人に、一人ずつ尋ねる"))

    def __init__(self, *arguments: Any, is_of_survey: bool = False, **words: Any) -> None:
        super().__init__(*arguments, **words)
        if is_of_survey:
            del self.fields["is_for_each"]
            self.fields["text"].help_text = _("例: この催しを、どこで知りましたか")
            self.fields["is_required"].label = _("必ず答えてもらう")

    def wording(self) -> Wording:
        """The question as it was written."""
        said = self.cleaned_data
        choices = tuple(said["choices"].splitlines())
        return Wording(**{**said, "kind": QuestionKind(said["kind"]), "choices": choices})


def begun_with(question: Question) -> dict[str, Any]:
    """What the form begins with for a question that is there."""
    plain = {
        name: getattr(question, name)
        for name in ("text", "hint", "kind", "least", "most", "is_required", "is_for_each")
    }
    return {**plain, "choices": "\n".join(question.choices)}
