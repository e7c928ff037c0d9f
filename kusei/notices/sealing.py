"""Sealing personal data at rest: whoever reads the database, or a copy of it, does not read what was sealed.

Fernet (AES-128-CBC with HMAC) from the library `cryptography`, with a key derived from SECRET_KEY for one use (`purpose`) each.
What SECRET_KEY_FALLBACKS sealed can still be opened. Without the key nothing can: see docs/adr/0012.
"""

from __future__ import annotations

import base64
import json
import logging
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

logger = logging.getLogger(__name__)


class CannotUnseal(Exception):
    """Sealed with a key that this machine does not have, or altered."""


def seal(value: Any, *, purpose: str) -> str:
    """A JSON value, sealed as text. `purpose` names the field: what was sealed for one cannot be read as another."""
    return _box(purpose).encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()


def unseal(sealed: str, *, purpose: str) -> Any:
    """The value that was sealed. Raises CannotUnseal."""
    try:
        return json.loads(_box(purpose).decrypt(sealed.encode()))
    except InvalidToken:
        raise CannotUnseal(purpose) from None


def unseal_if_possible(sealed: str, *, purpose: str) -> Any | None:
    """The value that was sealed; None, and a line in the log, where the key is gone. For lists, which show their other rows."""
    try:
        return unseal(sealed, purpose=purpose)
    except CannotUnseal:
        logger.error("Something of %s was sealed with a key that is gone", purpose)
        return None


def _box(purpose: str) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_fernet(secret, purpose) for secret in secrets])


@lru_cache(maxsize=32)
def _fernet(secret: str, purpose: str) -> Fernet:
    derived = HKDF(hashes.SHA256(), length=32, salt=None, info=f"kusei.sealing:{purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret.encode())))
