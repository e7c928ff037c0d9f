"""Forms of a year's results, and reading what the page of an answer sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.ledger.enums import Arrival
from kusei.office.forms.questions import AskBodyForm, close_without_mail
from kusei.plans.models import Plan
from kusei.plans.operations.drafts import plan_label
from kusei.results.answering import FIELDS
from kusei.results.queries.boards import Asked
from kusei.results.sentences import LONGEST_FORM, LONGEST_NAME

_TEXT = {"class": "input"}

LABELS: Mapping[str, Any] = {
    "outcome": gettext_lazy("状況"),
    "reason": gettext_lazy("理由"),
    "text": gettext_lazy("実施した取組結果"),
    "remark": gettext_lazy("次の年度への申し送り"),
}

COMMON_REASONS = (
    gettext_lazy("感染症の拡大を防ぐため"),
    gettext_lazy("荒天のため"),
    gettext_lazy("会場が使えなかったため"),
    gettext_lazy("参加の申し込みが少なかったため"),
    gettext_lazy("関係者との調整に時間がかかったため"),
    gettext_lazy("担い手が足りなかったため"),
    gettext_lazy("方法を見直しているため"),
    gettext_lazy("予算の都合のため"),
)
"""Offered where a reason is asked for; anything else may be typed."""

WAYS = (Arrival.FORM, Arrival.TELEPHONE, Arrival.PAPER, Arrival.MAIL)
"""How what somebody types for another body reached them."""


def typed(given: Mapping[str, str], before: str = "", after: str = "") -> dict[str, str]:
    """The fields of an answer in a form (`text`, or `was-text` with `before`). Browsers send lines with CR LF."""
    names = {field: f"{before}{field}{after}" for field in FIELDS}
    return {field: lines(given[name]) for field, name in names.items() if name in given}


def lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def way_of(given: Mapping[str, str]) -> str:
    """The way chosen; typed into the form by oneself where none was."""
    chosen = given.get("way", "")
    return chosen if chosen in {way.value for way in WAYS} else Arrival.FORM.value


def asked_of(given: Mapping[str, str]) -> Asked:
    """What the address of a board asks for."""
    return Asked(
        state=given.get("state", ""),
        body=given.get("body", ""),
        outcome=given.get("outcome", ""),
        words=given.get("q", "")[:200],
        sort=given.get("sort", "") or "place",
    )


class OpenCollectionForm(forms.Form):
    """Of which plan, until when, and a word to those who are asked."""

    plan = forms.ModelChoiceField(
        queryset=Plan.objects.none(),
        label=gettext_lazy("計画"),
        empty_label=gettext_lazy("選んでください"),
        widget=forms.Select(attrs=_TEXT),
        error_messages={
            "required": gettext_lazy("取りまとめる計画を選んでください。"),
            "invalid_choice": gettext_lazy("この計画は、もう取りまとめが始まっているか、公開されていません。一覧から選び直してください。"),
        },
    )  # fmt: skip
    due_on = forms.DateField(
        label=gettext_lazy("しめきり"),
        widget=forms.DateInput(attrs={"class": "input input--short", "type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("しめきりの日を入れてください。"),
            "invalid": gettext_lazy("日にちの形ではありません。例: 2027-04-23"),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("お願いの文"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 4}),
        help_text=gettext_lazy("書く人のページの上に出ます。例: 人数は延べ人数で書いてください。"),
    )

    def __init__(self, *arguments: Any, plans: list[Plan], **words: Any) -> None:
        super().__init__(*arguments, **words)
        field: Any = self.fields["plan"]
        field.queryset = Plan.objects.filter(pk__in=[plan.pk for plan in plans]).order_by(
            "-fiscal_year", "kind"
        )
        field.label_from_instance = plan_label


class DueForm(forms.Form):
    """Another deadline, with a reason for the record."""

    due_on = OpenCollectionForm.base_fields["due_on"]
    reason = forms.CharField(
        label=gettext_lazy("変える理由"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs=_TEXT),
    )


class LinkForm(forms.Form):
    """Where the link goes; without an address it is handed over."""

    mail = AskBodyForm.base_fields["mail"]

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["mail"].help_text = _(
            "書くと、リンクをメールで送ります。アドレスは90日後に消えます。空けておくと、次の画面にリンクが出ます。"
        )
        close_without_mail(self, "mail")


class SentenceFields(forms.Form):
    """A form of a sentence: what it is called, and the sentence with live figures."""

    name = forms.CharField(
        label=gettext_lazy("呼び名"),
        widget=forms.TextInput(
            attrs={"class": "input", "placeholder": gettext_lazy("例: 講座の回数と参加者")}
        ),
        max_length=LONGEST_NAME,
    )
    text = forms.CharField(
        label=gettext_lazy("文"),
        help_text=gettext_lazy(
            "数を入れるところに、実績の名前を《 》で囲んで書きます。前の年度との差は《延べ参加者・前年度比》のように書きます。その取組にない数のところは、読点までを省きます。"
        ),
        widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
        max_length=LONGEST_FORM,
    )
