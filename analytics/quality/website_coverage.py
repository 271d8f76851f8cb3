"""The websites compared with the registers: services without an e-service, pages in no register, and removed pages."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from analytics.metrics.measure import measure
from analytics.metrics.period import period
from analytics.metrics.scope import Scope
from analytics.registers.e_services import DenominatorChange, denominator_changes
from analytics.registers.services import WITH_E_SERVICE
from analytics.registers.web_readings import PAGE_MATCHES, WebPage, web_pages

WITHOUT_CLASSES = ("none", "form_only")
FORM_CLASSES = (*WITH_E_SERVICE, "none", "unknown")  # classes whose page may show a form that the register does not


@dataclass(frozen=True)
class WithoutEService:
    """A published service or page without an e-service.

    `reason` is its class in the register, or `page` (it is in no register, or only its page shows a form), or `despite` (the page
    leads to a form only, though the register has an e-service).
    """

    reason: str
    service_id: str | None
    page: WebPage | None


@dataclass(frozen=True)
class Orphaned:
    """A service in force whose address is no longer on its website.

    `seen_on` is the last reading with it, if any; `missing_since` the first without it; `moved_to` another page with its name.
    """

    service_id: str
    url: str
    seen_on: date | None
    missing_since: date
    moved_to: str | None


@dataclass(frozen=True)
class Removed:
    """A page, or an e-service of a catalogue, in the reading before the latest (`seen_on`) but not in the latest."""

    source: str  # the website, or the installation
    seen_on: date
    missing_since: date
    name: str
    url: str | None
    services: tuple[str, ...]
    e_service_id: str | None = None


@dataclass(frozen=True)
class Departed:
    """A service that left the denominator of goal 1, and the first reading without its page, if it is missing."""

    change: DenominatorChange
    page_missing_since: date | None


def _last(cursor: duckdb.DuckDBPyConnection) -> Scope:
    """The whole organisation in the latest month: a website is read as it is now, whatever the period."""
    last = period(cursor).last
    return Scope(last, last, comparison=None)


def classes(cursor: duckdb.DuckDBPyConnection, scope: Scope | None = None) -> Mapping[str, str]:
    """The class of each service in force now: those of the scope, or all."""
    current = _last(cursor)
    if scope:
        current = replace(current, departments=scope.departments, audience=scope.audience, services=scope.services)
    rows = measure(cursor, "services", current, "service", "class")
    return {str(row.by["service"]): str(row.by["class"]) for row in rows if row.value}


def in_no_register(cursor: duckdb.DuckDBPyConnection) -> list[WebPage]:
    """The pages of services that are in no register, and of no e-service: they belong in goal 1."""
    return _unregistered(web_pages(cursor), classes(cursor))


def _unregistered(pages: list[WebPage], known: Mapping[str, str]) -> list[WebPage]:
    return [
        p for p in pages if (p.evidence or p.services) and not p.e_services and not any(s in known for s in p.services)
    ]


def without_e_service(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[WithoutEService]:
    """The published services without an e-service: those in the register, then the pages that are in no register."""
    known, pages = classes(cursor, scope), web_pages(cursor)
    registered = [WithoutEService(known[s], s, p) for p in pages for s in p.services if known.get(s) in WITHOUT_CLASSES]
    unregistered = [p for p in _unregistered(pages, classes(cursor)) if p.leads_to not in ("e_service", "both")]
    return _once(registered) + [WithoutEService("page", None, p) for p in unregistered]


def form_only(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[WithoutEService]:
    """The services and pages with a form but no e-service, by the register or by the page."""
    known, pages = classes(cursor, scope), web_pages(cursor)
    of = {s: p for p in reversed(pages) for s in p.services}
    result = [WithoutEService(class_, s, of.get(s)) for s, class_ in known.items() if class_ == "form_only"]
    with_form = [p for p in pages if p.leads_to == "form" and not p.e_services]
    result += [
        WithoutEService(_form_reason(known[s]), s, p)
        for p in with_form
        for s in p.services
        if known.get(s, "not_applicable") in FORM_CLASSES
    ]
    return _once(result) + [WithoutEService("page", None, p) for p in _unregistered(with_form, classes(cursor))]


def _form_reason(class_: str) -> str:
    """The reason of a service of this class whose page leads to a form only."""
    return "despite" if class_ in WITH_E_SERVICE else "page"


def _once(rows: list[WithoutEService]) -> list[WithoutEService]:
    """Each service once, with the first of its pages."""
    first: dict[str | None, WithoutEService] = {}
    for one in rows:
        first.setdefault(one.service_id, one)
    return list(first.values())


def e_services_without_page(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """The e-services and links live now that no page of a website leads to and no service in the register has."""
    rows = cursor.execute(
        f"""WITH {PAGE_MATCHES}
        SELECT e.e_service_id FROM e_service_months m JOIN e_services e USING (e_service_id)
        ANTI JOIN e_services_of o ON o.e_service_id = e.e_service_id
        WHERE m.month = (SELECT max(month) FROM months)
          AND NOT EXISTS (FROM links k JOIN services s USING (service_id) WHERE k.e_service_id = e.e_service_id)
        ORDER BY e.name COLLATE sv, e.e_service_id"""
    ).fetchall()
    return [e_service for (e_service,) in rows]


def orphaned(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Orphaned]:
    """The services in force whose address is no longer on its website; websites that were never read are left out."""
    known = classes(cursor, scope)
    rows = cursor.execute(
        f"""WITH {PAGE_MATCHES}, sought AS (
            SELECT s.service_id, s.name, s.url, regexp_extract(k.page, '^[^/?]*') AS site,
                   (SELECT max(seen_on) FROM published_pages p WHERE p.page = k.page) AS last
            FROM services s JOIN page_keys k USING (url)
            WHERE s.service_id NOT IN (SELECT service_id FROM services_of WHERE by_address)
        ), named AS (
            SELECT o.service_id, min(l.url) AS url FROM services_of o JOIN latest l USING (page) WHERE NOT o.by_address GROUP BY ALL
        )
        SELECT s.service_id, s.url, s.last, min(r.seen_on), any_value(n.url)
        FROM sought s JOIN readings r ON r.site = s.site AND coalesce(r.seen_on > s.last, true)
        LEFT JOIN named n USING (service_id)
        GROUP BY s.service_id, s.name, s.url, s.last ORDER BY s.name COLLATE sv, s.service_id"""
    ).fetchall()
    return [Orphaned(*row) for row in rows if row[0] in known]


def unsearchable(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[str]:
    """The services in force that cannot be looked for: they have no address, or one on a website that was never read."""
    searchable = {s for page in web_pages(cursor) for s in page.services} | {
        one.service_id for one in orphaned(cursor, scope)
    }
    return [s for s in classes(cursor, scope) if s not in searchable]


def removed(cursor: duckdb.DuckDBPyConnection) -> list[Removed]:
    """The pages of websites, and e-services of catalogues, that are missing in the latest reading but not in the one before."""
    missing = cursor.execute(
        """SELECT p.site, p.seen_on, r.seen_on, coalesce(p.title, p.url), p.url,
               list(DISTINCT s.service_id ORDER BY s.service_id) FILTER (s.service_id IS NOT NULL), NULL
        FROM readings r JOIN published_pages p ON p.site = r.site AND p.seen_on = r.before
        ANTI JOIN published_pages n ON n.site = r.site AND n.seen_on = r.seen_on AND n.page = p.page
        LEFT JOIN (SELECT service_id, page FROM services JOIN page_keys USING (url)) s ON s.page = p.page
        WHERE r.latest GROUP BY ALL ORDER BY 1, 4 COLLATE sv, 5"""
    ).fetchall()
    ended = cursor.execute(
        """SELECT v.installation, v.seen_on, r.seen_on, coalesce(e.name, v.e_service_id), e.url,
               list(DISTINCT k.service_id ORDER BY k.service_id) FILTER (k.service_id IS NOT NULL), v.e_service_id
        FROM catalogue_readings r JOIN sightings v ON v.installation = r.installation AND v.seen_on = r.before
        ANTI JOIN sightings n ON n.installation = r.installation AND n.seen_on = r.seen_on AND n.e_service_id = v.e_service_id
        LEFT JOIN e_services e ON e.e_service_id = v.e_service_id
        LEFT JOIN links k ON k.e_service_id = v.e_service_id
        WHERE r.latest GROUP BY ALL ORDER BY 1, 4 COLLATE sv, 7"""
    ).fetchall()
    return [Removed(p, seen, on, name, url, tuple(of or ()), e) for p, seen, on, name, url, of, e in missing + ended]


def departed(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[Departed]:
    """Every service that left the denominator of goal 1 since the comparison, with the cause and whether its page is missing."""
    return [
        Departed(move, _page_missing_since(cursor, move.service_id))
        for move in denominator_changes(cursor, scope)
        if not move.joined
    ]


def _page_missing_since(cursor: duckdb.DuckDBPyConnection, service_id: str) -> date | None:
    """The first reading after the last in which the service's page was there; None when it is there, or never was."""
    row = cursor.execute(
        """WITH seen AS (
            SELECT p.site, max(p.seen_on) AS last FROM published_pages p
            WHERE p.page IN (SELECT page FROM services JOIN page_keys USING (url) WHERE service_id = ?) GROUP BY p.site
        )
        SELECT min(r.seen_on) FROM seen JOIN readings r ON r.site = seen.site AND r.seen_on > seen.last""",
        [service_id],
    ).fetchone()
    result: date | None = row[0] if row else None
    return result


def coverage_counts(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> Mapping[str, int]:
    """The number of published services by what they offer, and of pages, services and e-services without a counterpart."""
    known, pages = classes(cursor, scope), web_pages(cursor)
    published, missing = {s for page in pages for s in page.services}, orphaned(cursor, scope)
    by_class = Counter(class_ for service, class_ in known.items() if service in published)
    return {
        "with": sum(by_class[class_] for class_ in WITH_E_SERVICE),
        "not_applicable": by_class["not_applicable"],
        "unknown": by_class["unknown"],
        "without": sum(by_class[class_] for class_ in WITHOUT_CLASSES),
        "in_no_register": len(_unregistered(pages, classes(cursor))),
        "lost": len(missing),
        "moved": sum(one.moved_to is not None for one in missing),  # published too, at another address
        "unsearchable": len(unsearchable(cursor, scope)),
        "no_page": len(e_services_without_page(cursor)),
    }
