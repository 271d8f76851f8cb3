"""What closing a gap is worth in kronor a year: the handling time saved, less what a new e-service costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import duckdb

from analytics.costs.break_even import AnnualVolume, Assumptions, annual_volumes, fully_reported_services
from analytics.metrics.scope import Scope
from analytics.priorities.actions import NEEDS_E_SERVICE, NO_ACTION, Action
from analytics.priorities.peers import PeerShare, peer_shares
from analytics.statistics.significance import MIN_DENOMINATOR

UnknownReason = Literal["", "handling", "nothing", "find_out", "reporting", "few", "uptake"]
UNKNOWN = AnnualVolume(None, None, 0)


@dataclass(frozen=True)
class Savings:
    """Kronor a year; None is not told, and `unknown_reason` says why. `uptake` is the digital share reckoned with (0–1).

    `year` is what is known of the service over twelve months; `reported` is whether that is every month of the twelve.
    """

    year: AnnualVolume
    reported: bool = False
    kronor: Decimal | None = None
    uptake: Decimal | None = None
    unknown_reason: UnknownReason = ""


@dataclass(frozen=True)
class SavingsBasis:
    """What it takes to tell: each service's last twelve months, whether all are reported, and the share of those like it."""

    years: Mapping[str, AnnualVolume]
    reported: frozenset[str]
    peers: Mapping[str, PeerShare]

    def savings(self, goal: int, service_id: str, way: Action, assumed: Assumptions) -> Savings:
        """What closing the service's gap to the goal is worth."""
        year, reported = self.years.get(service_id, UNKNOWN), service_id in self.reported
        untold = self._untold(goal, service_id, year, way)
        if untold:
            return Savings(year, reported, unknown_reason=untold)
        like = self.peers.get(service_id)
        if goal == 1 and like is None:
            return Savings(year, reported, unknown_reason="uptake")
        share = like.share if goal == 1 and like else Fraction(1)
        uptake = Decimal(share.numerator) / Decimal(share.denominator)
        assert year.cases is not None and year.digital_share is not None
        now = year.digital_share if goal == 2 else Decimal(0)  # what lacks an e-service has no digital cases any more
        saved = assumed.handling_saved(year.cases * (uptake - now))
        return Savings(year, reported, saved - (assumed.yearly if way.code in NEEDS_E_SERVICE else 0), uptake)

    def _untold(self, goal: int, service_id: str, year: AnnualVolume, way: Action) -> UnknownReason:
        if goal == 3:
            return "handling"  # no minutes are known of a step
        if way.code in NO_ACTION:
            return "nothing"
        if way.code == "find_out":
            return "find_out"
        if service_id not in self.reported:
            return "reporting"
        return "few" if year.cases is None or year.cases < MIN_DENOMINATOR or year.digital_share is None else ""


def savings_basis(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> SavingsBasis:
    """Over the twelve months up to the period's last."""
    return SavingsBasis(
        annual_volumes(cursor, scope), fully_reported_services(cursor, scope), peer_shares(cursor, scope)
    )
