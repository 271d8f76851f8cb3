"""The pages of the example municipality's website and intranet, as read on two days."""

from collections.abc import Iterator
from functools import cache

from data.formats.website.urls import page_key, readable_url, site_of
from data.sample.plan import Row, facts, plan, published_period
from data.sample.register import services

READ_ON = ("2026-05-04", "2026-10-26")
INTRANET = "https://intranat.example/tjanster/"
OFFERS = {
    (True, True): "e-tjänst och blankett",
    (True, False): "e-tjänst",
    (False, True): "blankett",
    (False, False): "",
}
REMOVED = "T-037"  # its page is in the first reading only
MOVED = {"T-025": "https://www.sala.se/selfservice/90010"}  # its address in the second reading
UNREGISTERED = (  # pages in no register: address, title, offer, and the readings that they are in
    ("https://www.sala.se/selfservice/90001", "Gatubelysning – Felanmälan", "blankett", READ_ON),
    ("https://www.sala.se/selfservice/90002", "Odlingslott – Ansökan", "", READ_ON[1:]),
    ("https://www.sala.se/selfservice/90003", "Synpunkt eller klagomål – Lämna", "e-tjänst", READ_ON[1:]),
    ("https://www.sala.se/selfservice/90004", "Julmarknad 2025 – Anmälan", "e-tjänst", READ_ON[:1]),
    (f"{INTRANET}inpasseringskort", "Inpasseringskort – Beställning", "blankett", READ_ON[1:]),
)
NOT_PUBLISHED = ("I-09", "I-11")  # not on the intranet


def pages() -> Iterator[Row]:
    """Rows of webbsidor: one per page and day, in order."""
    rows: dict[Row, Row] = {}
    for url, day, *rest in _readings():
        rows.setdefault((site_of(url), day, page_key(url)), (url, *rest))
    for (site, day, _), cells in sorted(rows.items()):
        yield site, day, *cells


def _readings() -> Iterator[tuple[str, str, str, str, str]]:
    """Address, day, title, offer and area of each page in each reading."""
    for day in READ_ON:
        for code in plan()["services"]:
            first, last = published_period(code)
            if first <= day and (not last or last >= day):
                yield from _service_page(code, day)
        for url, title, leads_to, days in UNREGISTERED:
            if day in days:
                yield url, day, title, leads_to, ""


def _service_page(code: str, day: str) -> Iterator[tuple[str, str, str, str, str]]:
    """The page of a registered service; the intranet is in the second reading only."""
    second, fact = day == READ_ON[1], facts().get(code)
    if fact is None:
        if second and code not in NOT_PUBLISHED:
            yield f"{INTRANET}{code.lower()}", day, _titles()[code], "", ""
    elif not (second and code == REMOVED):
        url = MOVED.get(code, fact["page_url"]) if second else fact["page_url"]
        yield (
            readable_url(url),
            day,
            _titles()[code],
            OFFERS[fact["has_e_service"] == "yes", fact["has_form"] == "yes"],
            fact["area"],
        )


@cache
def _titles() -> dict[str, str]:
    return {row[0]: row[1] for row in services()}
