"""Every change to tenants, bodies and their aliases, and the matching of a printed name to the body it means."""

from __future__ import annotations

import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold, fold_name
from kusei.japanese.furigana import is_reading
from kusei.japanese.tokens import fold_kana
from kusei.wards import rules
from kusei.wards.enums import BodyKind, WardKind
from kusei.wards.models import Body, BodyAlias, Person, Reading, Ward

_NAME_LENGTH = 120


class WardError(Exception):
    """A change to wards or bodies that cannot be made; the message is Japanese and says what to do."""


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


class NotAReading(WardError):
    """A word without kanji, or a reading that is not kana."""


class ReadingExists(WardError):
    """The ward has a reading for that word already."""


class ReadingNotFound(WardError):
    """The ward has no reading for that word."""


def find_ward(name_or_code: str) -> Ward:
    """The registered ward meant by a code (141160), a full name (横浜市泉区) or a name (泉区).

    Raises WardNotFound, or AmbiguousWard where wards of several cities bear the name.
    """
    key = fold_name(name_or_code)
    wards = list(Ward.objects.select_related("parent"))
    found = [ward for ward in wards if key in {ward.code, ward.key, fold_name(ward.full_name)}]
    found = found or [ward for ward in wards if fold_name(ward.name) == key]
    if len(found) > 1:
        names = "、".join(ward.full_name for ward in found)
        raise AmbiguousWard(
            _("「%(name)s」は%(names)sのどれかわかりません。市の名前か団体コードを付けてください。")
            % {"name": name_or_code, "names": names}
        )
    if not found:
        raise WardNotFound(
            _("「%(name)s」は登録されていません。例: 横浜市泉区、141160") % {"name": name_or_code}
        )
    return found[0]


@transaction.atomic
def add_ward(
    name: str,
    *,
    code: str | None = None,
    parent: Ward | None = None,
    kind: WardKind | None = None,
    is_sample: bool = False,
) -> Ward:
    """Register a tenant. Raises InvalidWardCode or WardExists; a known ward's name alone adds no code by itself."""
    name = fold(name).strip()
    code = fold(code) if code else None
    if code and not rules.is_ward_code(code):
        raise InvalidWardCode(
            _("「%(code)s」は全国地方公共団体コード（検査数字を含む6桁）ではありません。") % {"code": code}
        )
    digest = hashlib.sha256(f"{parent.name if parent else ''}{name}".encode()).hexdigest()[:8]
    key = code or f"ward-{digest}"
    same_name = Ward.objects.filter(name=name, parent=parent)
    if Ward.objects.filter(key=key).exists() or same_name.exists():
        raise WardExists(_("%(name)sは登録済みです。") % {"name": name})
    return Ward.objects.create(
        key=key,
        code=code,
        name=name,
        kind=kind or rules.guess_ward_kind(name),
        parent=parent,
        is_sample=is_sample,
    )


def find_or_add_ward(name_or_code: str, *, context: str = "", is_sample: bool = False) -> tuple[Ward, bool]:
    """The ward a document names, registered if need be; the second value tells whether it is new.

    `context` is the document's text: it decides which city a bare name (泉区) belongs to where several cities have one.
    Raises AmbiguousWard where neither the database nor the text tells, InvalidWardCode for a code of no ward.
    """
    try:
        return find_ward(name_or_code), False
    except WardNotFound:
        pass
    check_new_ward(name_or_code, context=context)
    if known := rules.known_ward(name_or_code):
        parent = Ward.objects.filter(code=known.city_code).first() or add_ward(
            known.city_name, code=known.city_code, kind=WardKind.CITY, is_sample=is_sample
        )
        return add_ward(known.name, code=known.code, parent=parent, is_sample=is_sample), True
    city, bare = rules.split_full_name(name_or_code)
    above: Ward | None = None
    if city:
        above = Ward.objects.filter(name=city).first() or add_ward(city, is_sample=is_sample)
    return add_ward(bare, parent=above, is_sample=is_sample), True


def check_new_ward(name_or_code: str, *, context: str = "") -> None:
    """Whether a ward that is not registered could be, under what `name_or_code` says; changes nothing.

    Raises AmbiguousWard or InvalidWardCode, as `find_or_add_ward` would.
    """
    known = rules.known_ward(name_or_code)
    city, bare = rules.split_full_name(name_or_code)
    if known and not (city or bare == known.code or not known.also_in or rules.city_told_by(context, known)):
        cities = "、".join(f"{each}{known.name}" for each in (known.city_name, *known.also_in))
        raise AmbiguousWard(
            _("「%(name)s」はいくつかの市にあります（%(cities)s）。「%(example)s」のように市の名前を付けるか、団体コードで指定してください。")
            % {"name": name_or_code, "cities": cities, "example": known.full_name}
        )  # fmt: skip
    if bare.isdigit() and not known:
        raise InvalidWardCode(
            _("団体コード %(code)s の団体を知りません。名前で指定してください。") % {"code": bare}
        )


