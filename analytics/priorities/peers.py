"""The digital share that services like a given one have: what an e-service can be thought to bring."""

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

MIN_PEERS = 3  # services of a department that it takes for a median of its own


@dataclass(frozen=True)
class PeerShare:
    """The median digital share of `n` services like a given one: of its own department, or of all."""

    share: Fraction
    n: int
    same_department: bool


def peer_shares(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> dict[str, PeerShare]:
    """For each service the share that services like it have: those with an e-service and twenty cases, itself left out.

    Like it are those of its own department when there are three, else all; whatever departments are chosen. Over the twelve
    months up to the period's last.
    """
    whole = replace(last_year(scope), departments=(), services=())
    offered, register = classes(cursor, whole), services(cursor)
    shares: dict[str, Fraction] = {}
    for row in measure(cursor, "digital_submission", whole, "service"):
        key = str(row.by["service"])
        if (row.denominator or 0) >= MIN_DENOMINATOR and offered.get(key) in WITH_E_SERVICE:
            shares[key] = Fraction(int(row.numerator or 0), int(row.denominator or 0))
    found = {}
    for key, service in register.items():
        others = [share for other, share in shares.items() if other != key]
        own = [shares[k] for k in shares if k != key and register[k].department_id == service.department_id]
        alike = own if len(own) >= MIN_PEERS else others
        if alike:
            found[key] = PeerShare(median(alike), len(alike), alike is own)
    return found
