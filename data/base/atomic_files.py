"""Atomic files: written under a temporary name, flushed to the disk, then renamed."""

import errno
import hashlib
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

TEMPORARY = ".tmp"
WRITE_ERRORS = (  # a write that failed; DuckDB may raise on commit
    OSError,
    MemoryError,
    duckdb.IOException,
    duckdb.TransactionException,
    duckdb.FatalException,
    duckdb.OutOfMemoryException,
)
_BLOCK = 65_536  # bytes; `hashlib.file_digest` clears a quarter of a megabyte for each file, most of which are small
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def temporary_path(path: Path) -> Path:
    """The name under which `path` is written until it is complete."""
    return path.with_name(path.name + TEMPORARY)


def flush(path: Path) -> None:
    """Flush a file, or a folder's directory entries, to the disk. OSError when that fails."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open a folder, and orders its entries itself
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, with their directory entries flushed to the disk."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        flush(path.parent)


def encode_json(value: Any) -> bytes:
    """The bytes that `write_json` writes: equal values have equal bytes."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def write_json(path: Path, value: Any) -> None:
    """Write and flush `value` as JSON. Not atomic: write to `temporary_path` and `publish`."""
    with path.open("wb") as file:
        file.write(encode_json(value))
        file.flush()
        os.fsync(file.fileno())


def parse_json(content: bytes, name: str) -> dict[str, Any]:
    """The JSON object in the bytes of the file `name`; ValueError when it is damaged."""
    value = json.loads(content)
    if not isinstance(value, dict):
        raise ValueError(f"{name} holds no JSON object")
    return value


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; ValueError when it is damaged, OSError when it cannot be read."""
    return parse_json(path.read_bytes(), path.name)


def publish(path: Path) -> None:
    """Rename `temporary_path(path)` to `path`, atomically, and flush the folder."""
    os.replace(temporary_path(path), path)
    flush(path.parent)


def remove(path: Path) -> None:
    """Remove a file or folder if that is possible; errors are ignored (missing, or in use by a reader)."""
    with suppress(OSError, MemoryError):  # it tidies up after an error, which must not be replaced by another
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def is_disk_full(error: BaseException) -> bool:
    """Whether a write failed because the disk or the quota is full."""
    if isinstance(error, OSError):
        return error.errno in _NO_SPACE
    return any(os.strerror(number) in str(error) for number in _NO_SPACE)


def is_read_only(error: BaseException) -> bool:
    """Whether a write failed for lack of permission, or because the file system is read-only."""
    return isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)


def sql_path(path: Path) -> str:
    """The path as an SQL string literal."""
    return "'" + str(path).replace("'", "''") + "'"
