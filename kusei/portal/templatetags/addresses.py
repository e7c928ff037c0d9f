"""Links in long lists: `{{ node|item_url:addresses }}`. Elsewhere `{% url %}` does."""

from __future__ import annotations

from django import template

from kusei.plans.queries import Node, Owner
from kusei.portal.addresses import Addresses

register = template.Library()


@register.filter
def item_url(node: Node, addresses: Addresses) -> str:
    """The page of an item."""
    return addresses.of_item(node.public_id)


@register.filter
def body_url(owner: Owner, addresses: Addresses) -> str:
    """The page of a body in the year shown."""
    return addresses.of_body(owner.body_id)


@register.filter
def tag_url(name: str, addresses: Addresses) -> str:
    """The page of a tag in the year shown."""
    return addresses.of_tag(name)
