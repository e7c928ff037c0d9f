"""In whose name a command acts."""

from __future__ import annotations

import getpass

from kusei.wards import operations as wards
from kusei.wards.models import Person


def acting_person(username: str | None) -> Person:
    """The account named by --as, or one without login for the user of this machine. Raises UnknownPerson.

    Somebody of the office who happens to bear the name of the machine's user is not taken for the operator."""
    if username:
        return wards.find_person(username)
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container without an entry for its user
        name = "unknown"
    operator = wards.account_without_login(name)
    return operator if operator.is_operator else wards.account_without_login(f"{name}@machine")
