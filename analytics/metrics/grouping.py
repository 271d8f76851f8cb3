"""The SQL of each dimension that a fact can be grouped by."""

from analytics.metrics.scope import Scope

DIMENSION_SQL = {
    "month": "month",
    "year": "year(month)",
    "department": "department_id",
    "administration": "department_path[1]",
    "board": "board",
    "audience": "audience",
    "area": "area",
    "service": "service_id",
    "class": "class",
    "channel": "channel",
    "assisted": "assisted",
    "digital": "digital",
    "handling": "handling",
    "method": "method",
    "step": "step",
    "state": "state",
    "enabler": "enabler",
    "kind": "kind",
    "e_service": "e_service_id",
    "exemption": "exemption_id",
    "need": "need_id",
    "criterion": "criterion",
    "reason": "reason",
    "cost_type": "cost_type",
    "category": "category",
    "supplier": "supplier",
    "account": "account",
    "rule": "rule",
    "placed_by": "placed_by",
}


def _branch(scope: Scope) -> str:
    """One level down from the chosen department; each for itself when several are chosen; the administrations when none is.

    What stands at a department that a chosen one has replaced is that one's.
    """
    if not scope.departments:
        return "department_path[1]"
    top = "list_filter(department_path, lambda x: list_contains(lineage, x))[1]"
    if len(scope.departments) == 1:
        return f"coalesce(department_path[list_position(department_path, {top}) + 1], chosen[1])"
    return f"chosen[list_position(lineage, {top})]"


def dimension(name: str, scope: Scope) -> str:
    """The SQL expression that a dimension groups by, over a fact as `scope.organised` has it."""
    if name == "branch":
        return _branch(scope)
    if name == "payer":
        return f"CASE payer_kind WHEN 'department' THEN {_branch(scope)} ELSE payer_kind END"
    return DIMENSION_SQL[name]
