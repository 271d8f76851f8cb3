"""The clock of the machine: the one place that asks it, so that a test can set it."""

from datetime import date, datetime


def now() -> datetime:
    """The time here and now, without a time zone."""
    return datetime.now()


def today() -> date:
    """The day of `now`."""
    return now().date()


def local_time(now: datetime) -> datetime:
    """The time in the local time zone, without time zone, in whole seconds."""
    naive = now.astimezone().replace(tzinfo=None) if now.tzinfo else now
    return naive.replace(microsecond=0)
