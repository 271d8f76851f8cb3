"""The data basis: what a figure rests on, in one line that opens."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from analytics.metrics.catalogue import definitions
from analytics.metrics.versions import definition_version
from ui import database
from ui.components.shares import Share
from ui.frame import address
from ui.text import numbers
from ui.text.html import definition_list, join, tag
from ui.text.i18n import _, ngettext, words

MUCH = 0.05  # from counting weeks, told where there is little room; what is less stands in the strip that opens


@dataclass(frozen=True)
class DataBasis:
    """What a figure is based on. The parts are ready words ("82 tjänster"); None where a part does not apply."""

    metric: str  # code: the definition it links to
    numerator: str | None
    denominator: str | None
    coverage: float | None  # 0–1
    counting: str | None  # "räknat", or several ways
    when: str | None  # "läget den 31 oktober 2026", or the months that are summed
    version: str = ""  # of the definition
    bounds: tuple[float, float] | None = None  # worst and best case, 0–1
    known: str = ""  # what the covered part is: "rapporterat", "fördelat"
    whole: str = ""  # all of which it is a part: "tjänsterna"
    interval: tuple[float, float] | None = None  # Wilson's, 0–1, where few cases are counted
    sampled: float = 0  # how much of the cases is scaled up from counting weeks, 0–1
    weeks: tuple[float, float] | None = None  # between which shares that puts it, 0–1
    counted: float | None = None  # how much of the known cases is counted, 0–1
    silent: int = 0  # service-months that are not reported, or protected
    protected: bool = False  # whether small numbers are
    source: str = ""  # where it comes from, and when it was fetched
    beside: tuple[str, ...] = ()  # codes of what is told beside it, with definitions of their own


def summary(basis: DataBasis) -> str:
    """The line that always shows: "82 av 108 tjänster · bygger på 83 % av tjänsterna"."""
    parts = (_of(basis), _known(basis), _sampled(basis), basis.when)
    return " · ".join(part for part in parts if part) or _("What the figure is based on")


def _sampled(basis: DataBasis) -> str | None:
    """How much is scaled up from counting weeks, which stands wherever the number does."""
    return _("{share} from counting weeks").format(share=numbers.percent(basis.sampled)) if basis.sampled else None


def _known(basis: DataBasis) -> str | None:
    """How much is known; where service-months are silent it is never all."""
    if basis.coverage == 1 and basis.silent:
        silent = ngettext(
            "{n} of the services' months not reported", "{n} of the services' months not reported", basis.silent
        )
        if basis.protected:
            silent = ngettext(
                "{n} of the services' months not reported or not shown",
                "{n} of the services' months not reported or not shown",
                basis.silent,
            )
        return silent.format(n=numbers.count(basis.silent))
    return _part(basis) if basis.coverage is not None else None


def _part(basis: DataBasis) -> str:
    """How much is known, of what: "bygger på 83 % av tjänsterna"."""
    share = numbers.percent(basis.coverage)
    if basis.whole:
        return _("based on {share} of {whole}").format(share=share, whole=basis.whole)
    return _("{share} is {known}").format(share=share, known=basis.known)


def _coverage(basis: DataBasis) -> float | None:
    """How much is known, 0–1; None where it would be all of what is counted, and service-months beside it are silent."""
    return None if basis.coverage == 1 and basis.silent else basis.coverage


def _of(basis: DataBasis) -> str | None:
    if basis.denominator is None or basis.numerator is None:
        return basis.denominator
    return _("{part} of {whole}").format(part=basis.numerator, whole=basis.denominator)


def _facts(basis: DataBasis) -> Sequence[tuple[str, str | None]]:
    worst_best = None
    if basis.bounds:
        low, high = (numbers.percent(b) for b in basis.bounds)
        worst_best = _("between {low} and {high}, depending on what is not reported").format(low=low, high=high)
    sampled = None
    if basis.interval:
        sampled = _("{span}, since the cases are so few that chance plays a part").format(
            span=numbers.span(*basis.interval)
        )
    weeks = None
    if basis.weeks:
        low, high = (numbers.percent(end, 1) for end in basis.weeks)
        weeks = _("between {low} and {high}, depending on what the counting weeks do not show").format(
            low=low, high=high
        )
    return (
        (_("Counted"), basis.numerator),
        (_("Of in all"), basis.denominator),
        (_("Reported part"), None if (known := _coverage(basis)) is None else numbers.percent(known)),
        (
            _("Part of the reported cases that is counted"),
            None if basis.counted is None else numbers.percent(basis.counted),
        ),
        (
            _("Months not reported or not shown, counted per service")
            if basis.protected
            else _("Months not reported, counted per service"),
            numbers.count(basis.silent) if basis.silent else None,
        ),
        (_("Possible values"), worst_best),
        (_("Uncertainty"), sampled),
        (_("Counting weeks"), weeks),
        (_("Way of counting"), basis.counting),
        (_("Date"), basis.when),
        (_("Source"), basis.source or None),
        (_("Definition version"), basis.version or None),
    )


def brief(basis: DataBasis, now: Share) -> str:
    """The line where there is little room: "61 av 91 · allt är rapporterat"; of few, whose counts stand beside, "8 tjänster …"."""
    if now.value is None:
        return _("What the figure is based on")
    counted = basis.denominator if now.few else numbers.out_of(now.numerator, now.denominator)
    if now.all_known:
        known: str | None = _("all is {known}").format(known=basis.known)
    elif basis.coverage is None or (basis.coverage == 1 and basis.silent):
        known = _known(basis)
    else:
        known = _part(basis)
    weeks = _sampled(basis) if basis.sampled >= MUCH else None
    return " · ".join(part for part in (counted, known, weeks) if part)


def data_basis(basis: DataBasis, line: str = "") -> Markup:
    """The strip as HTML: a `details` element with a definition list and links to the definitions; `line` is what always shows."""
    named = [(_("Definition"), basis.metric)]
    if basis.interval:
        named.append((words(definitions()["chance_interval"].title), "chance_interval"))
    named += [(words(definitions()[code].title), code) for code in basis.beside]
    links = (tag("a", name, href=address.link("definitioner", code), target="_self") for name, code in named)
    body = tag("div", definition_list(_facts(basis)), tag("p", join(links, " · ")), class_="trust-body")
    return tag("details", tag("summary", line or summary(basis)), body, class_="trust")


def definitions_of(*codes: str) -> None:
    """Draw how numbers that Python computes are defined and counted: a line that opens, under the heading they stand below."""
    if codes:
        st.html(tag("details", tag("summary", _("How it is counted")), *map(_defined, codes), class_="trust how"))


def _defined(code: str) -> Markup:
    """One definition: what the number means, how it is counted, its section and version, and a link to it."""
    definition = definitions()[code]
    version = _("version {version}").format(version=database.answer(definition_version, code))
    link = tag("a", _("Definition"), href=address.link("definitioner", code), target="_self")
    return tag(
        "p",
        tag("strong", words(definition.title)),
        ". ",
        words(definition.definition),
        " ",
        words(definition.formula),
        f" § {definition.section}, {version}. ",
        link,
    )


def draw(basis: DataBasis) -> None:
    """Put the strip under what stands above it."""
    st.html(data_basis(basis))
