"""The page on which a body answers: what stands beside it, saving, autosave, clashes, sending in, parts, papers, deciding."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kusei.office.tests.collecting import answer_at, collecting, published, report, sent, write
from kusei.plans.models import Link
from kusei.results import operations as results
from kusei.results.answering import FIELDS
from kusei.results.models import Answer, AnswerFile, Collection
from kusei.wards.models import Body
from tests.cast import Cast, signed_in

AUTOSAVE = {"X-Kusei-Autosave": "1"}


@pytest.fixture
def collection(cast: Cast) -> Collection:
    return collecting(cast)


def at(answer: Answer, rest: str = "") -> str:
    return f"/office/{answer.ward.key}/answers/{answer.pk}/{rest}"


def text(answer) -> str:
    return answer.content.decode()


def told(client, answer) -> str:
    return text(client.get(answer["Location"]))


def form(answer: Answer, **mine: str) -> dict[str, str]:
    """What the page's form sends: every field as it was shown, and as it is wanted."""
    shown = {field: getattr(answer, field) for field in FIELDS}
    return {f"was-{field}": value for field, value in shown.items()} | shown | mine


@pytest.mark.slow
def test_the_page_has_the_plan_the_figures_and_how_the_text_reads(cast: Cast, collection: Collection) -> None:
    first = answer_at(collection, 1)
    report(cast, first.item, 12)
    write(first, cast.clerk, text="全《開催・実施の回数》開いた。《ない数》も。")
    page = signed_in(cast.clerk).get(at(first))
    assert "年12回開く" in text(page)
    assert [(token.text, token.figure.printed) for token in page.context["sheet"].tokens] == [
        ("《開催・実施の回数》", "12回")
    ]
    assert [(piece.text, piece.is_known) for piece in page.context["pieces"]][1:4:2] == [
        ("12回", True),
        ("《ない数》", False),
    ]
    assert "同じ取組の前の年度の結果は見つかりません" in text(page)


@pytest.mark.slow
@pytest.mark.parametrize("is_linked", [True, False])
def test_last_year_s_result_comes_by_the_link_or_the_same_title(cast: Cast, is_linked: bool) -> None:
    old = results.open_collection(
        plan=published(cast, year=2025), due_on=timezone.localdate(), actor=cast.planner
    )
    former = answer_at(old, 2 if is_linked else 1)
    sent(former, cast.planner, text="去年は8回開いた。")
    results.approve_answers(answers=[(former, 1)], actor=cast.planner)
    results.publish_results(collection=old, actor=cast.planner, without_open=True)
    collection = collecting(cast)
    first = answer_at(collection, 1)
    if is_linked:
        Link.objects.create(
            ward=cast.ward, from_item=first.item, to_item=former.item, kind="continues", status="confirmed",
            confidence_percent=90, reason="題名",
        )  # fmt: skip
    page = signed_in(cast.clerk).get(at(first))
    before = page.context["sheet"].last_year
    assert (before.text, before.fiscal_year, before.is_linked) == ("去年は8回開いた。", 2025, is_linked)
    assert "去年は8回開いた。" in text(page)
    assert ("（同じ題名の取組）" in text(page)) == (not is_linked)


@pytest.mark.slow
def test_a_draft_may_be_incomplete_and_sending_in_says_what_is_missing(
    cast: Cast, collection: Collection
) -> None:
    first, client = answer_at(collection, 1), signed_in(cast.clerk)
    page = told(client, client.post(at(first), {**form(first, text="1行目\r\n2行目"), "do": "save"}))
    assert "保存しました。まだ提出していません。" in page
    first.refresh_from_db()
    assert (first.text, first.state) == ("1行目\n2行目", "writing")
    refused = client.post(
        at(first), {**form(first, outcome="cancelled", text="開けなかった。"), "do": "submit"}
    )
    assert refused.status_code == 422
    assert 'href="#f-reason"' in text(refused)
    assert "書いた内容は保存しました" in text(refused)
    assert "開けなかった。" in text(refused)
    first.refresh_from_db()
    complete = {**form(first, reason="荒天のため"), "do": "submit"}
    assert "企画担当が確認します" in told(client, client.post(at(first), complete))
    assert "もう提出されています" in told(client, client.post(at(first), complete))  # pressed twice
    assert "提出を取り消して書き直す" in text(client.get(at(first)))


