"""The digital share of similar services: the uptake that an e-service is assumed to bring."""

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction

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
    ordered = sorted(shares.items(), key=lambda item: item[1])
    by_department: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
    for key, share in ordered:
        by_department[register[key].department_id].append((key, share))
    result = {}
    for key, service in register.items():
        department = [share for other, share in by_department[service.department_id] if other != key]
        same = len(department) >= MIN_PEERS
        peers = department if same else [share for other, share in ordered if other != key]
        if peers:
            result[key] = PeerShare(_middle(peers), len(peers), same)
    return result


def _middle(ordered: list[Fraction]) -> Fraction:
    """The median of shares in order."""
    half, odd = divmod(len(ordered), 2)
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2
