"""Weeks of the statistics page: which days a label means, and how a week is divided over months."""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from data.readers.errors import Unreadable

WeekLabel = tuple[int, int]  # "2025 v.36"
WEEK = timedelta(days=7)
_LABEL = re.compile(r"\s*([0-9]{4})\s*v\.?\s*([0-9]{1,2})\s*", re.I)


def parse_label(text: str) -> WeekLabel | None:
    """The year and week that a label tells; None when it is no label."""
    found = _LABEL.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def month_start(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _possible_mondays(label: WeekLabel) -> list[date]:
    """The Mondays that a label can mean. Its year is the week's own or, around New Year, that of its Monday."""
    year, number = label
    found = [_monday(year, number)]
    if number == 1:
        found += [day for day in [_monday(year + 1, 1)] if day and day.year == year]
    return [day for day in found if day]


def _monday(year: int, number: int) -> date | None:
    try:
        return date.fromisocalendar(year, number, 1)
    except ValueError:
        return None


def consecutive_mondays(labels: Sequence[WeekLabel], today: date) -> list[date]:
    """The Mondays of weeks without gaps. Unreadable when the labels do not follow on each other, or are unclear."""
    fitting = []
    for start in _possible_mondays(labels[0]) if labels else ():
        days = [start + WEEK * i for i in range(len(labels))]
        if all(day in _possible_mondays(label) for day, label in zip(days, labels, strict=True)):
            fitting.append(days)
    if len(fitting) > 1:
        fitting = [days for days in fitting if days[-1] + WEEK <= today] or fitting
    if len(fitting) != 1:
        raise Unreadable("weeks_unclear" if fitting else "weeks_order", row=1)
    return fitting[0]


def ascending_mondays(labels: Sequence[WeekLabel], rows: Sequence[int]) -> list[date]:
    """The Mondays of weeks in order, where some may be missing. Unreadable, with the row, when they are not.

    A week 1 that can be meant in two ways is the one that lies closer to the weeks beside it.
    """
    found: list[date] = []
    for i, label in enumerate(labels):
        before = found[-1] if found else date.min
        after = max(_possible_mondays(labels[i + 1]), default=date.max) if i + 1 < len(labels) else date.max
        fitting = [day for day in _possible_mondays(label) if before < day < after]
        if not fitting:
            raise Unreadable("weeks_order", row=rows[i])
        found.append(min(fitting, key=lambda day: min(day - before, after - day)))
    return found


def split_week(monday: date, count: int) -> dict[date, int]:
    """A week's count over its months by days, by largest remainder: the parts sum to the count."""
    days = Counter(month_start(monday + timedelta(days=i)) for i in range(7))
    parts = {month: count * n // 7 for month, n in days.items()}
    left = count - sum(parts.values())
    for month in sorted(days, key=lambda m: (-(count * days[m] % 7), m))[:left]:
        parts[month] += 1
    return parts


def sum_by_month(counts: Mapping[date, int]) -> Counter[date]:
    """The counts of weeks by month."""
    months: Counter[date] = Counter()
    for monday, count in counts.items():
        months.update(split_week(monday, count))
    return months


def finished_weeks(mondays: Iterable[date], today: date) -> list[date]:
    """The weeks that have ended."""
    return [monday for monday in mondays if monday + WEEK <= today]


def touched_months(mondays: Sequence[date]) -> list[date]:
    """Every month that has a day in the weeks from the first to the last."""
    months = [month_start(mondays[0])] if mondays else []
    while months and (following := month_end(months[-1]) + timedelta(days=1)) < mondays[-1] + WEEK:
        months.append(following)
    return months


def covered_months(mondays: Sequence[date]) -> tuple[list[date], list[date]]:
    """The months that all weeks from the first to the last cover by every day, and those that they only touch."""
    months = touched_months(mondays)
    whole = [month for month in months if mondays[0] <= month and month_end(month) < mondays[-1] + WEEK]
    return whole, [month for month in months if month not in whole]


def last_weeks(mondays: Sequence[date]) -> dict[date, date]:
    """By month, the last week that ends in it, where that week is among these."""
    found = {}
    for month in touched_months(mondays):
        end = month_end(month)
        monday = end - timedelta(days=(end.weekday() + 1) % 7 + 6)
        if monday in mondays:
            found[month] = monday
    return found
