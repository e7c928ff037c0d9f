"""Mail that this room's operations cause. The room that keeps and sends mail (`notices`) stands above and registers itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.conf import settings

from kusei.wards.models import Ward


class Carrier(Protocol):
    """Writes a message down in the caller's transaction and sends it after the commit. `told(sent)` is called after the
    first try."""

    def __call__(
        self, *, ward: Ward, to: str, subject: str, text: str, subject_key: str, told: Callable[[bool], None]
    ) -> None: ...


class Withdrawal(Protocol):
    """Keeps what is about `subject_key` and has not gone out from ever going out."""

    def __call__(self, *, ward: Ward, subject_key: str) -> None: ...


_carrier: list[Carrier] = []
_withdrawal: list[Withdrawal] = []


def can_send() -> bool:
    """Whether mails reach anybody. Printed on the operator's console (no KUSEI_MAIL_URL), they do not: pages then neither
    promise a mail nor ask for an address to send one to."""
    return not settings.EMAIL_BACKEND.endswith((".console.EmailBackend", ".dummy.EmailBackend"))


def carried_by(carrier: Carrier, withdrawal: Withdrawal) -> None:
    """Called once by the AppConfig of the room that sends mail."""
    _carrier[:], _withdrawal[:] = [carrier], [withdrawal]


def send(
    *,
    ward: Ward,
    to: str,
    subject: str,
    text: str,
    subject_key: str = "",
    told: Callable[[bool], None] = lambda sent: None,
) -> None:
    """Send a message once the change around is sure; one that does not go out is tried again in the background."""
    _carrier[0](ward=ward, to=to, subject=subject, text=text, subject_key=subject_key, told=told)


def withdraw(*, ward: Ward, subject_key: str) -> None:
    """What was to be sent about this is no longer true: what has not gone out stays here."""
    _withdrawal[0](ward=ward, subject_key=subject_key)