def make_real(ward: Ward) -> None:
    """A ward of the sample whose own document came in is a sample no longer (nor is its city)."""
    Ward.objects.filter(pk__in=[ward.pk, ward.parent_id], is_sample=True).update(is_sample=False)
    ward.is_sample = False


def match_body(ward: Ward, printed_name: str) -> Body | None:
    """The ward's body whose name or alias is `printed_name` after folding; never by likeness
    (生活支援課 is not 生活支援センター)."""
    key = fold_name(printed_name)
    return (
        Body.objects.filter(ward=ward, folded=key).first()
        or Body.objects.filter(ward=ward, aliases__folded=key).first()
    )


def known_bodies(ward: Ward) -> dict[str, Body]:
    """Every folded name and alias of the ward's bodies, for matching many names at once."""
    bodies = {body.pk: body for body in Body.objects.filter(ward=ward)}
    names = {
        folded: bodies[pk]
        for folded, pk in BodyAlias.objects.filter(ward=ward).values_list("folded", "body_id")
    }
    return names | {body.folded: body for body in bodies.values()}


def body_names(ward: Ward) -> list[str]:
    """Every way in which the ward's bodies are written."""
    return [
        *Body.objects.filter(ward=ward).values_list("name", flat=True),
        *BodyAlias.objects.filter(ward=ward).values_list("name", flat=True),
    ]


@transaction.atomic
def add_body(
    ward: Ward,
    name: str,
    *,
    kind: BodyKind | None = None,
    parent: Body | None = None,
    aliases: list[str] | None = None,
) -> Body:
    """Register a body; its kind is guessed from the name unless given. Raises BodyNameTaken."""
    name = fold(name).strip()[:_NAME_LENGTH]
    if match_body(ward, name):
        raise BodyNameTaken(_("「%(name)s」は登録済みです。") % {"name": name})
    body = Body.objects.create(
        ward=ward, name=name, folded=fold_name(name), kind=kind or rules.guess_body_kind(name), parent=parent
    )
    for alias in aliases or []:
        add_alias(body, alias)
    return body


@transaction.atomic
def add_alias(body: Body, name: str) -> BodyAlias:
    """Let documents write `body` as `name`. Raises BodyNameTaken where the name belongs to a body already."""
    name = fold(name).strip()[:_NAME_LENGTH]
    if match_body(body.ward, name):
        raise BodyNameTaken(_("「%(name)s」は登録済みです。") % {"name": name})
    return BodyAlias.objects.create(ward=body.ward, body=body, name=name, folded=fold_name(name))


def proposed_aliases(ward: Ward, name: str) -> list[Body]:
    """The bodies that `name` may be another way of writing: they differ only by the ward's name in front."""
    return [
        body
        for body in Body.objects.filter(ward=ward).exclude(folded=fold_name(name))
        if rules.is_ward_variant(body.name, name, ward_name=ward.name)
    ]


def find_person(username: str) -> Person:
    """The account called `username`. Raises UnknownPerson."""
    try:
        return Person.objects.get(username=username)
    except Person.DoesNotExist:
        raise UnknownPerson(_("利用者「%(name)s」は登録されていません。") % {"name": username}) from None


def account_without_login(username: str) -> Person:
    """The account under which somebody at this machine's keyboard acts: it records who, and cannot be logged in to."""
    try:
        with transaction.atomic():
            person, is_new = Person.objects.get_or_create(
                username=username[:150], defaults={"is_active": False}
            )
            if is_new:
                person.set_unusable_password()
                person.save(update_fields=["password"])
    except IntegrityError:  # another process was first
        person = Person.objects.get(username=username[:150])
    return person


@transaction.atomic
def add_reading(*, ward: Ward, surface: str, reading: str, actor: Person) -> Reading:
    """Let `surface` be read as `reading` on the ward's pages. Katakana is taken as hiragana.

    Raises NotAReading where it is not kana, ReadingExists where the word is in the list already.
    """
    surface, reading = surface.strip(), _checked_reading(reading)
    if not surface or len(surface) > 40 or is_reading(fold_kana(surface)):
        raise NotAReading(_("言葉は、漢字の入った40字までの言葉にしてください。"))
    if Reading.objects.filter(ward=ward, surface=surface).exists():
        raise ReadingExists(
            _("「%(word)s」のよみがなは登録済みです。変えるときは、今のよみがなを直してください。")
            % {"word": surface}
        )
    return Reading.objects.create(ward=ward, surface=surface, reading=reading)


@transaction.atomic
def change_reading(*, ward: Ward, surface: str, reading: str, actor: Person) -> Reading:
    """Give a word of the list another reading. Raises ReadingNotFound, NotAReading."""
    found = _reading_of(ward, surface)
    found.reading = _checked_reading(reading)
    found.save(update_fields=["reading"])
    return found


@transaction.atomic
def remove_reading(*, ward: Ward, surface: str, actor: Person) -> None:
    """Take a word off the list: it is read as the analyser reads it again. Raises ReadingNotFound."""
    _reading_of(ward, surface).delete()


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
