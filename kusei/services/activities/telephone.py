"""Telephone numbers as `notices.telephone` reads them, refused as this room refuses; and what whoever telephones is found by."""

from __future__ import annotations

from kusei.notices import telephone, telephone_keys
from kusei.notices.errors import NoTelephone
from kusei.services.activities.errors import NotFitting

_USE = "activities"


def read_telephone(text: str) -> str:
    """045-123-4567; "" for nothing. Raises NotFitting."""
    try:
        return telephone.read_telephone(text)
    except NoTelephone as error:
        raise NotFitting(str(error)) from None


def key_of(number: str) -> str:
    """By which a number is found although it is sealed; "" for none."""
    return telephone_keys.telephone_key(number, use=_USE)


def keys_of(number: str) -> list[str]:
    """The keys under which a number may stand."""
    return telephone_keys.telephone_keys(number, use=_USE)