def test_autosave_says_when_and_what_stands_there_now(cast: Cast, collection: Collection) -> None:
    first = answer_at(collection, 1)
    report(cast, first.item, 12)
    fresh = form(first)
    write(first, cast.colleague, remark="来年も")
    client = signed_in(cast.clerk)
    sent_now = fresh | {"text": "全《開催・実施の回数》"}
    saved = client.post(at(first), sent_now, headers=AUTOSAVE).json()
    assert (saved["now"]["remark"], saved["now"]["text"], saved["said"]) == (
        "来年も",
        "全《開催・実施の回数》",
        "全12回",
    )
    assert (saved["unknown"], saved["state"]) == ([], "作成中")
    clash = client.post(at(first), fresh | {"remark": "来年は見直す"}, headers=AUTOSAVE)
    assert (clash.status_code, "書き換えました" in clash.json()["clash"]) == (409, True)
    long = client.post(
        at(first), sent_now | {"was-text": sent_now["text"], "text": "あ" * 30_000}, headers=AUTOSAVE
    )
    assert (long.status_code, "長すぎます" in long.json()["problem"]) == (422, True)
    first.refresh_from_db()
    assert (first.text, first.remark, first.revision) == ("全《開催・実施の回数》", "来年も", 2)


def test_a_text_that_is_too_long_is_not_lost(cast: Cast, collection: Collection) -> None:
    first = answer_at(collection, 1)
    answer = signed_in(cast.clerk).post(at(first), {**form(first, text="長" * 20_001), "do": "save"})
    assert (answer.status_code, text(answer).count("長" * 20_001)) == (422, 2)  # the field, and how it reads
    assert "文が長すぎます" in text(answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("choice", "own", "becomes"),
    [("theirs", "", "12回開いた。"), ("mine", "", "11回開いた。"), ("own", "12回と11回。", "12回と11回。")],
)
def test_of_two_texts_one_is_chosen(
    cast: Cast, collection: Collection, choice: str, own: str, becomes: str
) -> None:
    first, client = answer_at(collection, 1), signed_in(cast.clerk)
    opened = form(first, text="11回開いた。", remark="来年も")
    write(first, cast.colleague, text="12回開いた。")
    page = client.post(at(first), opened | {"do": "save"})
    assert page.status_code == 409
    assert "まだ何も保存していません" in text(page)
    hidden = {"base-text": "", "theirs-text": "12回開いた。", "mine-text": "11回開いた。", "own-text": own}
    rest = {name: value for name, value in opened.items() if not name.endswith("text")}
    again = client.post(at(first), rest | hidden)
    assert (again.status_code, "どれを残すか選んでください" in text(again)) == (409, True)
    client.post(at(first), rest | hidden | {"choice-text": choice})
    first.refresh_from_db()
    assert (first.text, first.remark) == (becomes, "来年も")


def test_what_is_typed_after_it_was_sent_in_is_shown_to_be_copied(cast: Cast, collection: Collection) -> None:
    first = answer_at(collection, 1)
    sent(first, cast.colleague)
    late = signed_in(cast.clerk).post(at(first), {**form(first, text="3回追加で開いた。"), "do": "save"})
    assert (
        late.status_code,
        "もう、提出されています" in text(late) or "もう提出されています" in text(late),
    ) == (422, True)
    assert "3回追加で開いた。" in text(late)


def test_staff_who_type_for_a_body_outside_tell_how_it_reached_them(
    cast: Cast, collection: Collection
) -> None:
    third, client = answer_at(collection, 4), signed_in(cast.planner)
    page = client.get(at(third))
    assert page.context["asks_way"]
    assert page.context["way"] == "telephone"
    client.post(
        at(third), {**form(third, outcome="done", text="つどいを4回。"), "way": "telephone", "do": "submit"}
    )
    third.refresh_from_db()
    assert (third.state, third.way, third.edited_by_name) == (
        "submitted",
        "telephone",
        cast.planner.display_name,
    )
    own = signed_in(cast.clerk).get(at(answer_at(collection, 1)))
    assert not own.context["asks_way"]


