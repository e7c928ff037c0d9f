"""DATABASE_URL → Django's DATABASES entry, for the two databases that Kusei runs on."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# WAL lets readers go on while one writer writes; IMMEDIATE makes writers queue instead of failing midway.
_SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-20000;",
}


def database_from_url(url: str, *, data_dir: Path) -> dict[str, Any]:
    """Return the settings for `url` (sqlite:///path, postgres://user:pass@host:port/name?sslmode=…).

    Empty: SQLite in the data folder. Query parameters of a PostgreSQL address go to the driver as they are;
    a `host` parameter may name a socket folder. Raises ValueError for any other scheme.
    """
    if not url:
        data_dir.mkdir(parents=True, exist_ok=True)
        return _sqlite(data_dir / "kusei.sqlite3")
    parts = urlsplit(url)
    if parts.scheme in {"sqlite", "sqlite3"}:
        return _sqlite(Path(unquote(parts.path[1:] if parts.path.startswith("//") else parts.path)))
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": options.pop("host", None) or parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise ValueError(f"DATABASE_URL: unknown scheme {parts.scheme!r}; use sqlite:///… or postgres://…")


def _sqlite(path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return {"ENGINE": "kusei.config.sqlite", "NAME": str(path), "OPTIONS": dict(_SQLITE_OPTIONS)}
