"""The files of the program that decide what a build makes: an import closure, computed from the code."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# parsing costs 30 times the time
_IMPORT = re.compile(r"^[ \t]*(?:from|import) ([\w.]+)(?: import (\([^)]*\)|.*))?", re.M)
_DATA_FILE = re.compile(r'"([\w./-]+\.(?:sql|toml))"')


@cache
def source_files(*modules: str, package: Path = PACKAGE) -> tuple[Path, ...]:
    """The modules and all that they import within `package`, with the .sql and .toml files that these name.

    The `__init__.py` of `package` itself is left out: it only re-exports, also from modules that the build does not use.
    """
    files: set[Path] = set()
    pending = [path for module in modules for path in _module_files(module, package)]
    while pending:
        path = pending.pop()
        if path not in files:
            text = path.read_text("utf-8")
            files |= {path, *_data_files(text, path, package)}
            pending += [file for name in _imported(text) for file in _module_files(name, package)]
    return tuple(sorted(files))


@cache
def source_hash(files: tuple[Path, ...]) -> str:
    """SHA-256 of the paths and bytes of files in `PACKAGE`, as they were when this process first asked for it."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(PACKAGE).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()


def _imported(text: str) -> Iterator[str]:
    """The dotted names that a module imports; of `from a import b` both `a` and `a.b`, which may be a module."""
    for module, names in _IMPORT.findall(text):
        yield from (module, *(f"{module}.{name}" for name in re.findall(r"\w+", names)))


@cache
def _module_files(name: str, package: Path) -> tuple[Path, ...]:
    """The file of a module in `package` and the `__init__.py` of each package above it; none for any other name."""
    parent, _, last = name.rpartition(".")
    if parent.partition(".")[0] != package.name:
        return ()
    module = package.parent.joinpath(*parent.split("."), last)
    own = (path for path in (module.with_suffix(".py"), module / "__init__.py") if path.is_file())
    return (*_module_files(parent, package), *own)


def _data_files(text: str, path: Path, package: Path) -> Iterator[Path]:
    """The data files that a module names in its strings, beside it or in a folder above it within `package`."""
    folders = [folder for folder in path.parents if folder.is_relative_to(package)]
    files = (folder / name for name in _DATA_FILE.findall(text) for folder in folders)
    return (file for file in files if file.is_file())
