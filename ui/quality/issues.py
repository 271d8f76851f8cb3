"""What is in no register and what cannot all be true: what each means, what to do, and who should."""

from collections import Counter
from pathlib import Path
from typing import Literal

import pandas as pd
import streamlit as st
from markupsafe import Markup

from analytics.metrics.dimensions import service_names
from analytics.metrics.scope import Scope
from analytics.quality import consistency
from analytics.quality.consistency import Contradiction, Unmatched
from ui import database
from ui.components.tables import Table
from ui.frame import address
from ui.frame.cached_blocks import cached_block
from ui.frame.sitemap import service_link
from ui.text import labels, numbers
from ui.text.html import join, tag
from ui.text.i18n import _, load_words, words

WORDS = Path(__file__).with_name("issues.toml")


def every_unmatched() -> list[Unmatched]:
    """Every id that is in no register."""
    return database.answer(consistency.unmatched)


def every_contradiction(scope: Scope) -> list[Contradiction]:
    """Everything in the scope that cannot all be true."""
    return database.answer(consistency.contradictions, scope)


def unmatched(_scope: Scope) -> Table:
    """Every id that is in no register, whatever is chosen: what it means, what to do and who should."""
    found = every_unmatched()
    columns = {
        _("Id"): [u.id for u in found],
        _("Rows"): [u.rows for u in found],
        _("Table"): [_table(u.table) for u in found],
        _("Column"): [_title(u) for u in found],
        _("What to do"): [_place(u) for u in found],
        _("Who"): [_who((u.department_id,) if u.department_id else ()) for u in found],
        _("What it means"): [_consequence(u) for u in found],
    }
    return Table(
        _("Unknown ids"),
        pd.DataFrame(columns),
        ("contradictions",),
        narrowed=_("The whole municipality, all months"),
        links=tuple(map(_form, found)),
        nothing=_("Every id is in the registers."),
    )


def _form(found: Unmatched) -> str:
    """Where the register that lacks the id is corrected, filled in with it."""
    if found.register == "services":
        return address.link("register", "form", do="new_service", service_id=found.id)
    if found.register == "e_services":
        return address.link("register", "form", do="new_e_service", e_service_id=found.id)
    if found.register == "departments":
        return address.link("register", "form", do="many", table=found.register)
    return address.link("importera")


def _table(code: str) -> str:
    return words(database.datasets()[code].title)


def _title(found: Unmatched) -> str:
    return words(database.datasets()[found.table].column(found.column).title)


def _place(found: Unmatched) -> str:
    if found.register == found.table:
        return _("Add it to {register}, or correct it there").format(register=_table(found.register))
    told = {"register": _table(found.register), "table": _table(found.table)}
    return _("Add it to {register}, or correct it in {table}").format(**told)


def _who(departments: tuple[str, ...]) -> str:
    """Who should see to it: the head where it concerns one department, else the system manager."""
    if len(departments) == 1:
        return _("The head of {department}").format(department=labels.department(departments[0]))
    return _("The system manager")


def _consequence(unknown: Unmatched) -> str:
    """What an unknown id means, by table and column."""
    columns = load_words(WORDS)["unknown_ids"][unknown.table]
    return words(columns.get(unknown.column) or columns["any"])


def kind_text(kind: str, part: Literal["title", "meaning", "action"]) -> str:
    """What a kind of contradiction is called, what it means, or what to do about it."""
    return words(load_words(WORDS)["kinds"][kind][part])


@cached_block
def kinds(scope: Scope) -> None:
    """The kinds of contradiction that there are as rows that open: how many, what it means and what to do."""
    counts = Counter(found.kind for found in every_contradiction(scope))
    known = [kind for kind in load_words(WORDS)["kinds"] if counts[kind]]
    st.html(join(_kind(kind, counts[kind], is_open=len(known) == 1) for kind in known))


def _kind(kind: str, n: int, *, is_open: bool) -> Markup:
    summary = tag("summary", f"{kind_text(kind, 'title')} ({numbers.count(n)})")
    texts = tag("div", tag("p", kind_text(kind, "meaning")), tag("p", kind_text(kind, "action")))
    return tag("details", summary, texts, class_="entry", open=is_open)


def contradictions(scope: Scope) -> Table:
    """What cannot all be true: of what, how, in which months, what to do and who should."""
    found = every_contradiction(scope)
    columns = {
        _("What it concerns"): [c.name for c in found],
        _("What does not add up"): [_describe(c) for c in found],
        _("Which months"): [numbers.month_list(c.months) for c in found],
        _("Who"): [_who(c.departments) for c in found],
        _("What to do"): [kind_text(c.kind, "action") for c in found],
        _("What it means"): [kind_text(c.kind, "meaning") for c in found],
        _("Id"): [c.subject for c in found],
    }
    return Table(
        _("What does not add up"),
        pd.DataFrame(columns),
        ("contradictions",),
        links=tuple(_leads(c) for c in found),
        nothing=_("Nothing has been found that does not add up."),
        shown=(_("What it concerns"), _("What does not add up"), _("Which months"), _("Who")),
    )


def _describe(contradiction: Contradiction) -> str:
    """What cannot all be true, with the numbers."""
    n = int(contradiction.value or 0)
    if contradiction.kind == "counted_twice":
        channels = ", ".join(labels.label("channel", code) for code in contradiction.details)
        told = {"cases": numbers.count(n), "counts": numbers.count(contradiction.other_value), "channels": channels}
        return _("{channels}: {cases} single cases, {counts} in the monthly count").format(**told)
    if contradiction.kind == "totals":
        told = {"here": numbers.count(n), "there": numbers.count(contradiction.other_value)}
        return _("Cases imported: {here}. The platform counts {there}.").format(**told)
    if contradiction.kind == "sunk":
        told = {"kept": numbers.count(n), "later": numbers.count(contradiction.other_value)}
        return _("Number of cases: {later} now, {kept} earlier").format(**told)
    if contradiction.kind in ("alike", "leap"):
        return f"{kind_text(contradiction.kind, 'title')}: {_by_channel(contradiction)}"
    if contradiction.kind in ("more_sent_in", "more_answers"):
        part = numbers.out_of(n, int(contradiction.other_value or 0))
        return f"{kind_text(contradiction.kind, 'title')}: {part}"
    if contradiction.kind == "shares":
        return _("The shares make {share}").format(share=numbers.percent((contradiction.value or 0) / 100, 2))
    if contradiction.kind == "shared":
        told = {"services": ", ".join(labels.service(s) for s in contradiction.services)}
        return _("Shared by {services}").format(**told)
    if contradiction.kind == "not_needed":
        return _("Has an e-service, and exemption {ids}").format(ids=", ".join(contradiction.details))
    kind = kind_text(contradiction.kind, "title")
    return kind if contradiction.value is None else f"{kind}: {numbers.count(n)}"


def _by_channel(contradiction: Contradiction) -> str:
    """The channels, and how many cases came in through them in each of the years that are compared."""
    channels = ", ".join(labels.label("channel", code) for code in contradiction.details)
    values = [contradiction.other_value, contradiction.value]
    return f"{channels}, {' → '.join(numbers.count(value) for value in values if value is not None)}"


def _leads(contradiction: Contradiction) -> str:
    """The page where more is seen of it."""
    if contradiction.kind == "shares":
        return address.link("kostnader", "postings")
    known = [s for s in contradiction.services if s in database.answer(service_names)]
    return service_link(known[0]) if known else address.link("importera")
