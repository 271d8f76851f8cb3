"""Fetching from Open ePlatform: download what is new, compare it with the database, import the difference."""
