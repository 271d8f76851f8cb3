"""SEK a year saved by closing a service's gap: the handling time saved, less the yearly cost of a new e-service."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import duckdb

from analytics.costs.break_even import (
    UNKNOWN_VOLUME,
    AnnualVolume,
    Assumptions,
    annual_volumes,
)
from analytics.metrics.scope import Scope
from analytics.metrics.served import kept
from analytics.priorities.actions import NEEDS_E_SERVICE, NO_ACTION, Action
from analytics.priorities.peers import PeerShare, peer_shares
from analytics.statistics.significance import MIN_DENOMINATOR

UnknownReason = Literal["", "handling", "nothing", "find_out", "reporting", "few", "uptake"]


@dataclass(frozen=True)
class Savings:
    """SEK a year (`kronor`), or None and why it is not known. `uptake` is the digital share assumed afterwards (0–1).

    `year` is the service's reported volume; `reported` is whether all twelve months are fully reported.
    """

    year: AnnualVolume
    reported: bool = False
    kronor: Decimal | None = None
    uptake: Decimal | None = None
    unknown_reason: UnknownReason = ""


@dataclass(frozen=True)
class SavingsBasis:
    """What the savings are computed from, by service id: volumes and the peers' digital share."""

    years: Mapping[str, AnnualVolume]
    peers: Mapping[str, PeerShare]

    def savings(self, goal: int, service_id: str, action: Action, assumptions: Assumptions) -> Savings:
        """SEK a year saved by closing the service's gap to goal 1, 2 or 3 by `action`."""
        year = self.years.get(service_id, UNKNOWN_VOLUME)
        reason = self._unknown_reason(goal, action, year)
        if reason:
            return Savings(year, year.whole_year, unknown_reason=reason)
        peers = self.peers.get(service_id)
        if goal == 1 and peers is None:
            return Savings(year, year.whole_year, unknown_reason="uptake")
        share = peers.share if goal == 1 and peers else Fraction(1)
        uptake = Decimal(share.numerator) / Decimal(share.denominator)
        assert year.cases is not None and year.digital_share is not None
        now = year.digital_share if goal == 2 else Decimal(0)  # without an e-service no case is digital
        saved = assumptions.handling_saved(year.cases * (uptake - now))
        return Savings(
            year, year.whole_year, saved - (assumptions.yearly if action.code in NEEDS_E_SERVICE else 0), uptake
        )

    def _unknown_reason(self, goal: int, action: Action, year: AnnualVolume) -> UnknownReason:
        if goal == 3:
            return "handling"  # the minutes of a step are not known
        if action.code in NO_ACTION:
            return "nothing"
        if action.code == "find_out":
            return "find_out"
        if not year.whole_year:
            return "reporting"
        return "few" if year.cases is None or year.cases < MIN_DENOMINATOR or year.digital_share is None else ""


@kept
def savings_basis(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> SavingsBasis:
    """The basis over the twelve months up to the period's last."""
    return SavingsBasis(annual_volumes(cursor, scope), peer_shares(cursor, scope))
