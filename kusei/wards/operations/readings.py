"""How words are read in a ward: the list that furigana follow before the analyser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold
from kusei.japanese.furigana import is_reading
from kusei.japanese.tokens import fold_kana
from kusei.wards import audit, permissions
from kusei.wards.enums import WardVerb
from kusei.wards.errors import NotAReading, ReadingExists, ReadingNotFound, ReadingsNotTaken
from kusei.wards.models import Person, Reading, Ward
from kusei.wards.reading_sheet import ReadingRow


@dataclass(frozen=True, slots=True)
class TakenReadings:
    """What a sheet changed."""

    added: int
    changed: int
    unchanged: int


@transaction.atomic
def add_reading(*, ward: Ward, surface: str, reading: str, actor: Person) -> Reading:
    """Let `surface` be read as `reading` on the ward's pages. Katakana is taken as hiragana.

    Raises NotAReading where it is not kana, ReadingExists where the word is in the list already.
    """
    permissions.require(permissions.may_keep_readings(permissions.rights_of(actor), ward))
    surface, reading = surface.strip(), _checked_reading(reading)
    if not surface or len(surface) > 40 or is_reading(fold_kana(surface)):
        raise NotAReading(_("言葉は、漢字の入った40字までの言葉にしてください。"))
    if Reading.objects.filter(ward=ward, surface=surface).exists():
        raise ReadingExists(
            _("「%(word)s」のよみがなは登録済みです。変えるときは、今のよみがなを直してください。")
            % {"word": surface}
        )
    added = Reading.objects.create(ward=ward, surface=surface, reading=reading)
    _record(ward, actor, WardVerb.READING_ADDED, added, (None, reading))
    return added


@transaction.atomic
def change_reading(*, ward: Ward, surface: str, reading: str, actor: Person) -> Reading:
    """Give a word of the list another reading. Raises ReadingNotFound, NotAReading."""
    permissions.require(permissions.may_keep_readings(permissions.rights_of(actor), ward))
    found = _reading_of(ward, surface)
    before, found.reading = found.reading, _checked_reading(reading)
    found.save(update_fields=["reading"])
    _record(ward, actor, WardVerb.READING_CHANGED, found, (before, found.reading))
    return found


@transaction.atomic
def remove_reading(*, ward: Ward, surface: str, actor: Person) -> None:
    """Take a word off the list: it is read as the analyser reads it again. Raises ReadingNotFound."""
    permissions.require(permissions.may_keep_readings(permissions.rights_of(actor), ward))
    found = _reading_of(ward, surface)
    _record(ward, actor, WardVerb.READING_REMOVED, found, (found.reading, None))
    found.delete()


@transaction.atomic
def take_readings(*, ward: Ward, rows: Iterable[ReadingRow], actor: Person) -> TakenReadings:
    """Take a sheet of readings in: words that are new are added, others changed; words of the list that the sheet does not
    name stay. All or nothing. Raises ReadingsNotTaken with what is wrong on which line, NotAllowed."""
    permissions.require(permissions.may_keep_readings(permissions.rights_of(actor), ward))
    known = {each.surface: each for each in Reading.objects.select_for_update().filter(ward=ward)}
    problems: list[str] = []
    lines: dict[str, int] = {}
    added = changed = unchanged = 0
    for row in rows:
        surface = row.surface.strip()
        if surface in lines:
            problems.append(
                _("%(line)d行目: 「%(word)s」は%(first)d行目にもあります。どちらかにしてください。")
                % {"line": row.line, "word": surface, "first": lines[surface]}
            )
            continue
        lines[surface] = row.line
        try:
            reading = _checked_reading(row.reading)
            if surface not in known:
                add_reading(ward=ward, surface=surface, reading=reading, actor=actor)
                added += 1
            elif known[surface].reading != reading:
                change_reading(ward=ward, surface=surface, reading=reading, actor=actor)
                changed += 1
            else:
                unchanged += 1
        except NotAReading as error:
            problems.append(_("%(line)d行目: %(why)s") % {"line": row.line, "why": error})
    if problems:
        raise ReadingsNotTaken(
            _("%(count)d行に直すところがあります。表を直して、もう一度送ってください。まだ何も変えていません。")
            % {"count": len(problems)},
            problems,
        )  # fmt: skip
    return TakenReadings(added, changed, unchanged)


def _record(
    ward: Ward, actor: Person, verb: WardVerb, reading: Reading, change: tuple[str | None, str | None]
) -> None:
    audit.record(
        ward=ward, actor=actor, verb=verb, target=reading, label=reading.surface, changes={"reading": change}
    )


def _reading_of(ward: Ward, surface: str) -> Reading:
    found = Reading.objects.filter(ward=ward, surface=surface.strip()).first()
    if found is None:
        raise ReadingNotFound(
            _("「%(word)s」はよみがなの一覧にありません。先に登録してください。") % {"word": surface}
        )
    return found


def _checked_reading(reading: str) -> str:
    kana = fold_kana(fold(reading).strip())
    if not is_reading(kana) or len(kana) > 80:
        raise NotAReading(
            _("「%(reading)s」はよみがなとして使えません。ひらがなで、80字までで書いてください。")
            % {"reading": reading}
        )
    return kana
