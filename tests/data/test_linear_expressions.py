"""Every regular expression of `data/` takes time in proportion to the text, whatever the text is.

The expressions, and the methods that are called on them, are found in the code, so that a new one cannot escape. Each is fed
a megabyte of the worst: what its own repetitions match, over and over, with and without an end that fits none.
"""

import ast
import importlib
import re
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import data

ROOT = Path(data.__file__).parent
SHORT, SIZE = 20_000, 1_000_000
CPU_SECONDS = 5.0  # a linear one takes some hundredths, one that looks 64 letters on from each almost one; a quadratic one an hour
METHODS = {"match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split"}
MANY = 64  # a repetition of up to so many times may be quadratic in itself
EVERYWHERE = (
    " ",
    "a",
    "1",
    "å",
    "_",
    "-",
    ".",
    "<",
    "<!--",
    "<?",
    '"',
    "'",
    "&",
    "\\",
    '\\"',
    "#",
    "\n",
    "a ",
    "1 ",
    "\0",
    "@",
    "a.",
)
ENDS = ("", "\x01", "\n\x01")


SOURCES = [path for path in sorted(ROOT.rglob("*.py")) if path.name != "__main__.py" and "store" not in path.parts]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


def used_methods() -> dict[str, set[str]]:
    """By name of a constant (a private one with its module's), the methods of expressions that are called on it."""
    used: dict[str, set[str]] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                name = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
                name = f"{module_name(path)}.{name}" if name.startswith("_") else name
                used.setdefault(name, set()).add(node.attr)
    return used


def expressions() -> Iterator[tuple[str, "re.Pattern[Any]", set[str]]]:
    """Each expression: its place, and the methods by which it is used; all where the code does not tell."""
    used = used_methods()
    for path in SOURCES:
        for name, value in vars(importlib.import_module(module_name(path))).items():
            for number, pattern in enumerate(_patterns(value)):
                full = f"{module_name(path)}.{name}"
                yield f"{full}-{number}", pattern, used.get(full) or used.get(name) or METHODS
        for call in expression_calls(path):
            if isinstance(call.args[0], ast.Constant) and call.func.attr in METHODS:
                yield f"{module_name(path)}:{call.lineno}", re.compile(call.args[0].value), {call.func.attr}


def _patterns(value: object) -> Iterator["re.Pattern[Any]"]:
    """The expressions in a constant."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _patterns(part)


def expression_calls(path: Path) -> Iterator[Any]:
    """Every call of `re` with an expression."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {*METHODS, "compile"}
            and getattr(node.func.value, "id", "") == "re"
        ):
            yield node


EXPRESSIONS = [pytest.param(pattern, methods, id=name) for name, pattern, methods in expressions()]


