"""Every page once: its address, its file, its name, and which filters apply to it."""

from dataclasses import dataclass

from ui.frame import address
from ui.text.i18n import _

SERVICE = "tjanst"  # the page of one service, which `?service=` names
SERVICE_FILE = "pages/services/one_service.py"


WHOSE = ("department", "audience")
FILTERS = (*WHOSE, "from", "to", "comparison")


@dataclass(frozen=True)
class Place:
    """A page. One that is not listed is reached from where it belongs; `title` stands in the navigation and the tab."""

    path: str
    file: str
    title: str
    filters: tuple[str, ...] = FILTERS
    listed: bool = True


def places() -> tuple[Place, ...]:
    """The pages in the order of the navigation; the first is the one that opens."""
    return (
        Place("", "pages/follow_up/overview.py", _("Overview")),
        Place("mal-1", "pages/goals/e_services.py", _("Goal 1 E-services")),
        Place("mal-2", "pages/goals/digital_cases.py", _("Goal 2 Digital cases")),
        Place("mal-3", "pages/goals/digital_handling.py", _("Goal 3 Digital handling")),
        Place("varfor", "pages/follow_up/why.py", _("Why"), listed=False),
        Place("nasta-steg", "pages/follow_up/next_steps.py", _("Next steps"), (*WHOSE, "from", "to")),
        Place("tank-om", "pages/follow_up/what_if.py", _("What if"), (*WHOSE, "to"), listed=False),
        Place("tjanster", "pages/services/our_services.py", _("Our services")),
        Place(SERVICE, SERVICE_FILE, _("One service"), listed=False),
        Place("kostnader", "pages/follow_up/costs.py", _("Costs")),
        Place("datakvalitet", "pages/sources/data_quality.py", _("Data quality")),
        Place("webbplatsen", "pages/sources/website.py", _("The website")),
        Place("koppla", "pages/sources/pair.py", _("Pair"), WHOSE, listed=False),
        Place("regler", "pages/sources/rules.py", _("Rules"), (), listed=False),
        Place("importera", "pages/sources/import_files.py", _("Import"), ()),
        Place("definitioner", "pages/sources/definitions.py", _("Definitions"), ()),
    )


def open_service(service_id: str | None) -> str:
    """The address of a service's page."""
    return address.link(SERVICE, service=service_id)
