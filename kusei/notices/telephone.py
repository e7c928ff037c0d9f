"""Telephone numbers as people write them: one spelling to keep, to show, and to compare."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
    format_number,
    is_possible_number_with_reason,
    is_valid_number,
    national_significant_number,
    parse,
)

from kusei.japanese.folding import fold
from kusei.notices.errors import NoTelephone

_HERE = 81
_EXTENSION = re.compile(r"[(\s、,]*(?:内線|内|ext\.?|x|#)[:\s]*(?:番号[:\s]*)?(\d{1,8})番?\)?$", re.I)
_BEFORE = re.compile(r"^(?:電話|でんわ|携帯|自宅|勤務先|tel|phone|☎|☏)[:.\s]*", re.I)
_DASHES = str.maketrans(dict.fromkeys("ー－‐‑‒–—―−─━~〜～･・.ｰ", "-"))
_NUMBER = re.compile(r"\+?[\d()\s-]+")
WRITTEN = re.compile(r"(?<![\d-])0\d{1,4}-\d{1,4}-\d{3,4}(?![\d-])")
"""A number as it stands in a sentence."""
_TWO = re.compile(r"\d[\s-]*\d.*(?:[、,/;]|または|または|又は|か).*\d")


def read_telephone(text: str) -> str:
    """０４５（１２３）４５６７ → 045-123-4567; +81 90 1234 5678 内線12 → 090-1234-5678 内線12; +1 650-253-0000 stays as abroad.

    "" for nothing. It has to be a number of a length that exists: one that is given to nobody (000-0000-0000 of the sample, a block
    that opened after our copy of the numbering plan) is kept with its digits as they were grouped. Raises NoTelephone.
    """
    plain = fold(text).strip()
    if not plain:
        return ""
    extension = _EXTENSION.search(plain)
    number = plain[: extension.start()] if extension else plain
    number = _BEFORE.sub("", number).translate(_DASHES).strip()
    if not _NUMBER.fullmatch(number):
        if _TWO.search(number):
            raise NoTelephone(_("電話番号は一つだけ書いてください。"))
        raise NoTelephone(_("電話番号として読めません。045-123-4567 のように、数字で書いてください。"))
    shown = _shown(number, _parsed(number))
    return f"{shown} 内線{extension[1]}" if extension else shown


def digits_of(telephone: str) -> str:
    """What two spellings of one number have in common, without the extension; "" for nothing."""
    return re.sub(r"\D", "", telephone.partition("内線")[0])


def _parsed(number: str) -> PhoneNumber:
    try:
        found = parse(number, "JP")
    except NumberParseException as error:
        if number.startswith("+") and error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
            raise NoTelephone(
                _("電話番号の国番号を確かめてください。日本の番号は 0 から書きます。")
            ) from None
        raise _too_short() from None
    length = len(national_significant_number(found))
    if not is_valid_number(found) and found.country_code == _HERE and not 9 <= length <= 10:
        raise _too_short() if length < 9 else _too_long()
    match is_possible_number_with_reason(found):
        case ValidationResult.IS_POSSIBLE:
            return found
        case ValidationResult.TOO_LONG:
            raise _too_long()
    raise _too_short()


def _too_short() -> NoTelephone:
    return NoTelephone(_("電話番号の桁が足りません。市外局番から、045-123-4567 のように書いてください。"))


def _too_long() -> NoTelephone:
    return NoTelephone(_("電話番号の桁が多すぎます。番号を確かめてください。"))


def _shown(number: str, found: PhoneNumber) -> str:
    """National for a number of Japan, with the country's code for any other."""
    if found.country_code != _HERE:
        return str(format_number(found, PhoneNumberFormat.INTERNATIONAL))
    if is_valid_number(found):
        return str(format_number(found, PhoneNumberFormat.NATIONAL))
    groups = [each for each in re.split(r"\D+", number) if each]
    if len(groups) == 3 and groups[0].startswith("0"):
        return "-".join(groups)
    digits = "0" + national_significant_number(found)
    return f"{digits[:3]}-{digits[3:-4]}-{digits[-4:]}"
