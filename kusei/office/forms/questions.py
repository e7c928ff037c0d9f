"""Forms about questions of residents and requests to bodies outside."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.services.questions.enums import Arrival, QuestionKind
from kusei.wards.enums import BodyKind
from kusei.wards.models import Body, Ward
from kusei.wards.post import can_send

_TEXT = {"class": "input"}
_PLANNING = gettext_lazy("企画担当")


def _words(label: Any, missing: Any, *, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=8000,
        widget=forms.Textarea(attrs={**_TEXT, "rows": rows}),
        error_messages={"required": missing, "max_length": gettext_lazy("8,000文字までで書いてください。")},
        **more,
    )


def close_without_mail(form: forms.Form, name: str, initial: Any = "") -> None:
    """A field that asks for a mail takes nothing where mails reach nobody, and says so. What is sent in it does not count."""
    if can_send():
        return
    form.fields[name].disabled = True
    form.initial[name] = initial
    form.fields[name].help_text = _(
        "いまはメールを送れない設定です。リンクは次の画面に出るので、担当の方だけに伝わる方法で渡してください。"
    )


class WrittenDownForm(forms.Form):
    """A question that somebody asked by telephone or at the counter."""

    way = forms.ChoiceField(
        label=gettext_lazy("どこで聞きましたか"),
        choices=[(each.value, each.label) for each in (Arrival.TELEPHONE, Arrival.COUNTER)],
        widget=forms.Select(attrs=_TEXT),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("種類"), choices=QuestionKind.choices, widget=forms.Select(attrs=_TEXT)
    )
    text = _words(gettext_lazy("内容"), gettext_lazy("聞かれたことを書いてください。"), rows=6)
    about = forms.CharField(
        label=gettext_lazy("どのページについて"),
        required=False,
        max_length=600,
        widget=forms.TextInput(attrs=_TEXT),
        help_text=gettext_lazy(
            "住民のページのアドレスを貼り付けます。担当は、そのページの項目から決まります。"
        ),
    )
    body = forms.ModelChoiceField(
        queryset=Body.objects.none(),
        label=gettext_lazy("担当"),
        required=False,
        empty_label=gettext_lazy("ページから決める"),
        widget=forms.Select(attrs=_TEXT),
    )
    name = forms.CharField(
        label=gettext_lazy("相手の名前"), required=False, max_length=80, widget=forms.TextInput(attrs=_TEXT)
    )
    mail = forms.EmailField(
        label=gettext_lazy("相手のメールアドレス"),
        required=False,
        widget=forms.EmailInput(attrs=_TEXT),
        error_messages={"invalid": gettext_lazy("メールアドレスの形ではありません。例: name@example.jp")},
    )
    telephone = forms.CharField(
        label=gettext_lazy("相手の電話番号"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={**_TEXT, "inputmode": "tel"}),
        help_text=gettext_lazy("連絡先は回答だけに使い、完了から1年後に消えることを、相手に伝えてください。"),
    )
    ticket = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *arguments: Any, ward: Ward, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["body"].queryset = Body.objects.standing().filter(ward=ward, kind=BodyKind.DIVISION)  # type: ignore[attr-defined]
        if not can_send():
            self.fields["mail"].help_text = _("いまはメールを送れない設定です。電話番号も聞いてください。")


class AnswerQuestionForm(forms.Form):
    """The answer; it is mailed where an address was given, unless somebody says otherwise."""

    answer = _words(gettext_lazy("回答"), gettext_lazy("回答を書いてください。"), rows=8)
    by_mail = forms.BooleanField(label=gettext_lazy("書かれたメールアドレスに送る"), required=False)

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        close_without_mail(self, "by_mail", initial=False)


_IN_TRAIL = gettext_lazy(
    "変更の記録に残り、あとから消せません。質問した人の名前や連絡先は書かないでください。"
)


class HandOverForm(forms.Form):
    """Another body in charge, with a note for it."""

    body = forms.ChoiceField(label=gettext_lazy("次の担当"), widget=forms.Select(attrs=_TEXT))
    note = _words(gettext_lazy("ひとこと"), gettext_lazy("次の担当へのひとことを書いてください。"), rows=2)

    def __init__(self, *arguments: Any, ward: Ward, **words: Any) -> None:
        super().__init__(*arguments, **words)
        divisions = Body.objects.standing().filter(ward=ward, kind=BodyKind.DIVISION)
        self.fields["body"].choices = [  # type: ignore[attr-defined]
            ("planning", _PLANNING),
            *((str(each.pk), each.name) for each in divisions),
        ]
        self.ward = ward
        self.fields["note"].help_text = _IN_TRAIL

    def chosen(self) -> Body | None:
        """The body; None for the planning division."""
        chosen = self.cleaned_data["body"]
        return None if chosen == "planning" else Body.objects.get(ward=self.ward, pk=int(chosen))


class SettleForm(forms.Form):
    """Done; why, where there is no answer. It stands on a page with another `note`."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **({"auto_id": "settle_%s"} | words))
        self.fields["note"].help_text = _IN_TRAIL

    note = _words(gettext_lazy("理由（回答しないとき）"), "", rows=2, required=False)


