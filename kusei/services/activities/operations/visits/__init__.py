"""Visiting lectures: what `operations.visiting` offers, by topic. Imports nothing, so that sessions can tell their requests."""
