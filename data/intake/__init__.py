"""Prepares a checked draft from files, and writes an accepted draft to the archive."""
