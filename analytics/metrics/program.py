"""The code that computes a number: the modules of `analytics` that a module runs through."""

import ast
import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = Path(__file__).parents[1].name
CATALOGUE = f"{PACKAGE}.metrics.catalogue"  # hands on the fields of a definition, which are hashed by themselves


def _file(module: str, root: Path) -> Path | None:
    """The file of a module, None when there is none: a name within a module, or a library."""
    path = root.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()), None)


@cache
def _tree(file: Path) -> ast.Module:
    """The syntax tree of a module without its docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return tree


@cache
def _imported(file: Path) -> tuple[str, ...]:
    """The dotted names that a module imports; of `from a import b` both a and a.b, which may be a module."""
    names: list[str] = []
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(names)


@cache
def program_files(module: str, root: Path = ROOT) -> tuple[Path, ...]:
    """The files of a module and of all of `analytics` that it imports, directly or not, except the catalogue."""
    files: dict[str, Path] = {}
    pending = [module]
    while pending:
        name = pending.pop()
        file = _file(name, root) if name.split(".")[0] == PACKAGE and name != CATALOGUE else None
        if file and name not in files:
            files[name] = file
            pending.extend(_imported(file))
    return tuple(sorted(set(files.values())))


@cache
def _code(file: Path) -> str:
    """A module without comments and docstrings."""
    return ast.unparse(_tree(file))


@cache
def program_digest(module: str, root: Path = ROOT) -> str:
    """64 hexadecimal digits that change when the code that a module runs through does: comments and docstrings are none."""
    digest = hashlib.sha256()
    for file in program_files(module, root):
        digest.update(f"{file.relative_to(root).as_posix()}\0{_code(file)}\0".encode())
    return digest.hexdigest()


@cache
def text_constants(file: Path) -> frozenset[str]:
    """The texts in the code of a module; its SQL is among them."""
    nodes = ast.walk(_tree(file))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
