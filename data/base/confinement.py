"""Limits of a process that reads untrusted files: memory, time, files and network (on Linux by Landlock, through ctypes).

What a system does not offer is left out, and `unlimited` names it.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

if sys.platform != "win32":
    import resource

_PDEATHSIG, _NO_NEW_PRIVILEGES = 1, 38  # for prctl
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # for unshare
_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the system calls of Landlock, the same numbers on every architecture
_QUERY_VERSION, _BENEATH_PATH = 1, 1
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # bits that each version of Landlock knows; later ones have 16
_READ, _LIST = 4, 8
_TCP, _OUTSIDE = 3, 3  # to bind and to connect; signals to other processes, and their sockets without a path


class _Ruleset(ctypes.Structure):
    """Rights that are denied but where a rule allows them."""

    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    """Rights that are allowed for an open file, or for all beneath an open folder."""

    _pack_ = 1
    _fields_ = [("rights", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def unlimited() -> tuple[str, ...]:
    """Which of "memory", "files" and "network" this system does not limit; time and sizes are limited everywhere."""
    if sys.platform != "linux":
        return ("memory", "files", "network")
    version = _landlock_version(ctypes.CDLL(None))
    return (*(("files",) if version < 1 else ()), *(("network",) if version < 4 else ()))


def limit_resources(memory: int, seconds: int, file_size: int) -> None:
    """Limit this process: bytes of memory, seconds of processor time and of the clock, bytes of a file that it writes."""
    if sys.platform == "win32":
        return
    limits = {
        resource.RLIMIT_DATA: memory,  # not RLIMIT_AS: DuckDB and malloc reserve address space that they never touch
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: file_size,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    for kind, most in limits.items():
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
    signal.alarm(seconds)


def limit_rights(readable: Iterable[Path], writable: Path) -> None:
    """Deny this process, for good, all files but these and what lies beneath them, programs, and the network.

    To be called while it has one thread. It ends when the process that started it does.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.unshare(_NEW_NETWORK | (_NEW_USER if os.geteuid() else 0))  # refused in some containers: TCP is still denied
    version = _landlock_version(libc)
    if version < 1:
        return
    everything = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    denied = _Ruleset(everything, _TCP if version >= 4 else 0, _OUTSIDE if version >= 6 else 0)
    ruleset = libc.syscall(_CREATE, ctypes.byref(denied), ctypes.sizeof(denied), 0)
    for path in readable:
        _allow(libc, ruleset, path, _READ | (_LIST if path.is_dir() else 0))
    _allow(libc, ruleset, writable, everything)
    libc.syscall(_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _landlock_version(libc: ctypes.CDLL) -> int:
    return int(libc.syscall(_CREATE, None, 0, _QUERY_VERSION))


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    with suppress(OSError):  # what is not there needs no right
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
        libc.syscall(_ADD, ruleset, _BENEATH_PATH, ctypes.byref(_Beneath(rights, parent)), 0)
        os.close(parent)
