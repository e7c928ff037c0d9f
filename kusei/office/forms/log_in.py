"""The log-in library's forms in our words: labels that say what to type, nothing in grey inside the fields."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kusei.wards.post import can_send


def _word(form: forms.Form, **labels: Any) -> None:
    """Give the fields their labels, and the look and errors of all our fields."""
    for name, label in labels.items():
        if name in form.fields:
            field = form.fields[name]
            field.label = label
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "input"
            field.error_messages["required"] = _("入れてください。")


class LoginForm(account.LoginForm):
    """Log-in name or mail address, and password."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        _word(self, login=_("ログイン名かメールアドレス"), password=_("パスワード"))
        self.fields["login"].widget.attrs.update(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        self.fields["password"].help_text = ""  # the way to a new password stands beside the button


class ChangePasswordForm(account.ChangePasswordForm):
    """The old password and a new one."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        _word(
            self,
            oldpassword=_("いまのパスワード"),
            password1=_("新しいパスワード"),
            password2=_("新しいパスワード（もう一度）"),
        )


class SetPasswordForm(account.SetPasswordForm):
    """A first password, for whoever came in by the directory."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        _word(self, password1=_("パスワード"), password2=_("パスワード（もう一度）"))


class ResetPasswordForm(account.ResetPasswordForm):
    """The address to which the link goes."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        _word(self, email=_("メールアドレス"))
        self.can_mail = can_send()

    def clean(self) -> dict[str, Any]:
        if not can_send():
            raise forms.ValidationError(
                gettext("いまはメールを送れない設定です。区の管理者に頼んでください。"), code="no_mail"
            )
        return super().clean() or self.cleaned_data


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    """A new password, behind the link."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        _word(self, password1=_("新しいパスワード"), password2=_("新しいパスワード（もう一度）"))


class ReauthenticateForm(account.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        _word(self, password=_("パスワード"))
        self.fields["password"].help_text = ""


class CodeForm(mfa.AuthenticateForm):
    """The second factor after the password."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        _word(self, code=_("6桁の数字、または予備コード"))


class CodeAgainForm(mfa.ReauthenticateForm):
    """The second factor once more."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        _word(self, code=_("6桁の数字、または予備コード"))


class ActivateForm(ActivateTOTPForm):
    """The first code of a new authenticator app."""

    def __init__(self, *arguments: Any, **words: Any) -> None:
        super().__init__(*arguments, **words)
        _word(self, code=_("6桁の数字"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"
