"""Fetching from Open ePlatform over HTTP: requests, checkpoints, the difference to what is imported."""
