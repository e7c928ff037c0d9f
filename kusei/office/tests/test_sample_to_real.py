"""A ward's own document comes into its sample ward by the page: what is told before and after, and who may still come in."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from kusei.documents import operations
from kusei.documents.models import SourceDocument
from kusei.documents.sample.logins import ensure_logins
from kusei.documents.tests.drafts import draft, item
from kusei.wards import operations as wards
from kusei.wards.models import Person, Ward

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def ward(settings, tmp_path: Path) -> Ward:
    settings.DATA_DIR = tmp_path
    ward, _is_new = wards.find_or_add_ward(
        "みらい区", actor=wards.account_without_login("operator"), is_sample=True
    )
    ensure_logins(ward)
    return ward


def paper(ward: Ward, title: str) -> SourceDocument:
    planner = Person.objects.get(username="sample-kikaku")
    one = operations.keep_draft(
        ward=ward, actor=planner, name=f"{title}.txt", content=title.encode(), pages=[(1, ["一"])],
        draft=draft(item("project", title), ward="みらい区"),
    )  # fmt: skip
    operations.start_import(document=one, actor=planner)
    return one


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(
        Person.objects.get(username=username), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


@pytest.mark.parametrize("way", ["publish", "draft"])
def test_it_is_told_before_and_after_and_the_others_are_out(ward: Ward, way: str) -> None:
    document = paper(ward, "本物の事業")
    planner, kanri = client_of("sample-kikaku"), client_of("sample-kanri")
    address = f"/office/{ward.key}/imports/{document.pk}/accept/"
    assert (
        "サンプルのログイン（sample-…）は使えなくなります"
        in planner.get(f"{address}?way={way}").content.decode()
    )

    answer = planner.post(address, {"way": way, "unseen": "1"})

    assert answer.status_code == 302
    told = "".join(str(each) for each in get_messages(answer.wsgi_request))
    assert "kusei ward みらい区 --administrator" in told
    assert kanri.get(f"/office/{ward.key}/").status_code == 403
    assert planner.get(f"/office/{ward.key}/")["Location"].startswith(reverse("mfa_activate_totp"))


def test_a_document_of_the_sample_tells_nothing_of_it(ward: Ward) -> None:
    document = paper(ward, "見本の事業")
    SourceDocument.objects.update(is_sample=True)
    page = client_of("sample-kikaku").get(f"/office/{ward.key}/imports/{document.pk}/accept/?way=publish")
    assert page.status_code == 200
    assert "サンプルのログイン" not in page.content.decode()
