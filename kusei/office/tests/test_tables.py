"""Many items at once: find and replace, tables pasted from Excel, workbooks out and in again."""

from __future__ import annotations

import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from kusei.office.tests.drafts import item_of, open_draft, titles
from kusei.plans import operations as plans
from kusei.plans.models import PlanVersion
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def draft(cast: Cast) -> PlanVersion:
    return open_draft(cast)


def text(answer) -> str:
    return answer.content.decode()


def at(version: PlanVersion, rest: str) -> str:
    return f"/office/{version.ward.key}/drafts/{version.pk}/{rest}"


def told(client: Client, answer) -> str:
    return text(client.get(answer["Location"].split("#")[0]))


def confirm(client: Client, address: str, page: str, **more: object):
    """Send the preview's form."""
    body = page[page.rindex("<form", 0, page.index('name="take"')) :]
    body = body[: body.index("</form>")]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', body))
    fields |= dict(re.findall(r'<textarea name="(\w+)" hidden[^>]*>\n?(.*?)</textarea>', body, re.S))
    return client.post(address, {name: html.unescape(value) for name, value in fields.items()} | more)


def test_words_are_replaced_where_they_were_ticked(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    address = at(draft, "replace/")
    page = text(client.get(f"{address}?find=事業&put=活動"))
    assert "2件の項目に見つかりました" in page
    assert "見守り<del>事業</del><ins>活動</ins>" in page
    assert client.post(address, {"find": "事業", "put": "活動"}).status_code == 422
    answer = client.post(
        address, {"once": "x", "find": "事業", "put": "活動", "item": [item_of(draft, "見守り事業")]}
    )
    assert "1件の項目で" in told(client, answer)
    assert (1, "見守り活動") in titles(draft)
    assert (1, "健康事業") in titles(draft)
    plans.undo_step(version=draft, actor=cast.planner)
    assert (1, "見守り事業") in titles(draft)


def test_a_clerk_replaces_only_in_her_own_items(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.clerk)
    page = text(client.get(at(draft, "replace/?find=事業&put=活動")))
    assert "担当でないため置き換えられません" in page
    refused = client.post(
        at(draft, "replace/"), {"find": "事業", "put": "活動", "item": [item_of(draft, "健康事業")]}
    )
    assert refused.status_code == 403
    assert "この下書きにありません" in text(client.get(at(draft, "replace/?find=ない言葉")))


PASTED = "題名\t説明\t金額\t担当\n見守り事業\t毎週訪ねる。\t3,200\t地域振興課\n体操\t毎朝\t50\t福祉保健課"


def test_a_pasted_table_is_shown_cell_by_cell_then_taken_in_as_one_step(
    cast: Cast, draft: PlanVersion
) -> None:
    client = signed_in(cast.planner)
    address = at(draft, "paste/")
    answer = client.post(address, {"table": PASTED, "under": item_of(draft, "つながり")})
    page = text(answer)
    assert "直す項目 1件、新しい項目 1件" in page
    assert "<ins>毎週訪</ins>ねる。" in page
    assert not draft.steps.exists()

    done = confirm(client, address, page)

    assert "1件の項目を直し、1件を加えました" in told(client, done)
    assert titles(draft)[-1] == (1, "体操")
    saved = draft.texts.get(title="見守り事業")
    assert (saved.text, saved.amounts.get().amount_yen) == ("毎週訪ねる。", 3_200_000)
    assert draft.steps.count() == 1
    confirm(client, address, page)  # a double click
    assert draft.steps.count() == 1


def test_what_is_wrong_in_a_pasted_table_is_told_and_nothing_is_taken(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    address = at(draft, "paste/")
    table = "題名\t担当\t金額\n見守り事業\t謎の課\t多め\n訪問\t地域振興課\t5"
    answer = client.post(address, {"table": table})
    page = text(answer)
    assert answer.status_code == 422
    assert "直すところが2件あります" in page
    assert "謎の課" in page
    assert "このとおりに変える" not in page
    assert table.split("\n")[1].replace("\t", "") in page.replace("\t", "")  # what was pasted is still there
    assert confirm(client, address, page).status_code == 422
    assert not draft.steps.exists()
    assert "表が空です" in text(client.post(address, {"table": "  "}))


def test_a_clerk_pastes_into_her_own_items_only(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.clerk)
    answer = client.post(at(draft, "paste/"), {"table": "題名\t説明\n健康事業\tx\n新しい柱\ty"})
    page = text(answer)
    assert "担当でないため直せません" in page
    assert "上の項目の担当か企画担当です" in page
    assert not draft.steps.exists()


def exported(client: Client, version: PlanVersion) -> bytes:
    answer = client.get(at(version, "excel/file/"))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert "attachment" in answer["Content-Disposition"]
    return answer.content


def edited(content: bytes, **cells: object) -> SimpleUploadedFile:
    """The workbook with cells changed, as Excel would save it; None takes a whole column away."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for place, value in cells.items():
        if value is None:
            sheet.delete_cols(sheet[f"{place}1"].column)
        else:
            sheet[place] = value
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("draft.xlsx", out.getvalue())


def test_a_workbook_sent_back_untouched_changes_nothing(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    for file in (SimpleUploadedFile("a.xlsx", exported(client, draft)), edited(exported(client, draft))):
        page = text(client.post(at(draft, "excel/"), {"file": file}))
        assert "変わるところはありません" in page


def test_the_workbook_is_made_for_excel_hands(cast: Cast, draft: PlanVersion) -> None:
    book = load_workbook(io.BytesIO(exported(signed_in(cast.planner), draft)))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]][:6] == ["項目ID", "更新回数", "段", "種類", "番号", "題名"]
    assert sheet.freeze_panes == "G2"
    assert sheet.protection.sheet is True
    assert (sheet["A2"].protection.locked, sheet["F2"].protection.locked) == (True, False)
    assert sheet["M3"].value == 3000
    lists = {str(each.sqref).split(":")[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    assert set(lists) == {"D2", "L2"}
    assert book.worksheets[1]["B1"].value in {"地域振興課", "みらい区社会福祉協議会", "福祉保健課"}


def test_a_changed_workbook_is_looked_at_then_taken_in(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    file = edited(exported(client, draft), F3="見守り隊", M3=3300, F7="体操", C7=2)
    page = text(client.post(at(draft, "excel/"), {"file": file}))
    assert "直す項目 1件、新しい項目 1件" in page
    confirm(client, at(draft, "excel/"), page)
    assert titles(draft)[-1] == (1, "体操")
    assert draft.texts.get(title="見守り隊").amounts.get().amount_yen == 3_300_000
    assert draft.steps.count() == 1


def test_what_others_changed_since_the_export_stays_unless_ticked(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    item = item_of(draft, "見守り事業")
    file = edited(exported(client, draft), G3="毎日", E3="9")
    plans.edit_item(version=draft, item=item, revision=1, changes={"text": "毎週"}, actor=cast.clerk)
    page = text(client.post(at(draft, "excel/"), {"file": file}))
    assert "ほかの人も直しました" in page
    confirm(client, at(draft, "excel/"), page)
    saved = draft.texts.get(item=item)
    assert (saved.text, saved.number) == ("毎週", "9")

    plans.undo_step(version=draft, actor=cast.planner)
    file.seek(0)
    page = text(client.post(at(draft, "excel/"), {"file": file}))
    confirm(client, at(draft, "excel/"), page, mine=f"{item}:text")
    assert draft.texts.get(item=item).text == "毎日"


def test_a_change_while_one_looks_at_the_preview_stops_it(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    item = item_of(draft, "見守り事業")
    page = text(client.post(at(draft, "excel/"), {"file": edited(exported(client, draft), E3="9")}))
    plans.edit_item(version=draft, item=item, revision=1, changes={"text": "毎週"}, actor=cast.clerk)
    answer = confirm(client, at(draft, "excel/"), page)
    assert answer.status_code == 422
    assert "確かめているあいだに" in text(answer)
    assert draft.texts.get(item=item).number == "1"
    confirm(client, at(draft, "excel/"), text(answer))
    assert draft.texts.get(item=item).number == "9"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"A": None}, "「項目ID」の列がある表が見つかりません"),
        ({"A3": "壊れた"}, "項目IDはこの下書きにありません"),
        ({"A3": ""}, "項目IDが消えています"),
        ({"C3": 5}, "段は表では変えられません"),
        ({"D3": "柱"}, "ここに置けない種類"),
        ({"L3": "謎の課"}, "登録されていません"),
        ({"M3": "多め"}, "金額として読めません"),
    ],
)
def test_what_is_wrong_with_a_workbook_is_told_and_nothing_is_half_taken(
    cast: Cast, draft: PlanVersion, cells: dict[str, object], says: str
) -> None:
    client = signed_in(cast.planner)
    file = edited(exported(client, draft), E4="変えた", **cells)
    answer = client.post(at(draft, "excel/"), {"file": file})
    assert (answer.status_code, says in text(answer)) == (422, True)
    assert "このとおりに変える" not in text(answer)
    assert not draft.steps.exists()


def test_the_file_of_another_plan_and_a_broken_one_are_refused(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    other = open_draft(cast, year=2025)
    file = SimpleUploadedFile("b.xlsx", exported(client, other))
    assert "「令和7年度 予算」のものです" in text(client.post(at(draft, "excel/"), {"file": file}))
    broken = SimpleUploadedFile("c.xlsx", exported(client, draft)[:3000])
    assert "壊れています" in text(client.post(at(draft, "excel/"), {"file": broken}))
    assert "ファイルが選ばれていません" in text(client.post(at(draft, "excel/"), {}))
    forged = client.post(at(draft, "excel/"), {"take": "1", "rows": "[[1]"})
    assert "はじめからやり直してください" in text(forged)
    assert not draft.steps.exists()


def test_a_removed_item_in_an_old_workbook_is_told(cast: Cast, draft: PlanVersion) -> None:
    client = signed_in(cast.planner)
    content = exported(client, draft)
    plans.remove_item(version=draft, item=item_of(draft, "訪問"), with_children=True, actor=cast.planner)
    answer = client.post(at(draft, "excel/"), {"file": SimpleUploadedFile("a.xlsx", content)})
    assert "もう下書きから外されています" in text(answer)
