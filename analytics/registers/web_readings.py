"""The pages of the latest reading of each website, matched with the services and e-services of the registers."""

from dataclasses import dataclass
from datetime import date

import duckdb

MIN_SERVICE_PAGES = 3  # a folder with so many pages of services is a folder of services
# § 2.1: verbs of using a service, in a title or an address.
SERVICE_WORDS = r"ansok|anmal|bestall|bokning|rapporter|redovis|overklag|\b(?:boka|begar|hyra|soka)\b"

# A page is matched by its address, or by its title (the last part of its address where it has none).
_NAME = r"coalesce(title, regexp_extract(page, '([^/?]+?)(?:[.][a-z]+)?(?:[?].*)?$', 1))"
_FOLDED = "regexp_replace(lower(strip_accents({})), '[^a-z0-9]', '', 'g')"
_WORDS = "lower(strip_accents(concat_ws(' ', title, regexp_replace(page, '^[^/?]*', ''))))"

# services_of and e_services_of: one row per page and its service or e-service, matched by address, or else by a unique name.
PAGE_MATCHES = f"""latest AS (
    SELECT p.*, {_FOLDED.format(_NAME)} AS name FROM published_pages p JOIN readings r USING (site, seen_on) WHERE r.latest
), service_addresses AS (
    SELECT s.service_id, k.page FROM services s JOIN page_keys k USING (url)
), service_spellings AS (
    SELECT {_FOLDED.format("name")} AS name, any_value(service_id) AS service_id FROM services GROUP BY ALL HAVING count(*) = 1
), services_of AS (
    SELECT page, service_id, true AS by_address FROM latest JOIN service_addresses USING (page)
    UNION ALL
    SELECT page, service_id, false FROM latest JOIN service_spellings USING (name)
    WHERE name <> '' AND page NOT IN (SELECT page FROM service_addresses)
), e_service_addresses AS (
    SELECT e.e_service_id, k.page FROM e_services e JOIN page_keys k ON k.url IN (e.url, e.alias)
), e_service_spellings AS (
    SELECT {_FOLDED.format("name")} AS name, any_value(e_service_id) AS e_service_id
    FROM e_services GROUP BY ALL HAVING count(*) = 1
), e_services_of AS (
    SELECT page, e_service_id FROM latest JOIN e_service_addresses USING (page)
    UNION ALL
    SELECT page, e_service_id FROM latest JOIN e_service_spellings USING (name)
    WHERE name <> '' AND page NOT IN (SELECT page FROM e_service_addresses UNION ALL SELECT page FROM services_of)
)"""
# One row per page of the latest readings, with its services and e-services, and the evidence that it is a page of a service.
_PAGES = f"""WITH {PAGE_MATCHES}, placed AS (
    SELECT page, nullif(regexp_extract(page, '^([^?]*/)[^/?]+', 1), '') AS place FROM latest
), service_places AS (
    SELECT place FROM placed SEMI JOIN services_of USING (page) WHERE place IS NOT NULL
    GROUP BY place HAVING count(*) >= {MIN_SERVICE_PAGES}
), owned AS (
    SELECT page, list(DISTINCT service_id ORDER BY service_id) AS services FROM services_of GROUP BY page
), offered AS (
    SELECT page, list(DISTINCT e_service_id ORDER BY e_service_id) AS e_services FROM e_services_of GROUP BY page
)
SELECT site, seen_on, url, title, leads_to, area, coalesce(services, []) AS services, coalesce(e_services, []) AS e_services,
       CASE WHEN leads_to IN ('e_service', 'form', 'both') THEN 'offers'
            WHEN regexp_matches({_WORDS}, '{SERVICE_WORDS}') THEN 'words'
            WHEN page IN (SELECT page FROM placed SEMI JOIN service_places USING (place)) THEN 'place' END AS likely
FROM latest LEFT JOIN owned USING (page) LEFT JOIN offered USING (page)"""


@dataclass(frozen=True)
class WebsiteReading:
    """The latest reading of a website, and the one before it."""

    site: str
    seen_on: date
    pages: int
    previous_on: date | None
    previous_pages: int | None

    @property
    def has_shrunk(self) -> bool:
        """Whether less than half of the pages remain: perhaps only a part of the website was read."""
        return self.previous_pages is not None and self.pages * 2 < self.previous_pages


@dataclass(frozen=True)
class WebPage:
    """A page of the latest reading of a website, with its services and e-services in the registers.

    `evidence` that it is a page of a service: `offers` (an e-service or a form), `words` or `place`; None when there is none.
    """

    site: str
    seen_on: date
    url: str
    title: str | None
    leads_to: str | None
    area: str | None
    services: tuple[str, ...]
    e_services: tuple[str, ...]
    evidence: str | None


def website_readings(cursor: duckdb.DuckDBPyConnection) -> list[WebsiteReading]:
    """The latest reading of each website, the largest first."""
    rows = cursor.execute(
        "SELECT site, seen_on, pages, before, pages_before FROM readings WHERE latest ORDER BY pages DESC, site"
    ).fetchall()
    return [WebsiteReading(*row) for row in rows]


def web_pages(cursor: duckdb.DuckDBPyConnection) -> list[WebPage]:
    """The pages of the latest readings that belong to a service or an e-service, or seem to, in order of address."""
    rows = cursor.execute(
        f"FROM ({_PAGES}) WHERE likely IS NOT NULL OR len(services) > 0 OR len(e_services) > 0 ORDER BY site, url"
    ).fetchall()
    return [
        WebPage(site, seen_on, url, title, leads_to, area, tuple(services), tuple(e_services), likely)
        for site, seen_on, url, title, leads_to, area, services, e_services, likely in rows
    ]
