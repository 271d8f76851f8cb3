"""The common corrections: of which table, which columns their form asks for, and whether they begin with a row that is there."""

from collections.abc import Mapping
from dataclasses import dataclass

from ui import database
from ui.text.i18n import _


@dataclass(frozen=True)
class Correction:
    """One form: the columns of its table that it asks for, by code. `new`: a row is added, and its key is asked for too.

    `always` are columns that are stated even where they are as before.
    """

    title: str
    table: str
    columns: tuple[str, ...]
    new: bool = False
    always: tuple[str, ...] = ()


EXPLAINED = ("goal", "department_id", "month_from", "month_to", "explained_on")  # what an explanation is of, once given
MANY, REPLACE, WEEKS = "many", "replace", "weeks"  # the forms that are more than columns of one row


def _all_but(table: str, *others: str) -> tuple[str, ...]:
    """The columns of a table that are no part of its key, but those that have a form of their own."""
    return tuple(c.code for c in database.datasets()[table].columns if not c.key and c.code not in others)


def corrections() -> Mapping[str, Correction]:
    """Every correction by the code that the address has, in the order of the list."""
    return {
        "service": Correction(
            _("Rename or change a service"),
            "services",
            _all_but("services", "department_id", "valid_from", "published_to"),
        ),
        "e_service": Correction(
            _("Rename or change an e-service"),
            "e_services",
            _all_but("e_services", "live_to"),
        ),
        "move": Correction(
            _("Move a service to another department"),
            "services",
            ("department_id", "valid_from"),
            always=("department_id", "valid_from"),
        ),
        "withdraw": Correction(_("Withdraw a service"), "services", ("published_to",)),
        REPLACE: Correction(_("Withdraw an e-service, or replace it by another"), "e_services", ("live_to",)),
        "new_service": Correction(
            _("Add a service"),
            "services",
            ("name", "department_id", "audience", "area", "url", "published_from"),
            new=True,
        ),
        "new_e_service": Correction(
            _("Add an e-service"),
            "e_services",
            ("name", "kind", "platform", "stage", "planned_on", "live_from", "login", "signing", "payment", "url"),
            new=True,
        ),
        "exemption": Correction(
            _("Add an exemption"),
            "exemptions",
            (
                "service_id",
                "e_service_id",
                "kind",
                "reason",
                "risk_analysis_on",
                "decided_on",
                "decided_by",
                "review_on",
                "valid_to",
            ),
            new=True,
        ),
        "exemption_change": Correction(
            _("Extend, end or change an exemption"), "exemptions", ("valid_to", *_all_but("exemptions", "valid_to"))
        ),
        "stage": Correction(_("State that an e-service came to a stage"), "stages", _all_but("stages"), new=True),
        "criterion": Correction(_("Assess a criterion of an e-service"), "criteria", _all_but("criteria"), new=True),
        "need": Correction(_("Report a fault or need"), "needs", _all_but("needs", "done_on"), new=True),
        "need_change": Correction(
            _("Follow up a fault or need"), "needs", ("state", "done_on", *_all_but("needs", "state", "done_on"))
        ),
        "target": Correction(_("Add a target"), "targets", ("share",), new=True),
        "explanation": Correction(_("Explain a deviation"), "explanations", _all_but("explanations"), new=True),
        "action": Correction(_("Follow up an action"), "explanations", _all_but("explanations", *EXPLAINED)),
        "question": Correction(
            _("Add a question from a meeting"), "questions", ("question", "asked_on", "view", "role"), new=True
        ),
        "answer": Correction(_("Answer a question from a meeting"), "questions", ("answer", "answered_on")),
        "round": Correction(_("Open a reporting round"), "rounds", _all_but("rounds"), new=True),
        "ready": Correction(_("Mark a department as ready"), "ready", _all_but("ready"), new=True),
        "event": Correction(
            _("Add an event"), "events", ("department_id", "service_id", "e_service_id", "goal"), new=True
        ),
        "count": Correction(_("Correct a count"), "case_counts", ("cases", "method"), new=True),
        WEEKS: Correction(_("Enter a counting week, or print its tally sheet"), "", ()),
        "posting": Correction(_("Place a posting"), "costs", ("cost_type", "category", "ordered_by", "e_service_id")),
        MANY: Correction(_("Change many rows of a table"), "", ()),
    }
