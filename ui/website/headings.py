"""The findings over the website's lists, each from the rows below it."""

from collections import Counter

from ui.components.tables import Table
from ui.text import numbers
from ui.text.i18n import _


def in_no_register(_table: Table) -> str:
    """The page's headline counts these pages; here stands what to do about them."""
    return _("Pages to add to the register, if they are services")


def without_e_service(table: Table) -> str:
    """Which department has most of the services without an e-service, where one has."""
    (name, most), *rest = Counter(table.rows[_("Department")]).most_common()
    if not rest or rest[0][1] == most:
        return numbers.plural(
            "{n} published service lacks an e-service", "{n} published services lack an e-service", len(table)
        )
    part, whole = numbers.count(most), numbers.count(len(table))
    return _("{name} has most without an e-service: {part} of {whole}").format(name=name, part=part, whole=whole)


def forms(table: Table) -> str:
    """How many pages show a form where there is, or should be, an e-service."""
    return numbers.plural("{n} page shows a form", "{n} pages show a form", len(table))


def orphaned(table: Table) -> str:
    """How many services have no page at their address."""
    return numbers.plural("{n} service is gone from the website", "{n} services are gone from the website", len(table))


def no_page(table: Table) -> str:
    """How many e-services nobody finds from the website."""
    return numbers.plural("Nothing leads to {n} e-service", "Nothing leads to {n} e-services", len(table))


def removed(table: Table) -> str:
    """How many pages and e-services the latest reading did not have."""
    services = sum(table.rows[_("What it was")] == _("an e-service"))
    pages = len(table) - services
    if not services:
        return numbers.plural("{n} page is gone since last time", "{n} pages are gone since last time", pages)
    if not pages:
        return numbers.plural(
            "{n} e-service is gone since last time", "{n} e-services are gone since last time", services
        )
    parts = numbers.plural("{n} page", "{n} pages", pages), numbers.plural("{n} e-service", "{n} e-services", services)
    return _("{pages} and {e_services} are gone since last time").format(pages=parts[0], e_services=parts[1])


def departed(table: Table) -> str:
    """How many services goal 1 no longer counts."""
    return numbers.plural(
        "{n} service no longer counts in goal 1", "{n} services no longer count in goal 1", len(table)
    )
