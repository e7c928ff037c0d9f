"""What can go wrong in this room; the messages are Japanese and say what to do."""

from __future__ import annotations


class WardError(Exception):
    """A change to wards, bodies or people that cannot be made."""


class WardNotFound(WardError):
    """No ward of that name or code is registered."""


class AmbiguousWard(WardError):
    """The name fits several wards."""


class WardExists(WardError):
    """A ward with that code or name is registered already."""


class InvalidWardCode(WardError):
    """Not a 全国地方公共団体コード: six digits with the right check digit."""


class BodyNameTaken(WardError):
    """Another body of the ward, or an alias of one, bears that name."""


class UnknownPerson(WardError):
    """No account of that name."""


class PersonExists(WardError):
    """An account of that name or mail address is there already."""


class RoleNotFitting(WardError):
    """A role without the body it needs, of another ward, or for a term that is none."""


class LastAdministrator(WardError):
    """The ward would be left without anybody who can give roles."""


class NotAReading(WardError):
    """A word without kanji, or a reading that is not kana."""


class ReadingExists(WardError):
    """The ward has a reading for that word already."""


class ReadingNotFound(WardError):
    """The ward has no reading for that word."""


class InvitationNotOpen(WardError):
    """An invitation that was accepted, revoked, has expired, or never was."""


class InvitationNotYours(WardError):
    """An invitation to somebody else's mail address."""


class AlreadyInvited(WardError):
    """The same role is offered to that address already."""


class NotAColour(WardError):
    """No colour, or one that cannot be read on white."""


class AliasNotFound(WardError):
    """The body has no such spelling."""


class BodyNotFitting(WardError):
    """A body placed under itself, or under one of another ward."""


class EmptyName(WardError):
    """A name is needed."""


class DistrictExists(WardError):
    """The ward has a district of that name already."""


class NotADistrictName(WardError):
    """A name that cannot be looked for in texts."""


class DistrictInUse(WardError):
    """Published documents name the district: it can end, not vanish."""


class DistrictTermWrong(WardError):
    """No fiscal year."""


class ReadingsNotTaken(WardError):
    """A sheet of readings with lines that cannot be taken; `problems` says which and why. Nothing was changed."""

    def __init__(self, message: str, problems: list[str]) -> None:
        super().__init__(message)
        self.problems = problems


class NothingToRecover(WardError):
    """An account that nobody logs in to, or without a second factor to take back."""


class ReasonMissing(WardError):
    """What is done to somebody else's account is done for a reason that the trail keeps."""
