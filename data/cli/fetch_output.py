"""The connections that the `fetch` command uses, and its output: lines of text, or values for JSON."""

from collections.abc import Collection, Sequence
from typing import Any

from data.base.language import translations
from data.cli.arguments import UsageError
from data.cli.output import batch_values, imported_line
from data.connections.config import Connection, connections_and_errors
from data.connections.errors import InvalidConnection
from data.fetch.run import FetchResult
from data.serving.status import batch_json


def select_connections(names: Collection[str]) -> tuple[Sequence[Connection], Sequence[InvalidConnection]]:
    """The connections with these names, or all, and the errors of those that cannot be used.

    InvalidConnection when none is configured; UsageError for a name that none has.
    """
    connections, errors = connections_and_errors()
    if not connections and not errors:
        raise InvalidConnection(InvalidConnection.NONE)
    named_errors = [error for error in errors if "name" in error.params]
    known = [*(one.name for one in connections), *(str(error.params["name"]) for error in named_errors)]
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None and len(named_errors) == len(errors):
        raise UsageError(InvalidConnection.UNKNOWN, name=unknown, known=", ".join(sorted(known)))
    return (
        [one for one in connections if not names or one.name in names],
        [error for error in errors if not names or error.params.get("name", "") in (*names, "")],
    )


def lines(result: FetchResult, dry_run: bool, language: str) -> list[str]:
    """The result of a fetch as lines of text."""
    _ = translations(language).gettext
    counts = {
        "name": result.installation,
        "flows": result.flows,
        "new": result.new_cases,
        "changed": result.changed_cases,
    }
    summary = _("%(name)s: e-services %(flows)d, new cases %(new)d, changed %(changed)d.")
    if result.protected:
        summary = _("%(name)s: e-services %(flows)d. The number of cases is protected.")
    if result.batch and result.protected:
        outcome = _("Import %(batch)d: %(file)s.") % batch_values(result.batch)
    elif result.batch:
        outcome = imported_line(result.batch, language)
    else:
        outcome = _("Checked only: nothing was imported.") if dry_run else _("Nothing is new.")
    return [summary % counts, f"  {outcome}", *(f"  · {sentence}" for sentence in result.sentences(language))]


def as_json(result: FetchResult, language: str) -> dict[str, Any]:
    """The result of a fetch as values for JSON."""
    return {
        "installation": result.installation,
        "batch": result.batch and batch_json(result.batch, result.protected),
        "flows": result.flows,
        "new_cases": None if result.protected else result.new_cases,
        "changed_cases": None if result.protected else result.changed_cases,
        "sentences": list(result.sentences(language)),
    }
