"""Numbers of the ledger that changed after an answer was approved: told, and put right."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kusei.ledger import operations as ledger
from kusei.ledger.models import Metric, Report
from kusei.ledger.operations import CellChange, Proof
from kusei.office.tests.collecting import YEAR, answer_at, collecting, report, sent
from kusei.results import live
from kusei.results import operations as results
from kusei.results.live import LiveFigure, Moved
from kusei.results.models import Answer
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.slow

KEPT = [
    {"metric": 1, "name": "回数", "printed": "2回", "quantity": 2, "decimals": 0, "unit": "回", "entries": 1}
]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ([LiveFigure(1, "回数", "回", 0, 2, 1)], []),
        ([LiveFigure(1, "回数", "回", 1, 20, 1)], []),
        ([LiveFigure(1, "回数", "回", 0, 4, 2)], [Moved("回数", "2回", "4回")]),
        ([LiveFigure(1, "回数", "回", 0, None, 0)], [Moved("回数", "2回", "")]),
        ([], [Moved("回数", "2回", "")]),
    ],
)
def test_kept_figures_are_compared_with_the_ledger(now: list[LiveFigure], said: list[Moved]) -> None:
    assert live.moved(KEPT * 2, now) == said


def corrected(cast: Cast, answer: Answer, quantity: int) -> None:
    times = Metric.objects.get(ward=None, key="times")
    before = Report.objects.latest("pk")
    ledger.save_report(
        ward=cast.ward, fiscal_year=YEAR, item=answer.item, body=cast.promotion, owners=[cast.promotion.pk],
        changes=[CellChange(times.pk, date(YEAR, 6, 1), quantity)], proof=Proof("form", date(YEAR, 7, 2)),
        revision=before.revision, actor=cast.clerk,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_number_that_changed_after_publication_is_told_and_corrected(cast: Cast) -> None:
    collection = collecting(cast)
    answer = answer_at(collection, 1)
    report(cast, answer.item, 2)
    sent(answer, cast.clerk, text="《開催・実施の回数》開いた。")
    results.approve_answers(answers=[(Answer.objects.get(pk=answer.pk), 1)], actor=cast.planner)
    results.publish_results(collection=collection, actor=cast.planner, note="", without_open=True)
    client = signed_in(cast.planner)
    home, page = f"/office/{cast.ward.key}/", f"/office/{cast.ward.key}/answers/{answer.pk}/"
    board = f"/office/{cast.ward.key}/results/{collection.pk}/"
    told = "確認した数 2回、いまの実績 4回"
    assert "実績が変わった" not in client.get(home).content.decode()
    assert told not in client.get(page).content.decode()
    corrected(cast, answer, 4)
    assert "確認したあとで実績が変わった 1件" in client.get(home).content.decode()
    assert told in client.get(page).content.decode()
    assert told in client.get(f"{board}?state=moved").content.decode()
    assert "いまの数で確認し直す" not in signed_in(cast.clerk).get(page).content.decode()
    assert signed_in(cast.clerk).post(f"{page}decide/", {"do": "renew"}).status_code == 403
    answered = client.post(f"{page}decide/", {"do": "renew"}, follow=True).content.decode()
    assert "もう一度公開" in answered
    assert told not in answered
    public = f"/w/{cast.ward.key}/{YEAR}/results/"
    assert "2回開いた。" in client.get(public).content.decode()
    client.post(f"{board}publish/", {"without_open": "1", "note": "回数の誤りを訂正"})
    assert re.search("4回</?[^>]*>?.{0,20}開いた。|4回開いた。", client.get(public).content.decode())
