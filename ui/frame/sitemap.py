"""Every page once: its address, its file, its name, and which filters apply to it."""

from dataclasses import dataclass

from ui.frame import address
from ui.text.i18n import _

SERVICE = "tjanst"  # the page of one service, which `?service=` names
SERVICE_FILE = "pages/services/one_service.py"


WHOSE = ("department", "audience")
SPAN = ("from", "to", "comparison")
FILTERS = ("department", "organisation", "audience", *SPAN)


@dataclass(frozen=True)
class PageSpec:
    """A page. One that is not listed is reached from where it belongs; `title` stands in the navigation and the tab."""

    path: str
    file: str
    title: str
    filters: tuple[str, ...] = FILTERS
    listed: bool = True


def page_specs() -> tuple[PageSpec, ...]:
    """The pages in the order of the navigation; the first is the one that opens."""
    return (
        PageSpec("", "pages/follow_up/overview.py", _("Overview")),
        PageSpec("mal-1", "pages/goals/e_services.py", _("Goal 1 E-services")),
        PageSpec("mal-2", "pages/goals/digital_cases.py", _("Goal 2 Digital cases")),
        PageSpec("mal-3", "pages/goals/digital_handling.py", _("Goal 3 Digital handling")),
        PageSpec("varfor", "pages/follow_up/why.py", _("Why"), listed=False),
        PageSpec("nasta-steg", "pages/follow_up/next_steps.py", _("Next steps"), (*WHOSE, "from", "to")),
        PageSpec("tank-om", "pages/follow_up/what_if.py", _("What if"), (*WHOSE, "to"), listed=False),
        PageSpec("tjanster", "pages/services/our_services.py", _("Our services")),
        PageSpec(SERVICE, SERVICE_FILE, _("One service"), (*WHOSE, *SPAN), listed=False),
        PageSpec("kostnader", "pages/follow_up/costs.py", _("Costs")),
        PageSpec("datakvalitet", "pages/sources/data_quality.py", _("Data quality")),
        PageSpec("webbplatsen", "pages/sources/website.py", _("The website")),
        PageSpec("koppla", "pages/sources/pair.py", _("Pair"), WHOSE, listed=False),
        PageSpec("regler", "pages/sources/rules.py", _("Rules"), (), listed=False),
        PageSpec("importera", "pages/sources/import_files.py", _("Import"), ()),
        PageSpec("definitioner", "pages/sources/definitions.py", _("Definitions"), ()),
    )


def service_link(service_id: str | None) -> str:
    """The address of a service's page."""
    return address.link(SERVICE, service=service_id)
