"""The website against the platform: the finding, what was read and when, and who is where."""

from collections.abc import Mapping

from analytics.metrics.scope import Scope
from analytics.quality import website_coverage
from analytics.registers import web_readings
from analytics.registers.web_readings import WebsiteReading
from ui import database
from ui.charts.base import draw
from ui.charts.ranked_bars import Bar, ranked_bars
from ui.components import figures
from ui.components.figures import Figure
from ui.frame import page, theme
from ui.frame.cached_blocks import cached_block
from ui.text import numbers
from ui.text.i18n import _, capitalized

NAMED = 3  # websites that are named, the largest first


def readings() -> list[WebsiteReading]:
    """The latest reading of each website."""
    return database.answer(web_readings.website_readings)


def _counts(scope: Scope) -> Mapping[str, int]:
    return database.answer(website_coverage.coverage_counts, scope)


def headline(scope: Scope) -> str:
    """The finding: what is published and not in the register, and what lacks an e-service."""
    if not readings():
        return _("Nothing has been read from the website yet")
    counts = _counts(scope)
    loose, without = counts["in_no_register"], counts["without"]
    first = numbers.plural(
        "{n} published page looks like a service and is in no register",
        "{n} published pages look like services and are in no register",
        loose,
    )
    second = _without(without, counts["with"] + without)
    if loose and without:
        return _("{first}; {second}").format(first=first, second=second)
    if loose or without:
        return first if loose else capitalized(second)
    if counts["lost"]:
        return numbers.plural(
            "The page of {n} service is gone from the website",
            "The pages of {n} services are gone from the website",
            counts["lost"],
        )
    if n := counts["unknown"]:
        return numbers.plural("What {n} service offers is not known", "What {n} services offer is not known", n)
    return _("The website and the register tell of the same services, and each has an e-service")


def _without(n: int, known: int) -> str:
    return numbers.plural(
        "{n} of {of} published services has no e-service",
        "{n} of {of} published services have no e-service",
        n,
        of=numbers.count(known),
    )


def draw_empty() -> None:
    """Message where no website has been read: how to read one."""
    how = _(
        "To see whether every published service is in the register, import what the website or the intranet publishes:"
        " its sitemap (sitemap.xml), a saved page of links, or a list with a column of addresses."
    )
    page.empty(how, *page.to_import())


def warnings() -> list[str]:
    """Warnings about readings that may hold only a part of a website."""
    told = _("{site}: {before} pages the time before, and only {pages} on {day}. Perhaps only a part was read.")
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
    return _("Read: {sites}.").format(sites="; ".join(parts))


@cached_block
def status(scope: Scope) -> None:
    """The counts, and bars of who is where."""
    counts = _counts(scope)
    figures.draw([_published(counts), *_problems(counts)])
    page.reading(_read())
    page.subheading(_("Who is where"))
    bars = [bar for bar in _bars(counts) if bar.value]
    draw(ranked_bars(bars, theme.palette(), say=numbers.count), "who-is-where")
    now = _("The website is shown as it was last read, and the services as they stand now, whatever period is chosen.")
    page.reading(f"{_moved(counts)} {now}".strip())


def _moved(counts: Mapping[str, int]) -> str:
    """Who is counted twice in the bars; blank when nobody is."""
    text = numbers.plural(
        "{n} service stands both as published and as gone, since its page has moved.",
        "{n} services stand both as published and as gone, since their pages have moved.",
        counts["moved"],
    )
    return text if counts["moved"] else ""


def _published(counts: Mapping[str, int]) -> Figure:
    found = sum(counts[code] for code in ("with", "without", "not_applicable", "unknown"))
    text = numbers.plural(
        "{n} service in force cannot be looked for: it has no address on a website that was read.",
        "{n} services in force cannot be looked for: they have no address on a website that was read.",
        counts["unsearchable"],
    )
    return Figure(_("Services found on the website"), numbers.count(found), text if counts["unsearchable"] else "")


def _problems(counts: Mapping[str, int]) -> list[Figure]:
    loose, unlinked = counts["in_no_register"], counts["no_page"]
    about_loose = _("They belong in goal 1, and are not counted there.")
    about_unlinked = _("Nobody finds them from the website.")
    if not loose:
        about_loose = _("Every page that looks like a service is in it.")
    if not unlinked:
        about_unlinked = _("Every e-service has a service or a page that leads to it.")
    return [
        figures.problem(_("Published, in no register"), loose, about_loose, "#loose"),
        figures.problem(_("E-services without a page"), unlinked, about_unlinked, "#no-page"),
    ]


def _bars(counts: Mapping[str, int]) -> list[Bar]:
    return [
        Bar(_("Published, with an e-service"), counts["with"], "digital"),
        Bar(_("Published, without an e-service"), counts["without"], "grey_2", "#without"),
        Bar(_("Published, an e-service does not apply"), counts["not_applicable"], "pale"),
        Bar(_("Published, not known what it offers"), counts["unknown"], "unknown"),
        Bar(_("Published, in no register"), counts["in_no_register"], "accent", "#loose"),
        Bar(_("In the register, gone from the website"), counts["lost"], "grey_4", "#lost"),
        Bar(_("E-service that nothing leads to"), counts["no_page"], "grey_4", "#no-page"),
        Bar(_("In the register, cannot be looked for"), counts["unsearchable"], "unknown"),
    ]
