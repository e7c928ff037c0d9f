"""Reads of pages that show several rooms at once."""
