"""The parts of a goal's change: a waterfall, and what each part is made of."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import streamlit as st
from markupsafe import Markup

from analytics.decomposition.cells import have_same_months
from analytics.decomposition.effects import NOTHING, CoverageReason, Kind, add_points, most_first, points_of
from analytics.metrics.catalogue import GOAL_CODES, GOALS, metrics
from analytics.metrics.scope import Scope
from ui.charts.waterfall import End, Step, waterfall
from ui.components import data_basis, metric_views
from ui.decomposition import summary, text
from ui.decomposition.rounding import RoundedChange, signed
from ui.frame import address, choices, filters, page
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import service_link
from ui.frame.theme import Role
from ui.text import labels, numbers
from ui.text.html import tag
from ui.text.i18n import _, capitalized, words

MOST = 3  # services or causes named in a part
ALIKE = ("e_service_coverage", "e_service_coverage_all", "digital_handling_services")  # all services weigh the same
RATE: tuple[Kind, ...] = ("rate",)
SEASON: tuple[Kind, ...] = ("season",)
COVERAGE: tuple[Kind, ...] = get_args(CoverageReason)


@dataclass(frozen=True)
class Part:
    """A part of a change: the kinds of cause that belong to it, its name, what it means, and its colour."""

    kinds: tuple[Kind, ...]
    name: str
    meaning: str
    role: Role


def parts(code: str) -> list[Part]:
    """The parts in the order of the waterfall. Where every service weighs the same, nothing can move between them."""
    rate = {
        "e_service_coverage": _(
            "Services counted in both periods that have gained an e-service or no longer have one."
        ),
        "digital_submission": _(
            "Services counted in both periods that got a larger or smaller share of their cases digitally."
        ),
        "digital_handling": _(
            "Services counted in both periods where a larger or smaller share of the cases could be handled digitally."
        ),
    }
    other = _("Services counted in both periods whose own share rose or fell.")
    same = Part(("rate",), _("Change in the same services"), rate.get(code, other), "digital")
    if code in ALIKE:
        meaning = _(
            "Services that count in only one period: published or withdrawn, or the goal does not apply, or"
            " there are no figures."
        )
        return [same, Part(COVERAGE, _("Services in and out"), meaning, "unknown")]
    moved = _("The cases are spread differently: more or fewer go to the most digital services.")
    if code not in rate:
        moved = _(
            "What is counted is spread differently: more or less of it is in the services with the highest share."
        )
    meaning = _("Services or months that count in only one period. That made nothing more or less digital.")
    season = _("More or fewer of the cases came in months of the year when a larger part of them is digital.")
    if not text.counts_cases(code):
        season = _("More or less of what is counted lies in months of the year with a larger share.")
    return [
        same,
        Part(SEASON, _("Season"), season, "grey_3"),
        Part(("mix",), _("Changed mix") if text.counts_cases(code) else _("Changed mix of services"), moved, "grey_2"),
        Part(COVERAGE, _("Changed coverage"), meaning, "unknown"),
    ]


def choose(scope: Scope) -> str:
    """The goal or other share that the address names; else the goal that moved most."""
    titles = {metric.goal: words(metric.title) for metric in map(metrics().__getitem__, GOAL_CODES)}
    named = {str(n): _("Goal {n}: {title}").format(n=n, title=title) for n, title in titles.items()}
    others = [code for code in labels.labels_of("share_in_sentence") if code not in GOAL_CODES]
    named |= {code: words(metrics()[code].title) for code in others}
    with st.container(width=360):
        chosen = choices.choose(_("Goal"), "goal", named, _("The goal that has changed most"))
    if chosen is None:
        return largest_change(scope)
    return GOALS[int(chosen)] if chosen.isdecimal() else chosen


def address_key(code: str) -> str:
    """A share's code in the address; a goal's is its number."""
    return str(metrics()[code].goal) if code in GOAL_CODES else code


def largest_change(scope: Scope) -> str:
    """The goal whose share changed most beyond chance; the first where none did."""
    sizes = {}
    for code in GOAL_CODES:
        found = summary.load_change(code, scope)
        if found and found.split and not found.few:
            sizes[code] = found.sure, abs(found.split.change)
    return max(sizes, key=lambda code: sizes[code], default=GOAL_CODES[0])


@cached_block
def draw_waterfall(code: str, scope: Scope) -> None:
    """Waterfall from the share in the comparison to the present share, part by part."""
    found, before = summary.load_change(code, scope), scope.compared()
    if found is None or found.split is None or before is None:
        page.empty(_("A change can be shown only where both periods are reported."), *_other(code, scope))
        return
    if not found.moved:
        page.reading(_("The same services are counted in both periods, and none changed the share."))
        return
    if found.few:
        page.reading(_("Fewer than 20 are counted. What happened to each service stands in the table."))
        return
    told, stock = found.fine, metrics()[code].time == "stock"
    shares = [numbers.percent(row.value, 1) for row in (found.then, found.now)]
    ends = [
        End(_named(one, stock), float(row.value or 0), said)
        for one, row, said in zip((before, scope), (found.then, found.now), shares, strict=True)
    ]
    steps = [
        Step(part.name, told.exact(part.kinds), told.part(part.kinds), _role(part, told))
        for part in parts(code)
        if part.kinds != SEASON or have_same_months(before, scope)
    ]
    st.html(waterfall(ends[0], steps, ends[1]))
    data_basis.draw(metric_views.data_basis(metrics()[code], found.now, scope))
    page.reading(_reading(code, told, any(one.coverage_reasons for one in found.split.services)))


def _other(code: str, scope: Scope) -> tuple[str, str]:
    """The way to the other comparison, where that can be told."""
    way: Literal["previous", "last_year"] = "previous" if scope.comparison == "last_year" else "last_year"
    if way not in filters.usual_comparisons(scope.month_from, scope.month_to):
        return "", ""
    other = summary.load_change(code, replace(scope, comparison=way))
    if other is None or other.split is None:
        return "", ""
    return _("Compare with the other period"), address.link_here(comparison=way, goal=address_key(code))


def _role(part: Part, rounded: RoundedChange) -> Role:
    """Blue is what became digital; what became less so needs eyes."""
    return "accent" if part.kinds == RATE and rounded.exact(part.kinds) < 0 else part.role


def _reading(code: str, rounded: RoundedChange, came: bool) -> str:
    """What the picture says of what is counted in both periods; `came` is whether any service or month came or went.

    That is the change in a goal's row. Where nothing came or went it is what is left when the mix is taken away.
    """
    rest = [part for part in parts(code) if part.kinds not in (RATE, SEASON) and rounded.exact(part.kinds)]
    if not rest and not came:
        return _("The same services are counted in both periods.")
    if not rest:
        none = _("Changed mix and changed coverage made no difference.")
        return _("Services in and out made no difference.") if code in ALIKE else none
    stayed = RATE + SEASON
    same, rose, fell = (
        _("With the mix unchanged the share is unchanged."),
        _("With the mix unchanged the share rose by {points}."),
        _("With the mix unchanged the share fell by {points}."),
    )
    if came:
        stayed = tuple(kind for part in parts(code) if part.kinds != COVERAGE for kind in part.kinds)
        same, rose, fell = (
            _("Counted on the services and months that are in both periods the share is unchanged."),
            _("Counted on the services and months that are in both periods the share rose by {points}."),
            _("Counted on the services and months that are in both periods the share fell by {points}."),
        )
    if code in ALIKE:
        same, rose, fell = (
            _("In the same services the share is unchanged."),
            _("In the same services the share rose by {points}."),
            _("In the same services the share fell by {points}."),
        )
    if rounded.part(stayed) == "0":
        return same
    return (rose if rounded.exact(stayed) > 0 else fell).format(points=rounded.size(stayed))


def _named(scope: Scope, stock: bool) -> str:
    return numbers.months(scope.month_to if stock else scope.month_from, scope.month_to)


def largest_part(code: str, scope: Scope) -> str:
    """The part with most points, and how much of the change it is; the plain heading where it is not most of it."""
    found, before = summary.load_change(code, scope), scope.compared()
    assert found and before and found.split
    shown = [part for part in parts(code) if part.kinds != SEASON or have_same_months(before, scope)]
    sizes = {part.name: found.fine.exact(part.kinds) for part in shown}
    name = max(sizes, key=lambda part: -most_first(sizes[part]))
    whole = add_points(sizes.values())
    if not whole or sizes[name] / whole <= 0.5 + NOTHING:  # another pulls the other way, or many share it
        return _("What each part is made of")
    (most,) = (part for part in shown if part.name == name)
    told = {"part": name[:1].lower() + name[1:], "points": found.fine.part(most.kinds)}
    return _("Most of it: {part}, {points} percentage points").format(**told)


@cached_block
def draw_parts(code: str, scope: Scope) -> None:
    """The parts beside each other: points, meaning, and the services that contribute most."""
    found = summary.load_change(code, scope)
    assert found
    st.html(tag("div", *(_part(code, part, found, scope) for part in parts(code)), class_="change-parts"))


def _part(code: str, part: Part, change: summary.ShareChange, scope: Scope) -> Markup:
    told, before = change.fine, scope.compared()
    if part.kinds == SEASON and before and not have_same_months(before, scope):
        unknown = _(
            "The periods have different months of the year, so season is part of the change in the same services."
        )
        return tag("article", tag("b", numbers.MISSING), tag("h3", part.name), tag("p", unknown))
    listed = _causes(code, change, scope) if part.kinds == COVERAGE else _services(change, part.kinds[0])
    points = told.part(part.kinds)
    return tag(
        "article",
        tag("b", points, " ", tag("span", _("percentage points"))),
        tag("h3", part.name),
        tag("p", part.meaning),
        tag("ul", *listed, class_="items") if listed else tag("p", _nothing(part, change)),
    )


def _nothing(part: Part, change: summary.ShareChange) -> str:
    if change.fine.exact(part.kinds):
        return _("Each is less than {points}.").format(points=numbers.points(0.001, 1))
    came = part.kinds == COVERAGE and change.split and any(one.coverage_reasons for one in change.split.services)
    return _("That made no difference.") if came else _("Nothing.")


def _causes(code: str, change: summary.ShareChange, scope: Scope) -> list[Markup]:
    """The causes with most points that are not written as nothing, each with its points."""
    told = change.fine
    causes = [cause for cause in told.causes if cause.kind in COVERAGE and told.of(cause) != "0"]
    names = [capitalized(text.describe_cause(code, cause, scope.departments)) for cause in causes[:MOST]]
    return [_item(name, told.of(cause)) for name, cause in zip(names, causes, strict=False)]


def _services(change: summary.ShareChange, kind: Kind) -> list[Markup]:
    """The services with most points of a kind that are not written as nothing, each with the way to its page."""
    every = {one.service: points_of(one, kind) for one in change.split.services} if change.split else {}
    points = {key: part for key, part in every.items() if signed(part, 1) != "0"}
    most = sorted(points, key=lambda key: (most_first(points[key]), str(key)))[:MOST]
    links = {key: tag("a", labels.service(key), href=service_link(key), target="_self") for key in most}
    return [_item(link, signed(points[key], 1)) for key, link in links.items()]


def _item(what: object, points: str) -> Markup:
    return tag("li", tag("span", what), " ", tag("strong", points))
