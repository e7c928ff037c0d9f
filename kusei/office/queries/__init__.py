"""Reads over several rooms, for the office's pages."""
