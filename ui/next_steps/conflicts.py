"""Where the order by points and the order by kronor disagree, and why: one sentence a service."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import streamlit as st
from markupsafe import Markup

from analytics.costs.break_even import MONTHS_PER_YEAR, Assumptions
from analytics.metrics.scope import Scope
from analytics.priorities.actions import NEEDS_E_SERVICE
from analytics.priorities.ranking import Gain, RankDifference, rank_differences
from ui.components.own_goal import points
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import service_link
from ui.next_steps import ranking, table
from ui.next_steps.text import describe_missing_savings
from ui.text import labels, numbers
from ui.text.html import join, tag
from ui.text.i18n import _, ngettext

TOLD = 3  # services whose two places are told apart
WITHOUT = 3  # services told of that have no place in kronor


def rankings_differ(scope: Scope, goal: int, assumptions: Assumptions) -> bool:
    """Whether there are two different orders to compare."""
    rows = ranking.load_gains(scope, goal, assumptions)
    open_ones = any(gain.is_open for gain in rows)
    return goal != 3 and table.digital_is_faster(assumptions) and not ranking.too_few(scope, goal) and open_ones


@cached_block
def block(scope: Scope, goal: int, assumptions: Assumptions) -> None:
    """How far the two orders can be compared, those that stand furthest apart, and how many have no kronor."""
    rows = ranking.load_gains(scope, goal, assumptions)
    page.reading(describe_compared(rows))
    said = sentences(rows, assumptions, scope)
    if said:
        st.html(tag("ul", *(tag("li", one) for one in said), class_="advice"))
    page.reading(describe_without_savings(rows))


def describe_compared(rows: Sequence[Gain]) -> str:
    """What the two orders cover."""
    here = [gain for gain in rows if gain.is_open]
    if ranking.equal_gains(here):
        kronor = any(gain.rank_kronor is not None for gain in here)
        alone = _("Each gives {points}, so they cannot be ranked by percentage points.")
        same = (
            _("Each gives {points}, so they cannot be ranked by percentage points, but by SEK and by cases a year.")
            if kronor
            else alone
        )
        return same.format(points=points(here[0].share))
    n = sum(gain.rank is not None and gain.rank_kronor is not None for gain in rows)
    if not n:
        return ""
    if not rank_differences(rows):
        return _("Where both can be counted the order is the same.")
    told = _("The ranks are among the {n} services that can be counted both in percentage points and in SEK.")
    return told.format(n=numbers.count(n))


def sentences(rows: Sequence[Gain], assumptions: Assumptions, scope: Scope) -> list[Markup]:
    """Those that stand furthest apart, and those with many points and no kronor; what kronor say where points say nothing."""
    here = [gain for gain in rows if gain.is_open]
    if ranking.equal_gains(here):
        return _alike(here)
    silent = [gain for gain in here if gain.savings.kronor is None and gain.rank and gain.rank <= ranking.TOP]
    of = sum(gain.rank is not None and gain.rank_kronor is not None for gain in rows)
    return [
        *(_apart(one, of, assumptions, scope) for one in rank_differences(rows)[:TOLD]),
        *(_silent(gain) for gain in silent[:WITHOUT]),
    ]


def describe_without_savings(rows: Sequence[Gain]) -> str:
    """How many have no place in kronor, by reason; blank where all have."""
    silent = [gain for gain in rows if gain.is_open and gain.savings.kronor is None]
    return _untold(silent) if silent else ""


def _alike(here: Sequence[Gain]) -> list[Markup]:
    """At how many of those that weigh the same a new e-service pays, and at which most."""
    ranked = sorted((g for g in here if g.savings.kronor is not None), key=lambda g: g.rank_kronor or 0)
    if not ranked:
        return []
    best, pays = ranked[0], [g for g in ranked if (g.savings.kronor or 0) > 0]
    kronor = numbers.money(abs(best.savings.kronor or Decimal(0)))
    counts = {"n": numbers.count(len(pays)), "of": numbers.count(len(ranked))}
    if pays:
        sentence = _("With these assumptions a new e-service pays for {n} of the {of} that can be counted.")
        first = _("Most for {service}: {kronor} a year.")
    else:
        sentence = _(
            "With these assumptions a new e-service pays for none of the {of} that can be counted: it saves less"
            " than it costs. It is still needed to reach the goal."
        )
        first = _("Nearest is {service}: {kronor} a year is missing.")
    told = _linked(first, best, kronor=kronor)
    return [join(told if len(ranked) == 1 else [sentence.format(**counts), " ", *told])]


def _apart(one: RankDifference, of: int, assumptions: Assumptions, scope: Scope) -> Markup:
    """A service's two places, and the reason."""
    first = _("{service} is number {points} of {of} in percentage points but number {kronor} in SEK:")
    places = {"points": numbers.count(one.rank), "kronor": numbers.count(one.rank_kronor), "of": numbers.count(of)}
    start = _linked(first, one.gain, **places)
    return join([*start, " ", describe_difference(one, assumptions, scope)])


def describe_difference(one: RankDifference, assumptions: Assumptions, scope: Scope) -> str:
    """Why a service ranks higher in one order than in the other."""
    year, way = one.gain.savings.year, one.gain.action
    if way.code in NEEDS_E_SERVICE and one.distance > 0:
        return _("it has no e-service, and a new one costs {kronor} a year.").format(
            kronor=numbers.money(assumptions.yearly)
        )
    moved = (year.cases or 0) * (1 - (year.digital_share or 0))
    as_year = Decimal(one.gain.remaining * MONTHS_PER_YEAR) / scope.months
    if abs(moved - as_year) > max(1, moved / 50):
        volumes = {"n": numbers.count(moved), "left": numbers.count(one.gain.remaining)}
        return _("in a whole year {n} of its cases come in another way, in the period {left}.").format(**volumes)
    if one.distance < 0:
        return _("it has its e-service, so nothing more has to be paid, while others need a new one.")
    return _("others save more.")


def _silent(gain: Gain) -> Markup:
    """A service high in points without kronor."""
    first = _("{service} gives many percentage points but cannot be counted in SEK: {why}.")
    return join(_linked(first, gain, why=_reason(gain)))


def _reason(gain: Gain) -> str:
    if gain.savings.unknown_reason != "reporting":
        return describe_missing_savings(gain)
    n = gain.savings.year.months
    said = ngettext("only {n} of twelve months is fully reported", "only {n} of twelve months are fully reported", n)
    return said.format(n=numbers.count(n)) if n else _("no month is fully reported")


def _untold(silent: Sequence[Gain]) -> str:
    """How many have no place in kronor, by reason."""
    n = len(silent)
    reasons = Counter(describe_missing_savings(g) for g in silent).most_common()
    said = ngettext("{n} service cannot be counted in SEK: {why}.", "{n} services cannot be counted in SEK: {why}.", n)
    listed = ", ".join(
        f"{reason} ({numbers.count(times)})" if len(reasons) > 1 else reason for reason, times in reasons
    )
    return said.format(n=numbers.count(n), why=listed)


def _linked(sentence: str, gain: Gain, **told: str) -> list[object]:
    """A sentence with the service's name as a link to it."""
    before, _name, after = sentence.partition("{service}")
    link = tag("a", labels.service(gain.service_id), href=service_link(gain.service_id), target="_self")
    return [before.format(**told), link, after.format(**told)]
