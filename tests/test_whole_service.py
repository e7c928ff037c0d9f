"""Activities from last year's list to this year's result, in the browser: staff, residents on a phone without JavaScript, and a
group that asks for a lecture. Nobody types a figure into the result.

Mails go to the file backend; the worker's jobs are done in this process. What single pages do is tested in their rooms.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kusei.config.cli import main
from kusei.japanese.fiscal_year import fiscal_year_of
from kusei.jobs.running import work_off
from kusei.office.tests.collecting import published
from kusei.plans.models import Item
from kusei.results import operations as results
from kusei.services.activities import lottery
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import ActivityKind
from kusei.services.activities.models import Activity, Draw
from kusei.services.activities.operations import Details, When, visiting
from kusei.services.activities.visiting import Terms
from tests.axe import axe_findings, fits
from tests.browser import PHONE
from tests.cast import Cast, signed_in
from tests.test_whole_way import press

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CLASSES, WALK, LECTURE = "赤ちゃん教室", "川べりの散歩", "防災の出前講座"


def on_day(days: int, hour: int = 10) -> datetime:
    """A time of the ward's clock, so many days from today."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour)))


def last_years_classes(cast: Cast, item: Item) -> Activity:
    """Three Wednesdays of last year, of which nobody knows any more how they were set up."""
    made = activities.add_activity(
        ward=cast.ward, item=item, host=cast.promotion, actor=cast.clerk,
        details=Details(ActivityKind.COURSE, CLASSES, "歌と手遊びをします。", "0歳の子と保護者"),
    )  # fmt: skip
    intake = activities.add_intake(
        activity=made, quotas={"": 2}, opens_at=on_day(-400), closes_at=on_day(-370), actor=cast.clerk
    )
    activities.add_sessions(
        activity=made, intake=intake, actor=cast.clerk,
        whens=[When(on_day(-364 + days), on_day(-364 + days, 11), "地区センター") for days in (14, 21, 28)],
    )  # fmt: skip
    return activities.publish_activity(activity=made, actor=cast.clerk)


