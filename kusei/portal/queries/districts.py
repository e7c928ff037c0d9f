"""Ways in by district: what the year's documents say of each part of the ward."""

from __future__ import annotations

from dataclasses import dataclass

from kusei.plans.queries import Node
from kusei.portal.naming import places_named
from kusei.portal.queries.browse import each_once, nodes_of_year
from kusei.portal.queries.doors import DoorGroup, grouped
from kusei.portal.queries.frame import Frame
from kusei.results.queries import results_of
from kusei.wards.models import District
from kusei.wards.queries import districts_of


@dataclass(frozen=True, slots=True)
class DistrictDoor:
    """A district with how many items of the year name it."""

    district: District
    count: int


def district_doors(frame: Frame) -> list[DistrictDoor]:
    """Every district of the ward, in its order."""
    districts = districts_of(frame.ward, frame.fiscal_year)
    if not districts:
        return []
    counts = dict.fromkeys((district.folded for district in districts), 0)
    for _node, names in _naming(frame, districts):
        for name in names:
            counts[name] += 1
    return [DistrictDoor(district, counts[district.folded]) for district in districts]


def items_of_district(frame: Frame, district: District) -> list[DoorGroup]:
    """What the year's documents say of one district, by kind, in printed order."""
    districts = districts_of(frame.ward, frame.fiscal_year)
    return grouped(
        [(node, (district.name,)) for node, names in _naming(frame, districts) if district.folded in names]
    )


def _naming(frame: Frame, districts: list[District]) -> list[tuple[Node, set[str]]]:
    nodes = each_once(nodes_of_year(frame))
    names = [district.folded for district in districts]
    results = results_of({node.version_id for node in nodes})
    found = []
    for node in nodes:
        result = results.get(node.item_id)
        text = "\n".join(
            [node.title, node.programme, node.text, *node.plan_bullets, result.text if result else ""]
        )
        named = places_named(text, names)
        if named:
            found.append((node, named))
    return found
