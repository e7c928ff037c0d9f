"""Every address states who may open it, and keeps to it: each role, another body, another ward, nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kusei.config.security import LIBRARY_PAGES
from tests.cast import Cast, signed_in


def _addresses(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _addresses(each, route, f"{space}{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            yield route, f"{space}{each.name}", each.callback


ADDRESSES = list(_addresses(get_resolver()))
OFFICE = [(route, name, view) for route, name, view in ADDRESSES if name.startswith("office:")]


def test_every_address_states_its_rule() -> None:
    assert len(ADDRESSES) > 40
    unstated = [
        name for _route, name, view in ADDRESSES if not hasattr(view, "access") and name not in LIBRARY_PAGES
    ]
    hidden = [name for name in unstated if not name.startswith(("account_", "mfa_", "socialaccount_"))]
    assert hidden == []


def test_library_pages_without_a_rule_do_not_exist(cast: Cast) -> None:
    unstated = [
        route
        for route, name, view in ADDRESSES
        if not hasattr(view, "access")
        and name not in LIBRARY_PAGES
        and "<" not in route
        and "(?P" not in route
    ]
    client = signed_in(cast.planner)
    assert {client.get("/" + route).status_code for route in unstated} <= {404}


def _at(route: str, key: str) -> str:
    """An address of the office with the ward's key; other parts stand for objects that do not exist."""
    filled = route.replace("<slug:key>", key)
    for converter, value in (
        ("<int:", "999999"), ("<uuid:", "00000000-0000-4000-8000-000000000000"), ("<slug:", "x"), ("<str:", "x"), ("<path:", "x"),
    ):  # fmt: skip
        while converter in filled:
            start = filled.index(converter)
            filled = filled[:start] + value + filled[filled.index(">", start) + 1 :]
    return "/" + filled


def test_nobody_and_outsiders_open_nothing_of_the_office(cast: Cast) -> None:
    """Not by GET and not by POST: a visitor is led to the log-in, others are refused."""
    assert len(OFFICE) >= 3
    visitor = Client()
    outsiders = {name: signed_in(getattr(cast, name)) for name in ("resident", "former", "stranger")}
    wrong = []
    for route, name, _view in OFFICE:
        if "<slug:key>" not in route:
            continue
        address = _at(route, cast.ward.key)
        for method in ("get", "post"):
            answer = getattr(visitor, method)(address)
            if answer.status_code == 302:
                wrong += (
                    [] if answer["Location"].startswith("/account/login/") else [(name, "visitor", method)]
                )
            elif answer.status_code != 405:
                wrong.append((name, "visitor", method, answer.status_code))
            for who, client in outsiders.items():
                answer = getattr(client, method)(address)
                if answer.status_code not in {403, 405}:
                    wrong.append((name, who, method, answer.status_code))
    assert wrong == []


MAY_OPEN = {
    # the predicate a view names: who of the ward passes it
    "may_enter_office": {"administrator", "planner", "clerk", "colleague", "other_clerk", "partner"},
    "may_search_audit": {"administrator", "planner"},
    "may_administer": {"administrator"},
    "may_keep_bodies": {"administrator", "planner"},
    "may_keep_readings": {"administrator", "planner", "clerk", "colleague", "other_clerk"},
    "may_see_drafts": {"administrator", "planner", "clerk", "colleague", "other_clerk", "partner"},
    "may_plan": {"planner"},
    "may_publish": {"planner"},
    "may_work_on_questions": {"planner", "clerk", "colleague", "other_clerk"},
    "may_ask_bodies": {"planner"},
}


def test_every_page_of_the_office_is_open_to_exactly_those_of_its_rule(cast: Cast) -> None:
    clients = {name: signed_in(person) for name, person in cast.people()}
    wrong = []
    for route, name, view in OFFICE:
        if "<slug:key>" not in route:
            continue
        rule = view.access.removeprefix("office:")
        for who, client in clients.items():
            status = client.get(_at(route, cast.ward.key)).status_code
            refused = status == 403
            if status != 405 and refused == (who in MAY_OPEN[rule]):
                wrong.append((name, rule, who, status))
            if status >= 500:
                wrong.append((name, rule, who, status))
    assert wrong == []


@pytest.mark.parametrize("name", ["planner", "administrator"])
def test_planners_and_administrators_set_up_their_second_factor_first(cast: Cast, name: str) -> None:
    person = getattr(cast, name)
    client = signed_in(person)
    assert client.get(f"/office/{cast.ward.key}/").status_code == 200

    person.authenticator_set.all().delete()

    answer = client.get(f"/office/{cast.ward.key}/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/2fa/totp/activate/")
