"""Excel's numbers as the sheet shows them, for the formats that documents use."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|([#0?][#0?,]*(?:\.[#0?]+)?,*)|(%)|(.)', re.S)


def displayed(value: object, number_format: str) -> str:
    """`value` as text: whole numbers without .0, thousands, decimals and per cent by their format, dates as ISO."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        is_date = value.time() == dt.time(0)
        return value.date().isoformat() if is_date else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    if isinstance(value, int | float | Decimal):
        return _number(value, number_format or "General")
    return str(value).strip()


def _number(value: int | float | Decimal, number_format: str) -> str:
    try:
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return str(value)
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', number_format)
    section, negative = sections[0], exact < 0
    if negative and len(sections) > 1:
        section, exact, negative = sections[1], -exact, False
    elif exact == 0 and len(sections) > 2:
        section = sections[2]
    if section.strip().lower() in ("general", "@", "g/標準", "standard", ""):
        return ("-" if negative else "") + _general(abs(exact))
    text = _by_section(abs(exact), section)
    return ("-" if negative else "") + text if text is not None else _general(exact)


def _by_section(number: Decimal, section: str) -> str | None:
    """`number` in one section of a format such as #,##0"千円"; None where the section is beyond us (fractions, E+00)."""
    tokens = list(_TOKEN.finditer(section))
    placeholders = [token[4] for token in tokens if token[4]]
    if len(placeholders) > 1 or re.search(r"[Ee][+-]0|/", re.sub(r'"[^"]*"', "", section)):
        return None
    percent = sum(1 for token in tokens if token[5])
    result = ""
    for token in tokens:
        literal, escaped, bracket, digits, per_cent, other = token.groups()
        if literal is not None:
            result += literal
        elif escaped is not None:
            result += escaped
        elif bracket is not None:
            result += bracket.split("-")[0].lstrip("$") if bracket.startswith("$") else ""
        elif digits is not None:
            result += _digits(number * 100**percent, digits)
        elif per_cent:
            result += "%"
        elif other is not None:
            result += "" if other.lower() == "general" else other
    return result.strip() if placeholders or not number else result.strip() or None


def _digits(number: Decimal, pattern: str) -> str:
    core = pattern.rstrip(",")
    number = number / 1000 ** (len(pattern) - len(core))
    whole, _, decimals = core.partition(".")
    try:
        rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return _general(number)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        if not text.endswith("0"):
            break
        text = text[:-1]
    text = text.removesuffix(".")
    zeros = whole.count("0")
    head, dot, tail = text.partition(".")
    return head.rjust(zeros, "0") + dot + tail


def _general(number: Decimal) -> str:
    """Excel's General: whole numbers plain, decimals to at most eleven digits."""
    if number == number.to_integral_value():
        return f"{number.to_integral_value():f}" if number.adjusted() < 20 else str(number)
    places = max(0, min(10 - max(number.adjusted(), 0), 10))
    text = f"{number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
