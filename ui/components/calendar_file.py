"""Days to remember as a calendar file (iCalendar, RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event

from ui import database


@dataclass(frozen=True)
class Day:
    """A whole day, with the id that it is replaced by when it is imported again, and what it says."""

    key: str
    day: date
    summary: str


def calendar_file(kind: str, days: Iterable[Day], reminded: timedelta) -> bytes:
    """The days, each with a reminder so long before it; `kind` keeps its ids apart from those of other files."""
    file = Calendar()
    file.add("prodid", f"-//e-services//{kind}//SV")
    file.add("version", "2.0")
    stamp = datetime.combine(database.period().as_of, time())
    for one in days:
        event = Event()
        event.add("uid", f"{one.key}@{kind}")
        event.add("dtstamp", stamp)
        event.add("dtstart", one.day)
        event.add("summary", one.summary)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event["summary"])
        alarm.add("trigger", -reminded)
        event.add_component(alarm)
        file.add_component(event)
    return bytes(file.to_ical())
