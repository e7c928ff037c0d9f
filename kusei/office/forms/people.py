"""Forms about people: roles, invitations, a new account."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.wards.enums import ROLES_OF_A_BODY, Role
from kusei.wards.models import Body, Person, Ward
from kusei.wards.queries import bodies_of, people_of

DAY = forms.DateInput(attrs={"type": "date", "class": "input input--day"}, format="%Y-%m-%d")


_OFFERED = (Role.STAFF, Role.PLANNER, Role.PARTNER, Role.ADMINISTRATOR)
"""The most frequent first; residents need no role for anything yet."""


class RoleForm(forms.Form):
    """A role with its body and its term: what inviting and giving a role have in common."""

    role = forms.ChoiceField(
        label=gettext_lazy("役割"),
        choices=[("", gettext_lazy("選んでください"))],
        widget=forms.Select(attrs={"class": "input"}),
        help_text=gettext_lazy(
            "職員は課の計画と結果を書きます。企画担当は計画全体をまとめて公開します。区の管理者は利用者と役割を決めます。"
        ),
        error_messages={"required": gettext_lazy("役割を選んでください。")},
    )
    body = forms.ModelChoiceField(
        label=gettext_lazy("所属"),
        queryset=Body.objects.none(),
        required=False,
        empty_label=gettext_lazy("なし"),
        widget=forms.Select(attrs={"class": "input"}),
        help_text=gettext_lazy("職員と協力団体の担当者だけ選びます。"),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("始まりの日"),
        required=False,
        widget=DAY,
        help_text=gettext_lazy("空けておくと、今日（招待のときは、受けた日）から使えます。"),
        error_messages={"invalid": gettext_lazy("日付は 2026-04-01 のように入れてください。")},
    )
    last_day = forms.DateField(
        label=gettext_lazy("使える最後の日"),
        required=False,
        widget=DAY,
        help_text=gettext_lazy("任期の終わり（例: 年度末の3月31日）。空けておくと、終えるまで使えます。"),
        error_messages={"invalid": gettext_lazy("日付は 2027-03-31 のように入れてください。")},
    )

    def __init__(self, *arguments: Any, ward: Ward, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", _("選んでください")),
            *((role.value, role.label) for role in _OFFERED),
        ]
        self.fields["body"].queryset = Body.objects.standing().filter(ward=ward)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role, body = cleaned.get("role"), cleaned.get("body")
        if role in ROLES_OF_A_BODY and body is None and "body" not in self.errors:
            self.add_error(
                "body", _("所属を選んでください。職員と協力団体の担当者は、どこの人かを決めます。")
            )
        if role and role not in ROLES_OF_A_BODY and body is not None:
            self.add_error("body", _("この役割に所属は要りません。「なし」にしてください。"))
        first, last = cleaned.get("starts_on") or timezone.localdate(), cleaned.get("last_day")
        if last and last < first:
            self.add_error(
                "last_day", _("最後の日は、始まりの日（%(day)s）以後にしてください。") % {"day": first}
            )
        return cleaned

    @property
    def ends_on(self) -> date | None:
        """The day from which the role opens nothing: the day after the last."""
        last: date | None = self.cleaned_data["last_day"]
        return date.fromordinal(last.toordinal() + 1) if last else None


class InviteForm(RoleForm):
    """A role for a mail address."""

    email = forms.EmailField(
        label=gettext_lazy("メールアドレス"),
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "招待のメールを送ります。メールが届かないときは、次の画面のリンクを渡せます。"
        ),
        error_messages={
            "required": gettext_lazy("メールアドレスを入れてください。"),
            "invalid": gettext_lazy("メールアドレスは name@example.jp のように入れてください。"),
        },
    )
    field_order = ("email", "role", "body", "starts_on", "last_day")


class GrantForm(RoleForm):
    """Another role for somebody who has an account."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("利用者"),
        queryset=Person.objects.none(),
        empty_label=gettext_lazy("選んでください"),
        widget=forms.Select(attrs={"class": "input"}),
        help_text=gettext_lazy("この区で役割のある人、あった人です。ほかの人は招待してください。"),
        error_messages={"required": gettext_lazy("利用者を選んでください。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input"}),
        help_text=gettext_lazy("変更の記録に残ります（例: 4月の異動）。"),
    )
    field_order = ("person", "role", "body", "starts_on", "last_day", "reason")

    def __init__(self, *arguments: Any, ward: Ward, **words: Any) -> None:
        super().__init__(*arguments, ward=ward, **words)
        people = people_of(ward)
        field = self.fields["person"]
        field.queryset = Person.objects.filter(pk__in=[person.pk for person in people])  # type: ignore[attr-defined]
        field.label_from_instance = (  # type: ignore[attr-defined]
            lambda person: f"{person.display_name}（{person.username}）"
        )


