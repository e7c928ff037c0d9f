"""How the log-in library is told our rules: nobody signs up, an account ends with its last term, the city's directory
only says who somebody is."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kusei.wards.models import Invitation, Person
from kusei.wards.operations import WardError, accept_invitation, open_account
from kusei.wards.permissions import rights_of
from kusei.wards.queries import invitation_by_token, open_invitations_to, person_with_address, whom_to_ask

INVITATION_KEY = "kusei_invitation"
"""In the session: the link of the invitation that somebody is about to accept."""
_VOUCHED_KEY = "kusei_directory_vouched"
_JUST_NOW_SECONDS = 300
_log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by an administrator's invitation only, and log-ins end with the last role."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy(
            "このアカウントは閉じられています。区の管理者に問い合わせてください。"
        ),
        "email_password_mismatch": gettext_lazy(
            "メールアドレスかパスワードが違います。もう一度確かめてください。"
        ),
        "username_password_mismatch": gettext_lazy(
            "ログイン名かパスワードが違います。もう一度確かめてください。"
        ),
        "invalid_login": gettext_lazy("ログイン名かパスワードが違います。もう一度確かめてください。"),
        "enter_current_password": gettext_lazy("いまのパスワードが違います。"),
        "incorrect_password": gettext_lazy("パスワードが違います。"),
        "incorrect_code": gettext_lazy(
            "コードが違います。認証アプリに今出ている6桁の数字か、まだ使っていない予備コードを入れてください。"
        ),
        "too_many_login_attempts": gettext_lazy(
            "続けて5回間違えたので、5分間はログインできません。5分たってから、もう一度試してください。パスワードを忘れたときは、決め直せます。"
        ),
        "rate_limited": gettext_lazy(
            "続けて5回間違えたので、5分間は受け付けません。5分たってから、もう一度試してください。"
        ),
        "invalid_password_reset": gettext_lazy(
            "このリンクは使えません。もう使われたか、期限が切れています。"
        ),
        "unknown_email": gettext_lazy("このメールアドレスのアカウントはありません。"),
        "same_as_current": gettext_lazy("いまのものと違うものにしてください。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **words: Any) -> HttpResponse | None:
        """Nobody logs in whose terms are over, unless to accept an invitation."""
        if answer := super().pre_login(request, user, **words):
            return answer
        if rights_of(user).grants or accepting(request, user):
            return None
        clear_login(request)
        return render(request, "account/no_role.html", {"person": user, "ask": whom_to_ask(user)}, status=403)

    def get_login_stages(self) -> list[str]:
        library, ours = AuthenticateStage, SecondFactorStage
        return [
            f"{ours.__module__}.{ours.__name__}"
            if stage == f"{library.__module__}.{library.__name__}"
            else stage
            for stage in super().get_login_stages()
        ]

    def is_reauthentication_required(self, *, app: str, **words: Any) -> bool:
        """Whoever logged in a moment ago need not type the password again to set up the second factor."""
        if not super().is_reauthentication_required(app=app, **words):
            return False
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > _JUST_NOW_SECONDS

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under the site's own address: that of the request is whatever the visitor says."""
        uidb36, _dash, token = key.partition("-")
        words = {"uidb36": uidb36, "key": token}
        return settings.KUSEI_SITE_URL + reverse("account_reset_password_from_key", kwargs=words)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nobody is told of a mail that the mail server did not take. Whose address it is makes no difference to that."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # smtplib's errors are OSErrors, as is a machine that cannot be reached
            _log.warning("a mail about an account could not be sent: %s", type(error).__name__)
            raise ImmediateHttpResponse(
                render(self.request, "account/mail_failed.html", status=503)
            ) from error

    def format_email_subject(self, subject: str) -> str:
        return subject.strip()


