"""What a scenario costs and saves a year, and in which services the e-service pays; the assumptions are the reader's to change."""

from collections.abc import Sequence
from decimal import Decimal

from analytics.costs.break_even import Assumptions, default_assumptions
from analytics.metrics.scope import Scope
from analytics.scenario.model import Scenario
from analytics.scenario.savings import ServiceSavings, savings
from ui import database
from ui.components import figures as facts
from ui.components.assumptions import ask_assumptions, assumption_words
from ui.components.figures import Figure
from ui.components.shares import state_words
from ui.frame import page
from ui.frame.cached_blocks import cached_block
from ui.scenario.effect import effect_of
from ui.text import numbers
from ui.text.i18n import _


def savings_by_service(scope: Scope, scenario: Scenario, assumed: Assumptions) -> Sequence[ServiceSavings]:
    """What each service of the scenario costs and saves a year."""
    return database.answer(savings, scope, effect_of(scope, scenario).services, assumed)


def only_steps(scenario: Scenario) -> bool:
    """Whether the scenario changes handling steps only, which have no known cost."""
    return all(change.kind == "steps" for change in scenario.changes)


def block(scope: Scope, scenario: Scenario) -> Assumptions:
    """Inputs for the assumptions, and the result; returns the assumptions."""
    page.heading(_("Cost and time saved"), _("A year with the changes, against a year as today."))
    if only_steps(scenario):
        page.reading(_("SEK is not shown, for nobody has stated what a digital step costs or saves."))
        return database.answer(default_assumptions, scope)
    assumed = ask_assumptions(scope)
    _answer(scope, scenario, assumed)
    return assumed


@cached_block
def _answer(scope: Scope, scenario: Scenario, assumed: Assumptions) -> None:
    """Three figures, where the e-services pay, and what is assumed."""
    every = savings_by_service(scope, scenario, assumed)
    new = sum(part.new for part in effect_of(scope, scenario).services)
    cost = sum((one.cost for one in every), Decimal(0))
    known = [one.saved for one in every if one.saved is not None]
    each = numbers.money(assumed.yearly)
    new_ones = numbers.plural("{n} new e-service at {each}", "{n} new e-services at {each} each", new, each=each)
    saved = sum(known, Decimal(0))
    handling = numbers.money(saved) if known else state_words("not_reported")
    figures = [
        Figure(_("Cost a year"), numbers.money(cost), new_ones if new else _("No new e-service")),
        Figure(_("Handling time saved a year, in SEK"), handling, _of_known(every, scenario)),
    ]
    if known:
        figures.append(Figure(_("Time saved in SEK less the cost"), numbers.money(saved - cost), _pays(every)))
    facts.draw(figures)
    page.reading(_how(assumed))


def _of_known(every: Sequence[ServiceSavings], scenario: Scenario) -> str:
    """In how many of the services the saving is known."""
    asked = {change.service_id for change in scenario.changes if change.kind != "steps"}
    known = sum(one.saved is not None for one in every if one.service_id in asked)
    if known == len(asked):
        return numbers.plural("Counted for the service", "Counted for all {n} services", known)
    if not known:
        return _("Counted only where every channel is reported for the whole year")
    told = _("Counted for {n} of {of} services, the rest are not in the sum")
    return told.format(n=numbers.count(known), of=numbers.count(len(asked)))


def _pays(every: Sequence[ServiceSavings]) -> str:
    """In how many services the e-service pays, today and with the changes."""
    after = [one for one in every if one.after is not None]
    if not after:
        return ""
    before = sum(one.before is not None and (one.before.saved_now or 0) >= 0 for one in after)
    now = sum(one.after is not None and (one.after.saved_now or 0) >= 0 for one in after)
    return numbers.plural(
        "The e-service pays for {before} of {n} service today, for {now} with the changes",
        "The e-service pays for {before} of {n} services today, for {now} with the changes",
        len(after),
        before=numbers.count(before),
        now=numbers.count(now),
    )


def _how(assumed: Assumptions) -> str:
    """What is assumed, in words."""
    return _(
        "Assumptions you can change: {digital} minutes a digital case, {other} any other, SEK {hourly} an hour,"
        " SEK {yearly} a year for an e-service. The suggested cost is the platform's, shared equally by its"
        " e-services. The platform need not become that much dearer. Nobody has stated what digital steps cost"
        " and save, so that is not in the sums."
    ).format(**assumption_words(assumed))
