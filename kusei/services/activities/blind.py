"""Blind keys: the same person met again without keeping who it is.

An HMAC (SHA-256, 128 bits of it) of the name as it is read and the telephone number or mail address, with a key derived from
SECRET_KEY for this use and the ward alone. Whoever has a copy of the database can neither read nor try names out. It is an
estimate: who writes another number, or kana once and kanji once, counts as two.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from kusei.japanese.folding import fold_name
from kusei.japanese.tokens import fold_kana
from kusei.notices.telephone import digits_of


def blind_key(ward_id: int, *, name: str, kana: str, telephone: str, mail: str) -> str:
    """32 hexadecimal digits; "" where there is nothing to know somebody by."""
    person = fold_kana(fold_name(kana or name))
    contact = digits_of(telephone) or mail.strip().casefold()
    if not person or not contact:
        return ""
    told = f"{ward_id}\n{person}\n{contact}".encode()
    return hmac.new(_key(settings.SECRET_KEY), told, hashlib.sha256).hexdigest()[:32]


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=b"kusei.activities.blind")
    return derived.derive(secret.encode())
