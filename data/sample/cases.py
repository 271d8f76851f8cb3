"""Cases and monthly counts: volume, dates, channels and handling times."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from data.coverage import month_end
from data.sample.plan import (
    FIRST,
    LAST,
    Row,
    e_services_of,
    month_text,
    months,
    parse_day,
    plan,
    published_months,
)
from data.sample.random_stream import OFFICE_DAYS, WEEKDAYS, RandomStream, day_weights, office_day
from data.sample.register import step_states

OUTAGE = ("2023-11-14", "2023-11-15")  # days without submissions
HANDLING = {
    "auto": {"automatiskt": 0.6, "digitalt": 0.35, "delvis": 0.05},
    "digital": {"digitalt": 0.84, "delvis": 0.14, "": 0.02},
    "partly": {"digitalt": 0.16, "delvis": 0.6, "manuellt": 0.2, "": 0.04},
    "paper": {"delvis": 0.3, "manuellt": 0.65, "": 0.05},
}
PACE = {"automatiskt": 0.0, "digitalt": 0.55, "delvis": 0.8}  # factor on the handling time


class Case(NamedTuple):
    """A case without its number."""

    service: str
    e_service: str
    received: str
    channel: str
    assisted: str
    handling: str
    closed: str


def expected_cases(spec: dict[str, Any], month: date) -> float:
    """The expected number of cases in the month, all channels."""
    weights = plan()["seasons"][spec["season"]]
    growth = (1 + float(spec.get("grow", 0.0))) ** (month.year + (month.month - 1) / 12 - 2025)
    spike, factor = spec.get("spike", ("", 1.0))
    total: float = spec["yearly"] * weights[month.month - 1] / sum(weights) * growth
    return total * (factor if spike == month_text(month) else 1.0)


def e_service_share(spec: dict[str, Any], month: date) -> float:
    """The e-service's share, 0–1, of the cases in the month, growing fast at first; 0 when it is not live."""
    live, end = parse_day(spec.get("live", "")), parse_day(spec.get("end", ""))
    if live is None or live > month_end(month) or (end is not None and end < month):
        return 0.0
    first, last = spec["share"]
    start = max(live, FIRST)
    age = (month.year - start.year) * 12 + month.month - start.month
    days = (month_end(month) - max(month, live)).days + 1
    return float((last - (last - first) * 0.5 ** (max(age, 0) / 13)) * days / month_end(month).day)


def platform_cases() -> Iterator[Case]:
    """Every case submitted through the platform."""
    for service, spec in plan()["services"].items():
        for code, e_service in e_services_of(service).items():
            if "share" in e_service:
                yield from _submitted(code, e_service, spec, list(published_months(service)), service)
    for code, e_service in plan()["e_services"].items():
        if "yearly" in e_service:
            yield from _submitted(code, e_service, e_service, list(months()), e_service["of"][0])


def _submitted(
    code: str, spec: dict[str, Any], flow: dict[str, Any], live_months: list[date], service: str
) -> Iterator[Case]:
    stream = RandomStream(f"cases {code}")
    for month in live_months:
        first, last = max(month, parse_day(spec.get("live", "")) or FIRST), month_end(month)
        days = {d: w for d, w in day_weights(first, last, WEEKDAYS).items() if d not in OUTAGE}
        for _ in range(stream.poisson(expected_cases(flow, month) * e_service_share(spec, month))):
            received = stream.choose(days)
            handling = (
                stream.choose(HANDLING[_handling_kind(service, flow, received)]) if spec.get("handling", "x") else ""
            )
            assisted = "ja" if stream.happens(spec.get("assisted", 0.02)) else "nej"
            closed = _closed(stream, received, flow.get("days", 14), handling)
            yield Case("", code, received, "e-tjänst", assisted, handling, closed)


def _handling_kind(service: str, flow: dict[str, Any], received: str) -> str:
    """The key of `HANDLING` for a case received on this day, by the service's steps."""
    if received >= flow.get("auto", "9"):
        return "auto"
    before = [letters for day, letters in step_states(service) if day <= received]
    return "digital" if before and "N" not in before[-1] and "?" not in before[-1] else "partly"


