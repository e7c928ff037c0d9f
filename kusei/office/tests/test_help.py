"""Help: the first steps of a ward, help texts, the words of the office, and the printed guides."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from kusei.office.help import HELP, ROLES, answers, glossary
from kusei.office.queries.start import first_steps, steps_left
from kusei.plans import operations as plans
from kusei.plans.rules import Entry
from kusei.wards.models import Person, Ward
from kusei.wards.permissions import rights_of
from tests.axe import axe_findings
from tests.cast import Cast, signed_in
from tests.repository import tracked_text


def done(cast: Cast, who: Person) -> list[bool]:
    return [step.is_done for step in first_steps(cast.ward, rights_of(who))]


def test_the_steps_are_told_from_the_data(cast: Cast) -> None:
    assert done(cast, cast.administrator) == [False, True, True, False, False, False]

    cast.planner.authenticator_set.all().delete()
    assert done(cast, cast.administrator)[2] is False  # a planner without a second factor
    Ward.objects.filter(pk=cast.ward.pk).update(accent="#005a9c", contact_telephone="045-000-0000")
    cast.ward.refresh_from_db()
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner,
        entries=[Entry(0, None, 0, "measure", "1", "つながり")],
    )  # fmt: skip
    assert done(cast, cast.administrator) == [True, True, False, False, True, False]


def test_the_hint_stands_in_my_work_until_all_is_done(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    work, start = (reverse(f"office:{name}", args=[cast.ward.key]) for name in ("work", "start"))
    administrator = signed_in(cast.administrator)

    assert f'href="{start}"' in administrator.get(work).content.decode()
    assert f'href="{start}"' not in signed_in(cast.clerk).get(work).content.decode()
    page = administrator.get(start).content.decode()
    assert reverse("office:settings", args=[cast.ward.key]) in page
    assert "企画担当がします" in page  # what an administrator may not do has no link
    monkeypatch.setattr("kusei.office.views.home.first_steps", lambda ward, rights: ())
    assert f'href="{start}"' not in administrator.get(work).content.decode()


def test_words_are_found_or_a_way_on_is_shown(cast: Cast) -> None:
    client, address = signed_in(cast.clerk), reverse("office:help", args=[cast.ward.key])

    assert [name for name, _meaning in glossary("予備コード")] == ["予備コード"]
    assert HELP["review"] in answers("差し戻")
    page = client.get(address, {"q": "予備コード"}).content.decode()
    assert "紙に控えて" in page
    assert "区配" not in page
    nothing = client.get(address, {"q": "ぬるぽ"}).content.decode()
    assert "見つかりませんでした" in nothing
    assert reverse("guide", args=["staff"]) in nothing


def test_every_help_text_stands_on_a_page() -> None:
    used = {
        key for path, text in tracked_text() if path.suffix == ".html" for key in re.findall(r'{% help "([\w-]+)" %}', text)
    }  # fmt: skip

    assert used == set(HELP)


@pytest.mark.parametrize("role", ROLES)
def test_a_guide_says_what_to_do_when_stuck_and_whom_to_ask(db: None, role: str) -> None:
    page = Client().get(f"/guide/{role}/").content.decode()

    assert "困ったとき" in page
    assert "だれに聞く" in page
    assert "元に戻す" in page


def test_buttons_named_in_the_guides_exist() -> None:
    """What a guide calls a button stands in some other template of the office or of the library's pages."""
    elsewhere = "".join(
        text for path, text in tracked_text()
        if path.as_posix().startswith("kusei/") and "/guide/" not in path.as_posix() and path.suffix in {".html", ".py"}
    )  # fmt: skip
    guides = "".join(text for path, text in tracked_text() if "/office/guide/" in path.as_posix())
    pressed = set(re.findall(r"「([^」@]+)」を(?:押|開|選)", guides))

    assert len(pressed) > 10
    assert {name for name in pressed if name not in elsewhere} == set()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ROLES)
def test_a_guide_prints_on_two_pages(live_server, browser_page: Page, role: str) -> None:
    browser_page.goto(f"{live_server.url}/guide/{role}/")

    printed = pypdfium2.PdfDocument(browser_page.pdf(prefer_css_page_size=True))

    assert 1 <= len(printed) <= 2
    assert axe_findings(browser_page) == []


def test_once_a_plan_is_public_nothing_stands_between_it_and_its_readers(cast: Cast) -> None:
    steps = first_steps(cast.ward, rights_of(cast.administrator))
    left = steps_left(cast.ward, steps)
    undone = sum(not step.is_done for step in steps)
    assert (left.before_residents, left.besides) == (undone - 1, 1)  # districts can come later
    plans.publish_version(
        ward=cast.ward, fiscal_year=2026, kind="budget", actor=cast.planner, title="予算",
        entries=[Entry(0, None, 0, "project", "1", "見守り事業")],
    )  # fmt: skip
    left = steps_left(cast.ward, first_steps(cast.ward, rights_of(cast.administrator)))
    assert (left.before_residents, left.besides) == (0, undone - 1)
    page = signed_in(cast.administrator).get(f"/office/{cast.ward.key}/start/").content.decode()
    assert "読んでもらうまで" not in page
    assert f"まだ済んでいない準備が{undone - 1}つあります" in page


@pytest.mark.parametrize(
    "word", ["実績", "Excelの様式", "《 》", "指標", "評価", "次の年度へ", "いまの数で確認し直す"]
)
def test_a_planner_s_guide_tells_of_the_year_s_work(db: None, word: str) -> None:
    assert word in Client().get("/guide/planner/").content.decode()
