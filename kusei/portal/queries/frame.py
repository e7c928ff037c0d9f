"""What every page of a ward needs: the ward, its years, and what is in force in the year shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kusei.plans.enums import ItemKind, PlanKind
from kusei.plans.queries import (
    Node,
    PublishedVersion,
    all_versions_in_force,
    in_force,
    published_versions,
    trees_of,
    walk,
)
from kusei.wards.models import Ward
from kusei.wards.queries import all_wards, ward_by_key


@dataclass(frozen=True, slots=True)
class Frame:
    """A ward and the year that a page is about. `fiscal_year` is None where nothing is published yet."""

    ward: Ward
    versions: tuple[PublishedVersion, ...]
    fiscal_year: int | None

    @property
    def years(self) -> tuple[int, ...]:
        """The years with something published, newest first."""
        return tuple(dict.fromkeys(version.fiscal_year for version in self.versions))

    @property
    def plans(self) -> list[PublishedVersion]:
        """What is in force in this year."""
        return in_force(self.versions, fiscal_year=self.fiscal_year)

    def plans_of(self, *kinds: str) -> list[PublishedVersion]:
        return [version for version in self.plans if version.kind in kinds]

    def has(self, kind: str) -> bool:
        return bool(self.plans_of(kind))

    @property
    def has_results(self) -> bool:
        """Whether the year has a plan of the kinds that report results."""
        return bool(self.plans_of(PlanKind.ACTION_PLAN, PlanKind.EVALUATION))

    @property
    def is_sample(self) -> bool:
        """Whether what this page shows is a sample: the ward itself, or a plan of the year."""
        return self.ward.is_sample or any(version.is_sample for version in self.plans)

    def in_year(self, fiscal_year: int) -> Frame:
        """The same ward in another of its years."""
        return replace(self, fiscal_year=fiscal_year)

    def version(self, version_id: int) -> PublishedVersion:
        return next(version for version in self.versions if version.version_id == version_id)


def frame_of(key: str, fiscal_year: int | None = None) -> Frame | None:
    """The frame for `/w/<key>/`; without a year, the newest. None for an unknown ward or a year with nothing published."""
    ward = ward_by_key(key)
    if ward is None:
        return None
    versions = tuple(published_versions(ward))
    years = {version.fiscal_year for version in versions}
    if fiscal_year is None:
        fiscal_year = max(years) if years else None
    elif fiscal_year not in years:
        return None
    return Frame(ward, versions, fiscal_year)


@dataclass(frozen=True, slots=True)
class WardCard:
    """One ward in the list of wards, with the aims of its newest policy."""

    ward: Ward
    fiscal_year: int
    years: int
    goals: tuple[str, ...]
    is_sample: bool


def ward_cards(words: str = "") -> list[WardCard]:
    """The wards that have published something, by code; `words` narrows by name. A constant number of queries."""
    in_force_by_ward = all_versions_in_force()
    wards = [ward for ward in all_wards() if ward.pk in in_force_by_ward and _matches(ward, words)]
    newest = {ward.pk: max(version.fiscal_year for version in in_force_by_ward[ward.pk]) for ward in wards}
    policies = [policy for ward in wards if (policy := _newest_policy(in_force_by_ward[ward.pk]))]
    goals: dict[int, tuple[str, ...]] = {}
    trees = trees_of(version.version_id for version in policies)
    for version in policies:
        goals[version.ward_id] = tuple(goal.title for goal in goals_of(trees[version.version_id]))
    return [
        WardCard(
            ward=ward,
            fiscal_year=newest[ward.pk],
            years=len({version.fiscal_year for version in in_force_by_ward[ward.pk]}),
            goals=goals.get(ward.pk, ()),
            is_sample=ward.is_sample or any(version.is_sample for version in in_force_by_ward[ward.pk]),
        )
        for ward in wards
    ]


def goals_of(tree: tuple[Node, ...]) -> tuple[Node, ...]:
    """The aims of the year, wherever the document prints them."""
    return tuple(node for node in walk(tree) if node.kind == ItemKind.GOAL)


def goal_of(tree: tuple[Node, ...]) -> Node | None:
    """The first of them."""
    return next(iter(goals_of(tree)), None)


def _newest_policy(versions: list[PublishedVersion]) -> PublishedVersion | None:
    policies = [version for version in versions if version.kind == PlanKind.POLICY]
    return max(policies, key=lambda version: version.fiscal_year, default=None)


def _matches(ward: Ward, words: str) -> bool:
    return all(word in f"{ward.full_name} {ward.code or ''} {ward.key}" for word in words.split())
