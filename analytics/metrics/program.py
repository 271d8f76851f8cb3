"""The version of a computation: a hash of the modules of `analytics` that it runs through."""

import ast
import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = Path(__file__).parents[1].name


def _file(module: str, root: Path) -> Path | None:
    """The file of a module, None when there is none: a name within a module, or a library."""
    path = root.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()), None)


@cache
def _imported(file: Path) -> tuple[str, ...]:
    """The dotted names that a module imports; of `from a import b` both a and a.b, which may be a module."""
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(names)


@cache
def program_files(module: str, root: Path = ROOT) -> tuple[Path, ...]:
    """The files of a module and of everything of `analytics` that it imports, directly or not, and the SQL beside them."""
    files: dict[str, Path] = {}
    pending = [module]
    while pending:
        name = pending.pop()
        file = _file(name, root) if name.split(".")[0] == PACKAGE else None
        if file and name not in files:
            files[name] = file
            pending.extend(_imported(file))
    return tuple(sorted({*files.values(), *(sql for file in files.values() for sql in file.parent.glob("*.sql"))}))


@cache
def program_version(module: str, root: Path = ROOT) -> str:
    """Eight characters that change when the code that a module runs through does."""
    digest = hashlib.sha256()
    for file in program_files(module, root):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:8]
