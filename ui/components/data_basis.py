"""The data basis: what a figure rests on, in one line that opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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


@dataclass(frozen=True)
class DataBasis:
    """What a figure rests on. The parts are ready words ("82 tjänster"); None where a part does not apply."""

    metric: str  # code: the definition it links to
    numerator: str | None
    denominator: str | None
    coverage: float | None  # 0–1
    counting: str | None  # "räknat", or several ways
    as_of: date | None
    version: str = ""  # of the definition
    bounds: tuple[float, float] | None = None  # worst and best case, 0–1
    known: str = ""  # what the covered part is: "känt", "fördelat"
    interval: tuple[float, float] | None = None  # Wilson's, 0–1, where few cases are counted
    counted: float | None = None  # how much of the known cases is counted, 0–1
    silent: int = 0  # service-months that are not reported, or protected
    protected: bool = False  # whether small numbers are
    source: str = ""  # where it comes from, and when it was fetched


def summary(basis: DataBasis) -> str:
    """The line that always shows: "82 av 108 tjänster · 83 % känt"."""
    parts = [
        _of(basis),
        _known(basis),
        _("as of {day}").format(day=numbers.day(basis.as_of)) if basis.as_of else None,
    ]
    return " · ".join(part for part in parts if part) or _("What the figure rests on")


def _known(basis: DataBasis) -> str | None:
    """How much is known; where service-months are silent it is never all."""
    if basis.coverage == 1 and basis.silent:
        silent = ngettext("{n} service-month not reported", "{n} service-months not reported", basis.silent)
        if basis.protected:
            silent = ngettext(
                "{n} service-month not reported, or protected",
                "{n} service-months not reported, or protected",
                basis.silent,
            )
        return silent.format(n=numbers.count(basis.silent))
    return f"{numbers.percent(basis.coverage)} {basis.known}" if basis.coverage is not None else None


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
        worst_best = _("{low} to {high}, whatever the unknown turns out to be").format(low=low, high=high)
    sampled = None
    if basis.interval:
        sampled = _("{span}, if the cases are seen as a sample").format(span=numbers.span(*basis.interval))
    return (
        (_("Numerator"), basis.numerator),
        (_("Denominator"), basis.denominator),
        (_("Coverage"), None if (known := _coverage(basis)) is None else numbers.percent(known)),
        (
            _("Part of the known cases that is counted"),
            None if basis.counted is None else numbers.percent(basis.counted),
        ),
        (
            _("Service-months not reported, or protected") if basis.protected else _("Service-months not reported"),
            numbers.count(basis.silent) if basis.silent else None,
        ),
        (_("Possible values"), worst_best),
        (_("Uncertainty"), sampled),
        (_("Way of counting"), basis.counting),
        (_("As of"), None if basis.as_of is None else numbers.day(basis.as_of)),
        (_("Source"), basis.source or None),
        (_("Definition version"), basis.version or None),
    )


def brief(basis: DataBasis, now: Share) -> str:
    """The line where there is little room: "61 av 91 · allt är känt"; of few, whose counts stand beside, "8 tjänster · …"."""
    if now.value is None:
        return _("What the figure rests on")
    counted = basis.denominator if now.few else numbers.out_of(now.numerator, now.denominator)
    if now.all_known:
        known: str | None = _("all is {known}").format(known=basis.known)
    elif basis.coverage is None or (basis.coverage == 1 and basis.silent):
        known = _known(basis)
    else:
        known = _("{share} is {known}").format(share=numbers.percent(basis.coverage), known=basis.known)
    return " · ".join(part for part in (counted, known) if part)


def data_basis(basis: DataBasis, line: str = "") -> Markup:
    """The strip as HTML: a `details` element with a definition list and links to the definitions; `line` is what always shows."""
    named = [(_("Definition"), basis.metric)]
    if basis.interval:
        named.append((words(definitions()["chance_interval"].title), "chance_interval"))
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
