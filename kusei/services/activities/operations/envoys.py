"""派遣者名簿: who can be sent, kept by one body, seen by its members alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from kusei.japanese.folding import fold_name, squeeze
from kusei.notices.sealing import seal, unseal, unseal_if_possible
from kusei.services.activities.dispatch_enums import DispatchVerb, EnvoyRole, FeePer
from kusei.services.activities.dispatching import read_cannot
from kusei.services.activities.errors import ChangedMeanwhile, MayBeKnown, NotFitting
from kusei.services.activities.models import Envoy
from kusei.services.activities.permissions import may_keep_envoys, may_see_envoys
from kusei.services.activities.telephone import read_telephone
from kusei.wards import audit, permissions
from kusei.wards.models import Body, District, Person

SEALED = "activities.envoy"
MOST_FEE = 1_000_000
_SECRET = ("name", "kana", "mail", "telephone", "note")
_OPEN = ("roles", "languages", "themes", "cannot", "fee_yen", "fee_per", "pays_expenses", "active_until")


@dataclass(frozen=True, slots=True)
class Known:
    """Who somebody is and how to reach them."""

    name: str
    kana: str = ""
    mail: str = ""
    telephone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EnvoyWords:
    """All that the register says of one person. `districts` are ids (none: everywhere), `cannot` as `read_cannot` reads it,
    `active_until` the last day on which the person can be sent."""

    known: Known
    roles: tuple[str, ...]
    languages: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    districts: tuple[int, ...] = ()
    cannot: str = ""
    fee_yen: int = 0
    fee_per: str = FeePer.TIME
    pays_expenses: bool = False
    active_until: date | None = None


@transaction.atomic
def add_envoy(
    *, body: Body, words: EnvoyWords, actor: Person, is_other: bool = False, now: datetime | None = None
) -> Envoy:
    """Somebody new in a body's register. `is_other`: staff made sure that it is none of those whose entry nobody can read. Raises
    NotFitting for somebody who stands there already, MayBeKnown, NotAllowed."""
    _require(body, actor)
    held = Body.objects.select_for_update(no_key=True, of=("self",)).select_related("ward").get(pk=body.pk)
    if not is_other:
        _require_readable(Envoy.objects.filter(body=held, forgotten_at=None).order_by("pk"))
    return _add(held, words, actor, now or timezone.now(), _people_in(held))


@transaction.atomic
def change_envoy(
    *, envoy: Envoy, words: EnvoyWords, revision: int, actor: Person, now: datetime | None = None
) -> Envoy:
    """Other words of one person. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    held = held_envoy(envoy, revision, actor)
    return _change(held, words, actor, now or timezone.now())


@transaction.atomic
def end_envoy(*, envoy: Envoy, on: date, revision: int, actor: Person) -> Envoy:
    """Nobody is sent after their last day; what was promised until then stays. Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    held = held_envoy(envoy, revision, actor)
    before = held.active_until
    if before != on:
        held.active_until, held.changed_at = on, timezone.now()
        held.revision += 1
        held.save(update_fields=["active_until", "changed_at", "revision"])
        _record(held, DispatchVerb.ENVOY_ENDED, actor, {"active_until": (before, on)})
    return held


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table to take in: `number` of somebody who stands in the register, with the revision that was shown;
    None: somebody new."""

    words: EnvoyWords
    number: int | None = None
    revision: int = 0


@transaction.atomic
def take_in_envoys(
    *, body: Body, rows: Sequence[Row], actor: Person, now: datetime | None = None
) -> tuple[int, int]:
    """A whole table, all or nothing: (new people, changed people). Raises NotFitting, ChangedMeanwhile, NotAllowed."""
    _require(body, actor)
    moment = now or timezone.now()
    held = Body.objects.select_for_update(no_key=True, of=("self",)).select_related("ward").get(pk=body.pk)
    known = _people_in(held)
    people = {
        each.number: each
        for each in Envoy.objects.select_for_update(no_key=True)
        .filter(body=held, forgotten_at=None)
        .order_by("pk")
    }
    if any(row.number is None for row in rows):
        _require_readable(people.values())
    added = changed = 0
    for row in rows:
        if row.number is None:
            _add(held, row.words, actor, moment, known)
            added += 1
            continue
        envoy = people.get(row.number)
        if envoy is None:
            raise NotFitting(_("登録番号%(number)dの人は名簿にいません。") % {"number": row.number})
        _require_revision(envoy, row.revision)
        before = envoy.revision
        changed += _change(envoy, row.words, actor, moment).revision != before
    audit.record(
        ward=held.ward, actor=actor, verb=DispatchVerb.ENVOYS_TAKEN_IN, target=held,
        changes={"envoys": (None, added + changed)},
    )  # fmt: skip
    return added, changed


