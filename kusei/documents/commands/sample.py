"""`kusei sample`: the sample wards and their log-ins."""

from __future__ import annotations

import argparse

from kusei.documents.sample.building import build_sample
from kusei.documents.sample.logins import Login, ensure_logins
from kusei.wards.models import Ward


def run(options: argparse.Namespace) -> int:
    """Build what is missing and tell the log-ins; with --if-new build only where there is no ward at all."""
    if options.if_new and Ward.objects.exists():
        _tell_logins()
        return 0
    built = build_sample()
    for name in built.real_wards:
        print(f"{name}には取り込んだ文書があるため、サンプルは加えません。")
    if built.documents:
        print(f"サンプルの文書を {len(built.documents)}件作りました。")
    elif not built.real_wards:
        print("サンプルはすべてそろっています。")
    _tell_logins()
    return 0


def _tell_logins() -> None:
    """Where the sample is, its log-ins; where its ward has become real, there are none any more."""
    ward = Ward.objects.filter(code="141160", is_sample=True).first()
    logins: list[Login] = ensure_logins(ward) if ward else []
    if logins:
        print("サンプルのログイン（/office/）:")
    for login in logins:
        print(f"  {login.role}: {login.username} / {login.password}")