def test_each_sees_the_others_parts_and_writes_their_own(cast: Cast, collection: Collection) -> None:
    second = answer_at(collection, 2)
    part = second.contributions.get()
    partner, lead = signed_in(cast.partner), signed_in(cast.other_clerk)
    assert 'name="text" rows="4"' in text(partner.get(at(second)))
    go = at(second, f"parts/{part.pk}/")
    saved = partner.post(go, {"was-text": "", "text": "見守りを30回。"}, headers=AUTOSAVE).json()
    assert saved["now"] == {"text": "見守りを30回。"}
    waiting = lead.post(at(second), {**form(second, outcome="done", text="輪を広げた。"), "do": "submit"})
    assert (waiting.status_code, 'href="#parts"' in text(waiting)) == (422, True)
    assert "見守りを30回。" in text(waiting)
    partner.post(go, {"was-text": "見守りを30回。", "text": "見守りを30回。", "do": "done"})
    second.refresh_from_db()
    assert "企画担当が確認します" in told(lead, lead.post(at(second), {**form(second), "do": "submit"}))


def test_without_waiting_for_the_others(cast: Cast, collection: Collection) -> None:
    second, lead = answer_at(collection, 2), signed_in(cast.other_clerk)
    sent_now = {
        **form(second, outcome="done", text="輪を広げた。"),
        "do": "submit",
        "without_contributions": "1",
    }
    lead.post(at(second), sent_now)
    second.refresh_from_db()
    assert second.state == "submitted"


def test_who_is_not_responsible_reads_and_writes_nothing(cast: Cast, collection: Collection) -> None:
    first, client = answer_at(collection, 1), signed_in(cast.other_clerk)
    page = text(client.get(at(first)))
    assert "この取組の担当ではないので" in page
    assert 'name="text"' not in page
    assert client.post(at(first), {**form(first, text="x"), "do": "save"}).status_code == 403
    assert client.post(at(first, "take-back/")).status_code == 403
    assert client.post(at(first, "lead/"), {"body": cast.welfare.pk}).status_code == 403
    assert client.post(at(first, "decide/"), {"do": "approve"}).status_code == 403
    file = SimpleUploadedFile("報告.pdf", b"%PDF")
    assert client.post(at(first, "files/"), {"file": file}).status_code == 403
    assert (
        signed_in(cast.stranger).get(f"/office/{cast.other_ward.key}/answers/{first.pk}/").status_code == 404
    )


@pytest.mark.slow
def test_papers_are_put_beside_fetched_and_taken_away(
    cast: Cast, collection: Collection, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    first, client = answer_at(collection, 1), signed_in(cast.clerk)
    assert "ファイルが選ばれていません" in told(client, client.post(at(first, "files/")))
    client.post(at(first, "files/"), {"file": SimpleUploadedFile("報告.html", b"<script>")})
    kept = AnswerFile.objects.get()
    fetched = client.get(at(first, f"files/{kept.pk}/"))
    assert (fetched.content, fetched["Content-Type"]) == (b"<script>", "application/octet-stream")
    assert fetched["Content-Disposition"].startswith("attachment")
    empty = client.post(at(first, "files/"), {"file": SimpleUploadedFile("空.txt", b"")})
    assert "中身がありません" in told(client, empty)
    client.post(at(first, f"files/{kept.pk}/remove/"))
    assert not AnswerFile.objects.exists()


def test_a_planner_returns_then_approves_and_goes_on_to_the_next(cast: Cast, collection: Collection) -> None:
    first, third = answer_at(collection, 1), answer_at(collection, 3)
    sent(first, cast.clerk)
    sent(third, cast.partner)
    client = signed_in(cast.planner)
    refused = client.post(at(first, "decide/"), {"do": "return", "note": " ", "revision": "1"})
    assert (refused.status_code, "差し戻す理由を書いてください" in text(refused)) == (422, True)
    answer = client.post(
        at(first, "decide/"), {"do": "return", "note": "人数も書いてください", "revision": "1"}
    )
    assert answer["Location"] == at(third)
    assert "人数も書いてください" in text(signed_in(cast.clerk).get(at(first)))
    stale = client.post(at(third, "decide/"), {"do": "approve", "revision": "0"})
    assert "書き直されたか" in told(client, stale)
    assert "1件を確認済みにしました" in told(
        client, client.post(at(third, "decide/"), {"do": "approve", "revision": "1"})
    )
    third.refresh_from_db()
    assert third.state == "approved"


@pytest.mark.slow
def test_another_body_leads(cast: Cast, collection: Collection) -> None:
    first, client = answer_at(collection, 1), signed_in(cast.planner)
    assert "主な担当を福祉保健課にしました" in told(
        client, client.post(at(first, "lead/"), {"body": cast.welfare.pk})
    )
    foreign = Body.objects.create(ward=cast.other_ward, name="よその課", folded="よその課")
    for wrong in (foreign.pk, "x"):
        assert "一覧から選んでください" in told(client, client.post(at(first, "lead/"), {"body": wrong}))
    first.refresh_from_db()
    assert first.lead == cast.welfare


@pytest.mark.slow
def test_the_page_asks_the_same_number_of_questions_whatever_stands_on_it(
    cast: Cast, collection: Collection
) -> None:
    client = signed_in(cast.planner)

    def queries(answer: Answer) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at(answer)).status_code == 200
        return len(asked)

    second = answer_at(collection, 2)
    assert client.get(at(second)).status_code == 200  # what a browser's first page reads besides
    one = queries(second)
    for number in range(8):
        body = Body.objects.create(ward=cast.ward, name=f"団体{number}", folded=f"団体{number}")
        second.contributions.create(ward=cast.ward, body=body)
        results.add_file(answer=second, name=f"{number}.txt", content=b"x", actor=cast.planner)
    assert queries(second) == one


