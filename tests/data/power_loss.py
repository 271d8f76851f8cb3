"""A power cut, simulated: what a folder may hold when everything that was not flushed is lost, kept, cut or out of order.

`Recorder` notes what happens in a folder: changes of directory entries, of files' bytes, and what is flushed. `crash_states`
replays it up to any point. The rules are those that a journaling file system keeps and no more: a file's bytes are on the
disk once the file is flushed, a folder's entries once the folder is, a rename is whole or not there, and what is not
flushed may be there in any combination.
"""

import hashlib
import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from _pytest.monkeypatch import MonkeyPatch

IGNORED = {"lock", "lock.json", "drops"}  # they hold nothing of a store
KEPT, LOST, TORN = "kept", "lost", "torn"
EXHAUSTIVE = 4  # unflushed operations of which every combination is tried; of more, the extremes and some at random


@dataclass(frozen=True)
class Op:
    """One operation: entries of a folder that change together, the bytes of a file, or a flush of either."""

    target: int  # the folder or file
    entries: tuple[tuple[str, int | None], ...] = ()  # of a folder: names, and what they name from now on
    content: str | None = None  # of a file: the digest of its bytes
    flush: bool = False


@dataclass
class Recorder:
    """Records the operations in a folder while `recording`. Changes that other code makes are seen at the next operation."""

    root: Path
    blobs: dict[str, bytes] = field(default_factory=dict)
    ops: list[Op] = field(default_factory=list)
    acknowledged: int = 0  # the number of operations when the change was reported as done
    _ids: dict[Path, int] = field(default_factory=dict)
    _seen: dict[Path, tuple[int, ...]] = field(default_factory=dict)
    _next: int = 0

    def __post_init__(self) -> None:
        self._ids[self.root] = self._new_id()
        self._look()
        self.begun = len(self.ops)
        self.ops += [Op(target, flush=True) for target in range(self._next)]  # what was there is on the disk
        self.begun = len(self.ops)

    def _new_id(self) -> int:
        self._next += 1
        return self._next - 1

    def _paths(self) -> dict[Path, os.stat_result]:
        found: dict[Path, os.stat_result] = {}
        pending = [self.root]
        while pending:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.name not in IGNORED:
                        found[Path(entry.path)] = entry.stat()
                        pending += [Path(entry.path)] if entry.is_dir() else []
        return found

    def _look(self) -> None:
        """Note what has changed since the last look."""
        now = self._paths()
        for path in [p for p in self._ids if p not in now and p != self.root]:
            parent = self._ids.get(path.parent)
            if parent is not None:
                self.ops.append(Op(parent, ((path.name, None),)))
            del self._ids[path]
            self._seen.pop(path, None)
        for path, stat in sorted(now.items()):
            if path not in self._ids:
                self._ids[path] = self._new_id()
                self.ops.append(Op(self._ids[path.parent], ((path.name, self._ids[path]),)))
            self._note_content(path, stat)

    def _note_content(self, path: Path, stat: os.stat_result) -> None:
        mark = stat.st_size, stat.st_mtime_ns, stat.st_ino
        if path.is_dir() or self._seen.get(path) == mark:
            return
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        self.blobs[digest] = content
        self._seen[path] = mark
        self.ops.append(Op(self._ids[path], content=digest))

    def _renamed(self, source: Path, target: Path) -> None:
        moved = [p for p in self._ids if p == source or source in p.parents]
        gone = [p for p in self._ids if p == target or target in p.parents]
        for path in gone:
            del self._ids[path]
            self._seen.pop(path, None)
        for path in moved:
            place = target / path.relative_to(source)
            self._ids[place] = self._ids.pop(path)
            if path in self._seen:
                self._seen[place] = self._seen.pop(path)
        assert source.parent == target.parent  # a rename between folders would be two changes
        self.ops.append(Op(self._ids[target.parent], ((target.name, self._ids[target]), (source.name, None))))

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record until the end of the block, which is the moment that the change is acknowledged."""
        fsync, rename, replace = os.fsync, os.rename, os.replace

        def on_fsync(handle: int) -> None:
            fsync(handle)
            self._look()
            path = Path(os.readlink(f"/proc/self/fd/{handle}"))
            if path in self._ids:
                self.ops.append(Op(self._ids[path], flush=True))

        def on_rename(move: Callable[..., None]) -> Callable[..., None]:
            def moved(source: Any, target: Any, **more: Any) -> None:
                self._look()
                move(source, target, **more)
                if self.root in Path(source).parents:
                    self._renamed(Path(source), Path(target))

            return moved

        with MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", on_fsync)
            patch.setattr(os, "rename", on_rename(rename))
            patch.setattr(os, "replace", on_rename(replace))
            yield
        self._look()
        self.acknowledged = len(self.ops)


@dataclass(frozen=True)
class CrashState:
    """What the disk may hold after a power cut; `acknowledged` when the change had been reported as done."""

    files: dict[str, str | None]  # by path, the digest of the bytes; None: a folder
    acknowledged: bool

    def write(self, folder: Path, blobs: dict[str, bytes]) -> None:
        """Write it as a folder."""
        folder.mkdir()
        for path, digest in sorted(self.files.items()):
            if digest is None:
                (folder / path).mkdir(parents=True, exist_ok=True)
            else:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(blobs[digest])


def crash_states(recorder: Recorder, seed: int = 0) -> Iterator[CrashState]:
    """Every state that a power cut may leave at any point of the recording, each once."""
    chance, seen = random.Random(seed), set()
    torn = _torn(recorder)
    for cut in range(recorder.begun, len(recorder.ops) + 1):
        ops = recorder.ops[:cut]
        pending = _unflushed(ops)
        acknowledged = cut >= recorder.acknowledged
        for fate in _fates(ops, pending, chance):
            files = _replay(ops, dict(zip(pending, fate, strict=True)), torn)
            key = (tuple(sorted(files.items(), key=str)), acknowledged)
            if key not in seen:
                seen.add(key)
                yield CrashState(files, acknowledged)


def _torn(recorder: Recorder) -> dict[str, str]:
    """For the bytes of each file, half of them."""
    torn = {}
    for digest, content in list(recorder.blobs.items()):
        half = content[: len(content) // 2]
        torn[digest] = hashlib.sha256(half).hexdigest()
        recorder.blobs[torn[digest]] = half
    recorder.blobs[hashlib.sha256(b"").hexdigest()] = b""
    return torn


def _unflushed(ops: Sequence[Op]) -> list[int]:
    flushed: set[int] = set()
    pending = []
    for i in range(len(ops) - 1, -1, -1):
        if ops[i].flush:
            flushed.add(ops[i].target)
        elif ops[i].target not in flushed:
            pending.append(i)
    return pending[::-1]


def _fates(ops: Sequence[Op], pending: Sequence[int], chance: random.Random) -> Iterator[tuple[str, ...]]:
    choices = [(KEPT, LOST) if ops[i].entries else (KEPT, LOST, TORN) for i in pending]
    if len(pending) <= EXHAUSTIVE:
        yield from product(*choices)
        return
    for odd in range(len(pending)):
        yield tuple(LOST if i == odd else KEPT for i in range(len(pending)))
        yield tuple(KEPT if i == odd else LOST for i in range(len(pending)))
    yield (KEPT,) * len(pending)
    yield (LOST,) * len(pending)
    for _ in range(2 * len(pending)):
        yield tuple(map(chance.choice, choices))


def _replay(ops: Sequence[Op], fate: dict[int, str], torn: dict[str, str]) -> dict[str, str | None]:
    folders: dict[int, dict[str, int]] = {0: {}}
    contents: dict[int, str] = {}
    for i, op in enumerate(ops):
        done = fate.get(i, KEPT)
        if done == LOST or op.flush:
            continue
        if op.content is not None:
            contents[op.target] = torn[op.content] if done == TORN else op.content
        for name, what in op.entries:
            entries = folders.setdefault(op.target, {})
            entries.pop(name, None)
            entries |= {} if what is None else {name: what}
    files = {op.target for op in ops if op.content is not None}
    return dict(_tree(0, "", folders, contents, files))


def _tree(
    folder: int, path: str, folders: dict[int, dict[str, int]], contents: dict[int, str], files: set[int]
) -> Iterator[tuple[str, str | None]]:
    for name, what in folders.get(folder, {}).items():
        if what in files:
            yield path + name, contents.get(what, hashlib.sha256(b"").hexdigest())
        else:
            yield path + name, None
            yield from _tree(what, f"{path}{name}/", folders, contents, files)
