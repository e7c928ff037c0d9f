"""Thin views: check the address, ask one query, render."""
