"""The registers: departments, services, e-services, links, exemptions, handling steps, and what §§ 5–7 and meetings ask for."""

from collections.abc import Iterator
from typing import Any

from data.sample.plan import FIRST, INSTALLATION, UNREADABLE, Row, facts, plan, published_period

LOGINS = {"E": "e-legitimation", "A": "annan", "I": "ingen"}
STEPS = ("mottagning", "registrering", "komplettering", "beredning", "beslut", "expediering", "arkivering")
STATES = {"D": "digitalt", "N": "inte digitalt", "-": "ej tillämpligt", "?": "ej rapporterat"}
CRITERIA = {
    "lätt att hitta": "Söktest på webbplatsen",
    "lätt att använda": "Användartest med sex personer",
    "säker": "Säkerhetsgranskning",
    "laglig": "Genomgång med jurist",
    "insyn": "Vad den sökande ser av sitt ärende",
    "kontakt": "Frågor till handläggarna",
}
ASSESSED = {"U": "uppfyllt", "D": "delvis", "N": "inte uppfyllt"}
ENABLERS = {
    "registrering": "integration",
    "komplettering": "annan",
    "beredning": "specialfunktion",
    "beslut": "specialfunktion",
    "expediering": "integration",
    "arkivering": "digital arkivering",
}


def departments() -> Iterator[Row]:
    """Rows of verksamheter."""
    for code, (name, parent, board) in plan()["departments"].items():
        yield code, name, parent, board, "", "", ""


def services() -> Iterator[Row]:
    """Rows of tjanster."""
    for code, spec in plan()["services"].items():
        fact = facts().get(code, {})
        title = spec.get("name") or fact["title"].removeprefix(UNREADABLE)
        audience = "extern" if code in facts() else "intern"
        active = "nej" if spec.get("passive") else "ja"
        published_at = (fact.get("area", ""), fact.get("page_url", ""))
        role, demands, reviewed = plan()["answers"].get(spec["owner"], ("", "", ""))
        told = role, demands, plan()["other_ways"].get(code, ""), reviewed
        codes = plan()["codes"].get(code, ("", "", ""))
        yield code, title, spec["owner"], audience, "", active, *published_at, *published_period(code), *codes, *told


def e_services() -> Iterator[Row]:
    """Rows of etjanster."""
    for code, spec in plan()["e_services"].items():
        form = spec.get("kind") == "blankett"
        yield (
            code,
            spec["name"],
            spec.get("kind", "e-tjänst"),
            spec.get("platform", "sala.se" if form else "Open ePlatform"),
            spec.get("live", ""),
            spec.get("end", ""),
            *_features(spec, form),
            spec.get("stage", "uppföljning" if spec.get("followed") else "" if form else "lansering"),
            spec.get("followed", ""),
            *_openness(code, spec, form),
            spec.get("planned", ""),
            "",
            "",
            "" if form or "platform" in spec else INSTALLATION,
            *[""] * 4,
        )


def _features(spec: dict[str, Any], form: bool) -> Row:
    if form:
        return "", "", "", "nej"
    flags = spec.get("flags", "")
    return LOGINS.get(spec.get("login", ""), ""), *("ja" if flag in flags else "nej" for flag in "SPT")


def _openness(code: str, spec: dict[str, Any], form: bool) -> Row:
    """Whether the status is shown (on the pages of one who has logged in), when the accessibility was tested, and what it found."""
    shown = "" if form or "platform" in spec else "ja" if spec.get("login") == "E" else "nej"
    return shown, *plan()["accessibility"].get(code, ("", ""))


def links() -> Iterator[Row]:
    """Rows of kopplingar."""
    for code, spec in plan()["e_services"].items():
        for service in spec["of"]:
            yield service, code, "ja"


def exemptions() -> Iterator[Row]:
    """Rows of undantag."""
    for code, row in plan()["exemptions"].items():
        yield code, *row


def stages() -> Iterator[Row]:
    """Rows of skeden."""
    for code, reached in plan()["stages"].items():
        for stage in reached:
            yield code, *stage


def needs() -> Iterator[Row]:
    """Rows of behov."""
    for number, row in enumerate(plan()["needs"]["list"], 1):
        yield f"B-{number:02}", *row


def explanations() -> Iterator[Row]:
    """Rows of forklaringar."""
    for number, (goal, *row) in enumerate(plan()["explanations"]["list"], 1):
        yield f"F-{number:02}", str(goal), *row


def questions() -> Iterator[Row]:
    """Rows of fragor."""
    for number, row in enumerate(plan()["questions"]["list"], 1):
        yield f"FR-{number:02}", *row


def criteria() -> Iterator[Row]:
    """Rows of kriterier: those assessed when the e-service was last followed up."""
    for code, letters in plan()["criteria"].items():
        for (criterion, evidence), letter in zip(CRITERIA.items(), letters, strict=True):
            if letter != "-":
                yield code, criterion, ASSESSED[letter], plan()["e_services"][code]["followed"], evidence


def launch_day(service: str) -> str | None:
    """The day (ISO) that the service's first e-service went live; None when it has none."""
    specs = [s for s in plan()["e_services"].values() if service in s["of"] and s.get("kind") != "blankett"]
    return min((s["live"] for s in specs if "live" in s), default=None)


def step_states(service: str) -> list[tuple[str, str]]:
    """(date, seven state letters) of a service in order of time, from the start of the period."""
    start = max(FIRST.isoformat(), published_period(service)[0])
    launch = launch_day(service)
    by_day: dict[str, str] = {}
    for when, letters in plan()["steps"][plan()["services"][service]["steps"]]:
        day = {"start": start, "launch": launch}.get(when, when)
        if day is not None and (when == "start" or launch or "launch" not in when):
            by_day[max(day, start)] = letters
    return sorted(by_day.items())


def handling_steps() -> Iterator[Row]:
    """Rows of handlaggningssteg: every step at the start, then those that change."""
    for service in plan()["services"]:
        before = " " * len(STEPS)
        for day, letters in step_states(service):
            for step, old, new in zip(STEPS, before, letters, strict=True):
                if new != old:
                    yield service, step, day, STATES[new], ENABLERS.get(step, "") if new == "D" else ""
            before = letters
