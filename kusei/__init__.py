"""Kusei: a ward office's year as one living record, from promise to proof."""

__version__ = "0.1.0"
