"""Pages for requests that came to nothing: in the words and the looks of the front where they happened."""

from __future__ import annotations

import pytest
from django.core.exceptions import TooManyFilesSent
from django.test import Client, RequestFactory

from kusei.office.views import errors
from tests.cast import Cast, signed_in


@pytest.mark.parametrize(
    ("address", "front"), [("/office/no-such/page/at/all/", "職員用"), ("/no-such-page/", "区の一覧から選ぶ")]
)
def test_each_front_has_its_own_page_for_what_is_not_there(db: None, address: str, front: str) -> None:
    answer = Client().get(address)

    assert answer.status_code == 404
    assert front in answer.content.decode()


def test_the_office_says_what_became_of_the_thing(cast: Cast) -> None:
    answer = signed_in(cast.planner).get(f"/office/{cast.ward.key}/drafts/999999/review/")

    assert answer.status_code == 404
    assert "もう公開されたか捨てられました" in answer.content.decode()


@pytest.mark.parametrize("address", ["/account/login/", "/office/nowhere/looked/"])
def test_a_form_without_its_token_is_told_how_to_keep_what_was_typed(db: None, address: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(address, {"login": "x"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "入力した内容は、そこに残っています" in page
    assert "職員用" in page


def test_residents_read_the_same_in_their_pages(db: None) -> None:
    request = RequestFactory().post("/w/1/questions/")

    page = errors.csrf_failure(request, "no cookie").content.decode()

    assert "入力した内容が残っています" in page
    assert "職員用" not in page


def test_too_large_a_form_is_refused_in_words(cast: Cast, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    client = signed_in(cast.planner)
    client.raise_request_exception = False

    answer = client.post(f"/office/{cast.ward.key}/plans/start/", {"title": "あ" * 200})

    assert answer.status_code == 413
    assert "分けて、もう一度送ってください" in answer.content.decode()


def test_too_many_files_and_nonsense(db: None) -> None:
    request = RequestFactory().post("/office/1/imports/")

    assert errors.bad_request(request, TooManyFilesSent("too many")).status_code == 413
    assert errors.bad_request(request, ValueError()).status_code == 400


@pytest.mark.parametrize(
    ("address", "words"), [("/office/1/", "区の管理者に知らせてください"), ("/w/1/", "区の一覧へ戻る")]
)
def test_a_fault_of_ours_needs_nothing_that_may_be_broken(address: str, words: str) -> None:
    """No database, no session: the page is rendered from the template alone."""
    answer = errors.server_error(RequestFactory().get(address))

    assert answer.status_code == 500
    assert words in answer.content.decode()