@transaction.atomic
def see_envoys(
    *, envoys: Iterable[Envoy], body: Body, actor: Person, verb: DispatchVerb = DispatchVerb.ENVOYS_SEEN
) -> dict[int, Known]:
    """Who these people of a body's register are, by id; the look is recorded. Those whose data is deleted, or
    sealed with a key that is gone, are left out. Raises NotAllowed."""
    permissions.require(may_see_envoys(permissions.rights_of(actor), body.ward, body.pk))
    own = [each for each in envoys if each.sealed and each.body_id == body.pk]
    found = {each.pk: known for each in own if (known := known_if_possible(each)) is not None}
    if found:
        audit.record(
            ward=body.ward, actor=actor, verb=verb, target=body, changes={"envoys": (None, len(found))}
        )  # fmt: skip
    return found


def known_of(envoy: Envoy) -> Known:
    """What is sealed of a person. For operations of this room: whoever shows it to somebody calls `see_envoys`."""
    return Known(**unseal(envoy.sealed, purpose=SEALED))


def known_if_possible(envoy: Envoy) -> Known | None:
    """`known_of`; None where it was sealed with a key that is gone."""
    kept = unseal_if_possible(envoy.sealed, purpose=SEALED)
    return None if kept is None else Known(**kept)


def held_envoy(envoy: Envoy, revision: int, actor: Person) -> Envoy:
    """The person's entry, locked, as it was shown. Raises ChangedMeanwhile, NotFitting, NotAllowed."""
    _require(envoy.body, actor)
    found = (
        Envoy.objects.select_for_update(no_key=True, of=("self",))
        .select_related("body__ward", "ward")
        .get(pk=envoy.pk)
    )
    if found.forgotten_at is not None:
        raise NotFitting(
            _("この人の個人情報は、保存の期間が過ぎたので消してあります。新しく登録してください。")
        )
    _require_revision(found, revision)
    return found


def _require_revision(envoy: Envoy, revision: int) -> None:
    if envoy.revision != revision:
        raise ChangedMeanwhile(
            _(
                "開いているあいだに、ほかの人が登録番号%(number)dを書き換えました。いまの内容を確かめてください。"
            )
            % {"number": envoy.number}
        )


def _people_in(body: Body) -> set[tuple[str, str, str, str]]:
    people = (known_if_possible(each) for each in Envoy.objects.filter(body=body).exclude(sealed=""))
    return {_key(known) for known in people if known is not None}


def _require_readable(people: Iterable[Envoy]) -> None:
    """Who is new may be somebody whose entry cannot be opened."""
    for each in people:
        if each.sealed and known_if_possible(each) is None:
            raise MayBeKnown(
                _(
                    "登録番号%(number)dの人は、封じた鍵（KUSEI_SECRET_KEY）が変わっているため開けません。機械の操作者に知らせてください。"
                )
                % {"number": each.number}
            )


def _key(known: Known) -> tuple[str, str, str, str]:
    return (
        fold_name(known.name), fold_name(known.kana), known.mail.strip().casefold(), fold_name(known.telephone)
    )  # fmt: skip


def _add(
    body: Body, words: EnvoyWords, actor: Person, moment: datetime, known: set[tuple[str, str, str, str]]
) -> Envoy:
    values, clean = _checked(body, words)
    if _key(clean) in known:
        raise NotFitting(
            _("「%(name)s」さんは、同じ連絡先でもう登録されています。一覧から開いて直してください。")
            % {"name": clean.name}
        )
    known.add(_key(clean))
    last = Envoy.objects.filter(body=body).aggregate(last=Max("number"))["last"] or 0
    envoy = Envoy.objects.create(
        ward=body.ward, body=body, number=last + 1, sealed=seal(asdict(clean), purpose=SEALED),
        has_mail=bool(clean.mail), created_by=actor, created_at=moment, changed_at=moment, **values,
    )  # fmt: skip
    envoy.districts.set(words.districts)
    _record(envoy, DispatchVerb.ENVOY_ADDED, actor, {})
    return envoy


