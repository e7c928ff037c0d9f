"""By which whoever telephones is found although numbers are sealed: a keyed hash, which says nothing to who has not the key."""

from __future__ import annotations

from django.conf import settings
from django.utils.crypto import salted_hmac

from kusei.notices.telephone import digits_of


def telephone_key(telephone: str, *, use: str) -> str:
    """64 hexadecimal digits, the same for every spelling of a number; "" for none. `use` is the room's name: keys of two rooms say nothing
    of one another."""
    return _hashed(telephone, use, settings.SECRET_KEY)


def telephone_keys(telephone: str, *, use: str) -> list[str]:
    """The keys under which a number may stand: of today's secret and of those before it."""
    found = [_hashed(telephone, use, each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return [each for each in found if each]


def _hashed(telephone: str, use: str, secret: str | bytes) -> str:
    digits = digits_of(telephone)
    return (
        salted_hmac(f"kusei.{use}.telephone", digits, secret=secret, algorithm="sha256").hexdigest()
        if digits
        else ""
    )
