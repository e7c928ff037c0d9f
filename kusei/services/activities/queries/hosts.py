"""Which bodies run an activity."""

from __future__ import annotations

from kusei.services.activities.models import Activity


def host_ids(activity: Activity) -> list[int]:
    """The host, then those who host it too."""
    return [activity.host_id, *activity.cohosts.order_by("pk").values_list("pk", flat=True)]
