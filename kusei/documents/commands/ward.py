"""`kusei ward`: registering a ward and inviting its first administrator, by whoever runs the machine."""

from __future__ import annotations

import argparse

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from kusei.documents.commands.acting import acting_person
from kusei.documents.commands.console import complain
from kusei.wards import operations as wards
from kusei.wards import permissions
from kusei.wards.enums import Role
from kusei.wards.models import Person
from kusei.wards.operations import WardError
from kusei.wards.permissions import rights_of
from kusei.wards.queries import administrators_by_ward, all_wards


def run(options: argparse.Namespace) -> int:
    """Register the ward if it is new, invite an administrator, or list all wards; 1 where that could not be done."""
    try:
        actor = acting_person(options.username)
        permissions.require(permissions.may_register_wards(rights_of(actor)))
        if options.list:
            _list()
            return 0
        if not options.name:
            complain(
                "区の名前か団体コードを指定してください。例: kusei ward 横浜市泉区 --administrator name@example.jp"
            )
            return 2
        return _register(options.name, options.administrator, actor)
    except WardError as error:
        complain(str(error))
        return 1


def _register(name: str, administrator: str | None, actor: Person) -> int:
    if administrator is not None:
        try:
            validate_email(administrator)
        except ValidationError:
            complain(f"「{administrator}」はメールアドレスではありません。例: name@example.jp")
            return 2
    issued = None
    with transaction.atomic():
        ward, is_new = wards.find_or_add_ward(name, actor=actor)
        if administrator:
            issued = wards.invite_person(
                ward=ward,
                email=administrator,
                role=Role.ADMINISTRATOR,
                actor=actor,
                site=settings.KUSEI_SITE_URL,
            )
    print(f"{ward.full_name} を登録しました。" if is_new else f"{ward.full_name} は登録済みです。")
    if issued is None:
        if not administrators_by_ward().get(ward.pk):
            print(
                f"管理者がまだいません。招待するには: kusei ward {ward.full_name} --administrator メールアドレス"
            )
        return 0
    expires = timezone.localtime(issued.invitation.expires_at)
    print(f"{issued.invitation.email} を区の管理者として招待しました。次のリンクを本人に渡してください。")
    print(issued.link)
    print(f"リンクは {expires:%Y-%m-%d %H:%M} まで、1回だけ使えます。ここに出るのは今だけです。")
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        print("同じリンクをメールでも送りました。" if issued.mailed else "メールは送れませんでした。")
    return 0


def _list() -> None:
    found = all_wards()
    administrators = administrators_by_ward()
    for ward in found:
        names = (
            "、".join(person.display_name for person in administrators.get(ward.pk, [])) or "（管理者なし）"
        )
        sample = "\tサンプル" if ward.is_sample else ""
        print(f"{ward.code or ward.key}\t{ward.full_name}\t{names}{sample}")
    if not found:
        print("区はまだ登録されていません。例: kusei ward 横浜市泉区 --administrator name@example.jp")