def _change(envoy: Envoy, words: EnvoyWords, actor: Person, moment: datetime) -> Envoy:
    values, clean = _checked(envoy.body, words)
    before = {name: getattr(envoy, name) for name in _OPEN}
    districts = set(envoy.districts.values_list("pk", flat=True))
    changes: dict[str, tuple[Any, Any]] = {
        name: (before[name], value) for name, value in values.items() if before[name] != value
    }
    is_other = known_of(envoy) != clean
    if not changes and not is_other and districts == set(words.districts):
        return envoy
    for name, value in values.items():
        setattr(envoy, name, value)
    envoy.sealed, envoy.has_mail, envoy.changed_at = (
        seal(asdict(clean), purpose=SEALED),
        bool(clean.mail),
        moment,
    )
    envoy.revision += 1
    envoy.save(update_fields=[*values, "sealed", "has_mail", "changed_at", "revision"])
    envoy.districts.set(words.districts)
    # The trail is read by more people, and for longer, than the register: when somebody cannot come does not stand there.
    told = {name: pair for name, pair in changes.items() if name not in ("cannot", "themes")}
    _record(envoy, DispatchVerb.ENVOY_CHANGED, actor, told)
    return envoy


def clean_words(words: EnvoyWords) -> tuple[Mapping[str, Any], Known]:
    """The columns that stand open, and what is sealed, as they are kept; asks the database nothing. Raises NotFitting."""
    clean = Known(**{name: squeeze(getattr(words.known, name))[:200] for name in _SECRET})
    if clean.telephone:
        clean = replace(clean, telephone=read_telephone(clean.telephone))
    if not clean.name:
        raise NotFitting(_("名前を書いてください。"))
    if clean.mail:
        try:
            validate_email(clean.mail)
        except ValidationError:
            raise NotFitting(
                _("「%(mail)s」はメールアドレスとして読めません。") % {"mail": clean.mail}
            ) from None
    roles = [each.value for each in EnvoyRole if each.value in words.roles]
    if not roles:
        raise NotFitting(_("役割を一つは選んでください。"))
    try:
        read_cannot(words.cannot)
    except ValueError as error:
        raise NotFitting(
            _(
                "行けない日時の「%(part)s」が読めません。「月・水の午前、2026-12-28～2027-01-04、祝日」のように「、」で区切って書いてください。"
            )
            % {"part": error}
        ) from None
    if not 0 <= words.fee_yen <= MOST_FEE:
        raise NotFitting(_("謝金は0円から100万円までの円で書いてください。"))
    values = {
        "roles": roles,
        "languages": [each[:30] for each in words.languages],
        "themes": [each[:60] for each in words.themes],
        "cannot": words.cannot.strip(),
        "fee_yen": words.fee_yen,
        "fee_per": FeePer(words.fee_per).value,
        "pays_expenses": words.pays_expenses,
        "active_until": words.active_until,
    }
    return values, clean


def _checked(body: Body, words: EnvoyWords) -> tuple[Mapping[str, Any], Known]:
    if District.objects.filter(ward=body.ward_id, pk__in=words.districts).count() != len(
        set(words.districts)
    ):
        raise NotFitting(_("同じ区の地区を選んでください。"))
    return clean_words(words)


def _require(body: Body, actor: Person) -> None:
    permissions.require(may_keep_envoys(permissions.rights_of(actor), body.ward, body.pk))


def _record(envoy: Envoy, verb: DispatchVerb, actor: Person, changes: Mapping[str, tuple[Any, Any]]) -> None:
    audit.record(
        ward=envoy.body.ward, actor=actor, verb=verb, target=envoy, label=envoy_label(envoy), changes=dict(changes)
    )  # fmt: skip


def envoy_label(envoy: Envoy) -> str:
    """地域振興課の登録番号12: what the trail and pages without names call a person."""
    return _("%(body)sの登録番号%(number)d") % {"body": envoy.body.name, "number": envoy.number}
