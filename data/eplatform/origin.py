"""Where an answer comes from: what is known beside the answer itself, and which installation that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from data.readers.errors import Unreadable

DEFAULT = "oep"
Hosts = Mapping[str, str | None]  # name of an installation -> its host, when that is known


@dataclass(frozen=True)
class Origin:
    """What the one who reads an answer knows about it. `family` is the flow family whose cases were asked for.

    `known` are the installations that the database knows, `configured` those that there is a connection to.
    """

    today: date
    installation: str | None = None
    family: int | None = None
    audience: str | None = None
    known: Hosts = field(default_factory=dict)
    configured: Hosts = field(default_factory=dict)


def installation_of(origin: Origin, host: str | None) -> str:
    """The short name of the installation that an answer comes from. Unreadable when it cannot be told."""
    if origin.installation:
        return origin.installation
    return _by_host(origin, host.lower()) if host else _alone(origin)


def _by_host(origin: Origin, host: str) -> str:
    """The name that goes with the host; the host itself when there are other installations."""
    for hosts in (origin.configured, origin.known):
        for name, known in hosts.items():
            if (known or "").lower() == host:
                return name
    names = {**origin.known, **origin.configured}
    if any(names.values()):
        return host
    unplaced = list(names) or [DEFAULT]
    return unplaced[0] if len(unplaced) == 1 else host


def _alone(origin: Origin) -> str:
    """The only installation there is. Unreadable when there are several."""
    for hosts in (origin.configured, origin.known):
        if len(hosts) == 1:
            return next(iter(hosts))
    names = sorted({**origin.known, **origin.configured})
    if names:
        raise Unreadable("installation_needed", names=names)
    return DEFAULT
