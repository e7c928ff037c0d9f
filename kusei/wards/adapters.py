"""How the log-in library is told our rules: nobody signs up, and an account ends with its last term."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by an administrator's invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
