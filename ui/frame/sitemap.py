"""Every page once: its address, its file, its name, where it stands in the navigation, and which filters apply to it."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from ui.frame import address
from ui.text.i18n import _, language

SERVICE = "tjanst"  # the page of one service, which `?service=` names
SERVICE_FILE = "pages/services/one_service.py"


WHOSE = ("department", "audience", "services")
SPAN = ("from", "to", "comparison")
FILTERS = ("department", "organisation", *WHOSE[1:], *SPAN)
Section = Literal["", "to_do", "sources"]


@dataclass(frozen=True)
class PageSpec:
    """A page; `title` stands in the navigation and the tab.

    Its section is a menu of the header; the pages of "" stand in the header itself. One of no section is reached from
    where it belongs. On one that `edits` the figures are changed, so that no earlier day can be shown there.
    """

    path: str
    file: str
    title: str
    section: Section | None
    filters: tuple[str, ...] = FILTERS
    edits: bool = False


def page_specs() -> tuple[PageSpec, ...]:
    """The pages in the order of the navigation; the first is the one that opens."""
    return (
        PageSpec("", "pages/follow_up/overview.py", _("Overview"), ""),
        PageSpec("mal-1", "pages/goals/e_services.py", _("Goal 1 E-services"), ""),
        PageSpec("mal-2", "pages/goals/digital_cases.py", _("Goal 2 Digital cases"), ""),
        PageSpec("mal-3", "pages/goals/digital_handling.py", _("Goal 3 Digital case handling"), ""),
        PageSpec("kostnader", "pages/follow_up/costs.py", _("Costs"), ""),
        PageSpec("varfor", "pages/follow_up/why.py", _("Behind the change"), None),
        PageSpec(SERVICE, SERVICE_FILE, _("One service"), None, (*WHOSE, *SPAN)),
        PageSpec("nasta-steg", "pages/follow_up/next_steps.py", _("Actions"), "to_do", (*WHOSE, "from", "to")),
        PageSpec("tjanster", "pages/services/our_services.py", _("Our services"), "to_do"),
        PageSpec("riktlinjen", "pages/follow_up/guideline.py", _("The guideline"), "to_do", (*WHOSE, *SPAN[:2])),
        PageSpec("nytta", "pages/follow_up/benefit.py", _("Benefit"), "to_do", (*WHOSE, *SPAN[:2])),
        PageSpec("manadsbrev", "pages/follow_up/monthly_note.py", _("The monthly note"), "to_do", (*WHOSE, "to")),
        PageSpec("rapporter", "pages/follow_up/reports.py", _("Reports"), "to_do"),
        PageSpec("tank-om", "pages/follow_up/what_if.py", _("What if"), "to_do", (*WHOSE, "to")),
        PageSpec("register", "pages/sources/register.py", _("The register"), "sources", (), edits=True),
        PageSpec("datakvalitet", "pages/sources/data_quality.py", _("Data quality"), "sources"),
        PageSpec("webbplatsen", "pages/sources/website.py", _("The website"), "sources"),
        PageSpec("koppla", "pages/sources/pair.py", _("Pair"), "sources", WHOSE, edits=True),
        PageSpec("regler", "pages/sources/rules.py", _("Rules"), "sources", (), edits=True),
        PageSpec("importera", "pages/sources/import_files.py", _("Import"), "sources", (), edits=True),
        PageSpec("definitioner", "pages/sources/definitions.py", _("Definitions"), "sources", ()),
    )


def pages(root: Path) -> Mapping[st.Page, PageSpec]:
    """A page of Streamlit's for each of ours, whose files lie under `root`, for one run: the run marks the one it shows."""
    return {copy(page): spec for page, spec in _pages(root, language()).items()}


@cache
def _pages(root: Path, _language: str) -> Mapping[st.Page, PageSpec]:
    """Made once, since Streamlit looks for the file of each."""
    return {
        st.Page(root / spec.file, title=spec.title, url_path=spec.path, default=not spec.path): spec
        for spec in page_specs()
    }


def section_titles() -> dict[Section, str]:
    """The words of the header's menus, in their order; "" is the header itself."""
    return {"": "", "to_do": _("To do"), "sources": _("Behind the figures")}


_SHOWN_ON: Mapping[str, str] = {  # the page where the rows of a table show; of the others the register, or the overview
    "services": "tjanster",
    "departments": "tjanster",
    "e_services": "mal-1",
    "links": "mal-1",
    "exemptions": "riktlinjen",
    "stages": "riktlinjen",
    "needs": "riktlinjen",
    "criteria": "riktlinjen",
    "e_service_use": "nytta",
    "abandoned_steps": "nytta",
    "contacts": "nytta",
    "handling_times": "nytta",
    "cases": "mal-2",
    "case_counts": "mal-2",
    "handling_steps": "mal-3",
    "costs": "kostnader",
    "cost_shares": "kostnader",
    "budgets": "kostnader",
    "rules": "regler",
    "platform_totals": "datakvalitet",
    "web_pages": "webbplatsen",
}


def shown_on(tables: Iterable[str]) -> list[tuple[str, str]]:
    """Links to the pages where rows of these tables show, in the order of the navigation: their words and addresses."""
    paths = {_SHOWN_ON.get(table, "") for table in tables}
    return [
        (_("See {page}").format(page=spec.title), address.link(spec.path))
        for spec in page_specs()
        if spec.path in paths
    ]


def service_link(service_id: str | None) -> str:
    """The address of a service's page."""
    return address.link(SERVICE, service=service_id)


def correction_link(do: str, row: str) -> str:
    """The address of the register's form of a correction, filled in with the row of this id."""
    return address.link("register", "form", do=do, row=row)


def service_links(service_ids: Iterable[str | None]) -> tuple[str, ...]:
    """The addresses of many services' pages."""
    own = address.link(SERVICE, service=None)
    joint = "&" if "?" in own else "?"
    return tuple(f"{own}{joint}{urlencode({'service': one})}" if one else own for one in service_ids)
