"""Which installation of the e-service platform a file comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from duckdb import DuckDBPyConnection

from data.readers.errors import Unreadable

DEFAULT_INSTALLATION = "oep"
Hosts = Mapping[str, str | None]  # by the name of an installation, its host, None when unknown


@dataclass(frozen=True)
class Origin:
    """What is known about a file beside its content. `family` is the flow family whose cases were requested.

    `known` are the installations in the database, `configured` those with a connection. One that is in both under
    different names has the database's name, since its e-services would otherwise be counted twice.
    """

    today: date
    installation: str | None = None
    family: int | None = None
    audience: str | None = None
    known: Hosts = field(default_factory=dict)
    configured: Hosts = field(default_factory=dict)

    @property
    def installations(self) -> Hosts:
        """The known and configured installations; a connection to a known host is not another installation."""
        hosts = {host.lower() for host in self.known.values() if host}
        others = {name: host for name, host in self.configured.items() if (host or "").lower() not in hosts}
        return others | {name: host or self.configured.get(name) for name, host in self.known.items()}


def installations_in(connection: DuckDBPyConnection, relation: str) -> Hosts:
    """The installations of the e-services in a relation, each with the commonest host of their URLs."""
    host = r"regexp_extract(lower(url), '^https?://(?:[^/?#@]*@)?([^/?#:]+)', 1)"
    rows = connection.execute(
        f"SELECT installation, nullif(coalesce(mode({host}), ''), '') FROM {relation}"
        " WHERE installation IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return dict(rows)


def installations_at(connection: DuckDBPyConnection, base: str) -> list[str]:
    """The installations in the attached database `known` with e-services at a base address, those with most first."""
    bare = r"regexp_replace(lower({}), '^https?://', '')"
    rows = connection.execute(
        "SELECT installation FROM known.e_services WHERE installation IS NOT NULL"
        f" AND starts_with({bare.format('url')}, rtrim({bare.format('?')}, '/') || '/') GROUP BY ALL ORDER BY count(*) DESC, 1",
        [base],
    ).fetchall()
    return [name for (name,) in rows]


def installation_of(origin: Origin, host: str | None) -> str:
    """The name of the installation that an answer comes from. Unreadable when several are possible."""
    if origin.installation:
        return origin.installation
    return _by_host(origin, host.lower()) if host else _only_installation(origin)


def _by_host(origin: Origin, host: str) -> str:
    """The name of the installation with this host; the host itself when only others have known hosts."""
    names = origin.installations
    for name, known in names.items():
        if (known or "").lower() == host:
            return name
    if any(names.values()):
        return host
    candidates = list(names) or [DEFAULT_INSTALLATION]
    return candidates[0] if len(candidates) == 1 else host


def _only_installation(origin: Origin) -> str:
    """The only installation there is. Unreadable when there are several."""
    names = sorted(origin.installations) or [DEFAULT_INSTALLATION]
    if len(names) > 1:
        raise Unreadable("installation_needed", names=names)
    return names[0]
