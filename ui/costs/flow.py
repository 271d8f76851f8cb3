"""The picture from supplier over type to payer."""

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from analytics.metrics.scope import Scope
from ui.charts.base import Figure, draw
from ui.charts.sankey import Flow, Node, sankey
from ui.components import tables
from ui.components.metric_views import ask
from ui.components.tables import Table
from ui.costs.labels import OWNER, ROLES, UNPLACED, UNSORTED, ZERO, amount, payer_name, type_name
from ui.frame import address, page, theme
from ui.frame.cached_blocks import cached_block
from ui.frame.theme import Role
from ui.text import numbers
from ui.text.i18n import _, capitalized

SUPPLIERS, PAYERS = 5, 7  # named; the rest stand together
REST = "*"  # their code
Path = tuple[str, str, str]


@cached_block
def block(scope: Scope) -> None:
    """From supplier over type to payer, and a line of what it shows."""
    draw(figure(scope), "flow")
    page.reading(" ".join(filter(None, (reading(scope), describe_left_out(scope)))))


def figure(scope: Scope) -> Figure:
    """Suppliers, types and payers with the sums between them; credits that nothing outweighs cannot be drawn."""
    sums = sums_by_path(scope)
    drawn = [Flow(path, value) for path, value in sums.items() if value > 0]
    return sankey([_suppliers(scope), _types(), _payers(scope)], drawn, theme.palette(), say=numbers.money)


def table(scope: Scope) -> Table:
    """A row for each supplier, type and payer with a sum between them, the largest first."""
    names = [{node.code: node.name for node in nodes} for nodes in (_suppliers(scope), _types(), _payers(scope))]
    sums = sorted(sums_by_path(scope).items(), key=lambda item: -item[1])
    ends = zip((_("Supplier"), _("Type"), _("Payer")), names, range(len(names)), strict=True)
    columns: dict[str, object] = {head: [name[path[i]] for path, _sum in sums] for head, name, i in ends}
    columns[_("Amount, SEK")] = tables.amounts([value for _path, value in sums])
    nothing = _("No costs are booked in the selection.")
    return Table(_("From supplier to payer"), pd.DataFrame(columns), ("cost",), decimals=2, nothing=nothing)


def reading(scope: Scope) -> str:
    """Where most of what is drawn comes from, and who pays most of it."""
    drawn = {path: value for path, value in sums_by_path(scope).items() if value > 0}
    if not drawn:
        return _("Nothing but credits is booked.")
    ends = []
    for place, nodes in ((0, _suppliers(scope)), (2, _payers(scope))):
        named = [node for node in nodes if node.code != REST]
        sums = {node.name: sum((v for path, v in drawn.items() if path[place] == node.code), ZERO) for node in named}
        name, most = max(sums.items(), key=lambda item: item[1])
        ends.append(_("{name} {sum}").format(name=name, sum=numbers.money(most)))
    return _("Largest supplier: {supplier}. Largest payer: {payer}.").format(supplier=ends[0], payer=ends[1])


def describe_left_out(scope: Scope) -> str:
    """What the picture cannot show: credits."""
    credits_ = sum((value for value in sums_by_path(scope).values() if value < 0), ZERO)
    if not credits_:
        return ""
    return _("Credits of {sum} are not in the picture but are in every sum.").format(sum=numbers.money(-credits_))


def sums_by_path(scope: Scope) -> Mapping[Path, Decimal]:
    """Every sum by supplier, type and payer, those not named each for themselves taken together."""
    suppliers = {node.code for node in _suppliers(scope)}
    payers = {node.code for node in _payers(scope)}
    found: dict[Path, Decimal] = {}
    for row in ask("cost", scope, "supplier", "cost_type", "payer"):
        supplier, payer = _code(row.by["supplier"]), str(row.by["payer"])
        path = (
            supplier if supplier in suppliers else REST,
            str(row.by["cost_type"] or UNSORTED),
            payer if payer in payers else REST,
        )
        found[path] = found.get(path, ZERO) + amount(row)
    return found


def _code(supplier: object) -> str:
    return UNSORTED if supplier is None else f"={supplier}"


def _largest(scope: Scope, by: str, most: int) -> tuple[list[object], int]:
    """The largest members of a dimension, and how many more there are."""
    rows = sorted(ask("cost", scope, by), key=lambda row: -amount(row))
    left = max(0, len(rows) - most) if len(rows) > most + 1 else 0  # one more takes no more room than "1 more"
    return [row.by[by] for row in rows[: len(rows) - left]], left


def _suppliers(scope: Scope) -> list[Node]:
    named, left = _largest(scope, "supplier", SUPPLIERS)
    nodes = [Node(_code(name), _("No supplier stated") if name is None else str(name)) for name in named]
    more = numbers.plural("{n} more supplier", "{n} more suppliers", left)
    return [*nodes, *([Node(REST, more, "grey_2")] if left else [])]


def _types() -> list[Node]:
    return [
        Node(code, capitalized(type_name(code)), role, address.link_here("postings", cost_type=code))
        for code, role in ((code or UNSORTED, role) for code, role in ROLES.items())
    ]


def _payers(scope: Scope) -> list[Node]:
    """The system owner first, then departments by what they pay, the unplaced last."""
    found, left = _largest(scope, "payer", PAYERS)
    codes = sorted(map(str, found), key=lambda code: (code == UNPLACED, code != OWNER))
    if left and UNPLACED not in codes and any(row.by["payer"] == UNPLACED for row in ask("cost", scope, "payer")):
        codes[-1] = UNPLACED  # what nobody pays is always told by itself
    roles: dict[str, Role] = {UNPLACED: "accent"}
    nodes = [
        Node(code, payer_name(code), roles.get(code, "grey_2"), address.link_here("postings", payer=code))
        for code in codes
    ]
    more = numbers.plural("{n} more department", "{n} more departments", left)
    return [*nodes, *([Node(REST, more, "grey_2")] if left else [])]
