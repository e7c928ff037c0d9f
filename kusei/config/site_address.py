"""Under which address people reach the site: KUSEI_SITE_URL, or else where `kusei serve` last listened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_FILE = "site-address"
_DEFAULT = "http://localhost:8000"
_THIS_MACHINE = ("127.0.0.1", "0.0.0.0", "::", "::1", "localhost")


def site_address(environment: Mapping[str, str], data: Path) -> str:
    """The address that links in mails, on papers and in QR codes begin with, without a slash at its end."""
    given = environment.get("KUSEI_SITE_URL", "").strip().rstrip("/")
    if given:
        return given
    try:
        return (data / _FILE).read_text(encoding="utf-8").strip() or _DEFAULT
    except OSError:  # never served yet, or not ours to read
        return _DEFAULT


def address_warning(environment: Mapping[str, str], address: str) -> str:
    """What to say at the start where people elsewhere get links, by mail or through a proxy, that lead to this machine; "" where all is well."""
    is_sent = environment.get("KUSEI_MAIL_URL", "").startswith("smtp")
    is_behind = environment.get("KUSEI_PROXIES", "0").strip() not in {"", "0"}
    if environment.get("KUSEI_SITE_URL", "").strip() or not (is_sent or is_behind):
        return ""
    return f"メールや印刷物のリンクは {address} で始まります。ほかの機械から開けるように、KUSEI_SITE_URL にサイトの住所（https://… ）を設定してください。"


def remember_address(host: str, port: int, data: Path) -> None:
    """Keep where the site listens now, for the commands to come. A folder that cannot be written to keeps nothing."""
    name = "localhost" if host in _THIS_MACHINE else f"[{host}]" if ":" in host else host
    try:
        (data / _FILE).write_text(f"http://{name}:{port}\n", encoding="utf-8")
    except OSError:
        return