def test_a_body_outside_sees_what_it_shares_and_nothing_of_others(cast: Cast, collection: Collection) -> None:
    first, second = answer_at(collection, 1), answer_at(collection, 2)
    write(first, cast.clerk, text="まだ下書きの文。")
    for each, who in ((first, cast.clerk), (second, cast.other_clerk)):
        results.add_file(answer=each, name="名簿.pdf", content=b"names", actor=who)
    partner, staff, address = (
        signed_in(cast.partner),
        signed_in(cast.other_clerk),
        f"/office/{cast.ward.key}/results/{collection.pk}/",
    )
    theirs, shared = AnswerFile.objects.get(answer=first), AnswerFile.objects.get(answer=second)
    for path in (at(first), at(first, f"files/{theirs.pk}/")):
        assert (partner.get(path).status_code, staff.get(path).status_code) == (403, 200)
    for path in (at(second), at(second, f"files/{shared.pk}/")):
        assert partner.get(path).status_code == 200
    assert partner.get(at(second, f"files/{theirs.pk}/")).status_code == 404
    assert partner.post(at(first), form(first, text="書き換えた。")).status_code == 403
    board = partner.get(address)
    assert [row.answer.pk for row in board.context["page"]] == [second.pk, answer_at(collection, 3).pk]
    assert "まだ下書きの文。" not in text(board)
    assert "まだ下書きの文。" in text(staff.get(address))
    bodies = partner.get(f"{address}bodies/")
    assert [line.body.pk for line, *_rest in bodies.context["lines"]] == [cast.council.pk]
    assert "送ったお願い" not in text(bodies)


@pytest.mark.slow
def test_judgements_are_of_the_office(cast: Cast, collection: Collection) -> None:
    item = answer_at(collection, 2).item
    results.write_review(
        item=item, stage="planner", said={"course": "reduced", "comment": "来年は縮小する。"}, revision=0, actor=cast.planner
    )  # fmt: skip
    partner, staff = signed_in(cast.partner), signed_in(cast.other_clerk)
    base = f"/office/{cast.ward.key}/"
    for path in ("reviews/?year=2026", f"items/{item.pk}/review/"):
        assert (partner.get(base + path).status_code, staff.get(base + path).status_code) == (403, 200)
    for path in (f"items/{item.pk}/", "indicators/?year=2026"):
        told = text(partner.get(base + path))
        assert "来年は縮小する。" not in told
        assert "/reviews/" not in told
        assert f"items/{item.pk}/review/" not in told
    assert "来年は縮小する。" in text(staff.get(f"{base}items/{item.pk}/"))
    for client in (partner, staff):
        assert "縮小" not in text(client.get(at(answer_at(collection, 2))))
