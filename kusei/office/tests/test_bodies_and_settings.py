"""実施主体 and 区の設定: what is shown, what is changed, and what residents see of it."""

from __future__ import annotations

import pytest
from django.test import Client

from kusei.plans import operations as plans
from kusei.plans.rules import Entry
from kusei.wards import operations as wards
from kusei.wards.models import AuditEntry, Body
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


def text(answer) -> str:
    return answer.content.decode()


def bodies(cast: Cast, more: str = "") -> str:
    return f"/office/{cast.ward.key}/bodies/{more}"


@pytest.fixture
def plan(cast: Cast) -> None:
    """Two projects: one of the promotion division alone, one of both."""
    entries = [
        Entry(0, None, 0, "project", "1", "花いっぱい事業", owners=("地域振興課",)),
        Entry(1, None, 0, "project", "2", "見守り事業", owners=("地域振興課", "福祉保健課")),
    ]  # fmt: skip
    plans.publish_version(
        ward=cast.ward, fiscal_year=2021, kind="budget", entries=entries, actor=cast.operator
    )


def test_the_list_counts_the_items_of_each_body(cast: Cast, plan: None) -> None:
    page = text(signed_in(cast.planner).get(bodies(cast)))
    rows = [row for row in page.split("<tr>") if 'scope="row"' in row]
    told = {
        name: row for row in rows for name in ("地域振興課", "福祉保健課", "社会福祉協議会") if name in row
    }
    assert '<td class="num">2</td>' in told["地域振興課"]
    assert '<td class="num">1</td>' in told["福祉保健課"]
    assert '<td class="num">0</td>' in told["社会福祉協議会"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("?q=地振", {"地域振興課"}), ("?q=課&kind=division", {"地域振興課", "福祉保健課"}), ("?q=ない", set())],
)
def test_bodies_are_found_by_any_spelling(cast: Cast, asked: str, shown: set[str]) -> None:
    wards.add_alias(cast.promotion, "地振", actor=cast.planner)
    page = text(signed_in(cast.planner).get(bodies(cast, asked)))
    assert {
        name for name in ("地域振興課", "福祉保健課", "みらい区社会福祉協議会") if f">{name}</a>" in page
    } == shown


def test_more_bodies_ask_no_more_queries(cast: Cast, plan: None, django_assert_num_queries) -> None:
    client = signed_in(cast.planner)
    client.get(bodies(cast))
    with django_assert_num_queries(10, exact=False) as first:
        client.get(bodies(cast))
    for number in range(3):
        body = wards.add_body(cast.ward, f"第{number}係", actor=cast.planner, parent=cast.welfare)
        wards.add_alias(body, f"{number}番係", actor=cast.planner)
    with django_assert_num_queries(len(first.captured_queries)):
        client.get(bodies(cast))


def test_a_body_is_added_renamed_placed_and_spelled_otherwise(cast: Cast) -> None:
    client = signed_in(cast.planner)
    where = client.post(bodies(cast, "add/"), {"name": "花の会", "kind": ""})["Location"]
    body = Body.objects.get(ward=cast.ward, name="花の会")
    assert (where, body.kind) == (bodies(cast, f"{body.pk}/"), "group")

    client.post(f"{where}rename/", {"rename-name": "花と緑の会"})
    client.post(f"{where}place/", {"place-kind": "partner", "place-parent": cast.welfare.pk})
    client.post(f"{where}aliases/", {"alias-name": "花会"})
    page = text(client.get(where))
    assert "<h1>花と緑の会</h1>" in page
    assert "花会" in page
    body.refresh_from_db()
    assert (body.kind, body.parent) == ("partner", cast.welfare)
    alias = body.aliases.get(name="花会")
    client.post(f"{where}aliases/{alias.pk}/remove/")
    assert [each.name for each in body.aliases.all()] == ["花の会"]
    assert "実施主体の名称を変えた" in page  # the trail stands on the page


@pytest.mark.parametrize(
    ("form", "typed", "told"),
    [
        ("rename/", {"rename-name": "福祉保健課"}, "別の実施主体「福祉保健課」の名前です"),
        ("rename/", {"rename-name": ""}, "名称を入れてください"),
        ("aliases/", {"alias-name": "福祉保健課"}, "登録済みです"),
        ("place/", {"place-kind": "king"}, "正しく選択してください"),
    ],
)
def test_mistakes_bring_the_page_back_with_what_was_typed(
    cast: Cast, form: str, typed: dict[str, str], told: str
) -> None:
    answer = signed_in(cast.planner).post(bodies(cast, f"{cast.promotion.pk}/{form}"), typed)
    page = text(answer)
    assert answer.status_code == 422
    assert 'class="error-summary"' in page
    assert told in page
    assert "<h1>地域振興課</h1>" in page
    assert Body.objects.get(pk=cast.promotion.pk).name == "地域振興課"


def test_two_bodies_are_joined_after_a_look_at_what_it_means(cast: Cast, plan: None) -> None:
    client = signed_in(cast.planner)
    where = bodies(cast, f"{cast.promotion.pk}/merge/")
    page = text(client.get(where, {"into": cast.welfare.pk}))
    assert "「地域振興課」が担当する項目 2件は、「福祉保健課」の担当になります。" in page
    assert Body.objects.filter(pk=cast.promotion.pk).exists()  # looking changes nothing

    answer = client.post(where, {"into": cast.welfare.pk})

    assert answer["Location"] == bodies(cast, f"{cast.welfare.pk}/")
    assert wards.match_body(cast.ward, "地域振興課") == cast.welfare
    assert "<dd>2件</dd>" in text(client.get(answer["Location"]))
    assert cast.clerk.role_grants.get().body == cast.welfare
    entries = AuditEntry.objects.filter(request_id=AuditEntry.objects.latest("pk").request_id)
    assert {entry.verb for entry in entries} >= {"wards.move_role", "wards.add_alias"}
    assert client.get(where).status_code == 404


