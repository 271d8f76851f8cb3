"""The website against the platform: the finding, what was read and when, and who is where."""

from collections.abc import Mapping

import streamlit as st

from analytics.metrics.scope import Scope
from analytics.quality import website_coverage
from analytics.registers import web_readings
from analytics.registers.web_readings import WebsiteReading
from ui import database
from ui.components import ranking
from ui.components.ranking import Bar
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.frame.theme import Role
from ui.text import numbers
from ui.text.i18n import _

NAMED = 3  # websites that are named, the largest first
FOUND = ("in_no_register", "without", "lost", "unknown", "unsearchable")  # what a headline is about, in this order


def readings() -> list[WebsiteReading]:
    """The latest reading of each website."""
    return database.answer(web_readings.website_readings)


def _counts(scope: Scope) -> Mapping[str, int]:
    return database.answer(website_coverage.coverage_counts, scope)


def headline(scope: Scope) -> str:
    """The finding: what is published and not in the register, and what lacks an e-service; of departments first their own."""
    if not readings():
        return _("Nothing is imported from the website yet")
    counts = _counts(scope)
    own = {
        **counts,
        **({"in_no_register": 0} if scope.departments or scope.services else {}),
    }  # those pages belong to none
    return finding(own if any(own[kind] for kind in FOUND) else counts)


def finding(counts: Mapping[str, int]) -> str:
    """The headline: the pages in no register, else the services without an e-service, gone or unknown, else that all agree."""
    if n := counts["in_no_register"]:
        return numbers.plural(
            "{n} page that looks like a service is not in the register",
            "{n} pages that look like services are not in the register",
            n,
        )
    if n := counts["without"]:
        return numbers.plural(
            "{part} of {n} published service has no e-service",
            "{part} of {n} published services have no e-service",
            counts["with"] + n,
            part=numbers.count(n),
        )
    if n := counts["lost"]:
        return numbers.plural(
            "The page of {n} service is gone from the website", "The pages of {n} services are gone from the website", n
        )
    if n := counts["unknown"]:
        return numbers.plural("It is not known what {n} service offers", "It is not known what {n} services offer", n)
    if n := counts["unsearchable"]:
        return numbers.plural(
            "{n} service cannot be looked up on the website", "{n} services cannot be looked up on the website", n
        )
    return _("The website and the register have the same services")


def draw_empty() -> None:
    """Message where no website has been read: how to read one."""
    how = _(
        "To see whether every published service is in the register, import what the website or the intranet publishes:"
        " its sitemap (sitemap.xml), a saved page of links, or a list with a column of addresses."
    )
    page.empty(how, *page.to_import())


def warnings() -> list[str]:
    """Warnings about readings that may hold only a part of a website."""
    told = _("{site}: number of pages last time {before}, on {day} only {pages}. Perhaps only a part was imported.")
    return [
        told.format(
            site=one.site,
            pages=numbers.count(one.pages),
            day=numbers.day(one.seen_on),
            before=numbers.count(one.previous_pages),
        )
        for one in readings()
        if one.has_shrunk
    ]


def _read() -> str:
    """Which websites were read, and when."""
    found = readings()
    parts = []
    for one in found[:NAMED]:
        site = {"site": one.site, "day": numbers.day(one.seen_on)}
        parts.append(numbers.plural("{site}, {n} page on {day}", "{site}, {n} pages on {day}", one.pages, **site))
    if len(found) > NAMED:
        parts.append(numbers.plural("{n} more website", "{n} more websites", len(found) - NAMED))
    return _("Imported: {sites}.").format(sites="; ".join(parts))


@cached_block
def status(scope: Scope) -> None:
    """Bars of who is where, what was read, and who is counted twice."""
    counts = _counts(scope)
    bars = [bar for bar in _bars(counts) if bar.value]
    alt = _("How the website and the register agree: {bars}.").format(
        bars=", ".join(f"{bar.name} {bar.text}" for bar in bars)
    )
    st.html(ranking.draw(bars, alt))
    now = _(
        "The website is shown as it was at the latest import, and the services as they are now, whatever "
        "period is chosen."
    )
    page.reading(" ".join(filter(None, (_read(), _moved(counts), now))))


def _moved(counts: Mapping[str, int]) -> str:
    """Who is counted twice in the bars; blank when nobody is."""
    text = numbers.plural(
        "{n} service counts both as published and as gone, since its page has a new address.",
        "{n} services count both as published and as gone, since their pages have new addresses.",
        counts["moved"],
    )
    return text if counts["moved"] else ""


def _bars(counts: Mapping[str, int]) -> list[Bar]:
    return [
        _bar(_("Published, with an e-service"), counts["with"], "digital"),
        _bar(_("Published, without an e-service"), counts["without"], "grey_3", "#without"),
        _bar(_("Published, needs no e-service"), counts["not_applicable"], "pale"),
        _bar(_("Published, not known whether it has an e-service"), counts["unknown"], "unknown"),
        _bar(_("Published, not in the register"), counts["in_no_register"], "accent", "#loose"),
        _bar(_("In the register, gone from the website"), counts["lost"], "grey_2", "#lost"),
        _bar(_("E-service that nothing leads to"), counts["no_page"], "grey_2", "#no-page"),
        _bar(_("In the register, cannot be looked up"), counts["unsearchable"], "unknown"),
    ]


def _bar(name: str, n: int, role: Role, href: str = "") -> Bar:
    return Bar(name, n, numbers.count(n), href, role=role)
