"""取り込み: sent, read, mended, compared, accepted on pages, without JavaScript; and links decided many at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from kusei.documents import operations
from kusei.documents.models import SourceDocument
from kusei.documents.tests.drafts import draft, item, row
from kusei.jobs.running import work_off
from kusei.plans import operations as plans
from kusei.plans.enums import LinkStatus
from kusei.plans.models import Link, PlanVersion
from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import AuditEntry, Body, Person
from tests.cast import Cast, give_second_factor, signed_in

PAPERS = Path(operations.__file__).parents[1] / "sample" / "papers"


def text(answer) -> str:
    return answer.content.decode()


def at(cast: Cast, rest: str = "") -> str:
    return f"/office/{cast.ward.key}/imports/{rest}"


def sent(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (PAPERS / name).read_bytes())


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.planner)


def kept(cast: Cast, said: dict | None = None, name: str = "a.txt") -> SourceDocument:
    said = said or draft(
        item("measure", "つながり", item("project", "見守り事業", owners=["はじめての課"]), source={"page": 1, "line": 1}),
        row("講座を開く", "12回開いた。"),
        ward="みらい区",
        unplaced=[{"text": "迷子の文", "page": 1, "line": 3}],
        warnings=[{"code": "sum", "message": "合計が合いません。", "page": 1, "line": 2}],
    )  # fmt: skip
    return operations.keep_draft(
        ward=cast.ward,
        actor=cast.planner,
        name=name,
        content=name.encode(),
        pages=[(1, ["一", "二", "三"])],
        draft=said,
    )


@pytest.fixture
def document(cast: Cast) -> SourceDocument:
    one = kept(cast)
    operations.start_import(document=one, actor=cast.planner)
    return one


def key(document: SourceDocument, title: str) -> int:
    return int(PlanVersion.objects.get(pk=document.version_id).texts.get(title=title).item_id)


def act(client: Client, cast: Cast, document: SourceDocument, do: str, **said: object):
    return client.post(at(cast, f"{document.pk}/mend/"), {"do": do, **said}, follow=True)


@pytest.mark.slow
def test_the_whole_way_on_paper_without_script(cast: Cast, desk: Client) -> None:
    page = desk.post(
        at(cast, "send/"),
        {"files": [sent("mirai_budget_2026.pdf"), sent("mirai_policy_2026.txt")]},
        follow=True,
    )
    assert "2件を預かりました。" in text(page)
    assert "順番待ち" in text(page)
    work_off()
    page = desk.get(at(cast))
    assert text(page).count("計画を決める<") == 2
    budget = SourceDocument.objects.get(file__name="mirai_budget_2026.pdf")
    asked = text(desk.get(at(cast, f"{budget.pk}/"), follow=True))
    assert 'value="令和8年度"' in asked
    assert '<option value="budget" selected>' in asked

    page = desk.post(
        at(cast, f"{budget.pk}/plan/"),
        {"fiscal_year": "R8", "kind": "budget", "part": "", "title": "令和8年度予算"}, follow=True,
    )  # fmt: skip
    assert "0 / 10 確認済み" in text(page)
    assert "川べり朝市支援事業" in text(page)
    budget.refresh_from_db()
    market = key(budget, "川べり朝市支援事業")
    page = desk.get(at(cast, f"{budget.pk}/?item={market}&view=picture"))
    assert f'href="{at(cast, f"{budget.pk}/pages/1.png")}"' in text(page)
    assert 'class="picture__box is-chosen"' in text(page)
    assert desk.get(at(cast, f"{budget.pk}/pages/1.png"))["Content-Type"] == "image/png"
    assert desk.get(at(cast, f"{budget.pk}/pages/9.png")).status_code == 404

    page = act(
        desk, cast, budget, "save", item=market, revision=1, kind="事業", title="川べり夕市支援事業",
        source=[""], current=["2000"], previous=["1520"], owner=["地域振興課"], result="", result_was="",
    )  # fmt: skip
    assert "「川べり夕市支援事業」を直しました。" in text(page)
    assert "1 / 10 確認済み" in text(page)
    assert "川べり夕市支援事業" in text(desk.get(at(cast, f"{budget.pk}/")))  # days later
    page = desk.get(at(cast, f"{budget.pk}/accept/"))
    assert "この計画の最初の版になります（10項目）" in text(page)
    page = desk.get(at(cast, f"{budget.pk}/accept/?way=publish"))
    assert "この内容で公開しますか" in text(page)
    assert "文書と見くらべていない項目が9件あります" in text(page)
    refused = desk.post(at(cast, f"{budget.pk}/accept/"), {"way": "publish"})
    assert (refused.status_code, "下の欄を選んで" in text(refused)) == (409, True)
    assert not PlanVersion.objects.filter(status="published").exists()
    page = desk.post(at(cast, f"{budget.pk}/accept/"), {"way": "publish", "unseen": "1"}, follow=True)
    assert "第1版として公開" in text(page)
    published = PlanVersion.objects.get(status="published")
    assert (published.plan.fiscal_year, published.title, published.texts.count()) == (
        2026,
        "令和8年度予算",
        10,
    )
    assert (
        published.texts.get(item__texts__title="川べり夕市支援事業").amounts.get(basis="current").amount_yen
        == 2_000_000
    )
    assert desk.get(at(cast, f"{budget.pk}/"), follow=True).redirect_chain[-1][0].endswith("/done/")


def test_refused_files_do_not_hold_the_others_up(cast: Cast, desk: Client) -> None:
    desk.post(at(cast, "send/"), {"files": [sent("mirai_policy_2026.txt")]})
    with override_settings(KUSEI_UPLOAD_MEGABYTES=1):
        page = desk.post(
            at(cast, "send/"),
            {"files": [sent("mirai_policy_2026.txt"), SimpleUploadedFile("大きい.pdf", b"x" * 1_100_000), SimpleUploadedFile("ほか.txt", b"abc")]},
            follow=True,
        )  # fmt: skip
    assert "1件を預かりました。" in text(page)
    assert "もう受け取っています" in text(page)
    assert "大きい.pdf: 大きすぎます" in text(page)
    assert SourceDocument.objects.count() == 2
    assert "ファイルが選ばれていません" in text(desk.post(at(cast, "send/"), follow=True))
    with override_settings(KUSEI_UPLOAD_FILES=1):
        page = desk.post(
            at(cast, "send/"),
            {"files": [SimpleUploadedFile("1", b"1"), SimpleUploadedFile("2", b"2")]},
            follow=True,
        )
    assert "一度に送れるのは1件まで" in text(page)
    assert SourceDocument.objects.count() == 2


def test_an_unreadable_file_says_why_and_can_be_tried_again_or_thrown_away(cast: Cast, desk: Client) -> None:
    desk.post(at(cast, "send/"), {"files": [SimpleUploadedFile("空白.txt", b"   \n \n")]})
    work_off()
    page = text(desk.get(at(cast)))
    assert "読み取れません" in page
    assert "空です" in page
    one = SourceDocument.objects.get()
    assert "もう一度読み取ります" in text(desk.post(at(cast, f"{one.pk}/again/"), follow=True))
    assert "読み取り中" in text(desk.get(at(cast)))
    assert "文書を捨てる" in text(desk.get(at(cast, f"{one.pk}/discard/")))
    assert "捨てました" in text(desk.post(at(cast, f"{one.pk}/discard/"), follow=True))
    assert SourceDocument.objects.count() == 0
    assert desk.get(at(cast, f"{one.pk}/")).status_code == 404


def test_the_list_comes_alone_for_polling(cast: Cast, desk: Client) -> None:
    desk.post(at(cast, "send/"), {"files": [sent("mirai_policy_2026.txt")]})
    part = desk.get(at(cast, "?part=incoming"), headers={"HX-Request": "true"})
    assert text(part).lstrip().startswith('<div id="incoming" hx-get=')
    work_off()
    part = desk.get(at(cast, "?part=incoming"), headers={"HX-Request": "true"})
    assert "hx-get" not in text(part)  # nothing is read any more: polling ends


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"fiscal_year": "", "kind": "budget"}, "年度を入れてください"),
        ({"fiscal_year": "いつか", "kind": "budget"}, "年度として読めません"),
        ({"fiscal_year": "R8", "kind": ""}, "計画の種類を選んでください"),
        ({"fiscal_year": "1700", "kind": "budget"}, "年度"),
    ],
)
def test_the_plan_is_asked_for_in_words(cast: Cast, desk: Client, given: dict[str, str], told: str) -> None:
    one = kept(cast)
    page = desk.post(at(cast, f"{one.pk}/plan/"), given)
    assert (page.status_code, told in text(page)) == (422, True)
    assert PlanVersion.objects.count() == 0


def test_another_ward_and_another_year_are_told(cast: Cast, desk: Client) -> None:
    one = kept(cast, draft(item("goal", "a"), ward="横浜市泉区", fiscal_year=None))
    page = text(desk.get(at(cast, f"{one.pk}/plan/")))
    assert "文書には「横浜市泉区」とあります。" in page
    assert "年度が読み取れませんでした" in page


def test_two_who_start_at_once_mend_the_same_import(cast: Cast, desk: Client) -> None:
    one = kept(cast)
    given = {"fiscal_year": "2021", "kind": "policy", "part": "", "title": "x"}
    first, second = (desk.post(at(cast, f"{one.pk}/plan/"), given, follow=True) for _each in range(2))
    assert "確認済み" in text(first)
    assert "確認済み" in text(second)
    assert PlanVersion.objects.count() == 1


@pytest.mark.slow
def test_mending_by_buttons(cast: Cast, desk: Client, document: SourceDocument) -> None:
    course = key(document, "講座を開く")
    act(desk, cast, document, "in", item=course)
    version = PlanVersion.objects.get()
    assert version.texts.get(item=course).parent.title == "つながり"
    act(desk, cast, document, "up", item=course)
    assert [each.title for each in version.texts.order_by("position")] == [
        "つながり",
        "講座を開く",
        "見守り事業",
    ]
    assert "これより上へは動かせません" in text(act(desk, cast, document, "up", item=course))
    act(
        desk,
        cast,
        document,
        "split",
        item=course,
        revision=version.texts.get(item=course).revision,
        pieces="一つめ\n説明\n\n二つめ",
    )
    assert list(version.texts.order_by("position").values_list("title", flat=True)) == [
        "つながり",
        "一つめ",
        "二つめ",
        "見守り事業",
    ]
    act(desk, cast, document, "merge", item=key(document, "二つめ"))
    assert list(version.texts.order_by("position").values_list("title", "text"))[1] == (
        "一つめ",
        "説明\n二つめ",
    )
    act(desk, cast, document, "remove", item=key(document, "つながり"))
    assert version.texts.filter(depth=0).count() == 2
    for _each in range(5):
        act(desk, cast, document, "undo")
    assert [each.title for each in version.texts.order_by("position")] == [
        "つながり",
        "見守り事業",
        "講座を開く",
    ]
    assert "元に戻せる自分の操作はありません" in text(act(desk, cast, document, "undo"))
    assert "この操作はありません" in text(act(desk, cast, document, "no such"))
    assert "もう下書きにありません" in text(act(desk, cast, document, "up", item=999999))


def test_the_queue_goes_from_one_question_to_the_next(
    cast: Cast, desk: Client, document: SourceDocument
) -> None:
    page = desk.get(at(cast, f"{document.pk}/"))
    assert "2件のうち、残り 2件" in text(page)
    assert "合計が合いません。" in text(page)
    page = act(desk, cast, document, "settle", q="warnings-0")
    assert page.redirect_chain[-1][0].endswith("?q=unplaced-0#queue")
    assert '<option value="text">' in text(page)
    page = act(desk, cast, document, "place", q="unplaced-0", into="", way="text")
    assert "どの項目に入れるか選んでください" in text(page)
    page = act(desk, cast, document, "place", q="unplaced-0", into=key(document, "見守り事業"), way="text")
    assert "すべて済みました。" in text(page)
    assert PlanVersion.objects.get().texts.get(title="見守り事業").text == "迷子の文"
    assert "済みを取り消す" in text(desk.get(at(cast, f"{document.pk}/?q=warnings-0")))
    act(desk, cast, document, "unsettle", q="warnings-0")
    assert "残り 1件" in text(desk.get(at(cast, f"{document.pk}/")))


def test_looking_goes_on_to_the_next_item(cast: Cast, desk: Client, document: SourceDocument) -> None:
    first, second = key(document, "つながり"), key(document, "見守り事業")
    page = act(desk, cast, document, "seen", item=first)
    assert page.redirect_chain[-1][0].endswith(f"?item={second}#i{second}")
    act(desk, cast, document, "sheet_seen", items=[first, second, key(document, "講座を開く")])
    assert "3 / 5 確認済み" in text(desk.get(at(cast, f"{document.pk}/")))


@pytest.fixture
def second_planner(cast: Cast) -> Person:
    one = wards.add_person(
        ward=cast.ward, username="planner2", last_name="Second", email="p2@example.jp", actor=cast.operator
    )
    wards.grant_role(ward=cast.ward, person=one, role=Role.PLANNER, body=None, actor=cast.operator)
    give_second_factor(one)
    return one


@pytest.mark.slow
def test_two_who_mend_one_item_lose_nothing(
    cast: Cast, desk: Client, document: SourceDocument, second_planner: Person
) -> None:
    course = key(document, "講座を開く")
    other = signed_in(second_planner)
    act(desk, cast, document, "save", item=course, revision=1, title="講座を毎月開く")
    joined = act(
        other, cast, document, "save", item=course, revision=1, title="講座を開く", text="会場は区役所"
    )
    assert "両方の変更を残しました" in text(joined)
    now = PlanVersion.objects.get().texts.get(item=course)
    assert (now.title, now.text) == ("講座を毎月開く", "会場は区役所")

    clash = act(other, cast, document, "save", item=course, revision=1, title="講座を毎週開く")
    assert clash.status_code == 409
    assert "講座を毎月開く" in text(clash)  # theirs
    assert ">講座を毎週開く</textarea>" in text(clash)  # mine, not lost
    revision = re.search(r'name="revision" value="(\d+)"', text(clash))
    assert revision is not None
    act(other, cast, document, "save", item=course, revision=revision[1], title="講座を毎週開く")
    assert PlanVersion.objects.get().texts.get(item=course).title == "講座を毎週開く"

    desk.post(at(cast, f"{document.pk}/accept/"), {"way": "publish", "unseen": "1"})
    late = act(other, cast, document, "save", item=course, revision=9, title="遅い")
    assert "もう終わったか、捨てられています" in text(late)


def test_a_result_is_corrected_beside_its_item(cast: Cast, desk: Client, document: SourceDocument) -> None:
    course = key(document, "講座を開く")
    page = desk.get(at(cast, f"{document.pk}/?item={course}"))
    assert 'name="result_was" value="12回開いた。"' in text(page)
    act(
        desk,
        cast,
        document,
        "save",
        item=course,
        revision=1,
        result="14回開いた。",
        result_was="12回開いた。",
    )
    late = act(
        desk, cast, document, "save", item=course, revision=1, result="15回", result_was="12回開いた。"
    )
    assert "ほかの人が直しました" in text(late)
    assert "15回" in text(late)  # what was typed is told
    assert AuditEntry.objects.filter(verb="results.reword").count() == 1


def test_what_cannot_be_read_stays_in_the_form(cast: Cast, desk: Client, document: SourceDocument) -> None:
    page = act(
        desk, cast, document, "save", item=key(document, "見守り事業"), revision=1, title="新しい名",
        source=[""], current=["たくさん"], previous=[""], owner=["知らない課"],
    )  # fmt: skip
    assert page.status_code == 422
    assert "金額として読めません" in text(page)
    assert "知らない課" in text(page)
    assert ">新しい名</textarea>" in text(page)
    assert PlanVersion.objects.get().texts.filter(title="新しい名").count() == 0


@pytest.mark.slow
def test_new_bodies_are_looked_at(cast: Cast, desk: Client, document: SourceDocument) -> None:
    assert "初めて出てきた実施主体 1件を確かめる" in text(desk.get(at(cast, f"{document.pk}/")))
    address, new = at(cast, f"{document.pk}/bodies/"), Body.objects.get(name="はじめての課")
    assert "この文書の 1項目" in text(desk.get(address))
    assert "選んでください" in text(
        desk.post(address, {"do": "same", "body": new.pk, "into": ""}, follow=True)
    )
    desk.post(address, {"do": "keep", "body": new.pk})
    assert "を確かめる</a>" not in text(desk.get(at(cast, f"{document.pk}/")))
    done = desk.post(address, {"do": "same", "body": new.pk, "into": cast.promotion.pk}, follow=True)
    assert "「はじめての課」は「地域振興課」の別の書き方になりました。" in text(done)
    assert "もうありません" in text(desk.post(address, {"do": "keep", "body": new.pk}, follow=True))


@pytest.mark.slow
def test_differences_are_shown_and_another_document_is_asked_about(
    cast: Cast, desk: Client, document: SourceDocument
) -> None:
    operations.accept_import(document=document, actor=cast.planner)
    other = kept(cast, draft(*(item("measure", f"別の{n}") for n in range(9)), ward="みらい区"), "b.txt")
    operations.start_import(document=other, actor=cast.planner)
    page = text(desk.get(at(cast, f"{other.pk}/accept/")))
    assert "加わる項目 9件" in page
    assert "なくなる項目 3件" in page
    assert "共通の項目が 0％しかありません" in page
    refused = desk.post(at(cast, f"{other.pk}/accept/"), {"way": "publish", "unseen": "1"})
    assert (refused.status_code, "置き換える" in text(refused)) == (409, True)
    assert PlanVersion.objects.filter(status="published").count() == 1
    desk.post(at(cast, f"{other.pk}/accept/"), {"way": "publish", "replace": "1", "unseen": "1"})
    assert PlanVersion.objects.filter(status="published").count() == 2


def test_changes_are_told_field_by_field(cast: Cast, desk: Client, document: SourceDocument) -> None:
    operations.accept_import(document=document, actor=cast.planner)
    again = kept(cast, SourceDocument.objects.get().draft, "b.txt")
    version = operations.start_import(document=again, actor=cast.planner)
    plans.edit_item(
        version=version,
        item=key(again, "見守り事業"),
        revision=1,
        changes={"title": "見守り隊事業"},
        actor=cast.planner,
    )
    page = text(desk.get(at(cast, f"{again.pk}/accept/")))
    assert "変わる項目 1件" in page
    assert re.search(r"<dt>題名</dt><dd>.*隊事業</ins>", page, re.DOTALL)


@pytest.mark.slow
def test_an_open_draft_is_told_with_the_choices(cast: Cast, desk: Client, document: SourceDocument) -> None:
    plan = PlanVersion.objects.get().plan
    plans.open_draft(ward=cast.ward, fiscal_year=plan.fiscal_year, kind=plan.kind, actor=cast.planner)
    page = desk.get(at(cast, f"{document.pk}/accept/"))
    assert "もう下書きがあります" in text(page)
    refused = desk.post(at(cast, f"{document.pk}/accept/"), {"way": "draft"})
    assert (refused.status_code, "もう始められています" in text(refused)) == (409, True)
    done = desk.post(at(cast, f"{document.pk}/accept/"), {"way": "publish", "unseen": "1"}, follow=True)
    assert "として公開" in text(done)


def test_accepted_as_a_draft_it_leads_there(cast: Cast, desk: Client, document: SourceDocument) -> None:
    done = desk.post(at(cast, f"{document.pk}/accept/"), {"way": "draft"}, follow=True)
    version = PlanVersion.objects.get(status="draft")
    assert f"/office/{cast.ward.key}/drafts/{version.pk}/" in text(done)


@pytest.mark.parametrize("name", ["clerk", "partner", "administrator", "stranger"])
def test_others_neither_see_nor_change_it(cast: Cast, document: SourceDocument, name: str) -> None:
    client = signed_in(getattr(cast, name))
    before = PlanVersion.objects.get().texts.count()
    for rest in (
        "",
        "send/",
        f"{document.pk}/",
        f"{document.pk}/accept/",
        f"{document.pk}/original/",
        f"{document.pk}/pages/1.png",
    ):
        assert client.get(at(cast, rest)).status_code in {403, 405}, rest
    assert (
        act(client, cast, document, "remove", item=key(document, "つながり"), with_children="1").status_code
        == 403
    )
    assert client.post(at(cast, f"{document.pk}/accept/"), {"way": "publish"}).status_code == 403
    assert PlanVersion.objects.get().texts.count() == before


def test_another_wards_planner_does_not_find_it_under_the_own_ward(
    cast: Cast, document: SourceDocument
) -> None:
    client = signed_in(cast.stranger)
    for rest in ("", "accept/", "original/", "bodies/", "plan/"):
        assert client.get(f"/office/{cast.other_ward.key}/imports/{document.pk}/{rest}").status_code == 404


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.slow
def test_the_desk_asks_as_much_for_300_items_as_for_one(cast: Cast, desk: Client) -> None:
    counts = []
    for number in (1, 300):
        said = draft(
            *(item("project", f"事業{at_}", owners=["地域振興課"], source={"page": 1, "line": at_ + 1}) for at_ in range(number)),
            ward="みらい区",
        )  # fmt: skip
        one = operations.keep_draft(
            ward=cast.ward,
            actor=cast.planner,
            name=f"{number}.txt",
            content=str(number).encode(),
            pages=[(1, ["x"] * 300)],
            draft=said,
        )
        operations.start_import(document=one, actor=cast.planner, part=str(number))
        counts.append(queries(desk, at(cast, f"{one.pk}/?item={key(one, '事業0')}")))
    assert counts[0] == counts[1]
    several = queries(desk, at(cast))
    kept(cast, name="c.txt")
    kept(cast, name="d.txt")
    assert queries(desk, at(cast)) == several


@pytest.fixture
def proposals(cast: Cast) -> list[Link]:
    for year in (2021, 2022):
        one = kept(
            cast,
            draft(
                *(item("project", f"事業{n}の{year}") for n in range(4)), ward="みらい区", fiscal_year=year
            ),
            str(year),
        )
        operations.accept_document(document=one, actor=cast.planner)
    old, new = PlanVersion.objects.order_by("plan__fiscal_year")
    Link.objects.all().delete()
    return [
        Link.objects.create(
            ward=cast.ward, from_item_id=a, to_item_id=b, kind="continues", confidence_percent=60 + n * 10, reason=f"理由{n}"
        )
        for n, (a, b) in enumerate(
            zip(new.texts.values_list("item_id", flat=True), old.texts.values_list("item_id", flat=True), strict=True)
        )
    ]  # fmt: skip


@pytest.mark.slow
def test_links_are_decided_many_at_once_and_taken_back(
    cast: Cast, desk: Client, proposals: list[Link]
) -> None:
    address = f"/office/{cast.ward.key}/links/"
    page = text(desk.get(address))
    assert all(f"理由{n}" in page for n in range(4))
    assert page.index("理由3") < page.index("理由0")  # the surest first
    assert "令和4年度 運営方針" in page
    narrowed = text(desk.get(f"{address}?least=75&kind=continues"))
    assert ("理由1" in narrowed, "理由2" in narrowed) == (False, True)
    plans.refuse_link(ward=cast.ward, link_id=proposals[0].pk, actor=cast.planner)

    done = desk.post(
        f"{address}decide/", {"do": "confirm", "link": [proposals[0].pk, proposals[1].pk, proposals[2].pk, 999], "keep": "least=60"}, follow=True
    )  # fmt: skip
    assert "2件のつながりを確定しました。" in text(done)
    assert "1件は、ほかの人が先に決めていました。" in text(done)
    assert "提案がなくなっていました" in text(done)
    assert done.redirect_chain[-1][0].endswith("?least=60")
    assert [Link.objects.get(pk=each.pk).status for each in proposals] == [
        "refused",
        "confirmed",
        "confirmed",
        "proposed",
    ]
    assert AuditEntry.objects.filter(verb="plans.confirm_link").count() == 2

    assert "取り消す" in text(desk.get(f"{address}?status=confirmed"))
    desk.post(f"{address}{proposals[1].pk}/reopen/")
    link = Link.objects.get(pk=proposals[1].pk)
    assert (link.status, link.decided_by) == (LinkStatus.PROPOSED, None)
    assert AuditEntry.objects.filter(verb="plans.reopen_link").count() == 1
    assert "取り消せる決定がありません" in text(desk.post(f"{address}{proposals[1].pk}/reopen/", follow=True))
    assert "選ばれていません" in text(desk.post(f"{address}decide/", {"do": "confirm"}, follow=True))


@pytest.mark.slow
def test_links_ask_as_much_for_one_as_for_four(cast: Cast, desk: Client, proposals: list[Link]) -> None:
    address = f"/office/{cast.ward.key}/links/"
    four = queries(desk, address)
    Link.objects.exclude(pk=proposals[0].pk).delete()
    assert queries(desk, address) == four
    Link.objects.all().delete()
    assert "決めるのを待っている提案はありません" in text(desk.get(address))


def test_the_rest_of_the_new_bodies_is_kept_by_one_button(cast: Cast, desk: Client) -> None:
    paper = draft(
        item("measure", "花", owners=["花の会"]), item("measure", "川", owners=["川の会"]), ward="みらい区"
    )
    document = kept(cast, paper, "bodies.txt")
    operations.start_import(document=document, actor=cast.planner)
    document.refresh_from_db()
    assert len(document.new_bodies) == 2
    assert "残りの2件はすべて新しいままにする" in text(desk.get(at(cast, f"{document.pk}/bodies/")))
    page = text(desk.post(at(cast, f"{document.pk}/bodies/"), {"do": "keep_rest"}, follow=True))
    assert "2件を新しい実施主体のままにします" in page
    assert "確かめてください</span>" not in page
    document.refresh_from_db()
    assert sorted(document.settled["bodies"]) == sorted(document.new_bodies)