def test_a_body_is_not_joined_to_itself_or_to_one_of_another_ward(cast: Cast) -> None:
    client = signed_in(cast.planner)
    elsewhere = wards.add_body(cast.other_ward, "総務課", actor=cast.operator)
    for into in (cast.promotion.pk, elsewhere.pk, 999999):
        answer = client.post(bodies(cast, f"{cast.promotion.pk}/merge/"), {"into": into})
        assert answer.status_code == 422
    assert client.get(bodies(cast, f"{elsewhere.pk}/")).status_code == 404
    assert Body.objects.filter(pk=cast.promotion.pk).exists()


SETTINGS = {
    "accent": "#0A6B3D", "name_kana": "みらいく", "name_en": "Mirai Ward", "contact_office": "区政推進課",
    "contact_telephone": "045-000-0000", "contact_address": "みらい市みらい区1-1",
}  # fmt: skip


def test_what_the_administrator_sets_residents_see(cast: Cast, plan: None) -> None:
    client = signed_in(cast.administrator)
    where = f"/office/{cast.ward.key}/settings/"
    assert client.post(where, SETTINGS)["Location"] == where

    page = text(Client().get(f"/w/{cast.ward.key}/", follow=True))
    assert f'href="/w/{cast.ward.key}/theme.css?v=0a6b3d"' in page
    assert "区政推進課" in page
    assert 'href="tel:045-000-0000"' in page
    assert "みらい市みらい区1-1" in page
    assert "Mirai Ward" in text(Client().get(f"/en/w/{cast.ward.key}/", follow=True))
    theme = Client().get(f"/w/{cast.ward.key}/theme.css?v=0a6b3d")
    assert theme["Content-Type"] == "text/css; charset=utf-8"
    assert "--accent: #0a6b3d;" in text(theme)
    assert ".in-accent { fill: #0a6b3d; }" in text(theme)  # the logo and the bars of charts
    assert 'class="brand__mark"' in page
    assert 'class="in-accent"' in page
    assert "max-age=31536000" in theme["Cache-Control"]
    assert "theme.css" in text(client.get(where))


@pytest.mark.parametrize(
    ("before", "swatch", "typed", "after"),
    [
        ("", "#5109ad", "", "#5109ad"),
        ("#5109ad", "#0a6b3d", "#5109ad", "#0a6b3d"),  # another one chosen, the field left as it was
        ("#5109ad", "", "#5109ad", ""),  # back to the house's own
        ("#5109ad", "#5109ad", "#123456", "#123456"),  # typed, the choice left as it was
        ("#123456", "own", "#654321", "#654321"),
        ("", "#5109ad", "#123456", "#123456"),  # both: what was typed
        ("", "#bad", "", ""),  # no such choice
    ],
)
def test_a_colour_is_chosen_or_typed(cast: Cast, before: str, swatch: str, typed: str, after: str) -> None:
    cast.ward.accent = before
    cast.ward.save()
    client, where = signed_in(cast.administrator), f"/office/{cast.ward.key}/settings/"
    page = text(client.get(where))
    assert page.count('name="swatch"') == 11
    chosen = before if before in {"", "#5109ad"} else "own"
    assert f'name="swatch" value="{chosen}" checked' in page

    answer = client.post(where, {**SETTINGS, "swatch": swatch, "accent": typed})

    cast.ward.refresh_from_db()
    assert (answer.status_code, cast.ward.accent) == (422 if swatch == "#bad" else 302, after)


def test_a_colour_too_light_is_refused_and_the_rest_is_not_lost(cast: Cast) -> None:
    answer = signed_in(cast.administrator).post(
        f"/office/{cast.ward.key}/settings/", {**SETTINGS, "accent": "#ffd43d"}
    )
    page = text(answer)
    assert answer.status_code == 422
    assert "この色は白地では薄くて読めません（コントラスト比 1.4、必要な値は 4.5 以上）" in page
    assert 'value="Mirai Ward"' in page
    cast.ward.refresh_from_db()
    assert (cast.ward.accent, cast.ward.name_en) == ("", "")


def test_a_ward_without_a_colour_keeps_the_houses_own(cast: Cast, plan: None) -> None:
    theme = Client().get(f"/w/{cast.ward.key}/theme.css")
    assert (theme.status_code, text(theme)) == (200, "")
    assert "theme.css" not in text(Client().get(f"/w/{cast.ward.key}/", follow=True))
    assert Client().get("/w/none/theme.css").status_code == 404


def test_the_navigation_shows_what_one_may_open(cast: Cast) -> None:
    for person, shown in (
        (cast.administrator, {"bodies", "people", "settings", "trail"}),
        (cast.planner, {"bodies", "trail"}),
        (cast.clerk, set()),
    ):
        page = text(signed_in(person).get(f"/office/{cast.ward.key}/"))
        links = {
            name
            for name in ("bodies", "people", "settings", "trail")
            if f'href="/office/{cast.ward.key}/{name}/"' in page
        }
        assert links == shown