def test_no_expression_is_put_together_where_it_is_used() -> None:
    """It would not be tested."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        for call in expression_calls(path)
        if call.col_offset and not isinstance(call.args[0], ast.Constant) and call.lineno not in constant_lines(path)
    ]
    assert hidden == []


def constant_lines(path: Path) -> set[int]:
    """The lines of the assignments of a module."""
    body = ast.parse(path.read_text("utf-8")).body
    assignments = [node for node in body if isinstance(node, ast.Assign | ast.AnnAssign)]
    return {line for node in assignments for line in range(node.lineno, (node.end_lineno or 0) + 1)}


def sample(nodes: Iterable[Any], choice: int = 0) -> str:
    """A short text that the nodes match; `choice` picks among characters and branches."""
    return "".join(_sample(node, choice) for node in nodes)


def _sample(node: Any, choice: int) -> str:
    kind, value = node
    match kind:
        case sre.LITERAL:
            return chr(value)
        case sre.NOT_LITERAL:
            return "a" if value != ord("a") else "b"
        case sre.ANY:
            return "a"
        case sre.IN:
            return _member(value, choice)
        case sre.SUBPATTERN:
            return sample(value[3], choice)
        case sre.ATOMIC_GROUP:
            return sample(value, choice)
        case sre.BRANCH:
            return sample(value[1][choice % len(value[1])], choice)
        case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
            return sample(value[2], choice) * max(value[0], min(1, value[1]))
    return ""


def _member(items: Sequence[Any], choice: int) -> str:
    if items[0][0] is sre.NEGATE:
        compiled = re.compile("[" + "".join(map(_class_text, items[1:])) + "]", re.S)
        fitting = [c for c in "a 1-\x02å;\x03ß漢" if not compiled.match(c)]
        return fitting[choice % len(fitting)]
    kind, value = items[choice % len(items)]
    if kind is sre.CATEGORY:
        return {sre.CATEGORY_SPACE: " ", sre.CATEGORY_DIGIT: "1", sre.CATEGORY_WORD: "a"}.get(value, "-")
    return chr(value[0] if kind is sre.RANGE else value)


def _class_text(item: Any) -> str:
    kind, value = item
    if kind is sre.CATEGORY:
        return {
            sre.CATEGORY_SPACE: r"\s",
            sre.CATEGORY_DIGIT: r"\d",
            sre.CATEGORY_WORD: r"\w",
            sre.CATEGORY_NOT_WORD: r"\W",
        }[value]
    return re.escape(chr(value)) if kind is sre.LITERAL else f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"


def pumps(nodes: Sequence[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """(start, part that is repeated) of texts that keep the repetitions of an expression busy."""
    for i, node in enumerate(nodes):
        kind, value = node
        for choice in range(3):
            start = before + sample(nodes[:i], choice)
            yield "", start + _sample(node, choice)
            if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT) and value[1] >= MANY:
                yield start, sample(value[2], choice)
            for inner in _inside(node):
                yield from pumps(inner, start)


def _inside(node: Any) -> list[Sequence[Any]]:
    kind, value = node
    match kind:
        case sre.SUBPATTERN:
            return [value[3]]
        case sre.ATOMIC_GROUP:
            return [value]
        case sre.BRANCH:
            return list(value[1])
        case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
            return [value[2]]
        case sre.ASSERT | sre.ASSERT_NOT:
            return [value[1]]
    return []


def attacks(pattern: "re.Pattern[Any]") -> set[tuple[str, str, str]]:
    """(start, repeated part, end) of texts that should be hard for an expression."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    own = {(start, part) for start, part in pumps(list(parser.parse(text, flags))) if part}
    common = {("", part) for part in EVERYWHERE}
    return {(start, part, end) for start, part in own | common for end in ENDS}


def run(pattern: "re.Pattern[Any]", method: str, attack: tuple[str, str, str], size: int) -> float:
    """The seconds of processor time that an attack of a size takes; the test fails when it takes too many."""
    start, part, end = attack
    text = start + part * (size // len(part)) + end
    subject = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
    arguments = (subject[:0], subject) if method in ("sub", "subn") else (subject,)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    began = time.process_time()
    try:
        result = getattr(pattern, method)(*arguments)
        for _ in result if method == "finditer" else ():
            pass
    except TimeoutError:
        pytest.fail(f"{method}({start!r} + {part!r} * {size // len(part)} + {end!r})")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - began


def _too_slow(*_: object) -> None:
    raise TimeoutError


@pytest.mark.parametrize(("pattern", "methods"), EXPRESSIONS)
def test_the_worst_megabyte(pattern: "re.Pattern[Any]", methods: set[str]) -> None:
    """The attack that takes longest on a short text is tried on a long one; one that is quadratic fails on the short one."""
    before = signal.signal(signal.SIGVTALRM, _too_slow)
    try:
        times = {
            (run(pattern, method, attack, SHORT), method, attack) for attack in attacks(pattern) for method in methods
        }
        for _, method, attack in sorted(times)[-3:]:
            run(pattern, method, attack, SIZE)
    finally:
        signal.signal(signal.SIGVTALRM, before)
