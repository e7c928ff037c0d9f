"""Log-ins for the sample: passwords made on this machine, kept in a file that only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import Body, Person, Ward

_PLANNER = "sample-kikaku"
"""Plans in the invented ward, too: what its services did is approved and published there."""
_PERSONS = (
    ("sample-kanri", "管理", "区の管理者", Role.ADMINISTRATOR, None),
    (_PLANNER, "企画", "企画担当（みなと市こもれび区も）", Role.PLANNER, None),
    ("sample-shokuin", "振興", "地域振興課の職員", Role.STAFF, "地域振興課"),
    ("sample-fukushi", "福祉", "福祉保健課の職員", Role.STAFF, "福祉保健課"),
    ("sample-shakyo", "社協", "社会福祉協議会の担当者", Role.PARTNER, "区社会福祉協議会"),
)
_AT_INVENTED = (
    "sample-kouza",
    "講座",
    "みなと市こもれび区で講座・催しを開く職員",
    ("こども家庭支援課", "福祉保健課", "総務課", "地域振興課"),
)
"""Works in the invented ward alone, whose courses and events are the sample of that service."""


@dataclass(frozen=True, slots=True)
class Login:
    """A log-in as it is told to the user."""

    username: str
    password: str
    role: str


def ensure_logins(ward: Ward) -> list[Login]:
    """The sample's log-ins; made, or made anew where the file with their passwords is lost or does not fit."""
    known = {login.username: login for login in read_logins()}
    logins = []
    with transaction.atomic():
        actor = wards.account_without_login(wards.SAMPLE)
        for username, name, description, role, body_name in _PERSONS:
            body: Body | None = None
            if body_name:
                body = wards.match_body(ward, body_name) or wards.add_body(ward, body_name, actor=actor)
            person, login = _person(ward, username, name, description, known.get(username), actor)
            wards.grant_role(ward=ward, person=person, role=role, body=body, actor=actor)
            logins.append(login)
        invented = Ward.objects.filter(name="こもれび区", is_sample=True).first()
        if invented is not None:
            username, name, description, hosts = _AT_INVENTED
            person, login = _person(invented, username, name, description, known.get(username), actor)
            for host in Body.objects.filter(ward=invented, name__in=hosts):
                wards.grant_role(ward=invented, person=person, role=Role.STAFF, body=host, actor=actor)
            planner = Person.objects.get(username=_PLANNER)
            wards.grant_role(ward=invented, person=planner, role=Role.PLANNER, actor=actor)
            logins.append(login)
    _write(logins)
    return logins


def _person(
    ward: Ward, username: str, name: str, description: str, known: Login | None, actor: Person
) -> tuple[Person, Login]:
    """The person of a log-in, with the password that people wrote down, or a new one."""
    person = Person.objects.filter(username=username).first()
    is_new = person is None
    if person is None:
        person = wards.add_person(
            ward=ward, username=username, actor=actor, last_name="サンプル", first_name=name
        )
    if known is not None and is_new:  # a demo that began anew: what people wrote down stays true
        person.set_password(known.password)
        person.save(update_fields=["password"])
    elif known is None or not person.check_password(known.password):
        known = Login(username, secrets.token_urlsafe(9), description)
        person.set_password(known.password)
        person.save(update_fields=["password"])
    return person, known


def read_logins() -> list[Login]:
    """The log-ins as kept in the data folder; none where there is no such file."""
    try:
        return [Login(**each) for each in json.loads(_path().read_text(encoding="utf-8"))]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def _write(logins: list[Login]) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # so that the mode below holds also where the file was there
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump([asdict(login) for login in logins], handle, ensure_ascii=False, indent=1)


def _path() -> Path:
    return Path(settings.DATA_DIR) / "sample-logins.json"
