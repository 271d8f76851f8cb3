"""Findings that the numbers support, and events beside them."""
