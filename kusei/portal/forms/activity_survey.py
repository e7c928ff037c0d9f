"""A questionnaire, answered without a name."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.portal.activity_words import told_questions
from kusei.portal.forms.questions import PublicForm
from kusei.services.activities.asked_fields import AskedForm
from kusei.services.activities.asking import Value
from kusei.services.activities.models import Question


class ReplyForm(PublicForm, AskedForm):
    """The questions, and a trap for machines: `website` is not seen by people."""

    website = forms.CharField(
        label=gettext_lazy("この欄には何も書かないでください"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    ticket = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *arguments: Any, questions: Sequence[Question], **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.ask(told_questions(questions), 1)

    def clean_website(self) -> str:
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("送れませんでした。書かないでくださいとある欄を空にしてください。"))
        return ""

    def said(self) -> Mapping[int, Value]:
        """What was answered, by question."""
        return self.given([]).together