class SecondFactorStage(AuthenticateStage):
    """The second factor after the password or the directory; the directory's own counts where the settings say so."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if self.login.user is not None and _vouched(self.request, self.login.user.pk):
            return None, True
        return super().handle()


class MFAAdapter(DefaultMFAAdapter):
    """The second factor, in Japanese."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_generate_recovery_codes": gettext_lazy("先に認証アプリを設定してください。"),
    }

    def get_totp_label(self, user: Any) -> str:
        """What the app on the phone calls the account: the log-in name (a mail address may change)."""
        return str(user.username)


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """Log-ins by the city's staff directory. It says who somebody is; a role comes from an invitation alone.

    The first log-in is matched by the verified mail address, and the person's lasting identifier there (`sub`) is kept:
    from then on that alone counts, so that an address which is given to somebody else opens nothing.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") not in {None, "login"}:
            raise ImmediateHttpResponse(_refused(request, _("ログインのほかには使えません。")))
        if not sociallogin.is_existing:
            sociallogin.connect(request, self._person_for(request, sociallogin))
        _note_what_the_directory_checked(request, sociallogin)
        # Who somebody is (`uid`) is kept, what else the directory told is not: it may be more than we need.
        SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})

    def _person_for(self, request: HttpRequest, sociallogin: SocialLogin) -> Person:
        addresses = [each.email.lower() for each in sociallogin.email_addresses if each.verified]
        if not addresses:
            raise ImmediateHttpResponse(
                _refused(
                    request,
                    _("職員認証から、確認済みのメールアドレスが届きませんでした。職員認証の担当に問い合わせてください。"),
                )
            )  # fmt: skip
        for address in addresses:
            person = person_with_address(address)
            if person is None:
                continue
            if SocialAccount.objects.filter(user=person, provider=sociallogin.account.provider).exists():
                raise ImmediateHttpResponse(
                    _refused(
                        request,
                        _("このメールアドレスのアカウントは、職員認証では別の方のものです。区の管理者に問い合わせてください。"),
                    )
                )  # fmt: skip
            return person
        for address in addresses:
            if invitations := open_invitations_to(address):
                return self._newcomer(request, sociallogin, invitations)
        raise ImmediateHttpResponse(
            _refused(
                request,
                _("%(email)s の利用者は登録されていません。Kuseiを使うには、区の管理者からの招待が要ります。区の管理者に頼んでください。")
                % {"email": addresses[0]},
            )
        )  # fmt: skip

    def _newcomer(
        self, request: HttpRequest, sociallogin: SocialLogin, invitations: list[Invitation]
    ) -> Person:
        told = sociallogin.user
        first, *others = invitations
        try:
            person = open_account(
                invitation=first,
                username=free_username(getattr(told, "username", "") or first.email.partition("@")[0]),
                last_name=getattr(told, "last_name", ""),
                first_name=getattr(told, "first_name", ""),
                password=None,
            )
            for each in others:
                accept_invitation(invitation=each, actor=person)
        except WardError as error:
            raise ImmediateHttpResponse(_refused(request, str(error))) from error
        return person


def accepting(request: HttpRequest, person: Person) -> bool:
    """Whether `person` is on the way to accept an invitation to their own mail address."""
    invitation = invitation_by_token(request.session.get(INVITATION_KEY, ""))
    return invitation is not None and bool(person.email) and invitation.email == person.email.lower()


def vouched_for_by_directory(request: HttpRequest) -> bool:
    """Whether the staff directory checked a second factor in this session, and the settings let that count."""
    return _vouched(request, request.user.pk)


def free_username(wanted: str) -> str:
    """A log-in name like `wanted` that nobody has."""
    name = re.sub(r"[^\w.@+-]", "", wanted)[:140] or "user"
    while Person.objects.filter(username__iexact=name).exists():
        name = f"{name[:140]}-{secrets.randbelow(10000)}"
    return name


def _note_what_the_directory_checked(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Remember, for this session and this person, that `amr` or `acr` speak of a second factor (KUSEI_OIDC_SECOND_FACTOR)."""
    data = sociallogin.account.extra_data
    claims = data.get("id_token") or data.get("userinfo") or {}
    methods = claims.get("amr") or []
    told = {*(methods if isinstance(methods, list) else [methods]), claims.get("acr")}
    request.session.pop(_VOUCHED_KEY, None)
    if told & set(settings.KUSEI_OIDC_SECOND_FACTOR) and sociallogin.user is not None:
        request.session[_VOUCHED_KEY] = sociallogin.user.pk


def _vouched(request: HttpRequest, person_id: int | None) -> bool:
    return person_id is not None and request.session.get(_VOUCHED_KEY) == person_id


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    return render(request, "socialaccount/refused.html", {"reason": reason}, status=403)
