"""The sample's log-ins open nothing in a real ward: their passwords stand in a file, on screens, in shell histories."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kusei.documents import operations
from kusei.documents.commands import sample
from kusei.documents.operations import Accepted, Reading
from kusei.documents.sample.logins import ensure_logins
from kusei.documents.targets import target_of
from kusei.documents.tests.drafts import draft, item
from kusei.documents.tests.test_operations import _own_storage  # noqa: F401 -- autouse: originals go to tmp_path
from kusei.wards import operations as wards
from kusei.wards.enums import Role
from kusei.wards.models import AuditEntry, Person, RoleGrant, Ward
from kusei.wards.permissions import rights_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward(settings, tmp_path: Path) -> Ward:
    settings.DATA_DIR = tmp_path
    ward, _is_new = wards.find_or_add_ward(
        "横浜市泉区", actor=wards.account_without_login("operator"), is_sample=True
    )
    ensure_logins(ward)
    return ward


def take_in(tmp_path: Path, actor: Person) -> Accepted:
    path = tmp_path / "policy.txt"
    path.write_text("本物", encoding="utf-8")
    read = draft(item("project", "本物の事業"))
    return operations.import_file(
        path=path, reading=Reading(read, ((1, ["本物"]),)), target=target_of(read), actor=actor
    )


def who_may(ward: Ward, *, in_days: int = 0) -> set[str]:
    day = timezone.localdate() + timedelta(days=in_days)
    return {
        grant.person.username
        for grant in RoleGrant.objects.filter(ward=ward)
        if rights_of(grant.person, on=day).grants
    }


def test_they_end_when_the_ward_is_real(ward: Ward, tmp_path: Path) -> None:
    kanri = Person.objects.get(username="sample-kanri")
    clerk = Person.objects.get(username="sample-shokuin")
    wards.grant_role(ward=ward, person=clerk, role=Role.PLANNER, actor=kanri)
    mine = wards.add_person(ward=ward, username="yamada", actor=kanri)
    wards.grant_role(ward=ward, person=mine, role=Role.ADMINISTRATOR, actor=kanri)

    done = take_in(tmp_path, wards.account_without_login("operator"))

    assert (done.ended_logins, who_may(ward)) == (5, {"yamada"})
    lines = AuditEntry.objects.filter(ward=ward)
    assert lines.filter(verb="wards.end_role").count() == 6
    assert [line.changes for line in lines.filter(verb="wards.change_ward")] == [{"is_sample": [True, False]}]


def test_whoever_takes_the_document_in_works_on_until_the_end_of_the_day(ward: Ward, tmp_path: Path) -> None:
    done = take_in(tmp_path, Person.objects.get(username="sample-kikaku"))

    assert done.ended_logins == 5
    assert (who_may(ward), who_may(ward, in_days=1)) == ({"sample-kikaku"}, set())


def test_a_demo_for_everybody_keeps_them(ward: Ward, tmp_path: Path, settings) -> None:
    settings.KUSEI_DEMO = True

    done = take_in(tmp_path, wards.account_without_login("operator"))

    assert (done.ended_logins, len(who_may(ward)), Ward.objects.get(pk=ward.pk).is_sample) == (0, 5, False)


def test_the_sample_tells_no_log_in_that_has_ended(ward: Ward, tmp_path: Path, capsys) -> None:
    sample._tell_logins()
    assert "sample-kanri / " in capsys.readouterr().out
    take_in(tmp_path, wards.account_without_login("operator"))

    sample._tell_logins()

    assert capsys.readouterr().out == ""
