"""From which digital share does a service's e-service pay? With assumptions that the reader can change in the address."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

import streamlit as st

from analytics.costs.break_even import (
    AnnualVolume,
    Assumptions,
    BreakEven,
    annual_volume,
    break_even,
    cost_with,
    cost_without,
    own_yearly_cost,
    typical_yearly_cost,
)
from analytics.metrics.scope import Scope
from analytics.registers.services import WITH_E_SERVICE
from ui import database
from ui.charts.base import Figure, draw
from ui.charts.break_even_lines import Costs, break_even_lines
from ui.components import data_basis
from ui.components.assumptions import ask_assumptions, assumption_words
from ui.components.metric_views import ask
from ui.frame import page, theme
from ui.frame.cached_blocks import cached_block
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _


def block(scope: Scope) -> None:
    """The assumptions, the answer, and the picture."""
    fact = load_volume(scope)
    if fact.cases is None or not fact.cases:
        page.reading(_("To work this out, at least one month with all channels reported is needed."))
        return
    draw_answer(scope, ask_assumptions(scope))
    data_basis.definitions_of("break_even")


def load_volume(scope: Scope) -> AnnualVolume:
    """The service's cases over twelve months."""
    return database.answer(annual_volume, scope)


@cached_block
def draw_answer(scope: Scope, assumptions: Assumptions) -> None:
    """The finding, the picture, and how it is counted."""
    fact = load_volume(scope)
    assert fact.cases is not None
    result = break_even(fact.cases, fact.digital_share, assumptions)
    found = finding(result, fact) if has_e_service(scope) else imagined(result)
    page.reading(f"{found} {describe_savings(result, now=has_e_service(scope))}")
    draw(figure(fact, assumptions), "break-even")
    summary = tag("summary", _("What is assumed, and what is counted"))
    st.html(tag("details", summary, tag("p", method(scope, assumptions, fact)), class_="trust how"))


def has_e_service(scope: Scope) -> bool:
    """Whether the service has one at the end of the period."""
    rows = ask("services", scope, "class")
    return any(row.value and row.by["class"] in WITH_E_SERVICE for row in rows)


def imagined(result: BreakEven) -> str:
    """From which share an e-service would pay that there is not."""
    if result.share is None:
        return _("With these assumptions an e-service would pay at no digital share: it would save less than it costs.")
    said = _(
        "There is no e-service. With these assumptions one would pay when at least {share} of the cases are digital."
    )
    return said.format(share=shares(result.share, None)[0])


def finding(result: BreakEven, fact: AnnualVolume) -> str:
    """From which share it pays, and whether it does now."""
    if result.share is None:
        return _("With these assumptions the e-service pays at no digital share: it saves less than it costs.")
    share, now = shares(result.share, fact.digital_share)
    told = {"share": share, "now": now}
    if fact.digital_share is None:
        return _("With these assumptions the e-service pays when at least {share} of the cases are digital.").format(
            **told
        )
    if fact.digital_share >= result.share:
        return _(
            "With these assumptions the e-service pays: {now} of the cases are digital, and {share} is enough."
        ).format(**told)
    return _(
        "With these assumptions the e-service does not pay yet: {now} of the cases are digital, and it takes {share}."
    ).format(**told)


def shares(even: Decimal, now: Decimal | None) -> tuple[str, str]:
    """The share that is enough, rounded up so that it is, and today's; with decimals where whole per cents would mislead."""
    decimals = next((n for n in (0, 1) if now is None or (_today(now, n) >= round_up(even, n)) == (now >= even)), 2)
    return numbers.percent(round_up(even, decimals), decimals), numbers.percent(now, decimals)


def round_up(share: Decimal, decimals: int = 0) -> Decimal:
    """A share rounded up to so many decimals of a per cent."""
    return share.quantize(Decimal(1).scaleb(-2 - decimals), ROUND_CEILING)


def _today(share: Decimal, decimals: int) -> Decimal:
    """A share as it is shown: 100 % is only the whole."""
    step = Decimal(1).scaleb(-2 - decimals)
    shown = share.quantize(step, ROUND_HALF_UP)
    return shown if share in (0, 1) else min(max(shown, step), 1 - step)


def describe_savings(result: BreakEven, *, now: bool = True) -> str:
    """Savings in kronor a year, at the present digital share where there is an e-service `now`, and at 100 %."""
    most = _saved(result.saved_at_most)
    if result.saved_now is None or not now:
        return _("If every case is digital it {most} a year.").format(most=most)
    return _("At the present share it {now} a year. If every case is digital it {most} a year.").format(
        now=_saved(result.saved_now), most=most
    )


def _saved(value: Decimal) -> str:
    said = _("saves {sum}") if value >= 0 else _("costs {sum} more than it saves")
    return said.format(sum=numbers.money(abs(value)))


def figure(fact: AnnualVolume, assumptions: Assumptions) -> Figure:
    """The cost a year by digital share, with the e-service and without."""
    cases = fact.cases or Decimal(0)
    result = break_even(cases, fact.digital_share, assumptions)
    even = None if result.share is None else round_up(result.share)
    at_none, at_all = cost_with(cases, Decimal(0), assumptions), cost_with(cases, Decimal(1), assumptions)
    costs = Costs(cost_without(cases, assumptions), at_none, at_all, fact.digital_share, even)
    return break_even_lines(costs, theme.palette(), say=numbers.money)


def method(scope: Scope, assumptions: Assumptions, fact: AnnualVolume) -> str:
    """The formula in words, with what is assumed and what is counted."""
    said = _(
        "Share = the e-service's cost a year ÷ (cases a year × minutes saved a case × SEK an hour ÷ 60)."
        " Assumptions you can change: {digital} minutes a digital case, {other} any other, SEK {hourly} an hour,"
        " SEK {yearly} a year."
    ).format(**assumption_words(assumptions))
    return " ".join([said, describe_yearly_cost(scope), describe_cases(fact)])


def describe_yearly_cost(scope: Scope) -> str:
    """Where the suggested cost a year comes from: what is booked, or a rule of thumb."""
    if database.answer(own_yearly_cost, scope) is not None:
        return _(
            "The suggested cost a year is what is booked on the service's own e-services over the last twelve months."
        )
    if database.answer(typical_yearly_cost, scope) is not None:
        return _(
            "The suggested cost a year is a rule of thumb: the platform's fixed and variable cost shared equally"
            " by its e-services."
        )
    return _("The suggested cost a year is a rule of thumb.")


def describe_cases(fact: AnnualVolume) -> str:
    """Where the number of cases a year comes from."""
    said = _("Counted on {cases} cases a year. Fully reported months: {months} of twelve.")
    if fact.at_least:
        said = _(
            "Counted on {cases} cases a year, all that are reported for the last twelve months. Fully reported"
            " months: {months}."
        )
    elif fact.months == 12:
        said = _(
            "Counted on {cases} cases a year, all that came in over the last twelve months, which are fully reported."
        )
    return said.format(cases=numbers.count(fact.cases), months=numbers.count(fact.months))
