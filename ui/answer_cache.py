"""A cache of answers, bounded in bytes."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from gc import get_referents
from math import inf
from operator import itemgetter
from sys import getsizeof
from threading import Lock, RLock
from types import BuiltinFunctionType, FunctionType, ModuleType, NoneType
from typing import Any, TypeVar, cast

import numpy as np
from cachetools import LRUCache
from pandas import Index
from pandas.core.generic import NDFrame

T = TypeVar("T")
SHARED = (type, ModuleType, FunctionType, BuiltinFunctionType)  # part of the program, no answer's own
CLOSED = (str, int, float, NoneType, date, NDFrame, Index)  # hold nothing, or their size counts all that they hold


class AnswerCache:
    """Answers by key, bounded in bytes: the least recently used go first. Answers are shared: never change one."""

    def __init__(self, max_bytes: float, size: Callable[[object], int] | None = None) -> None:
        self._size = size or size_in_bytes
        self._answers = LRUCache[Hashable, tuple[Any, int]](max_bytes, getsizeof=itemgetter(1))
        self._lock = Lock()
        self._being_made: dict[
            Hashable, tuple[RLock, list[None]]
        ] = {}  # with one for each thread that makes it, or waits

    def get(self, key: Hashable, make: Callable[[], T], most: float = inf) -> T:
        """The answer under the key; `make()` makes it when there is none, once however many ask for it meanwhile.

        One larger than the bound is not kept, nor a list of more than `most`: each thread then makes its own.
        """
        with self._lock:
            if entry := self._answers.get(key):
                return cast(T, entry[0])
        with self._alone(key):
            with self._lock:
                if entry := self._answers.get(key):  # another thread made it meanwhile
                    return cast(T, entry[0])
            answer = make()
            if isinstance(answer, list) and len(answer) > most:
                return answer
            size = self._size((key, answer))
            with self._lock, suppress(ValueError):  # larger than the whole cache
                return cast(T, self._answers.setdefault(key, (answer, size))[0])  # `make` may have asked for it itself
            return answer

    @contextmanager
    def _alone(self, key: Hashable) -> Iterator[None]:
        """No other thread makes the answer under the key. The same thread may ask for it while it makes it."""
        with self._lock:
            making, threads = self._being_made.setdefault(key, (RLock(), []))
            threads.append(None)
        try:
            with making:
                yield
        finally:
            with self._lock:
                threads.pop()
                if not threads:
                    del self._being_made[key]


def size_in_bytes(value: object) -> int:
    """The memory that a value takes with all that it refers to, each object counted once."""
    seen: set[int] = set()
    total, level = 0, [value]
    while level:
        fresh = dict(zip(map(id, level), level, strict=True))
        for known in seen.intersection(fresh):
            del fresh[known]
        seen.update(fresh)
        kinds = set(map(type, fresh.values()))  # few, where the objects are many
        shared, closed = ({kind for kind in kinds if issubclass(kind, of)} for of in (SHARED, CLOSED))
        own = [each for each in fresh.values() if type(each) not in shared]
        total += sum(map(getsizeof, own))
        level = get_referents(*(each for each in own if type(each) not in closed))
        any_array = any(issubclass(kind, np.ndarray) for kind in kinds)
        arrays = [each for each in own if isinstance(each, np.ndarray)] if any_array else []
        level += [array.base for array in arrays]
        level += [each for array in arrays if array.dtype.hasobject for each in array.flat]
    return total