class EndRoleForm(forms.Form):
    """When and why a role ends."""

    last_day = forms.DateField(
        label=gettext_lazy("使える最後の日"),
        required=False,
        widget=DAY,
        help_text=gettext_lazy("空けておくと、すぐに使えなくなります。"),
        error_messages={"invalid": gettext_lazy("日付は 2027-03-31 のように入れてください。")},
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input"}),
        help_text=gettext_lazy("変更の記録に残ります（例: 異動、退職、誤って与えた）。"),
        error_messages={"required": gettext_lazy("理由を入れてください。変更の記録に残ります。")},
    )

    @property
    def ends_on(self) -> date | None:
        last: date | None = self.cleaned_data["last_day"]
        return date.fromordinal(last.toordinal() + 1) if last else None


class RecoveryForm(forms.Form):
    """Why somebody's way in is made anew."""

    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "input"}),
        help_text=gettext_lazy("変更の記録に残り、本人へのメールにも書かれます（例: スマートフォンをなくした。窓口で本人を確かめた）。"),
        error_messages={"required": gettext_lazy("理由を入れてください。変更の記録に残ります。")},
    )  # fmt: skip


class AccountForm(forms.Form):
    """A new account: name, log-in name, password."""

    last_name = forms.CharField(
        label=gettext_lazy("姓"),
        max_length=150,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "family-name"}),
        error_messages={"required": gettext_lazy("姓を入れてください。")},
    )
    first_name = forms.CharField(
        label=gettext_lazy("名"),
        max_length=150,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "given-name"}),
        error_messages={"required": gettext_lazy("名を入れてください。")},
    )
    username = forms.CharField(
        label=gettext_lazy("ログイン名"),
        max_length=150,
        validators=list(Person._meta.get_field("username").validators),
        widget=forms.TextInput(
            attrs={
                "class": "input",
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
        help_text=gettext_lazy("英数字と @ . + - _ が使えます。メールアドレスでもログインできます。"),
        error_messages={"required": gettext_lazy("ログイン名を入れてください。")},
    )
    password1 = forms.CharField(
        label=gettext_lazy("パスワード"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("パスワードを入れてください。")},
    )
    password2 = forms.CharField(
        label=gettext_lazy("パスワード（もう一度）"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("同じパスワードをもう一度入れてください。")},
    )

    def __init__(self, *arguments: Any, email: str, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self._email = email
        self.fields["password1"].help_text = password_validators_help_text_html()

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if Person.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("このログイン名は使われています。別の名前にしてください。"))
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("2つのパスワードが違います。同じものを入れてください。"))
        elif first:
            person = Person(
                username=cleaned.get("username", ""),
                last_name=cleaned.get("last_name", ""),
                first_name=cleaned.get("first_name", ""),
                email=self._email,
            )
            try:
                validate_password(first, person)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned


def role_filters(ward: Ward) -> dict[str, Any]:
    """What the list of people can be narrowed by."""
    return {
        "roles": [(role.value, role.label) for role in _OFFERED],
        "bodies": bodies_of(ward),
        "states": [
            ("now", _("いま使える")),
            ("coming", _("これから")),
            ("ended", _("終わった")),
            ("all", _("すべて")),
        ],
    }
