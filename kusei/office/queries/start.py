"""The first steps of a ward, and which of them are done: told from the data, nobody ticks anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kusei.documents.enums import DocumentStatus
from kusei.documents.models import SourceDocument
from kusei.plans.enums import PlanStatus
from kusei.plans.models import PlanVersion
from kusei.plans.permissions import may_plan
from kusei.wards.enums import BodyKind, Role
from kusei.wards.models import Body, District, Reading, RoleGrant, Ward
from kusei.wards.permissions import Rights, may_administer, may_keep_bodies


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what to do, why, where, and who does it. `address` is empty for those who may not do it."""

    name: Any
    sentence: Any
    action: Any
    address: str
    who: Any
    is_done: bool
    comes_before_residents: bool = True
    """Residents can read nothing before it is done."""


def first_steps(ward: Ward, rights: Rights) -> tuple[Step, ...]:
    """The steps in their order, for whoever looks."""
    administers, plans, keeps = (
        bool(may(rights, ward)) for may in (may_administer, may_plan, may_keep_bodies)
    )
    administrator, planner = _("区の管理者"), _("企画担当")
    return (
        Step(
            _("区の色と問い合わせ先を決める"),
            _("住民のページの見た目と、いちばん下に出る電話番号になります。あとから何度でも変えられます。"),
            _("区の設定を開く"), "office:settings" if administers else "", administrator,
            bool(ward.accent and (ward.contact_office or ward.contact_telephone)),
        ),
        Step(
            _("課を登録する"),
            _("職員の所属と、計画の担当になります。文書を取り込むと、書かれている課も自動で加わります。"),
            _("実施主体を開く"), "office:bodies" if keeps else "", administrator,
            Body.objects.filter(ward=ward, kind=BodyKind.DIVISION).exists(),
        ),
        Step(
            _("企画担当と職員を招待する"),
            _("企画担当が二段階認証を設定し、職員が一人でも入ると、この段階は済みです。"),
            _("利用者を開く"), "office:people" if administers else "", administrator, _has_people(ward),
        ),
        Step(
            _("最初の文書を取り込む"),
            _("運営方針や予算などの文書を送り、元の文書と見くらべて直します。途中でやめても続きから始められます。"),
            _("取り込みを開く"), "office:imports" if plans else "", planner,
            SourceDocument.objects.filter(ward=ward)
            .filter(status__in=[DocumentStatus.ACCEPTED, DocumentStatus.REPLACED]).exists(),
        ),
        Step(
            _("最初の計画を公開する"),
            _("公開すると、住民が読めるようになります。直すときは、新しい下書きを始めます。"),
            _("計画を開く"), "office:plans" if plans else "", planner,
            PlanVersion.objects.filter(ward=ward, status=PlanStatus.PUBLISHED).exists(),
        ),
        Step(
            _("地区と地名のよみがなを登録する"),
            _("住民が自分の地区からさがせるようになり、地名に正しいふりがなが付きます。地区が無い区では、よみがなだけでかまいません。"),
            _("地区を開く"), "office:districts" if keeps else "", planner,
            District.objects.filter(ward=ward).exists() or Reading.objects.filter(ward=ward).exists(),
            comes_before_residents=False,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Left:
    """What is still to do: how many steps before residents can read a plan, and how many besides, which can come later."""

    before_residents: int
    besides: int

    def __bool__(self) -> bool:
        return bool(self.before_residents or self.besides)


def steps_left(ward: Ward, steps: tuple[Step, ...]) -> Left:
    """Once a plan is published, nothing stands between it and its readers, whatever is still to do."""
    open_steps = [step for step in steps if not step.is_done]
    is_public = PlanVersion.objects.filter(ward=ward, status=PlanStatus.PUBLISHED).exists()
    before = 0 if is_public else sum(step.comes_before_residents for step in open_steps)
    return Left(before, len(open_steps) - before)


def _has_people(ward: Ward) -> bool:
    """A planner with a second factor and somebody of a division. A sample's people need no second factor."""
    today = timezone.localdate()
    held = RoleGrant.objects.filter(ward=ward, starts_on__lte=today, person__is_active=True).exclude(
        ends_on__lte=today
    )
    planners = held.filter(role=Role.PLANNER)
    if not ward.is_sample:
        secured = Authenticator.objects.filter(type=Authenticator.Type.TOTP).values("user_id")
        planners = planners.filter(person__in=secured)
    return planners.exists() and held.filter(role=Role.STAFF).exists()