def at_the_desk(page: Page, site: str, person) -> Page:
    cookie = signed_in(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    return page


def apply_on(
    page: Page, list_address: str, title: str, name: str, *, mail: str = "", people: int = 1
) -> Page:
    """Find it, write names and a mail address, look at it once more, send it."""
    page.goto(list_address)
    press(page, "link", title)
    press(page.locator("main"), "link", "申し込む")
    for number in range(people):
        page.get_by_label("参加する人の名前").nth(number).fill(f"{name}{number or ''}")
    if mail:
        page.get_by_label("メールアドレス").fill(mail)
    else:
        page.get_by_label("電話番号").fill("045-111-2222")
    press(page, "button", "内容を確かめる")
    press(page, "button", "申し込む")
    return page


def mails_in(folder: Path) -> str:
    """All that was sent so far, as people read it."""
    import email
    from email import policy

    texts = []
    for path in sorted(folder.iterdir()):
        for part in path.read_bytes().split(b"-" * 79):
            if part.strip():
                message = email.message_from_bytes(part.strip(), policy=policy.default)
                body = message.get_body(("plain",))
                texts.append(
                    f"{message['To']} {str(message['Subject']).strip()}\n{body.get_content() if body else ''}"
                )
    return "\n".join(texts)


def test_from_last_years_classes_to_this_years_result(
    cast: Cast, live_server, open_page, settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.EMAIL_HOST, settings.KUSEI_SITE_URL = "mail.example.jp", live_server.url
    site, key = live_server.url, cast.ward.key
    year = fiscal_year_of(timezone.localdate())
    plan = published(cast, year=year)
    item = Item.objects.get(ward=cast.ward, texts__title="健康教室を開く")
    results.open_collection(plan=plan, due_on=timezone.localdate() + timedelta(days=20), actor=cast.planner)
    last_years_classes(cast, item)
    office, public = f"{site}/office/{key}/activities/", f"{site}/w/{key}/activities/"

    # A clerk sets the classes up from last year's.
    clerk = at_the_desk(open_page(), site, cast.clerk)
    clerk.goto(office)
    press(clerk, "link", CLASSES)
    press(clerk, "link", "同じものを作る")
    assert axe_findings(clerk) == []
    clerk.get_by_label("申込みの始まり").fill(on_day(-1).strftime("%Y-%m-%dT%H:%M"))
    clerk.get_by_label("申込みの終わり").fill(on_day(5).strftime("%Y-%m-%dT%H:%M"))
    press(clerk, "button", "この内容で作る")
    press(clerk, "button", "公開する")
    classes = clerk.url

    # Two get the places, the third waits; the first cancels, the third is offered the place and takes it.
    first, second, third = (open_page(viewport=PHONE, java_script_enabled=False) for _phone in range(3))
    apply_on(first, public, CLASSES, "泉 花子", mail="hanako@example.jp")
    apply_on(second, public, CLASSES, "緑園 一郎", mail="ichiro@example.jp")
    apply_on(third, public, CLASSES, "和泉 さくら", mail="sakura@example.jp")
    assert "参加できます" in second.inner_text("main")
    assert "キャンセル待ち" in third.inner_text("main")
    looked_at(open_page, third.url)
    first.locator("summary", has_text="申込みを取り消す").click()
    first.get_by_label("泉 花子").check()
    press(first, "button", "選んだ人の申込みを取り消す")
    work_off()
    assert "sakura@example.jp 席が空きました" in mails_in(tmp_path / "mail")
    third.reload()
    press(third, "button", "参加する", exact=True)
    assert "参加できます" in third.inner_text("main")

    # One day is called off for the weather: both who come are told. Another is moved to today, and heads are counted there.
    clerk.goto(classes)
    days = [each.get_attribute("href") for each in clerk.locator("table a[href*='/sessions/']").all()]
    days = list(dict.fromkeys(re.sub(r"door/$", "", each or "") for each in days))
    assert len(days) == 3
    clerk.goto(site + days[0])
    clerk.get_by_text("この回を中止する").click()
    clerk.locator("details[open] [name=reason]").fill("大雨のため")
    press(clerk, "button", "中止にして、知らせる")
    assert "メールで2件に知らせました" in said(clerk)
    work_off()
    told = mails_in(tmp_path / "mail")
    for address in ("ichiro@example.jp", "sakura@example.jp"):
        assert f"{address} 中止のお知らせ" in told
    assert "hanako@example.jp 中止のお知らせ" not in told
    assert "大雨のため" in told
    clerk.goto(site + days[1])
    clerk.get_by_text("日時・場所を変える、オンラインにする").click()
    move_to_today(clerk)
    clerk.goto(site + days[1])
    clerk.get_by_label("参加した人数").fill("2")
    press(clerk, "button", "行ったと記録する")
    assert "実績に入っています" in said(clerk)
    size = clerk.viewport_size
    clerk.set_viewport_size(PHONE)
    clerk.goto(classes)
    assert axe_findings(clerk) == []  # with two links beside today's session
    clerk.set_viewport_size(size)

    # A walk whose places are drawn by lot.
    drawn(clerk, open_page, office, public)

    # A group asks for a lecture; staff decide a day, hold it and write down how many came.
    group = open_page(viewport=PHONE, java_script_enabled=False)
    a_lecture(cast, item)
    group.goto(f"{site}/w/{key}/visits/")
    press(group.locator("main"), "link", LECTURE)
    press(group.locator("main"), "link", "この出前講座を頼む")
    group.locator("[name=day-0]").fill(f"{on_day(20):%Y-%m-%d}")
    group.locator("[name=time-0]").fill("10:00")
    group.get_by_label("団体の名前").fill("見本町内会")
    group.get_by_label("会場（建物の名前と住所、部屋）").fill("見本会館 2階")
    group.get_by_label("団体の種類").select_option(index=1)
    group.get_by_label("会場の地区").select_option(value="inside")
    group.get_by_label("参加する見込みの人数").fill("30")
    group.get_by_label("連絡する人の名前").fill("泉 花子")
    group.get_by_label("電話番号").fill("045-111-2222")
    press(group, "button", "内容を確かめる")
    press(group, "button", "申し込む")
    looked_at(open_page, group.url)
    clerk.goto(f"{site}/office/{key}/visits/")
    press(clerk, "link", "見本町内会")
    visit = clerk.url
    decide = clerk.locator("details", has=clerk.locator("#decide-date"))
    clerk.locator("#decide-date").select_option(index=0)
    press(decide, "button", "日を決める")
    group.reload()
    assert "決定" in group.inner_text("main")
    press(clerk, "link", "日時・場所の変更、中止")
    clerk.get_by_text("日時・場所を変える、オンラインにする").click()
    move_to_today(clerk)
    clerk.goto(visit)
    clerk.get_by_label("参加した人数").fill("28")
    press(clerk, "button", "行ったと記録する")
    group.reload()
    assert "実施" in group.inner_text("main")

    # The year's result of the action shows the sums; nobody typed one there.
    clerk.goto(f"{site}/office/{key}/")
    press(clerk, "link", "健康教室を開く")
    shown = clerk.inner_text("main")
    for figure in (
        "2回\n: 開催・実施の回数",
        "30人\n: 延べ参加者",
        "1回\n: 中止した回数",
        "1団体\n: 訪問した団体",
    ):
        assert figure in shown
    clerk.get_by_label("実施した取組結果").fill(
        "教室と出前講座を全《開催・実施の回数》開き、延べ《延べ参加者》が参加した。"
    )
    press(clerk, "button", "途中まで保存する")
    assert "教室と出前講座を全2回開き、延べ30人が参加した。" in clerk.inner_text("main")
    assert axe_findings(clerk) == []
    assert main(["reconcile"]) == 0


def looked_at(open_page, address: str) -> None:
    """With axe, on a phone: in a browser of its own, since axe needs the JavaScript that these visitors do without."""
    page = open_page(viewport=PHONE)
    page.goto(address)
    assert axe_findings(page) == []
    assert fits(page)


def said(page: Page) -> str:
    return " ".join(page.locator("[role=status]").all_inner_texts())


def move_to_today(page: Page) -> None:
    """Another day is agreed on: today, from the first minute on, so that it has begun whenever this runs."""
    form = page.locator("details[open]")
    begin = on_day(0, 0)
    form.get_by_label("始まり").fill(f"{begin:%Y-%m-%dT%H:%M}")
    form.get_by_label("終わり").fill(f"{begin + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    form.get_by_label("理由").fill("会場の都合のため")
    press(page, "button", "変えて、知らせる")


def a_lecture(cast: Cast, item: Item) -> None:
    made = activities.add_activity(
        ward=cast.ward,
        item=item,
        host=cast.promotion,
        details=Details(ActivityKind.VISIT, LECTURE),
        actor=cast.clerk,
    )
    terms = Terms(lead_days=10, weekdays=(0, 1, 2, 3, 4, 5, 6), on_holidays=True)
    visiting.set_terms(activity=made, terms=terms, revision=0, actor=cast.clerk)
    made.refresh_from_db()
    activities.publish_activity(activity=made, actor=cast.clerk)


def drawn(clerk: Page, open_page, office: str, public: str) -> None:
    """A walk is set up from nothing, three families apply for two places, the lots are drawn, and anybody checks them."""
    clerk.goto(f"{office}new/")
    clerk.get_by_label("種類").select_option(label="ウォーキング・見学")
    clerk.get_by_label("計画の取組").select_option(index=2)
    clerk.get_by_label("名称").fill(WALK)
    clerk.get_by_label("定員").fill("2")
    clerk.get_by_label("決め方").select_option(label="抽選")
    clerk.get_by_label("申込みの始まり").fill(f"{on_day(-2):%Y-%m-%dT%H:%M}")
    clerk.get_by_label("申込みの終わり").fill(f"{on_day(3):%Y-%m-%dT%H:%M}")
    press(clerk, "button", "作って、日を決める")
    clerk.get_by_label("最初の日").fill(f"{on_day(21):%Y-%m-%d}")
    clerk.get_by_label("始まり").fill("09:00")
    clerk.get_by_label("終わり").fill("12:00")
    clerk.locator("[name=intake]").select_option(index=1)
    clerk.get_by_label("祝日にも行う").check()
    press(clerk, "button", "表で確かめる")
    press(clerk, "button", "回を加える")
    press(clerk, "button", "公開する")
    walk = clerk.url
    phones = [open_page(viewport=PHONE, java_script_enabled=False) for _family in range(3)]
    for number, phone in enumerate(phones):
        apply_on(phone, public, WALK, f"家族 {number}")
        assert "抽選待ち" in phone.inner_text("main")
    press(clerk, "link", "公開と申込みの設定")
    press(clerk, "button", "いま締め切る")
    clerk.goto(walk)
    clerk.get_by_label("抽選に使う数").fill("あすの日経平均株価の終値")
    press(clerk, "button", "抽選の対象を確定する")
    clerk.get_by_label("その値").fill("38,915.87")
    press(clerk, "button", "抽選する")
    standings = []
    for phone in phones:
        phone.reload()
        standings.append("参加できます" in phone.inner_text("main"))
    assert sorted(standings) == [False, True, True]
    draw = Draw.objects.get()
    order = lottery.order(draw.numbers, draw.seed)
    assert [number for number, is_in in enumerate(standings, 1) if is_in] == sorted(order[:2])
    phones[0].goto(public)
    press(phones[0], "link", WALK)
    assert draw.commitment in phones[0].content()
