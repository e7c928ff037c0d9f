"""What is an answer to a question, how it is written, and how answers are counted: plain values, no queries.

Values as they are kept, by kind: short and long a text, one a choice's place (from 0), several a list of places, yes_no a bool,
number a whole number, date 2026-06-10, scale 1 to 5. None: not answered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kusei.japanese.fiscal_year import parse_date
from kusei.japanese.folding import fold
from kusei.services.activities.enums import QuestionKind as Kind

Value = str | int | bool | list[int] | None

SHORT_AT_MOST, LONG_AT_MOST, NUMBER_AT_MOST = 200, 2000, 1_000_000_000
BEST = 5
_LENGTHS = {Kind.SHORT.value: SHORT_AT_MOST, Kind.LONG.value: LONG_AT_MOST}
_YES = {"1": True, "はい": True, "○": True, "0": False, "いいえ": False, "×": False}
_TYPED_YES = _YES | {"2": False}


class Refused(Exception):
    """An answer that cannot be taken; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Put:
    """A question as plain values."""

    kind: str
    is_required: bool = False
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None

    @property
    def options(self) -> list[tuple[str, str]]:
        """(what a form sends, what people read) of a question with a choice; the best of a scale first."""
        if self.kind in (Kind.ONE, Kind.SEVERAL):
            return [(str(place), text) for place, text in enumerate(self.choices)]
        if self.kind == Kind.YES_NO:
            return [("1", _("はい")), ("0", _("いいえ"))]
        if self.kind == Kind.SCALE:
            return [(str(points), str(points)) for points in range(BEST, 0, -1)]
        return []


def read(put: Put, sent: str | Sequence[str] | None, *, may_be_empty: bool = False) -> Value:
    """What a form sent, as it is kept. `may_be_empty`: also where an answer is required. Raises Refused."""
    parts = [sent] if isinstance(sent, str) else list(sent or [])
    parts = [text for each in parts if (text := str(each).replace("\x00", "").strip())]
    if not parts:
        return check(put, None, may_be_empty=may_be_empty)
    plain = fold(parts[0]).strip()
    value: Value
    match put.kind:
        case Kind.ONE | Kind.SCALE:
            value = int(plain) if re.fullmatch(r"[0-9]{1,3}", plain) else -1
        case Kind.SEVERAL:
            places = [int(each) if re.fullmatch(r"[0-9]{1,3}", each) else -1 for each in map(fold, parts)]
            value = sorted(set(places))
        case Kind.YES_NO:
            if plain not in _YES:
                raise Refused(_("「はい」か「いいえ」を選んでください。"))
            value = _YES[plain]
        case Kind.NUMBER:
            number = plain.replace(",", "")
            if not re.fullmatch(r"-?[0-9]{1,12}", number):
                raise Refused(_("数で書いてください。例: 3"))
            value = int(number)
        case Kind.DATE:
            day = parse_date(plain.replace("-", "/"))
            if day is None:
                raise Refused(_("日付は 2026-06-10 のように書いてください。"))
            value = day.isoformat()
        case _:
            value = parts[0].replace("\r\n", "\n")
    return check(put, value)


def typed(put: Put, text: str) -> Value:
    """What staff typed from paper: choices by their number from 1, several as 1,3 or 1 3, yes 1 and no 2. Never required: what the
    paper leaves empty is empty. Raises Refused."""
    plain = fold(text).strip()
    if not plain:
        return None
    if put.kind == Kind.ONE:
        return read(put, str(int(plain) - 1) if re.fullmatch(r"[1-9][0-9]?", plain) else "x")
    if put.kind == Kind.SEVERAL:
        parts = [each for each in re.split(r"[,、.・\s]+", plain) if each]
        return read(
            put, [str(int(each) - 1) if re.fullmatch(r"[1-9][0-9]?", each) else "x" for each in parts]
        )
    if put.kind == Kind.YES_NO:
        if plain not in _TYPED_YES:
            raise Refused(_("はいは1、いいえは2と入れてください。"))
        return _TYPED_YES[plain]
    return read(put, text)


def check(put: Put, value: Value, *, may_be_empty: bool = False) -> Value:
    """The value, where it can be an answer. Raises Refused."""
    if value in (None, "", []):
        if put.is_required and not may_be_empty:
            raise Refused(_("答えてください。"))
        return None
    match put.kind:
        case Kind.ONE:
            is_good = _is_number(value) and 0 <= int(str(value)) < len(put.choices)
        case Kind.SEVERAL:
            is_good = isinstance(value, list) and all(0 <= each < len(put.choices) for each in value)
        case Kind.YES_NO:
            is_good = isinstance(value, bool)
        case Kind.SCALE:
            is_good = _is_number(value) and 1 <= int(str(value)) <= BEST
        case Kind.NUMBER:
            _check_range(put, value)
            is_good = True
        case Kind.DATE:
            is_good = isinstance(value, str) and _is_day(value)
        case _:
            is_good = isinstance(value, str)
            if len(str(value)) > (most := _LENGTHS.get(put.kind, SHORT_AT_MOST)):
                raise Refused(_("長すぎます。%(most)d文字までで書いてください。") % {"most": most})
    if not is_good:
        raise Refused(_("並んでいるものから選んでください。"))
    return value


def _check_range(put: Put, value: Value) -> None:
    if not _is_number(value) or abs(int(str(value))) > NUMBER_AT_MOST:
        raise Refused(_("数で書いてください。例: 3"))
    number = int(str(value))
    if put.least is not None and number < put.least:
        raise Refused(_("%(least)d以上の数で書いてください。") % {"least": put.least})
    if put.most is not None and number > put.most:
        raise Refused(_("%(most)d以下の数で書いてください。") % {"most": put.most})


def _is_number(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def sent(put: Put, value: Value) -> str | list[str]:
    """A kept value as a form would send it: what a field begins with."""
    if value is None:
        return ""
    if isinstance(value, list):
        return [str(each) for each in value]
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def said(put: Put, value: Value) -> str:
    """A kept value as people read it; empty where nothing was answered."""
    if value is None:
        return ""
    options = dict(put.options)
    if options:
        found = sent(put, value)
        return "、".join(options.get(each, each) for each in ([found] if isinstance(found, str) else found))
    return str(value)


@dataclass(frozen=True, slots=True)
class Counted:
    """The answers to one question without names: how many, how many chose what, and of numbers their sum."""

    answers: int
    parts: tuple[tuple[str, int], ...] = ()
    total: int | None = None

    @property
    def tenths(self) -> int | None:
        """The average in tenths, half up; None without numbers."""
        if self.total is None or not self.answers:
            return None
        return (self.total * 20 + self.answers) // (2 * self.answers)

    @property
    def average(self) -> str:
        """4.3; empty without numbers."""
        return "" if self.tenths is None else str(Decimal(self.tenths).scaleb(-1))


def count(put: Put, values: Iterable[Value]) -> Counted:
    """Count the answers to a question; those not given are left out."""
    given = [each for each in values if each is not None]
    chosen = Counter(
        str(place) if not isinstance(place, bool) else str(int(place))
        for each in given
        for place in (each if isinstance(each, list) else [each])
    )
    parts = tuple((label, chosen[key]) for key, label in put.options)
    is_number = put.kind in (Kind.NUMBER, Kind.SCALE)
    total = sum(int(str(each)) for each in given) if is_number else None
    return Counted(len(given), parts, total)
