"""Signed links: nobody guesses one, each opens one thing, once, until a moment, and everything is recorded."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kusei.notices import operations as notices
from kusei.notices.enums import Closed
from kusei.notices.models import SignedLink
from kusei.notices.redaction import HideTokens, without_tokens
from kusei.wards.enums import Way
from kusei.wards.models import AuditEntry
from kusei.wards.permissions import NotAllowed
from tests.cast import Cast

PURPOSE = "tests.confirm"


def make(cast: Cast, **words: object) -> tuple[SignedLink, str]:
    given_: dict = {
        "ward": cast.ward, "purpose": PURPOSE, "target": cast.council, "made_for": "みらい区社会福祉協議会",
        "actor": cast.planner, "site": "https://kusei.example/", "page": "office:invitation",
    }  # fmt: skip
    issued = notices.make_link(**(given_ | words))
    return issued.link, issued.url.rstrip("/").rpartition("/")[2]


def reason_of(token: str, purpose: str = PURPOSE, **words: object) -> Closed:
    with pytest.raises(notices.LinkNotUsable) as caught:
        notices.open_link(token, purpose=purpose, **words)  # type: ignore[arg-type]
    return caught.value.reason


def test_the_database_never_holds_the_token(cast: Cast) -> None:
    link, token = make(cast)
    assert len(token) >= 43
    assert token not in str(list(SignedLink.objects.values()))
    assert token not in str(list(AuditEntry.objects.values()))
    assert link.token_hash == notices.hash_of(token)


def test_reading_is_free_and_the_answer_counts_once(cast: Cast) -> None:
    link, token = make(cast)
    for _again in range(3):
        assert notices.open_link(token, purpose=PURPOSE).pk == link.pk
    notices.use_link(token, purpose=PURPOSE)
    with pytest.raises(notices.LinkNotUsable):
        notices.use_link(token, purpose=PURPOSE)
    assert reason_of(token) == Closed.USED


def test_every_opening_and_use_is_recorded_under_the_name_it_was_made_for(cast: Cast) -> None:
    _link, token = make(cast)
    AuditEntry.objects.filter(verb="notices.make_link").get()
    notices.open_link(token, purpose=PURPOSE)
    notices.use_link(token, purpose=PURPOSE)
    reason_of(token)
    entries = AuditEntry.objects.filter(
        target_type="wards.body", target_id=str(cast.council.pk), verb__startswith="notices."
    )
    told = [
        (each.verb, each.way, each.actor, each.actor_name) for each in entries.exclude(actor=cast.planner)
    ]
    assert told == [
        (verb, Way.LINK, None, "みらい区社会福祉協議会")
        for verb in ("notices.closed_link", "notices.use_link", "notices.open_link")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before_the_end", "is_open"),
    [(timedelta(seconds=1), True), (timedelta(), False), (-timedelta(seconds=1), False)],
)
def test_a_link_closes_with_the_second_it_expires(
    cast: Cast, before_the_end: timedelta, is_open: bool
) -> None:
    link, token = make(cast)
    moment = link.expires_at - before_the_end
    if is_open:
        notices.open_link(token, purpose=PURPOSE, now=moment)
        notices.use_link(token, purpose=PURPOSE, now=moment)
    else:
        assert reason_of(token, now=moment) == Closed.EXPIRED
        with pytest.raises(notices.LinkNotUsable):
            notices.use_link(token, purpose=PURPOSE, now=moment)
    link.refresh_from_db()
    assert (link.used_at is not None) == is_open


def test_a_revoked_link_opens_nothing_and_cannot_be_revoked_again(cast: Cast) -> None:
    link, token = make(cast)
    assert notices.revoke_link(link=link, actor=cast.planner) is True
    assert notices.revoke_link(link=link, actor=cast.planner) is False
    assert reason_of(token) == Closed.REVOKED


def test_a_used_link_cannot_be_revoked(cast: Cast) -> None:
    link, token = make(cast)
    notices.use_link(token, purpose=PURPOSE)
    assert notices.revoke_link(link=link, actor=cast.planner) is False
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedLink.objects.filter(pk=link.pk).update(revoked_at=timezone.now())


def test_a_token_of_another_purpose_is_as_unknown_as_a_guess(cast: Cast) -> None:
    link, token = make(cast)
    assert reason_of(token, purpose="tests.other") == Closed.UNKNOWN
    with pytest.raises(notices.LinkNotUsable) as caught:
        notices.use_link(token, purpose="tests.other")
    assert caught.value.reason == Closed.UNKNOWN
    link.refresh_from_db()
    assert link.used_at is None


@pytest.mark.parametrize("who", ["partner", "resident", "former", "stranger"])
def test_only_the_office_makes_and_revokes_links(cast: Cast, who: str) -> None:
    link, token = make(cast)
    with pytest.raises(NotAllowed):
        make(cast, actor=getattr(cast, who))
    with pytest.raises(NotAllowed):
        notices.revoke_link(link=link, actor=getattr(cast, who))
    assert SignedLink.objects.count() == 1
    notices.open_link(token, purpose=PURPOSE)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_nothing_but_the_token_opens_the_link(cast: Cast, data: st.DataObject) -> None:
    """Guesses: any text, the hash itself, the token with one character changed, cut off or added."""
    link, token = make(cast)
    place, letter = data.draw(st.integers(0, 42)), data.draw(st.characters(categories=("L", "N", "P", "Cc")))
    instead = letter if letter != token[place] else ("A" if token[place] != "A" else "B")
    kind = data.draw(st.integers(0, 4))
    guess = [
        data.draw(st.text(max_size=60)),
        link.token_hash,
        token[:place] + instead + token[place + 1 :],
        token[:place],
        token + letter,
    ][kind]
    assert reason_of(guess) == Closed.UNKNOWN


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_does(cast: Cast) -> None:
    _link, token = make(cast)
    start, done = threading.Barrier(4), []

    def answer() -> None:
        try:
            start.wait(10)
            notices.use_link(token, purpose=PURPOSE)
            done.append(None)
        except notices.LinkNotUsable as error:
            done.append(error.reason)
        finally:
            connection.close()

    hands = [threading.Thread(target=answer) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(30)
    assert sorted(done, key=str) == [None, Closed.USED, Closed.USED, Closed.USED]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Not Found: /answer/AbC-_9/", "Not Found: /answer/…/"),
        ("GET /account/password/reset/key/a-b1c/", "GET /account/password/reset/key/…/"),
        ("GET /en/answer/AbC?x=1", "GET /en/answer/…?x=1"),
        ("/en/w/key/applications/AbC/answers/", "/en/w/key/applications/…/answers/"),
        ("/office/invitation/AbC/ next", "/office/invitation/…/ next"),
        ("/w/key/answer", "/w/key/answer"),  # no token behind it
    ],
)
def test_logs_hold_no_token(said: str, kept: str) -> None:
    assert without_tokens(said) == kept
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: %s", ("Not Found", said), None)
    assert HideTokens().filter(record)
    assert record.getMessage() == f"Not Found: {kept}"
