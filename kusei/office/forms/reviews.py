"""The form of a judgement. Nothing is chosen before somebody chooses it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kusei.results.enums import Course, Grade
from kusei.results.models import Review

CRITERIA = ("necessity", "effectiveness", "efficiency", "fairness", "grade")
_NOTHING = ("", gettext_lazy("選んでいません"))
_WRONG = {"invalid_choice": gettext_lazy("一覧から選んでください。")}


def _graded(label: Any, help_text: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[_NOTHING, *Grade.choices],
        required=False,
        help_text=help_text,
        widget=forms.Select(attrs={"class": "input"}),
        error_messages=_WRONG,
    )


class ReviewForm(forms.Form):
    """Criteria, grade, course, and why. `revision` is the one that was shown (0: none yet)."""

    necessity = _graded(gettext_lazy("必要性"))
    effectiveness = _graded(gettext_lazy("有効性"))
    efficiency = _graded(gettext_lazy("効率性"))
    fairness = _graded(gettext_lazy("公平性"))
    grade = _graded(gettext_lazy("総合"))
    course = forms.ChoiceField(
        label=gettext_lazy("今後の方向"),
        choices=[_NOTHING, *Course.choices],
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
        error_messages=_WRONG,
    )
    comment = forms.CharField(
        label=gettext_lazy("評価の理由"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"class": "input", "rows": 4}),
        help_text=gettext_lazy("拡充・縮小・休止・終了にするときは、必ず書いてください。"),
        error_messages={"max_length": gettext_lazy("評価の理由は10,000文字までで書いてください。")},
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @classmethod
    def of(cls, review: Review | None, stage: str, data: Any = None) -> ReviewForm:
        """The form of what was judged so far; with `data`, of what was sent."""
        fields = (*CRITERIA, "course", "comment")
        initial = {field: getattr(review, field) for field in fields} if review else {}
        initial["revision"] = review.revision if review else 0
        return cls(data, initial=initial, prefix=stage, auto_id="f-%s")

    @property
    def criteria(self) -> list[forms.BoundField]:
        """The graded fields, for the page."""
        return [self[name] for name in CRITERIA]
