"""Log-ins for the sample: passwords made on this machine, kept in a file that only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import transaction

from kusei.wards.models import Person, Ward

_PERSONS = (
    ("sample-kikaku", "企画担当", "区政推進課", True),
    ("sample-shokuin", "職員", "地域振興課", False),
)
_MAY = ("view_ward", "view_body", "add_body", "change_body", "view_bodyalias", "add_bodyalias", "change_bodyalias", "delete_bodyalias")  # fmt: skip


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
        for username, role, division, is_staff in _PERSONS:
            person, _is_new = Person.objects.get_or_create(
                username=username,
                defaults={"ward": ward, "last_name": "サンプル", "first_name": role, "is_staff": is_staff},
            )
            login = known.get(username)
            if login is None or not person.check_password(login.password):
                login = Login(username, secrets.token_urlsafe(9), f"{role}（{division}）")
                person.set_password(login.password)
                person.save(update_fields=["password"])
            if is_staff:
                person.user_permissions.add(
                    *Permission.objects.filter(codename__in=_MAY, content_type__app_label="wards")
                )
            logins.append(login)
    _write(logins)
    return logins


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
