"""Where an answer comes from: what is known beside the answer itself, and which installation that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from duckdb import DuckDBPyConnection

from data.readers.errors import Unreadable

DEFAULT_INSTALLATION = "oep"
Hosts = Mapping[str, str | None]  # name of an installation -> its host, when that is known


@dataclass(frozen=True)
class Origin:
    """What the one who reads an answer knows about it. `family` is the flow family whose cases were asked for.

    `known` are the installations that the database knows, `configured` those that there is a connection to. One that is
    known goes by the name that it is known by: under two names its e-services would be counted twice.
    """

    today: date
    installation: str | None = None
    family: int | None = None
    audience: str | None = None
    known: Hosts = field(default_factory=dict)
    configured: Hosts = field(default_factory=dict)

    @property
    def installations(self) -> Hosts:
        """All of them, each once: a connection to a host that is known is no other installation."""
        hosts = {host.lower() for host in self.known.values() if host}
        others = {name: host for name, host in self.configured.items() if (host or "").lower() not in hosts}
        return others | {name: host or self.configured.get(name) for name, host in self.known.items()}


def installations_in(connection: DuckDBPyConnection, relation: str) -> Hosts:
    """The installations whose e-services stand in a relation, each with the host of their addresses."""
    host = r"regexp_extract(lower(url), '^https?://(?:[^/?#@]*@)?([^/?#:]+)', 1)"
    found = connection.execute(
        f"SELECT installation, nullif(coalesce(mode({host}), ''), '') FROM {relation}"
        " WHERE installation IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return dict(found)


def installations_at(connection: DuckDBPyConnection, base: str) -> list[str]:
    """The names under which the database that is attached as `known` has e-services of a base address, most first."""
    bare = r"regexp_replace(lower({}), '^https?://', '')"
    found = connection.execute(
        "SELECT installation FROM known.e_services WHERE installation IS NOT NULL"
        f" AND starts_with({bare.format('url')}, rtrim({bare.format('?')}, '/') || '/') GROUP BY ALL ORDER BY count(*) DESC, 1",
        [base],
    ).fetchall()
    return [name for (name,) in found]


def installation_of(origin: Origin, host: str | None) -> str:
    """The short name of the installation that an answer comes from. Unreadable when it cannot be told."""
    if origin.installation:
        return origin.installation
    return _by_host(origin, host.lower()) if host else _only_installation(origin)


def _by_host(origin: Origin, host: str) -> str:
    """The name that goes with the host; the host itself when there are other installations."""
    names = origin.installations
    for name, known in names.items():
        if (known or "").lower() == host:
            return name
    if any(names.values()):
        return host
    unplaced = list(names) or [DEFAULT_INSTALLATION]
    return unplaced[0] if len(unplaced) == 1 else host


def _only_installation(origin: Origin) -> str:
    """The only installation there is. Unreadable when there are several."""
    names = sorted(origin.installations) or [DEFAULT_INSTALLATION]
    if len(names) > 1:
        raise Unreadable("installation_needed", names=names)
    return names[0]
