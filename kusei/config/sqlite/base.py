"""Django's SQLite with the limit that SQLite has had since 3.32: 32,766 values in a statement, where Django still counts 999.

A year of a thousand actions is so written in as many statements as one of a hundred.
"""

from __future__ import annotations

import sqlite3

from django.db.backends.sqlite3 import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    """What the SQLite at hand can do."""

    max_query_params = 32_766 if sqlite3.sqlite_version_info >= (3, 32) else 999


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to SQLite; `ENGINE` names the package of this module."""

    features_class = DatabaseFeatures
