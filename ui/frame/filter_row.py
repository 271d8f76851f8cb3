"""The filters as one row: a button each that shows what is chosen and opens a panel of links, or of a form, to choose otherwise."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from analytics.metrics.dimensions import Department, reorganised
from analytics.metrics.period import FollowUp
from analytics.registers.services import coded_services
from ui import database
from ui.frame import address, organisation, practice
from ui.frame.filters import (
    ALL,
    ORGANISATIONS,
    Choice,
    audiences,
    chosen_codes,
    codings,
    comparison_starts,
    month_code,
    month_codes,
    usual_comparisons,
)
from ui.frame.page import data_up_to
from ui.frame.sitemap import PageSpec
from ui.text import numbers
from ui.text.html import join, tag
from ui.text.i18n import _, capitalized, ngettext


@dataclass(frozen=True)
class Filter:
    """One filter: what it is of, what is chosen, whether that is another than the default, and the panel to choose in."""

    key: str
    label: str
    shown: str
    changed: bool
    panel: Markup


def row(page: PageSpec, choice: Choice) -> Markup:
    """The filters that apply to a page, and what the figures are as of."""
    makers = {
        "department": _departments,
        "organisation": _organisation,
        "audience": _audience,
        "services": _services,
        "to": _period,
        "comparison": _comparison,
    }
    drawn = [make(page, choice) for key, make in makers.items() if key in page.filters]
    buttons = [_button(one) for one in drawn if one]
    group = tag("div", *buttons, class_="chosen-by", role="group", aria_label=_("Filters")) if buttons else ""
    return tag("div", group, _as_of(), class_="filters")


def _as_of() -> Markup:
    """The month that the figures reach to, without its first word on a phone, and whether they are others than the real ones."""
    first, rest = capitalized(data_up_to()).split(" ", 1)
    parts: list[object] = [Markup(" ").join((tag("span", first, class_="in-full"), rest))]
    if database.period().protected:
        parts.append(_("counts from 1 to 4 are not shown"))
    mark = tag("span", other, class_="tag") if (other := practice.mark()) else ""
    return tag("p", tag("span", join(parts, " · ")), mark, class_="as-of")


def _button(one: Filter) -> Markup:
    words = (tag("span", one.label + ": ", class_="heard"), tag("span", one.shown))
    opener = tag(
        "button",
        *words,
        type="button",
        id=f"filter-{one.key}",
        class_="filter changed" if one.changed else "filter",
        popovertarget=f"panel-{one.key}",
    )
    panel = tag("div", one.panel, popover=True, id=f"panel-{one.key}", class_="panel", data_keep=f"#filter-{one.key}")
    return tag("div", opener, panel)


def _departments(page: PageSpec, choice: Choice) -> Filter | None:
    departments = {d.department_id: d for d in database.departments()}
    chosen = choice.scope.departments
    names = _names(departments)
    shown = names[chosen[0]] if len(chosen) == 1 else _("All departments")
    if len(chosen) > 1:
        shown = ngettext("{n} department", "{n} departments", len(chosen)).format(n=len(chosen))
    boxes = (_box(page, d, names[key], checked=key in chosen) for key, d in departments.items())
    everything = _links(page, "department", {"": _("All departments")}, "" if not chosen else None)
    form = _form("department", tag("fieldset", tag("legend", _("Department"), class_="heard"), *boxes))
    return Filter("department", _("Department"), shown, bool(chosen), everything + form)


def _box(page: PageSpec, department: Department, name: str, *, checked: bool) -> Markup:
    """A department: its box chooses it beside others, its name chooses it alone."""
    code = department.department_id
    box = tag("input", type="checkbox", name="department", value=code, checked=checked, aria_label=name)
    alone = tag("a", name, href=address.link_same_page(page.path, department=[code]), target="_self")
    return tag("div", tag("label", box), alone, class_="pick", style=f"--depth:{department.depth - 1}")


def _names(departments: Mapping[str, Department]) -> Mapping[str, str]:
    """The names; two of the same name are told apart by their code."""
    times = Counter(d.name for d in departments.values())
    return {key: f"{d.name} ({key})" if times[d.name] > 1 else d.name for key, d in departments.items()}


def _organisation(page: PageSpec, choice: Choice) -> Filter | None:
    if not database.answer(reorganised):
        return None
    now = "" if choice.scope.organisation == ORGANISATIONS[0] else choice.scope.organisation
    names = _without_default(organisation.names(), ORGANISATIONS[0])
    links = _links(page, "organisation", names, now)
    return Filter("organisation", _("Organisation"), names[now], bool(now), links)


def _audience(page: PageSpec, choice: Choice) -> Filter:
    now = choice.scope.audience or ""
    names = _without_default(audiences(), ALL) | {"": _("All audiences")}
    return Filter("audience", _("Audience"), names[now], bool(now), _links(page, "audience", names, now))


def _services(page: PageSpec, choice: Choice) -> Filter | None:
    """Services by SDG code, KLASSA code and life event, those of the three that the register gives."""
    offered = {coding: codes for coding, codes in database.answer(coded_services).items() if codes}
    if not offered:
        return None
    now = {coding: address.read_one(coding, codes, "") for coding, codes in offered.items()}
    everything = _("All services")
    reset = tag("ul", tag("li", _choice(page, everything, dict.fromkeys(offered, ""), not any(now.values()))))
    selects = [
        _select(coding, codings()[coding], {"": _("all"), **{code: code for code in codes}}, now[coding])
        for coding, codes in offered.items()
    ]
    named, codes = chosen_codes(choice.scope), [code for code in now.values() if code]
    shown = ", ".join(named if len(named) == 1 else codes) or everything  # of several there is room for the codes alone
    return Filter("services", _("Services"), shown, any(now.values()), reset + _form(" ".join(offered), join(selects)))


def _period(page: PageSpec, choice: Choice) -> Filter:
    scope, months = choice.scope, _month_names()
    chosen = (scope.month_from, scope.month_to)
    ends = {"from": _("From"), "to": _("To")}
    selects = [
        _select(end, label, months, month_code(month))
        for (end, label), month in zip(ends.items(), chosen, strict=True)
        if end in page.filters
    ]
    default = database.period().default()
    usual = chosen == default
    spans = {_("The last twelve months"): default} | {
        follow_up_name(one): (one.month_from, one.month_to) for one in database.period().follow_ups()
    }
    links = [
        _choice(page, name, dict(zip(ends, map(month_code, span), strict=True)) | {"comparison": ""}, chosen == span)
        for name, span in spans.items()
    ]
    usual_ones = tag("ul", *(tag("li", link) for link in links))
    shown = (
        numbers.months(*chosen) if "from" in page.filters else _("to {month}").format(month=numbers.month(chosen[1]))
    )
    return Filter("period", _("Period"), shown, not usual, usual_ones + _form("from to", join(selects)))


def follow_up_name(one: FollowUp) -> str:
    """What a municipality calls the period, with its year."""
    names = {
        "full_year": _("Full year {year}"),
        "third_3": _("Third 3, Sep–Dec {year}"),
        "interim_august": _("Interim report Jan–Aug {year}"),
        "third_2": _("Third 2, May–Aug {year}"),
        "third_1": _("Third 1 and interim report, Jan–Apr {year}"),
    }
    return names[one.code].format(year=one.month_to.year)


def _comparison(page: PageSpec, choice: Choice) -> Filter:
    scope, months = choice.scope, _month_names()
    now, compared = scope.comparison, scope.compared()
    names = {"last_year": _("Same period a year earlier"), "previous": _("Previous period")}
    offered = usual_comparisons(scope.month_from, scope.month_to)
    codes = {code: "" if code == offered[0] else code for code in offered}
    usual = _without_default({code: names[code] for code in offered}, offered[0])
    links = _links(page, "comparison", usual, codes.get(str(now)))
    shown = {"last_year": _("against the year before"), "previous": _("against the period before")}.get(str(now), "")
    if compared and not shown:
        shown = _("against {period}").format(period=numbers.months(compared.month_from, compared.month_to))
    starts = comparison_starts(list(months), month_code(scope.month_from), month_code(scope.month_to))
    if starts:
        named = {code: months[code] for code in reversed(starts)}
        begun = month_code(compared.month_from) if compared and str(now) not in codes else ""
        links += _form("comparison", _select("comparison", _("The period from"), named, begun))
    return Filter("comparison", _("Compared with"), shown, now != offered[0], links)


def _without_default(names: Mapping[str, str], default: str) -> dict[str, str]:
    """The names, where the address needs no code for the default."""
    return {"" if code == default else code: name for code, name in names.items()}


def _month_names() -> Mapping[str, str]:
    return {code: numbers.month(month) for code, month in month_codes().items()}


def _links(page: PageSpec, key: str, names: Mapping[str, str], now: str | None) -> Markup:
    """A link a choice, names by code, the one that holds now marked. The code "" leaves the parameter out."""
    return tag("ul", *(tag("li", _choice(page, name, {key: code}, code == now)) for code, name in names.items()))


def _choice(page: PageSpec, name: str, changes: Mapping[str, str], is_now: bool) -> Markup:
    href = address.link_same_page(page.path, **changes)
    return tag("a", name, href=href, target="_self", aria_current="true" if is_now else None)


def _form(parameters: str, *fields: Markup) -> Markup:
    """The fields of those parameters; static/site.js puts them into the address and keeps what else stands there."""
    return tag("form", *fields, tag("button", _("Show")), data_parameters=parameters)


def _select(key: str, label: str, names: Mapping[str, str], now: str) -> Markup:
    options: Iterable[Markup] = (tag("option", name, value=code, selected=code == now) for code, name in names.items())
    return tag("label", tag("span", label), tag("select", *options, name=key))
