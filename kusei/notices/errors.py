"""What can go wrong in this room; the messages are Japanese and say what to do."""

from __future__ import annotations

from kusei.notices.enums import Closed


class NoticeError(Exception):
    """A notice or a link that cannot be made."""


class LinkNotUsable(NoticeError):
    """The link opens nothing; `reason` says why. The page looks the same whatever the reason."""

    def __init__(self, reason: Closed) -> None:
        super().__init__(str(reason.label))
        self.reason = reason


class NoTelephone(NoticeError):
    """What was written is no telephone number."""


class NoticeNotSendable(NoticeError):
    """A notice that went out, or whose address was forgotten."""
