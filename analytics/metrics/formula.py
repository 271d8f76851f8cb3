"""A formula of the catalogue taken apart: the aggregates that the database counts, and what is made of them, in Python.

`coalesce(sum(cases) FILTER (fully_reported), 0)::BIGINT` is `coalesce(a[0], 0)` of one aggregate. Aggregates of parts add up to
that of the whole (`sum`, `count`) or meet in it (`bool_or`, `bool_and`), so that the formula can be worked out of any whole.
NULL means what it means in SQL.
"""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
AGGREGATE = re.compile(r"\b(count|sum|bool_or|bool_and)\(")
HUNDREDTHS = "/ 100.0)::DECIMAL(18, 2)"  # öre as kronor
AS_PYTHON = ((HUNDREDTHS, "* hundredth)"), ("::BIGINT", ""), ("<>", "!="))
WORDS = ((r"\bif\(", "if_("), (r"(?<![<>!])=", "=="), (r"\bAND\b", "and"), (r"\bOR\b", "or"), (r"\bNOT\b", "not"))
CONSTANTS = ((r"\bNULL\b", "None"), (r"\bfalse\b", "False"), (r"\btrue\b", "True"))
OPERATORS: Mapping[type[ast.AST], str] = {
    ast.And: "both",
    ast.Or: "either",
    ast.Eq: "equal",
    ast.NotEq: "differs",
    ast.Gt: "more",
    ast.Lt: "less",
    ast.Add: "plus",
    ast.Sub: "minus",
    ast.Mult: "times",
}


@dataclass(frozen=True)
class Formula:
    """`aggregates` as SQL, each once. A `constant` has no aggregates.

    `of` gives the value where the aggregates have these (int, bool, or None for NULL), as SQL gives it.
    """

    aggregates: tuple[str, ...]
    of: Callable[[Sequence[Any]], Any]
    arrays: Callable[[Sequence[Any]], Any]
    constant: Any = None

    def of_each(self, columns: Sequence[Floats]) -> Floats:
        """The values where each aggregate is a column: booleans are 0 and 1, NULL is NaN."""
        return np.asarray(self.arrays(columns), float)


@lru_cache(maxsize=1024)
def formula(sql: str) -> Formula | None:
    """The formula of an SQL expression; None for one with more in it than this module knows, which only SQL can work out."""
    aggregates: dict[str, int] = {}
    outer, at = "", 0
    while match := AGGREGATE.search(sql, at):
        end = _closing(sql, match.end() - 1)
        if sql.startswith(" FILTER (", end):
            end = _closing(sql, end + len(" FILTER "))
        aggregate = sql[match.start() : end]
        if "DISTINCT" in aggregate or "ORDER BY" in aggregate:
            return None  # of parts, these do not add up
        outer += sql[at : match.start()] + f"a[{aggregates.setdefault(aggregate, len(aggregates))}]"
        at = end
    try:
        tree = _Calls().visit(ast.parse(_as_python(outer + sql[at:]), mode="eval"))
    except (SyntaxError, ValueError):
        return None
    function = ast.parse("lambda a: 0", mode="eval")
    assert isinstance(function.body, ast.Lambda)
    function.body.body = tree.body
    code = compile(ast.fix_missing_locations(function), "<formula>", "eval")  # no file: coverage would look for it
    of, arrays = (eval(code, functions) for functions in (SCALARS, ARRAYS))
    return Formula(tuple(aggregates), of, arrays, None if aggregates else of(()))


def _closing(sql: str, opening: int) -> int:
    """The place after the bracket that closes the one that opens at `opening`."""
    depth = 0
    for at in range(opening, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[at], 0)
        if not depth:
            return at + 1
    raise ValueError(sql)


def _as_python(outer: str) -> str:
    for word, new in AS_PYTHON:
        outer = outer.replace(word, new)
    for pattern, new in (*WORDS, *CONSTANTS):
        outer = re.sub(pattern, new, outer)
    return outer.strip()


class _Calls(ast.NodeTransformer):
    """Every operator becomes a call of the function that does it as SQL does; ValueError for what has none."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        kinds = (ast.Expression, ast.Constant, ast.Subscript, ast.Name, ast.Load, ast.Call)
        known = isinstance(node, kinds) and (not isinstance(node, ast.Name) or node.id in ("a", *SCALARS))
        if not known:
            raise ValueError(ast.dump(node))
        visited: ast.AST = super().generic_visit(node)
        return visited

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        values: list[ast.expr] = [*map(self.visit, node.values)]
        return reduce(partial(_call, OPERATORS[type(node.op)]), values)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if not isinstance(node.op, ast.Not):
            raise ValueError(ast.dump(node))
        return _call("negated", self.visit(node.operand))

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        (operator,), (right,) = node.ops, node.comparators  # ValueError for a < b < c
        return _call(_name(operator), self.visit(node.left), self.visit(right))

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        return _call(_name(node.op), self.visit(node.left), self.visit(node.right))


def _name(operator: ast.AST) -> str:
    if type(operator) not in OPERATORS:
        raise ValueError(ast.dump(operator))
    return OPERATORS[type(operator)]


def _call(name: str, *values: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(values), [])


def _known(operate: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """The operation where both values are known; else NULL."""
    return lambda x, y: None if x is None or y is None else operate(x, y)


def _both(x: Any, y: Any) -> bool | None:
    return False if x is False or y is False else None if x is None or y is None else True


def _either(x: Any, y: Any) -> bool | None:
    return True if x is True or y is True else None if x is None or y is None else False


SCALARS: dict[str, Any] = {
    "both": _both,
    "either": _either,
    "negated": lambda x: None if x is None else not x,
    "equal": _known(lambda x, y: x == y),
    "differs": _known(lambda x, y: x != y),
    "more": _known(lambda x, y: x > y),
    "less": _known(lambda x, y: x < y),
    "plus": _known(lambda x, y: x + y),
    "minus": _known(lambda x, y: x - y),
    "times": _known(lambda x, y: x * y),
    "coalesce": lambda x, y: y if x is None else x,
    "nullif": lambda x, y: None if x == y else x,
    "if_": lambda condition, x, y: x if condition else y,
    "hundredth": Decimal("0.01"),
}


def _array(operate: Callable[..., Any]) -> Callable[..., Any]:
    """The operation on columns of floats, None among them as NaN."""
    return lambda *values: operate(*(np.asarray(np.nan if value is None else value, float) for value in values))


def _compared(operate: Callable[[Floats, Floats], Any]) -> Callable[..., Any]:
    return _array(lambda x, y: np.where(np.isnan(x) | np.isnan(y), np.nan, operate(x, y)))


ARRAYS: dict[str, Any] = {
    "both": _array(lambda x, y: np.where((x == 0) | (y == 0), 0, x * y)),
    "either": _array(lambda x, y: np.where((x == 1) | (y == 1), 1, x + y)),
    "negated": _array(lambda x: 1 - x),
    "equal": _compared(np.equal),
    "differs": _compared(np.not_equal),
    "more": _compared(np.greater),
    "less": _compared(np.less),
    "plus": _array(np.add),
    "minus": _array(np.subtract),
    "times": _array(np.multiply),
    "coalesce": _array(lambda x, y: np.where(np.isnan(x), y, x)),
    "nullif": _array(lambda x, y: np.where(x == y, np.nan, x)),
    "if_": _array(lambda condition, x, y: np.where(condition == 1, x, y)),
    "hundredth": 0.01,
}
