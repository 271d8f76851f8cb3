"""The digital share of similar services: the uptake that an e-service is assumed to bring."""

from dataclasses import dataclass, replace
from fractions import Fraction
from statistics import median

import duckdb

from analytics.costs.break_even import last_year
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.priorities.actions import classes
from analytics.registers.services import WITH_E_SERVICE, services
from analytics.statistics.significance import MIN_DENOMINATOR

MIN_PEERS = 3  # services in the same department, else the peers are those of all departments


@dataclass(frozen=True)
class PeerShare:
    """The median digital share (0–1) of a service's `n` peers, of its own department or of all."""

    share: Fraction
    n: int
    same_department: bool


def peer_shares(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, PeerShare]:
    """The peers' digital share for each service id, over the twelve months up to the period's last.

    Peers are the other services with an e-service and at least `MIN_DENOMINATOR` cases: those of the same department when
    there are `MIN_PEERS`, else all. The scope's departments and services do not restrict them.
    """
    wide = replace(last_year(scope), departments=(), services=())
    class_of, register = classes(cursor, wide), services(cursor)
    shares: dict[str, Fraction] = {}
    for row in measure(cursor, "digital_submission", wide, "service"):
        key = str(row.by["service"])
        if (row.denominator or 0) >= MIN_DENOMINATOR and class_of.get(key) in WITH_E_SERVICE:
            shares[key] = Fraction(int(row.numerator or 0), int(row.denominator or 0))
    result = {}
    for key, service in register.items():
        others = [share for other, share in shares.items() if other != key]
        department = [shares[k] for k in shares if k != key and register[k].department_id == service.department_id]
        peers = department if len(department) >= MIN_PEERS else others
        if peers:
            result[key] = PeerShare(median(peers), len(peers), same_department=peers is department)
    return result
