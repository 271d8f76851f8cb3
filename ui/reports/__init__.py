"""Frozen reports: what is told in one, how it looks, and what differs from it since."""
