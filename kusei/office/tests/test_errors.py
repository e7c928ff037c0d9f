"""Pages for requests that came to nothing: in the words and the looks of the front where they happened."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import TooManyFilesSent
from django.db import OperationalError
from django.test import Client, RequestFactory

from kusei.office.views import errors
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


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
    assert "に残っています" in page
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


@pytest.mark.parametrize(
    ("address", "words"), [("/office/1/", "自分の仕事へ戻る"), ("/w/1/", "区の一覧へ戻る")]
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_database_that_is_away_is_a_pause_not_a_fault(address: str, words: str, wrapped: bool) -> None:
    try:
        try:
            raise OperationalError("the server closed the connection")
        except OperationalError as error:
            if wrapped:
                raise RuntimeError("a template") from error
            raise
    except Exception:  # Django calls the page while the error is being handled
        answer = errors.server_error(RequestFactory().get(address))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    page = answer.content.decode()
    assert words in page
    assert "1分ほど待ってから" in page


@pytest.mark.database
def test_a_site_without_its_database_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: the view's query fails, and what visitors get needs no query."""
    client.raise_request_exception = False

    def away(*_arguments: object, **_words: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", away)
    answer = client.get("/account/login/")
    assert (answer.status_code, "いまは使えません" in answer.content.decode()) == (503, True)
    answer = client.get("/w/1/")
    assert (answer.status_code, "いまは表示できません" in answer.content.decode()) == (503, True)


def test_what_was_typed_in_the_office_is_shown_to_be_copied_and_the_page_is_one_click_away(
    cast: Cast,
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.planner)
    page = f"/office/{cast.ward.key}/settings/districts/"
    answer = client.post(
        page,
        {"name": "<b>みどり野</b>", "password": "secret", "csrfmiddlewaretoken": "x" * 64},
        headers={"referer": f"http://testserver{page}"},
    )
    said = answer.content.decode()
    assert answer.status_code == 403
    assert "&lt;b&gt;みどり野&lt;/b&gt;" in said
    assert f'href="{page}"' in said
    assert "secret" not in said
    assert "x" * 64 not in said
    assert not cast.ward.districts.exists()


def test_a_question_without_its_token_comes_back_in_its_form_and_can_be_sent(cast: Cast) -> None:
    visitor = Client(enforce_csrf_checks=True)
    address = f"/w/{cast.ward.key}/ask/"
    said = {
        "kind": "question", "text": "公園の花はいつ植えますか。", "name": "", "mail": "", "website": "", "about": "",
        "ticket": "11111111-1111-4111-8111-111111111111", "step": "check",
    }  # fmt: skip
    answer = visitor.post(address, said)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "書いた内容は下に残っています" in page
    assert "公園の花はいつ植えますか。</textarea>" in page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    again = visitor.post(address, {**said, "csrfmiddlewaretoken": token.group(1)})
    assert again.status_code == 200
    assert "まだ送っていません" in again.content.decode()
