"""The first day requested: no day is missed, whatever the nights of the fetches."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from data.coverage import month_end, month_of, months
from data.fetch.windows import DRAFT_TIME, OVERLAP, Windows, months_before

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def all_days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@given(st.lists(DAYS, min_size=1, max_size=12, unique=True).map(sorted), st.integers(0, 26))
def test_every_day_is_requested(nights: list[date], back_to: int) -> None:
    """Every day is requested on some night after it, and only months that were read whole are complete."""
    since = months_before(nights[0], back_to)
    complete: set[date] = set()
    requested: set[date] = set()
    last = None
    for night in nights:
        windows = Windows(since, night, last, {"oep-1": frozenset(complete)})
        first, span = windows.first_day("oep-1"), windows.missing_span("oep-1")
        requested |= {*all_days(first, night)}
        complete |= {*months(*span), span[1]} if span else set()
        assert requested >= {*all_days(since, night)}
        for month in complete:
            assert month >= since
            assert {*all_days(month, min(month_end(month), night))} <= requested
        if span:
            assert first <= span[0]  # an import that completes months holds all of them
        last = night


@given(DAYS, st.integers(1, 400), st.integers(0, 800))
def test_an_open_case_is_always_requested(night: date, ago: int, opened: int) -> None:
    case = night - timedelta(days=opened)
    windows = Windows(months_before(night), night, night - timedelta(days=ago), {}, {"oep-1": case})
    assert windows.first_day("oep-1") <= case
    assert windows.first_day("oep-2") >= months_before(night)


def test_a_usual_night() -> None:
    night = date(2026, 11, 23)
    complete = frozenset(months(date(2024, 11, 1), date(2026, 11, 1)))
    windows = Windows(date(2024, 11, 1), night, night - timedelta(days=1), {"oep-1": complete})
    assert windows.first_day("oep-1") == date(2026, 11, 1) and windows.missing_span("oep-1") is None
    assert windows.first_day("oep-2") == date(2024, 11, 1) and windows.missing_span("oep-2") == (
        date(2024, 11, 1),
        date(2026, 10, 1),
    )
    assert windows.first_day("oep-1") - DRAFT_TIME == date(2026, 8, 1)


def test_early_in_a_month_the_overlap_reaches_into_the_one_before() -> None:
    night = date(2026, 11, 3)
    complete = frozenset(months(date(2024, 11, 1), date(2026, 11, 1)))
    windows = Windows(date(2024, 11, 1), night, date(2026, 11, 2), {"oep-1": complete})
    assert windows.first_day("oep-1") == date(2026, 11, 2) - OVERLAP


@given(DAYS)
def test_months(day: date) -> None:
    assert month_end(month_of(day)) >= day and (month_end(month_of(day)) + timedelta(days=1)).day == 1
    assert months_before(day, 0) == month_of(day) and months_before(day, 12) == month_of(day).replace(year=day.year - 1)