def _closed(stream: RandomStream, received: str, typical: float, handling: str) -> str:
    """The day the case was closed (ISO); blank when that is after the period."""
    day = date.fromisoformat(received)
    days = stream.handling_days(typical * PACE.get(handling, 1.0))
    closed = day if handling == "automatiskt" else office_day(day + timedelta(days))
    return closed.isoformat() if closed <= LAST else ""


def registry_cases() -> Iterator[Case]:
    """Every case in a department's register, received in channels other than the e-service."""
    for service, file, channels in counted_channels():
        if file == "register":
            yield from _registered(service, channels)


def _registered(service: str, channels: dict[str, float]) -> Iterator[Case]:
    stream, spec = RandomStream(f"register {service}"), plan()["services"][service]
    for month in published_months(service):
        days = day_weights(month, month_end(month), OFFICE_DAYS)
        for channel, channel_share in channels.items():
            for _ in range(stream.poisson(_expected_elsewhere(service, month) * channel_share)):
                received, handling = stream.choose(days), stream.choose(HANDLING["paper"])
                closed = _closed(stream, received, spec["days"] * 1.15, handling)
                yield Case(service, "", received, channel, "nej", handling, closed)


def counted_channels() -> Iterator[tuple[str, str, dict[str, float]]]:
    """(service, file, share of each channel) of the cases known outside the platform."""
    for service, spec in plan()["services"].items():
        for file, channels in plan()["counted"][spec["counted"]].items():
            yield service, file, channels


def _expected_elsewhere(service: str, month: date) -> float:
    """The expected number of cases in the month outside the platform."""
    online = sum(e_service_share(e, month) for e in e_services_of(service).values() if "share" in e)
    return expected_cases(plan()["services"][service], month) * max(1 - online, 0.02)


def count_rows(file: str) -> Iterator[Row]:
    """Rows of one file of arendeantal. A covered month without a row means 0."""
    until = plan()["files"][file]["to"]
    for service, name, channels in counted_channels():
        stream = RandomStream(f"counts {file} {service}")
        for month in published_months(service) if name == file else ():
            if month_text(month) <= until:
                yield from _month_rows(stream, file, service, month, channels)
    if plan()["contradiction"]["file"] == file:
        service, *rest = plan()["contradiction"]["row"]
        yield service, "", *rest


def _month_rows(
    stream: RandomStream, file: str, service: str, month: date, channels: dict[str, float]
) -> Iterator[Row]:
    for channel, channel_share in channels.items():
        cases = stream.poisson(_expected_elsewhere(service, month) * channel_share)
        stated = _stated_count(file, service, channel, month)
        if stated or cases or stream.happens(0.3):
            method = "räknat" if stated else _method(file, channel, month)
            yield service, "", month_text(month), channel, "nej", stated or str(cases), method


def _stated_count(file: str, service: str, channel: str, month: date) -> str:
    for state in plan()["states"]:
        first, last = state["months"]
        applies = first <= month_text(month) <= last
        if applies and state["file"] == file and service in state["services"] and channel in state["channels"]:
            return str(state["says"])
    return ""


def _method(file: str, channel: str, month: date) -> str:
    for method in plan()["methods"]:
        if (method["file"], method["channel"]) == (file, channel) and month_text(month) <= method["to"]:
            return str(method["says"])
    return "räknat"


def week_rows() -> Iterator[Row]:
    """Rows of rakneveckor: a department that stopped reporting by the month counts some weeks."""
    counting = plan()["counting_weeks"]
    for service, name, channels in counted_channels():
        if name != counting["file"] or service not in counting["services"]:
            continue
        stream = RandomStream(f"weeks {service}")
        for monday in map(date.fromisoformat, counting["weeks"]):
            month = (monday + timedelta(3)).replace(day=1)
            part = 7 / month_end(month).day * counting["short"].get(monday.isoformat(), 1.0)
            for channel, channel_share in channels.items():
                cases = stream.poisson(_expected_elsewhere(service, month) * channel_share * part)
                yield service, channel, monday.isoformat(), str(cases)
