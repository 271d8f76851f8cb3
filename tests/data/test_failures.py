"""Failures of the disk in words, and coverages put together."""

import errno
import os
from datetime import date

import pytest

from data.base.failures import write_failure
from data.coverage import Coverage


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "Disken är full."), (errno.EROFS, "skriva"), (errno.EIO, "Input/output error")],
)
def test_a_write_that_fails_says_why(number: int, sentence: str) -> None:
    assert sentence in write_failure(OSError(number, os.strerror(number))).sentence()


def test_a_coverage_of_unknown_services_is_refused() -> None:
    with pytest.raises(ValueError, match="services is 'some'"):
        Coverage.from_json({"services": "some", "channels": [], "month_from": "2026-01-01", "month_to": "2026-01-01"})


def test_two_coverages_together_are_the_smallest_that_contains_both() -> None:
    one = Coverage(("phone",), "own", date(2026, 1, 1), date(2026, 2, 1))
    other = Coverage(("letter", "phone"), "own", date(2026, 2, 1), date(2026, 4, 1))
    both = one.union(other)
    assert (both.channels, both.month_from, both.month_to) == (("phone", "letter"), date(2026, 1, 1), date(2026, 4, 1))
