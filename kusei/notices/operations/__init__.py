"""Every change to notices and signed links."""

from kusei.notices.errors import LinkNotUsable, NoticeError, NoticeNotSendable
from kusei.notices.operations.links import (
    IssuedLink,
    hash_of,
    make_link,
    move_links,
    open_link,
    revoke_link,
    use_link,
    used_link,
)
from kusei.notices.operations.mail import (
    Letter,
    forget_addresses,
    send_again,
    send_notice,
    send_notices,
    send_waiting,
    withdraw,
)

__all__ = [
    "IssuedLink",
    "Letter",
    "LinkNotUsable",
    "NoticeError",
    "NoticeNotSendable",
    "forget_addresses",
    "hash_of",
    "make_link",
    "move_links",
    "open_link",
    "revoke_link",
    "send_again",
    "send_notice",
    "send_notices",
    "send_waiting",
    "use_link",
    "used_link",
    "withdraw",
]