class PublishForm(forms.Form):
    """Question and answer in words that say nothing about who asked."""

    public_question = _words(
        gettext_lazy("公開する質問"), gettext_lazy("公開する質問を書いてください。"), rows=3
    )
    public_answer = _words(
        gettext_lazy("公開する回答"), gettext_lazy("公開する回答を書いてください。"), rows=6
    )


class AskBodyForm(forms.Form):
    """What a body outside is asked about items of a draft."""

    body = forms.ModelChoiceField(
        queryset=Body.objects.none(),
        label=gettext_lazy("尋ねる団体"),
        empty_label=gettext_lazy("選んでください"),
        widget=forms.Select(attrs=_TEXT),
        error_messages={"required": gettext_lazy("尋ねる団体を選んでください。")},
    )
    text = _words(
        gettext_lazy("尋ねたいこと"), gettext_lazy("尋ねたいことを書いてください。"), rows=5,
        help_text=gettext_lazy("例: 回数と場所は、このとおりでよいですか。"),
    )  # fmt: skip
    mail = forms.EmailField(
        label=gettext_lazy("団体のメールアドレス"),
        required=False,
        widget=forms.EmailInput(attrs=_TEXT),
        help_text=gettext_lazy("書くと、リンクをメールで送ります。アドレスは90日後に消えます。"),
        error_messages={"invalid": gettext_lazy("メールアドレスの形ではありません。例: name@example.jp")},
    )

    def __init__(self, *arguments: Any, ward: Ward, **words: Any) -> None:
        super().__init__(*arguments, **words)
        outside = Body.objects.standing().filter(ward=ward).exclude(kind=BodyKind.DIVISION)
        self.fields["body"].queryset = outside  # type: ignore[attr-defined]
        close_without_mail(self, "mail")


class RenewForm(forms.Form):
    """A new link, by mail or not."""

    mail = AskBodyForm.base_fields["mail"]

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        close_without_mail(self, "mail")


class NoteAnswerForm(forms.Form):
    """What somebody of the body said by telephone."""

    name = forms.CharField(
        label=gettext_lazy("答えた人"),
        max_length=80,
        widget=forms.TextInput(attrs=_TEXT),
        error_messages={"required": gettext_lazy("電話で答えた人の名前を書いてください。")},
    )
    is_confirmed = forms.BooleanField(label=gettext_lazy("このままでよい"), required=False)
    answer = _words(gettext_lazy("聞いた答え"), "", rows=4, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (
            not found.get("is_confirmed")
            and not found.get("answer", "").strip()
            and "answer" not in self.errors
        ):
            self.add_error(
                "answer", _("「このままでよい」にチェックを付けるか、聞いた答えを書いてください。")
            )
        return found
