"""Codes that people read off a poster, and whether one can collect now. Pure."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from kusei.japanese.folding import fold

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 and O, 1, I and L: what is read from paper is never two things."""
STATION_LENGTH, CARD_LENGTH, FINISH_LENGTH = 6, 12, 6
MOST_STATIONS = 60


class Stage(StrEnum):
    """Where a rally stands."""

    SOON = "soon"
    ON = "on"
    OVER = "over"
    CALLED_OFF = "called_off"


def new_code(length: int) -> str:
    """Nobody guesses it: 6 characters are one of 887 million, 12 one of 8×10^17."""
    return "".join(secrets.choice(ALPHABET) for _each in range(length))


def code_from(number: bytes, length: int) -> str:
    """A code that is the same for the same bytes (at least `length` of them)."""
    return "".join(ALPHABET[each % len(ALPHABET)] for each in number[:length])


def cleaned(typed: str) -> str:
    """As it was given out: however it was typed, in whatever width, with blanks and lines between."""
    return "".join(each for each in fold(typed[:80]).upper() if each.isascii() and each.isalnum())


def grouped(code: str) -> str:
    """ABC DEF; four and four where it is long."""
    size = 3 if len(code) <= STATION_LENGTH else 4
    return " ".join(code[begin : begin + size] for begin in range(0, len(code), size))


def stage(starts_at: datetime, ends_at: datetime, ended_at: datetime | None, now: datetime) -> Stage:
    """Soon, on or over; called off is known by the activity."""
    if ended_at is not None or now >= ends_at:
        return Stage.OVER
    return Stage.SOON if now < starts_at else Stage.ON
