"""What lately changed: in words, in the feed, between two versions; and every version at its address for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kusei.plans.enums import ItemKind, PlanKind
from kusei.plans.models import ItemText, PlanVersion
from kusei.portal.tests.factories import make_body, make_item, make_result, make_version, make_ward

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FIRST = datetime(2022, 5, 20, 9, 0, tzinfo=UTC)


def publish(ward, kind=PlanKind.BUDGET, *, number: int, note: str = "", year: int = 2021) -> PlanVersion:
    version = make_version(ward, year, kind, number=number, title="令和3年度 予算のあらまし")
    version.published_at = FIRST + timedelta(days=30 * number)
    version.note = note
    version.save()
    return version


@pytest.fixture
def corrected():
    """A budget and its correction: one item changed in three ways, one came, one went, one stayed."""
    ward = make_ward()
    body, other = make_body(ward, "総務課"), make_body(ward, "地域振興課")
    first = publish(ward, number=1)
    measure = make_item(first, ItemKind.MEASURE, "暮らしの安全")
    drill = make_item(
        first, ItemKind.PROJECT, "防災訓練事業", parent=measure, text="年12回開きます。", owners=(body,),
        thousand_yen=1200,
    )  # fmt: skip
    gone = make_item(first, ItemKind.PROJECT, "防犯灯事業", parent=measure)
    same = make_item(first, ItemKind.PROJECT, "交通安全事業", parent=measure, thousand_yen=690)
    second = publish(ward, number=2, note="金額の誤りを直しました。")
    again = make_item(second, ItemKind.MEASURE, "暮らしの安全", item=measure.item)
    make_item(
        second, ItemKind.PROJECT, "防災訓練事業", parent=again, item=drill.item, text="年14回開きます。",
        owners=(body, other), thousand_yen=1400,
    )  # fmt: skip
    make_item(second, ItemKind.PROJECT, "交通安全事業", parent=again, item=same.item, thousand_yen=690)
    make_item(second, ItemKind.PROJECT, "見守り事業", parent=again)
    return ward, first, second, gone


def text_of(client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return page.content.decode()


def test_a_correction_is_told_in_words_newest_first(client, corrected) -> None:
    ward, _first, _second, _gone = corrected

    body = text_of(client, reverse("portal:changes", args=[ward.key]))

    assert "1項目が加わり、1項目が変わり、1項目がなくなりました。" in body
    assert "新しく公開しました（4項目）。" in body
    assert body.index("第2版") < body.index("第1版")
    assert "区の説明：金額の誤りを直しました。" in body
    assert "交通安全事業" not in body


def test_old_and_new_stand_side_by_side_in_colour_and_words(client, corrected) -> None:
    ward, _first, second, gone = corrected

    body = text_of(client, reverse("portal:version_changes", args=[ward.key, 2021, "budget", 2]))

    assert "第1版から第2版への変更" in body
    assert '<del><span class="visually-hidden">［前］</span>12<' in body
    assert '<ins><span class="visually-hidden">［今］</span>14<' in body
    for label in ("説明", "担当", "金額"):
        assert f"<dt>{label}</dt>" in body
    assert "1,200" in body
    assert "1,400" in body
    assert "地域振興課" in body
    assert "見守り事業" in body
    assert reverse("portal:item", args=[ward.key, gone.item.public_id]) in body
    assert second.note in body


def test_every_version_stays_at_its_address_and_tells_of_its_correction(client, corrected) -> None:
    ward, _first, _second, _gone = corrected
    plan = reverse("portal:plan", args=[ward.key, 2021, "budget"])

    former = text_of(client, f"{plan}v/1/")
    present = text_of(client, f"{plan}v/2/")

    assert "この版より新しい版があります。" in former
    assert f'href="{plan}"' in former
    assert f'href="{plan}v/2/changes/?with=1"' in former
    assert "防犯灯事業" in former
    assert "この版より新しい版があります。" not in present
    assert "見守り事業" in present
    assert f'rel="canonical" href="http://testserver{plan}"' in present
    assert f'rel="canonical" href="http://testserver{plan}v/1/"' in former
    moved = client.get(f"{plan}?version=1")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"{plan}v/1/")
    for address in (f"{plan}v/3/", f"{plan}v/0/", f"{plan}v/2/changes/?with=9", f"{plan}v/2/changes/?with=x"):
        assert client.get(address).status_code == 404, address


def test_versions_of_a_part_have_addresses_too(client) -> None:
    version = make_version(make_ward(), 2021, PlanKind.BUDGET, part="施策2")
    make_item(version, ItemKind.PROJECT, "分冊の事業")
    plan = reverse("portal:plan_part", args=[version.ward.key, 2021, "budget", "施策2"])

    assert "分冊の事業" in text_of(client, plan)
    assert "分冊の事業" in text_of(client, f"{plan}v/1/")
    assert "この計画は、公開されてから訂正されていません。" in text_of(client, f"{plan}v/1/changes/")


def test_any_two_versions_can_be_compared(client, corrected) -> None:
    ward, _first, second, _gone = corrected
    third = publish(ward, number=3)
    text = ItemText.objects.get(version=second, title="見守り事業")
    make_item(third, ItemKind.PROJECT, "見守り事業", item=text.item)
    plan = reverse("portal:plan", args=[ward.key, 2021, "budget"])

    body = text_of(client, f"{plan}v/3/changes/?with=1")
    other_way = text_of(client, f"{plan}v/1/changes/?with=3")

    assert "第1版から第3版への変更" in body
    assert "第1版から第3版への変更" in other_way
    assert "1項目が加わり、4項目がなくなりました。" in body
    assert 'value="2"' in body


def test_a_changed_result_is_a_change(client) -> None:
    ward = make_ward()
    first = publish(ward, PlanKind.ACTION_PLAN, number=1)
    row = make_item(first, ItemKind.ACTION, "講座の開催")
    make_result(row, "2回開きました。", "partly")
    second = publish(ward, PlanKind.ACTION_PLAN, number=2)
    again = make_item(second, ItemKind.ACTION, "講座の開催", item=row.item)
    make_result(again, "3回開きました。")

    body = text_of(client, reverse("portal:version_changes", args=[ward.key, 2021, "action_plan", 2]))

    assert "1項目が変わりました。" in body
    assert "<dt>実施した取組結果</dt>" in body
    assert "<dt>状況</dt>" in body


def test_moving_below_another_heading_is_told(client) -> None:
    ward = make_ward()
    first = publish(ward, number=1)
    one, two = (make_item(first, ItemKind.MEASURE, name) for name in ("安全", "健康"))
    moved = make_item(first, ItemKind.PROJECT, "見守り事業", parent=one)
    second = publish(ward, number=2)
    make_item(second, ItemKind.MEASURE, "安全", item=one.item)
    below = make_item(second, ItemKind.MEASURE, "健康", item=two.item)
    make_item(second, ItemKind.PROJECT, "見守り事業", parent=below, item=moved.item)

    body = text_of(client, reverse("portal:version_changes", args=[ward.key, 2021, "budget", 2]))

    assert "<dt>置き場所</dt>" in body
    assert "安全" in body
    assert "健康" in body


def test_the_feed_is_atom_with_lasting_ids(client, corrected) -> None:
    ward, _first, _second, _gone = corrected

    answer = client.get(reverse("portal:changes_feed", args=[ward.key]))

    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    space = {"a": "http://www.w3.org/2005/Atom"}
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall("a:entry", space)
    plan = "http://testserver" + reverse("portal:plan", args=[ward.key, 2021, "budget"])
    assert [entry.findtext("a:id", namespaces=space) for entry in entries] == [f"{plan}v/2/", f"{plan}v/1/"]
    assert "1項目が変わり" in entries[0].findtext("a:title", namespaces=space)
    assert "見守り事業" in entries[0].findtext("a:summary", namespaces=space)
    assert entries[0].findtext("a:updated", namespaces=space).startswith("2022-07-19")
    body = text_of(client, reverse("portal:changes", args=[ward.key]))
    assert f'href="{reverse("portal:changes_feed", args=[ward.key])}"' in body


def test_the_feed_leaves_out_what_no_feed_can_hold(client, corrected) -> None:
    ward, _first, second, _gone = corrected
    second.note = "金額の\x0b誤りを\x0c直しました。"
    second.save()
    answer = client.get(reverse("portal:changes_feed", args=[ward.key]))
    assert "金額の 誤りを 直しました。" in ElementTree.fromstring(answer.content).findtext(
        ".//{*}summary", ""
    )


def test_drafts_and_other_wards_are_no_news(client, corrected) -> None:
    ward, _first, _second, _gone = corrected
    make_version(ward, 2022, PlanKind.BUDGET, status="draft")
    other = make_ward("149994", name="となり区")
    make_item(
        make_version(other, 2021, PlanKind.BUDGET, title="となりの予算"), ItemKind.PROJECT, "となりの事業"
    )

    body = text_of(client, reverse("portal:changes", args=[ward.key]))

    assert "となり" not in body
    assert "令和4年度" not in body


def test_a_ward_without_plans_has_no_news(client) -> None:
    assert "公開された計画はまだありません。" in text_of(
        client, reverse("portal:changes", args=[make_ward().key])
    )


@pytest.mark.parametrize("items", [1, 3])
def test_the_number_of_queries_does_not_grow(client, items, django_assert_num_queries) -> None:
    ward = make_ward()
    body = make_body(ward, "総務課")
    kept = []
    for number in range(1, items + 2):
        version = publish(ward, PlanKind.ACTION_PLAN, number=number)
        for place in range(items):
            text = make_item(
                version, ItemKind.ACTION, f"取組{place}", item=kept[place] if number > 1 else None, owners=(body,),
                text=f"{number}回", tags=("重点",), thousand_yen=number,
            )  # fmt: skip
            make_result(text, f"{number}回開きました。", figures=[(number, "回", "")])
            if number == 1:
                kept.append(text.item)
    seen = []
    for name, arguments in (("changes", []), ("version_changes", [2021, "action_plan", 2])):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(client, reverse(f"portal:{name}", args=[ward.key, *arguments]))
        seen.append(len(queries))
    assert seen == [8, 8]
