"""A form that came after its session had ended: kept for the same person, who may send it after logging in again."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from kusei.notices.sealing import CannotUnseal, seal, unseal

_KEY = "kusei_unsent"
_PURPOSE = "office.unsent"
"""What is kept is sealed: a form may hold what a resident gave as contact, and sessions stand in the database."""
_MOST_CHARACTERS = 200_000
"""Longer forms are not kept: a session is no store."""
_NEVER_KEPT = ("password", "csrfmiddlewaretoken", "code", "token")


@dataclass(frozen=True, slots=True)
class Unsent:
    """What somebody typed: where it was going, on which page, and every field with its values."""

    address: str
    page: str
    fields: list[tuple[str, str]]
    can_send: bool
    """Files cannot be kept, and a part of a page cannot be sent as a whole: then it is only shown."""


def keep_unsent(request: HttpRequest, person_id: int) -> bool:
    """Keep the office's form of this request in the visitor's session for `person_id`; False where there is nothing to
    keep, or too much. Passwords and codes are never kept."""
    match = request.resolver_match
    if match is None or match.namespace != "office":
        return False
    fields = _fields(request)
    if not any(value.strip() for _name, value in fields):
        return False
    if sum(len(name) + len(value) for name, value in fields) > _MOST_CHARACTERS:
        return False
    part_of_page = "HX-Request" in request.headers
    kept = {
        "person": person_id,
        "address": request.get_full_path(),
        "page": page_of_form(request),
        "fields": fields,
        "can_send": not request.FILES and not part_of_page,
    }
    request.session[_KEY] = seal(kept, purpose=_PURPOSE)
    return True


def typed(request: HttpRequest) -> list[str]:
    """What the office's form of a refused request holds, the longest first, to be copied; nothing secret, and nothing of
    other fronts. Short values are mostly choices that only the form's own page can name."""
    match = request.resolver_match
    if match is None or match.namespace != "office":
        return []
    found = {value for _name, value in _fields(request) if value.strip()}
    if sum(map(len, found)) > _MOST_CHARACTERS:
        return []
    return sorted(found, key=lambda value: (-len(value), value))


def page_of_form(request: HttpRequest) -> str:
    """The page of this site on which a form was sent; empty where the browser does not say."""
    return _own_path(request, request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))


def unsent_of(request: HttpRequest) -> Unsent | None:
    """What was kept for the person who is logged in; what belongs to somebody else is thrown away."""
    sealed = request.session.get(_KEY)
    if sealed is None:
        return None
    try:
        kept = unseal(sealed, purpose=_PURPOSE)
    except CannotUnseal:  # sealed with a key that was changed since
        forget_unsent(request)
        return None
    if kept["person"] != request.user.pk:
        forget_unsent(request)
        return None
    return Unsent(
        address=kept["address"],
        page=kept["page"],
        fields=[(name, value) for name, value in kept["fields"]],
        can_send=kept["can_send"],
    )


def forget_unsent(request: HttpRequest) -> None:
    """Throw away what was kept."""
    request.session.pop(_KEY, None)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not name.lower().startswith(_NEVER_KEPT)
    ]


def _own_path(request: HttpRequest, address: str) -> str:
    """The path of an address of this site; empty for any other."""
    start = f"{request.scheme}://{request.get_host()}/"
    return "/" + address.removeprefix(start).lstrip("/") if address.startswith(start) else ""
