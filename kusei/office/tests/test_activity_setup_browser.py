"""Setting up among many bodies on a telephone, and the pages around it: nothing is hidden, nothing runs off the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kusei.ledger.tests.ground import Ground
from kusei.office.tests.test_activities import at
from kusei.services.activities import operations as activities
from kusei.services.activities.enums import QuestionKind
from kusei.services.activities.tests.ground import intake_of
from kusei.wards.models import Body
from tests.axe import axe_findings, fits
from tests.browser import PHONE
from tests.cast import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_bodies_are_narrowed_without_the_host_and_the_pages_hold(
    ground: Ground, live_server, open_page
) -> None:
    ward = ground.cast.ward
    Body.objects.bulk_create(
        Body(ward=ward, name=f"見本第{n}地区協議会", folded=f"見本第{n}地区協議会") for n in range(1, 21)
    )
    intake = intake_of(ground, {"一般": 2, "保育付き": 1}, published=False)
    wording = activities.Wording(QuestionKind.SHORT, "アレルギーはありますか")
    activities.add_question(owner=intake, wording=wording, actor=ground.cast.clerk)
    page = open_page(viewport=PHONE)
    cookie = signed_in(ground.cast.planner).cookies["sessionid"].value  # may choose any host
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(live_server.url + at(ground, "new_activity"))
    boxes = page.locator("[data-choose] .check")
    page.get_by_label("主催").select_option(label="見本第3地区協議会")
    expect(boxes.filter(has_text="見本第3地区協議会")).to_be_hidden()
    page.get_by_label("見本第5地区協議会").check()
    page.get_by_label("団体をしぼる").fill("第１")
    expect(boxes.filter(visible=True)).to_have_count(1 + 11)  # 1, 10 to 19, and the ticked one
    found = {"new": [*axe_findings(page), *([] if fits(page) else ["does not fit"])]}
    activities.publish_activity(activity=intake.activity, actor=ground.cast.clerk)
    quota = intake.quotas.first().pk
    activities.apply_for(
        intake=intake, ticket=intake.activity.public_id, people=[activities.Someone("泉 花子", quota=quota)],
        contact=activities.Contact(telephone="045-111-2222"),
    )  # fmt: skip
    cookie = signed_in(ground.cast.clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    here = [intake.activity_id, intake.pk]
    for name in ("applicants", "question_words", "plan_sessions"):
        page.goto(live_server.url + at(ground, name, *(here if name != "plan_sessions" else here[:1])))
        found[name] = [*axe_findings(page), *([] if fits(page) else ["does not fit"])]
    assert not any(found.values()), found
