"""Weeks of the statistics page: the days that a label means, and weekly counts divided over months."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from data.coverage import month_end, month_of, months
from data.readers.errors import Unreadable

WeekLabel = tuple[int, int]  # "2025 v.36"
WEEK = timedelta(days=7)
_LABEL = re.compile(r"\s*([0-9]{4})\s*v\.?\s*([0-9]{1,2})\s*", re.I)


def parse_label(text: str) -> WeekLabel | None:
    """The year and week of a label such as "2025 v.36"; None when it is not one."""
    match = _LABEL.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def _possible_mondays(label: WeekLabel) -> list[date]:
    """The possible Mondays of a label, whose year is the ISO year or, for week 1, that of the Monday."""
    year, number = label
    mondays = [_monday(year, number)]
    if number == 1:
        mondays += [day for day in [_monday(year + 1, 1)] if day and day.year == year]
    return [day for day in mondays if day]


def _monday(year: int, number: int) -> date | None:
    try:
        return date.fromisocalendar(year, number, 1)
    except ValueError:
        return None


def consecutive_mondays(labels: Sequence[WeekLabel], today: date) -> list[date]:
    """The Mondays of consecutive weeks. Unreadable when the labels are not consecutive, or are ambiguous."""
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
    """The Mondays of weeks in ascending order, with gaps allowed. Unreadable at the row where the order is broken.

    An ambiguous week 1 is the one closer to the weeks beside it.
    """
    mondays: list[date] = []
    for i, label in enumerate(labels):
        before = mondays[-1] if mondays else date.min
        after = max(_possible_mondays(labels[i + 1]), default=date.max) if i + 1 < len(labels) else date.max
        fitting = [day for day in _possible_mondays(label) if before < day < after]
        if not fitting:
            raise Unreadable("weeks_order", row=rows[i])
        mondays.append(min(fitting, key=lambda day: min(day - before, after - day)))
    return mondays


def split_week(monday: date, count: int) -> dict[date, int]:
    """A week's count divided over its months in proportion to days, by largest remainder, so that the parts sum to it."""
    days = Counter(month_of(monday + timedelta(days=i)) for i in range(7))
    parts = {month: count * n // 7 for month, n in days.items()}
    remaining = count - sum(parts.values())
    for month in sorted(days, key=lambda m: (-(count * days[m] % 7), m))[:remaining]:
        parts[month] += 1
    return parts


def sum_by_month(counts: Mapping[date, int]) -> Counter[date]:
    """Monthly counts from weekly counts by Monday."""
    by_month: Counter[date] = Counter()
    for monday, count in counts.items():
        by_month.update(split_week(monday, count))
    return by_month


def finished_weeks(mondays: Iterable[date], today: date) -> list[date]:
    """The Mondays of the weeks that have ended."""
    return [monday for monday in mondays if monday + WEEK <= today]


def touched_months(mondays: Sequence[date]) -> list[date]:
    """Every month with a day in the period from the first to the last week."""
    return [*months(month_of(mondays[0]), mondays[-1] + WEEK)] if mondays else []


def covered_months(mondays: Sequence[date]) -> tuple[list[date], list[date]]:
    """The months that lie wholly in the period from the first to the last week, and those that lie there partly."""
    touched = touched_months(mondays)
    complete = [month for month in touched if mondays[0] <= month and month_end(month) < mondays[-1] + WEEK]
    return complete, [month for month in touched if month not in complete]


def last_weeks(mondays: Sequence[date]) -> dict[date, date]:
    """By month, the Monday of the last week that ends in it, where that week is among `mondays`."""
    last = {}
    for month in touched_months(mondays):
        end = month_end(month)
        monday = end - timedelta(days=(end.weekday() + 1) % 7 + 6)
        if monday in mondays:
            last[month] = monday
    return last
