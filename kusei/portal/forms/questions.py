"""Forms by which people outside the office send something: a question about a page, an answer behind a signed link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.services.questions.operations import Contact
from kusei.wards.post import can_send

TEXT_AT_MOST = 4000
_WIDE = {"class": "input"}


class PublicForm(forms.Form):
    """Fields that are wrong say so to screen readers as well."""

    error_css_class = "is-wrong"
    use_required_attribute = False

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.label_suffix = ""


class AskForm(PublicForm):
    """質問・まちがいの連絡. It asks for a mail address only where mails go out, for a telephone number
    where they do not. `website` is a trap for machines: people do not see it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("どちらですか"),
        choices=[
            ("question", gettext_lazy("質問がある")),
            ("error", gettext_lazy("まちがいを知らせたい")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("「質問がある」か「まちがいを知らせたい」を選んでください。")
        },
    )
    text = forms.CharField(
        label=gettext_lazy("内容"),
        max_length=TEXT_AT_MOST,
        widget=forms.Textarea(attrs={**_WIDE, "rows": 7}),
        help_text=gettext_lazy(
            "聞きたいこと、まちがっているところを書いてください。病気や家族のことなど、ほかの人に知られたくないことは書かないでください。"
        ),
        error_messages={
            "required": gettext_lazy("内容を書いてください。"),
            "max_length": gettext_lazy("内容が長すぎます。4,000文字までで書いてください。"),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("お名前"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={**_WIDE, "autocomplete": "name"}),
        error_messages={"max_length": gettext_lazy("お名前は80文字までで書いてください。")},
    )
    mail = forms.EmailField(
        label=gettext_lazy("メールアドレス"),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={**_WIDE, "autocomplete": "email"}),
        help_text=gettext_lazy("返事がほしいときに書いてください。"),
        error_messages={
            "invalid": gettext_lazy("メールアドレスの形ではありません。例: name@example.jp"),
            "max_length": gettext_lazy("メールアドレスが長すぎます。"),
        },
    )
    telephone = forms.CharField(
        label=gettext_lazy("電話番号"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={**_WIDE, "autocomplete": "tel", "inputmode": "tel"}),
        help_text=gettext_lazy("電話での返事がほしいときに書いてください。"),
        error_messages={"max_length": gettext_lazy("電話番号は40文字までで書いてください。")},
    )
    website = forms.CharField(
        label=gettext_lazy("この欄には何も書かないでください"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    about = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    ticket = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.can_mail = can_send()
        del self.fields["telephone" if self.can_mail else "mail"]

    def contact(self) -> Contact:
        """How to answer; what was asked for depends on whether mails reach anybody."""
        said = self.cleaned_data
        return Contact(said["name"], said.get("mail", ""), said.get("telephone", ""))

    def clean_website(self) -> str:
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("送れませんでした。書かないでくださいとある欄を空にしてください。"))
        return ""


class AnswerForm(PublicForm):
    """What a body outside says about an item."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("この内容でよいですか"),
        choices=[
            ("confirm", gettext_lazy("このままでよい")),
            ("answer", gettext_lazy("直してほしいこと・伝えたいことがある")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("どちらかを選んでください。")},
    )
    text = forms.CharField(
        label=gettext_lazy("直してほしいこと・伝えたいこと"),
        max_length=TEXT_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={**_WIDE, "rows": 6}),
        error_messages={"max_length": gettext_lazy("内容が長すぎます。4,000文字までで書いてください。")},
    )
    name = forms.CharField(
        label=gettext_lazy("答えた方のお名前"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={**_WIDE, "autocomplete": "name"}),
        help_text=gettext_lazy("職員がお返事するときに使います。書かなくてもかまいません。"),
        error_messages={"max_length": gettext_lazy("お名前は80文字までで書いてください。")},
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (
            found.get("verdict") == "answer"
            and not found.get("text", "").strip()
            and "text" not in self.errors
        ):
            self.add_error("text", _("直してほしいこと・伝えたいことを書いてください。"))
        return found
