"""Every section of the guideline has a number or a list on a page: where, and which metrics of the catalogue."""

from html import unescape

import pytest

from analytics.metrics.catalogue import computed, metrics
from data.store import Store
from tests.reader import Look, words

# The guideline's sections: the page, what stands there, and the metrics that hold the section.
GUIDELINE, GOALS = "pages/follow_up/guideline.py", "pages/goals"
SECTIONS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("1", GUIDELINE, ("§ 1 Inledning", "en gång per mandatperiod"), ()),
    ("2.1", GUIDELINE, ("§ 2.1 Tjänst", " externa, ", " interna. I "), ()),
    ("2.2", GUIDELINE, ("§ 2.2 E-tjänst", "blanketter räknas inte."), ()),
    (
        "3.1",
        "pages/follow_up/benefit.py",
        ("timmar frigjorda", "Hur länge invånarna väntar"),
        ("hours_freed", "satisfaction", "abandonment", "contacts"),
    ),
    ("3.2", GUIDELINE, ("är inget annat sätt än e-tjänsten känt",), ("other_way_in",)),
    ("3.2.1", f"{GOALS}/e_services.py", ("Mål 1 E-tjänster",), ("e_service_coverage",)),
    (
        "3.2.2",
        f"{GOALS}/digital_cases.py",
        ("Mål 2 Digitala ärenden", "Annat sätt in: "),
        ("digital_submission", "assisted_share"),
    ),
    (
        "3.2.3",
        f"{GOALS}/digital_handling.py",
        ("Mål 3 Digital ärendehantering",),
        ("digital_handling", "digital_steps"),
    ),
    (
        "4",
        GUIDELINE,
        ("undantag behöver beslut eller analys",),
        ("guideline_breaches", "analysed_exemptions"),
    ),
    (
        "5",
        GUIDELINE,
        ("saknar något som riktlinjen vill ha angivet", "fel och behov är öppna"),
        ("answered_for", "open_needs", "need_time"),
    ),
    ("6", GUIDELINE, ("E-tjänster i utvecklingsprocessen", "väntar på uppföljning"), ("followed_up",)),
    (
        "7",
        GUIDELINE,
        ("§ 7. Den senaste bedömningen räknas.", "tillgänglighet"),
        ("criteria_met", "accessibility_tested"),
    ),
    ("8", "pages/follow_up/costs.py", ("Systemägaren betalar", "Vad varje verksamhet betalar"), ("cost",)),
    ("9", GUIDELINE, ("§ 9 bygger på", "IT-policy för Sala kommun", "Handbok för utveckling och förvaltning"), ()),
)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """What a page says, once a page is opened."""
    return {}


@pytest.mark.parametrize(("number", "page", "said", "codes"), SECTIONS, ids=[one[0] for one in SECTIONS])
def test_the_section_is_held_by_a_page_and_its_metrics(
    store: Store,
    look: Look,
    texts: dict[str, str],
    number: str,
    page: str,
    said: tuple[str, ...],
    codes: tuple[str, ...],
) -> None:
    if page not in texts:
        texts[page] = unescape(words(look(store, page))).replace("\u00a0", " ")
    assert [text for text in said if text not in texts[page]] == []
    definitions = {**metrics(), **computed()}
    assert {definitions[code].section for code in codes} <= {number, number[:3], number[:1]}


def test_no_metric_is_of_a_section_that_no_page_holds() -> None:
    held = {number for number, *_rest in SECTIONS}
    assert {one.section for one in (*metrics().values(), *computed().values())} <= held
