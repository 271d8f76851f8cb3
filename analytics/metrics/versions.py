"""The version of a number: it changes when its definition, the SQL of what it is counted in or the code behind it does."""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache

import duckdb

from analytics.metrics import measure
from analytics.metrics.catalogue import Computed, Metric, definitions, metrics
from analytics.metrics.program import program_digest, program_files, text_constants
from analytics.metrics.served import read_once

_WORDS = ("code", "title", "definition", "formula", "section", "goal", "target", "counts", "tables", "fact")
MEASURE = measure.__name__
Digests = tuple[tuple[str, str], ...]


def definition_version(cursor: duckdb.DuckDBPyConnection, code: str) -> str:
    """Eight characters; KeyError for a code that is not in the catalogue.

    The SQL behind the relations is taken from `relation_digests`, where the build of this database left it.
    """
    return _version(code, _digests(cursor))


@read_once
def _digests(cursor: duckdb.DuckDBPyConnection) -> Digests:
    return tuple(cursor.execute("SELECT relation, digest FROM relation_digests ORDER BY ALL").fetchall())


@lru_cache(maxsize=1024)
def _version(code: str, digests: Digests) -> str:
    definition = definitions()[code]
    if isinstance(definition, Computed):
        module, formula = definition.by, definition.of
        rests_on = {*definition.of, *_texts(module, besides=MEASURE)} & metrics().keys()
    else:
        module, formula = MEASURE, _formula(definition)
        rests_on = {str(definition.of)} & metrics().keys()
    read = _read({*_texts(module), *formula}, digests)
    parts = (formula, program_digest(module), read, [_version(one, digests) for one in sorted(rests_on)])
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]


def _formula(metric: Metric) -> tuple[str, ...]:
    """The fields that decide the number, as text: all but those that only describe it."""
    fields = (f"{name}: {value}" for name, value in vars(metric).items() if name not in _WORDS)
    return (*fields, metric.fact.relation, str(sorted(metric.fact.filters)))


def _texts(module: str, besides: str | None = None) -> set[str]:
    """The text constants of the code that a module runs through, without that of another."""
    other = program_files(besides) if besides else ()
    return {text for file in program_files(module) if file not in other for text in text_constants(file)}


def _read(texts: Iterable[str], digests: Digests) -> list[tuple[str, str]]:
    """The relations that are named in texts, each with its digest."""
    names = {name for text in texts for name in re.findall(r"\w+", text)}
    return [(name, digest) for name, digest in digests if name in names]
