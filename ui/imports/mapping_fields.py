"""The fields of a column mapping: for each column of the table, where it is read from, with a suggestion and its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from data import (
    Column,
    ColumnMapping,
    ColumnSource,
    Constant,
    Dataset,
    FromColumn,
    GeneratedId,
    Layout,
    Suggestion,
    clock,
    column_names,
    has_day_first,
    suggest,
    title_inside,
)
from ui.frame import page
from ui.text import labels
from ui.text.html import tag
from ui.text.i18n import _, escape_markdown, language, ngettext, words

NONE, MADE, SAME = "", "made", "="  # other choices are a position, or "=" and the code of a fixed value
ORDERS = ("ymd", "dmy", "mdy")


@dataclass(frozen=True)
class _Fields:
    """What the fields of one layout and table need. `file` is said in their labels when several files are mapped."""

    dataset: Dataset
    layout: Layout
    key: str
    before: ColumnMapping | None
    file: str = ""

    @property
    def suggested(self) -> Mapping[str, Suggestion]:
        """What is suggested, where nothing was chosen before."""
        return {} if self.before else suggest(self.dataset, self.layout.headers, self.layout.rows)

    def label(self, text: str) -> str:
        """The label of a field, unlike all others on the page."""
        return _("{what} in {file}").format(what=text, file=escape_markdown(self.file)) if self.file else text


def selected(dataset: Dataset, layout: Layout, key: str, before: ColumnMapping | None) -> dict[str, ColumnSource]:
    """Where each column is read from, as it is chosen now; what was not touched is as suggested, or as before."""
    fields = _Fields(dataset, layout, key, before)
    defaults = _defaults(fields)
    parts = {column.code: _part(fields, column, defaults.get(column.code)) for column in dataset.columns}
    return {code: part for code, part in parts.items() if part is not None}


def _defaults(fields: _Fields) -> Mapping[str, ColumnSource]:
    return fields.before.sources if fields.before else {code: one.source for code, one in fields.suggested.items()}


def _part(fields: _Fields, column: Column, default: ColumnSource | None) -> ColumnSource | None:
    def state(name: str, other: object) -> object:
        return st.session_state.get(f"{fields.key}_{column.code}{name}", other)

    choice = str(state("", _choice(column, default)))
    own = default if isinstance(default, FromColumn) and str(default.position) == choice else FromColumn(0)
    if choice == MADE:
        return GeneratedId()
    if choice == SAME:
        text = str(state("_same", default.text if isinstance(default, Constant) else "")).strip()
        return Constant(text) if text else None
    if choice.startswith(SAME):
        return Constant(choice.removeprefix(SAME))
    if choice == NONE:
        return None
    minus = state("_minus", own.subtract)
    reverse, order = bool(state("_reverse", own.negate)), str(state("_order", own.order))
    return FromColumn(int(choice), reverse, minus if isinstance(minus, int) else None, order)


def _choice(column: Column, part: ColumnSource | None) -> str:
    """The choice in the select box that means the part."""
    match part:
        case FromColumn(position):
            return str(position)
        case Constant(text):
            return f"{SAME}{text}" if column.values else SAME
        case GeneratedId():
            return MADE
    return NONE


def ask(dataset: Dataset, layout: Layout, key: str, before: ColumnMapping | None, file: str) -> None:
    """A select box for each column: what must be there, what was found, and the rest folded away."""
    fields = _Fields(dataset, layout, key, before, file)
    defaults = _defaults(fields)
    needed = {c for rule in dataset.rules if rule.kind == "one_of" for c in rule.columns}
    first = [c for c in dataset.columns if c.required or c.code in needed]
    found = [c for c in dataset.columns if c not in first and c.code in defaults]
    rest = [c for c in dataset.columns if c not in first and c not in found]
    page.reading(_("Must be there:"))
    _grid(fields, first, defaults)
    if found:
        page.reading(_("Found in the file:"))
        _grid(fields, found, defaults)
    if rest:
        more = ngettext("{n} more column", "{n} more columns", len(rest)).format(n=len(rest))
        with st.expander(fields.label(more)):
            _grid(fields, rest, defaults)


def _grid(fields: _Fields, columns: Sequence[Column], defaults: Mapping[str, ColumnSource]) -> None:
    """Two fields beside each other, in the order of reading; on a phone one below the other."""
    for i in range(0, len(columns), 2):
        for place, column in zip(st.columns(2), columns[i : i + 2], strict=False):
            with place:
                _field(fields, column, defaults.get(column.code))


def _field(fields: _Fields, column: Column, default: ColumnSource | None) -> None:
    names = column_names(fields.layout, clock.today())
    options = _options(column, names)
    choice = _choice(column, default)
    picked = st.selectbox(
        fields.label(words(column.title)),
        list(options),
        index=list(options).index(choice) if choice in options else 0,
        format_func=options.__getitem__,
        key=f"{fields.key}_{column.code}",
    )
    own = picked == choice
    if picked == SAME:
        _same(fields, column, default)
    elif picked.isdigit() and column.type == "money":
        _money(fields, column, default if own else None, names)
    elif picked.isdigit() and column.type == "date":
        _order(fields, column, default if own else None, int(picked))
    why = fields.suggested.get(column.code)
    said = labels.label("mapping_reason", why.reason) if why and own else ""
    st.html(
        tag(
            "small",
            tag("code", column.header),
            " ",
            words(column.help),
            " ",
            said if why is None or why.certain else tag("strong", said),
        )
    )


def _options(column: Column, names: Sequence[str]) -> Mapping[str, str]:
    """What a column can be read from, in words."""
    options = {NONE: _("Choose a column") if column.required else _("Not in the file")}
    options |= {MADE: _("Made for each row")} if column.generated_from else {}
    options |= {str(i): name for i, name in enumerate(names)}
    always = _("Always {value}")
    if column.values:
        return options | {f"{SAME}{v.code}": always.format(value=words(v.labels)) for v in column.values}
    return options | ({SAME: _("The same on every row")} if column.type not in ("money", "count") else {})


def _same(fields: _Fields, column: Column, default: ColumnSource | None) -> None:
    st.text_input(
        fields.label(_("{column}, the same on every row").format(column=words(column.title))),
        default.text if isinstance(default, Constant) else "",
        max_chars=100,
        key=f"{fields.key}_{column.code}_same",
    )


def _money(fields: _Fields, column: Column, default: ColumnSource | None, names: Sequence[str]) -> None:
    """What is taken from an amount, and its sign."""
    own = default if isinstance(default, FromColumn) else FromColumn(0)
    options = [None, *range(len(names))]
    st.selectbox(
        fields.label(_("Take away from {column}: credit or VAT").format(column=title_inside(column, language()))),
        options,
        index=options.index(own.subtract) if own.subtract in options else 0,
        format_func=lambda i: _("Nothing") if i is None else names[i],
        key=f"{fields.key}_{column.code}_minus",
    )
    st.checkbox(
        fields.label(_("Swap plus and minus in {column}").format(column=title_inside(column, language()))),
        own.negate,
        key=f"{fields.key}_{column.code}_reverse",
    )


def _order(fields: _Fields, column: Column, default: ColumnSource | None, position: int) -> None:
    """How days are written, asked where the year does not stand first."""
    own = default.order if isinstance(default, FromColumn) else "ymd"
    if own == "ymd" and not has_day_first(fields.layout.cells(position)):
        return
    st.selectbox(
        fields.label(_("How {column} is written").format(column=title_inside(column, language()))),
        ORDERS,
        index=ORDERS.index(own),
        format_func=labels.labels_of("date_order").__getitem__,
        key=f"{fields.key}_{column.code}_order",
    )
