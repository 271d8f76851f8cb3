"""The tests; `tests.screenshots` takes pictures of every page."""
