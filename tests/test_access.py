"""Every address states who may open it, and keeps to it: each role, another body, another ward, nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from kusei.config.security import LIBRARY_PAGES
from kusei.notices.redaction import without_tokens
from tests.cast import Cast, signed_in


def _addresses(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _addresses(each, route, f"{space}{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            yield route, f"{space}{each.name}", each.callback


ADDRESSES = list(_addresses(get_resolver()))
OF_A_WARD = [each for each in ADDRESSES if each[1].startswith("office:") and "<slug:key>" in each[0]]


def test_every_address_states_its_rule() -> None:
    assert len(ADDRESSES) > 40
    unstated = [
        name for _route, name, view in ADDRESSES if not hasattr(view, "access") and name not in LIBRARY_PAGES
    ]
    hidden = [name for name in unstated if not name.startswith(("account_", "mfa_", "socialaccount_"))]
    assert hidden == [], (
        "say who may open it: `@in_office(may_…)`, `@signed_in` or `public` (kusei/wards/access.py)"
    )


def test_no_log_holds_the_token_of_an_address() -> None:
    with_token = [route for route, _name, _view in ADDRESSES if "<str:token>" in route]
    assert len(with_token) > 5
    told = {route: without_tokens("/" + route.replace("<str:token>", "AbC-_9")) for route in with_token}
    assert [route for route, address in told.items() if "AbC-_9" in address] == [], (
        "a log would hold the token: write what stands before it into `_TOKEN` in kusei/notices/redaction.py"
    )


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


@pytest.mark.django_db
def test_a_visitor_is_led_to_the_log_in_from_every_page_of_the_office() -> None:
    """Not by GET and not by POST is anything shown."""
    assert len(OF_A_WARD) >= 3
    visitor = Client()
    wrong = []
    for route, name, _view in OF_A_WARD:
        for method in ("get", "post"):
            answer = getattr(visitor, method)(_at(route, "a-ward"))
            is_led = answer.status_code == 302 and answer["Location"].startswith("/account/login/")
            if not is_led and answer.status_code != 405:
                wrong.append((name, method, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    "who",
    [
        "stranger",
        pytest.param("resident", marks=pytest.mark.slow),
        pytest.param("former", marks=pytest.mark.slow),
    ],
)
def test_outsiders_open_nothing_of_the_office(cast: Cast, who: str) -> None:
    """Not by GET and not by POST."""
    client = signed_in(getattr(cast, who))
    wrong = []
    for route, name, _view in OF_A_WARD:
        for method in ("get", "post"):
            answer = getattr(client, method)(_at(route, cast.ward.key))
            if answer.status_code not in {403, 405}:
                wrong.append((name, method, answer.status_code))
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
    "may_work_on_activities": {"planner", "clerk", "colleague", "other_clerk", "partner"},
    "may_ask_bodies": {"planner"},
    "may_define_metrics": {"planner"},
    "may_keep_books": {"planner"},
    "may_share": {"planner"},
    "may_see_entries": {"administrator", "planner", "clerk", "colleague", "other_clerk", "partner"},
    "may_hand_in": {"planner", "clerk", "colleague", "other_clerk", "partner"},
    "may_collect": {"planner"},
    "may_see_all_answers": {"administrator", "planner", "clerk", "colleague", "other_clerk"},
    "may_see_answers": {"administrator", "planner", "clerk", "colleague", "other_clerk", "partner"},
}


def test_every_rule_of_the_office_names_who_passes_it() -> None:
    assert {view.access.removeprefix("office:") for _route, _name, view in OF_A_WARD} == set(MAY_OPEN), (
        "write the predicate of `in_office` into MAY_OPEN above, with whom of tests/cast.py it lets in, or take it out there"
    )


def _opens_exactly_its_pages(cast: Cast, who: str) -> list[tuple[str, str, str, int]]:
    client = signed_in(getattr(cast, who))
    wrong = []
    for route, name, view in OF_A_WARD:
        rule = view.access.removeprefix("office:")
        if rule not in MAY_OPEN:
            continue  # the test above tells
        status = client.get(_at(route, cast.ward.key)).status_code
        refused = status == 403
        if status >= 500 or (status != 405 and refused == (who in MAY_OPEN[rule])):
            wrong.append((who, name, rule, status))
    return wrong


@pytest.mark.parametrize("who", ["planner", "partner"])
def test_a_planner_and_a_partner_open_exactly_the_pages_of_their_rules(cast: Cast, who: str) -> None:
    assert _opens_exactly_its_pages(cast, who) == []


@pytest.mark.slow
def test_every_page_of_the_office_is_open_to_exactly_those_of_its_rule(cast: Cast) -> None:
    names = [name for name, _person in cast.people()]
    assert len(names) > 8
    assert [wrong for name in names for wrong in _opens_exactly_its_pages(cast, name)] == []


@pytest.mark.parametrize("name", ["planner", "administrator"])
def test_planners_and_administrators_set_up_their_second_factor_first(cast: Cast, name: str) -> None:
    person = getattr(cast, name)
    client = signed_in(person)
    assert client.get(f"/office/{cast.ward.key}/").status_code == 200

    person.authenticator_set.all().delete()

    answer = client.get(f"/office/{cast.ward.key}/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/2fa/totp/activate/")
