"""Which plan a document is to become."""

from __future__ import annotations

import pytest

from kusei.documents.targets import names_another_ward, target_of
from kusei.documents.tests.drafts import draft, item


@pytest.mark.parametrize(
    ("stated", "said", "another"),
    [
        ("泉区", "横浜市泉区", False),
        ("横浜市泉区", "泉区", False),
        ("泉区", "141160", False),  # the code of 横浜市泉区
        (None, "横浜市泉区", False),
        ("港南区", "南区", True),  # one name ends with the other
        ("横浜市西区", "名古屋市西区", True),
        ("みらい区", "横浜市泉区", True),
    ],
)
def test_another_ward_is_noticed(stated: str | None, said: str, another: bool) -> None:
    read = draft(item("project", "防災"), ward=stated)
    assert names_another_ward(read, target_of(read, ward=said), None) is another
