"""What the command line asks of the connections, and what it says of a fetch: lines for a person, values for a script."""

from collections.abc import Collection, Sequence
from typing import Any

from data.base.language import translations
from data.cli.arguments import UsageError
from data.cli.output import batch_values
from data.connections.config import Connection, connections_and_errors
from data.connections.errors import InvalidConnection
from data.fetch.run import FetchResult
from data.serving.status import batch_json


def select_connections(names: Collection[str]) -> tuple[Sequence[Connection], Sequence[InvalidConnection]]:
    """The connections with these names, or all, and what is wrong with those that cannot be used.

    InvalidConnection when there are none at all; WrongUse when none has a name that was asked for.
    """
    good, wrong = connections_and_errors()
    if not good and not wrong:
        raise InvalidConnection(InvalidConnection.NONE)
    known = [*(one.name for one in good), *(str(error.params["name"]) for error in wrong if "name" in error.params)]
    strange = next((name for name in names if name not in known), None)
    if strange is not None and all("name" in error.params for error in wrong):
        raise UsageError(InvalidConnection.UNKNOWN, name=strange, known=", ".join(sorted(known)))
    return (
        [one for one in good if not names or one.name in names],
        [error for error in wrong if not names or error.params.get("name", "") in (*names, "")],
    )


def lines(found: FetchResult, dry: bool, language: str) -> list[str]:
    """What a fetch came to, for a person."""
    _ = translations(language).gettext
    counts = {"name": found.installation, "flows": found.flows, "new": found.new_cases, "changed": found.changed_cases}
    told = [_("%(name)s: e-services %(flows)d, new cases %(new)d, changed %(changed)d.") % counts]
    if found.batch:
        told.append("  " + _("Import %(batch)d: %(file)s, %(rows)d rows.") % batch_values(found.batch))
    else:
        told.append("  " + (_("Checked only: nothing was imported.") if dry else _("Nothing is new.")))
    return told + [f"  · {sentence}" for sentence in found.sentences(language)]


def as_json(found: FetchResult, language: str) -> dict[str, Any]:
    """What a fetch came to, as plain values for JSON."""
    return {
        "installation": found.installation,
        "batch": found.batch and batch_json(found.batch),
        "flows": found.flows,
        "new_cases": found.new_cases,
        "changed_cases": found.changed_cases,
        "sentences": list(found.sentences(language)),
    }
