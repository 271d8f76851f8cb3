"""A digest of what each relation of the database is made by: its own SQL, and that of all it reads."""

import hashlib
import re
from collections.abc import Mapping, Set
from functools import cache

import duckdb

_TARGET = re.compile(
    r"(?:CREATE (?:TEMP )?(TABLE|VIEW|MACRO)|INSERT INTO|UPDATE|DELETE FROM|ALTER TABLE|DROP TABLE) (\w+)"
)


@cache
def parsed(sql: str) -> tuple[duckdb.Statement, ...]:
    """The statements of a script. They are parsed once in a process: it costs as much as to run them on few rows."""
    return tuple(duckdb.extract_statements(sql))


@cache
def relation_digests(
    scripts: tuple[str, ...], imported: tuple[str, ...] = (), imported_by: str = ""
) -> Mapping[str, str]:
    """Sixteen hexadecimal digits for each relation and macro that the scripts, run in order, create or change.

    `imported` are the tables that stand before the first statement, made by a program with the digest `imported_by`.

    They change when one of its statements does, or one of what these read, directly or not; comments and white space
    do not count.
    """
    tables = dict.fromkeys(imported, imported_by)  # a table is made of what there was when it was made
    definitions: dict[str, tuple[str, Set[str]]] = {}  # a view or macro is read anew each time: its SQL, what it reads

    def digest(name: str) -> str:
        if name in tables:
            return tables[name]
        text, reads = definitions[name]
        return _hash(text, *map(digest, sorted(reads)))

    for statement in (statement for sql in scripts for statement in parsed(sql)):
        text = _without_comments(statement.query)
        if target := _TARGET.match(text):
            created, name = target.groups()
            reads = (tables.keys() | definitions.keys()) & set(re.findall(r"\w+", text)) - {name}
            if created in ("VIEW", "MACRO"):
                definitions[name] = text, reads
            else:
                tables[name] = _hash(tables.get(name), text, *map(digest, sorted(reads)))
    return {name: digest(name) for name in (*tables, *definitions)}


def _without_comments(statement: str) -> str:
    """The tokens of a statement, with one space between."""
    tokens = duckdb.tokenize(statement)
    ends = [*(start for start, _type in tokens[1:]), len(statement)]
    return " ".join(
        statement[start:end].strip()
        for (start, kind), end in zip(tokens, ends, strict=True)
        if kind != duckdb.token_type.comment
    )


def _hash(*values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]
