"""`kusei activities`: the list for people and machines, and drawn lots worked out again."""

from __future__ import annotations

import json

import pytest

from kusei.config import cli
from kusei.ledger.tests.ground import Ground, ground
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import Way
from kusei.services.activities.models import Draw, Intake, Seat
from kusei.services.activities.operations import Contact, Someone
from kusei.services.activities.tests.ground import activity_of, apply, in_days, intake_of

__all__ = ["ground"]

pytestmark = pytest.mark.slow


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = cli.main(["activities", *arguments, "--ward", "みらい区"])
    return code, capsys.readouterr().out


def test_the_list_tells_how_they_stand(ground: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    assert "まだありません" in said(capsys, "list")[1]
    intake = intake_of(ground, 2)
    for _each in range(3):
        apply(intake)
    activity_of(ground, title="防災フェア", published=False)
    lines = said(capsys, "list")[1].splitlines()
    assert lines[0].startswith("準備中\t防災フェア\t地域振興課\t")
    assert lines[1].endswith("\t4回\t2/2人 待ち1人")
    rows = json.loads(said(capsys, "list", "--json")[1])
    assert [(row["title"], row["capacity"], row["waiting"]) for row in rows] == [
        ("防災フェア", 0, 0),
        ("赤ちゃん教室", 2, 1),
    ]
    assert said(capsys, "list", "--as", "welfare")[1] == "講座・催しはまだありません。\n"


def test_a_draw_is_worked_out_again_and_a_changed_one_is_found(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "まだありません" in said(capsys, "verify-draw")[1]
    intake = intake_of(ground, 2, way=Way.LOTTERY)
    for _each in range(6):
        apply(intake, now=in_days(-0.5))
    Intake.objects.update(closes_at=in_days(-0.1))
    clerk = ground.cast.clerk
    draw = activities.seal_draw(intake=intake, seed_source="終値", actor=clerk)
    activities.draw_lots(draw=draw, seed="38,915.87", actor=clerk)
    assert said(capsys, "verify-draw") == (0, "赤ちゃん教室\t6件\t合っています\n")
    third = Seat.objects.order_by("turn")[2].application
    activities.change_application(
        application=third, people={}, more=[Someone("後の人")], contact=Contact(telephone="045-123-4567"), goes_to_the_end=True,
        version=activities.version_of(third), actor=clerk,
    )  # fmt: skip
    assert said(capsys, "verify-draw") == (
        0,
        f"赤ちゃん教室\t6件\t合っています（後から順番が最後になった受付番号 {third.number}）\n",
    )
    first, second = Seat.objects.order_by("turn")[:2]
    first.turn, second.turn = second.turn, first.turn
    Seat.objects.bulk_update([first, second], ["turn"])
    code, told = said(capsys, "verify-draw")
    assert (code, "違います: 順番が" in told) == (1, True)
    Draw.objects.update(numbers=[1, 2, 3, 4, 5])
    code, told = said(capsys, "verify-draw")
    assert (code, "しるしが" in told) == (1, True)
