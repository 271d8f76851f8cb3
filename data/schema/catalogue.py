"""The catalogue of input tables: `datasets.toml` as frozen Python values."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

TOML = Path(__file__).parents[1] / "datasets.toml"
Texts = Mapping[str, str]  # {"sv": …, "en": …}

SQL_TYPES: Mapping[str, str] = {
    "id": "VARCHAR",
    "text": "VARCHAR",
    "url": "VARCHAR",
    "enum": "VARCHAR",
    "date": "DATE",
    "month": "DATE",
    "year": "INTEGER",
    "bool": "BOOLEAN",
    "count": "BIGINT",
    "money": "DECIMAL(18,2)",
    "percent": "DECIMAL(12,8)",
}


def fold(text: str) -> str:
    """The text for comparison: lower case, without diacritics, letters and digits only."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(str.isalnum, plain))


@dataclass(frozen=True)
class Value:
    """One allowed value: the stored code, its labels by language, and the folded spellings that mean it."""

    code: str
    labels: Texts
    spellings: frozenset[str]


@dataclass(frozen=True)
class Column:
    """One column of an input table, as `datasets.toml` describes it: files call it `header`, readers `title`."""

    code: str
    header: str
    title: Texts
    type: str
    help: Texts
    required: bool = False
    key: bool = False
    references: str | None = None
    literals: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    states: tuple[Value, ...] = ()
    default: str | None = None
    past: bool = False
    min: float | None = None
    max: float | None = None
    remark_above: float | None = None
    example: str = ""
    aliases: tuple[str, ...] = ()
    generated_from: tuple[str, ...] = ()
    masked: str = ""

    @property
    def sql_type(self) -> str:
        """The DuckDB type that the column is stored as."""
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Rule:
    """A rule over several columns of a row: `one_of` or `ordered`, with column codes."""

    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Dataset:
    """One input table. `covers`: its files have a coverage."""

    code: str
    header: str
    title: Texts
    grain: Texts
    help: Texts
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...] = ()
    covers: bool = False
    _by_code: Mapping[str, Column] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def codes_by_name(self) -> Mapping[str, str]:
        """The codes of the columns by their names in a file, folded."""
        return {fold(name): c.code for c in reversed(self.columns) for name in (c.code, c.header)}

    @property
    def key(self) -> tuple[str, ...]:
        """The codes of the key columns, in order."""
        return tuple(c.code for c in self.columns if c.key)

    def column(self, code: str) -> Column:
        """The column with this code; KeyError when there is none."""
        return self._by_code[code]

    @property
    def stored(self) -> tuple[tuple[str, str], ...]:
        """(name, DuckDB type) of every stored column; a column with states is followed by its state."""
        pairs: list[tuple[str, str]] = []
        for c in self.columns:
            pairs.append((c.code, c.sql_type))
            if c.states:
                pairs.append((f"{c.code}_state", "VARCHAR"))
        return tuple(pairs)


def _values(raw: Mapping[str, Any]) -> tuple[Value, ...]:
    return tuple(
        Value(
            code, {"sv": v["sv"], "en": v["en"]}, frozenset(map(fold, [code, v["sv"], v["en"], *v.get("aliases", ())]))
        )
        for code, v in raw.items()
    )


def _column(
    code: str, raw: dict[str, Any], lists: Mapping[str, tuple[Value, ...]], titles: Mapping[str, Texts]
) -> Column:
    if "title" not in raw and raw["header"] not in titles:
        raise ValueError(f"datasets.toml: {raw['header']} has no title of its own, nor one under [titles]")
    fields = {
        "title": titles.get(raw["header"]),
        **raw,
        **{name: tuple(raw.get(name, ())) for name in ("literals", "aliases", "generated_from")},
    }
    for name in ("values", "states"):
        fields[name] = lists[raw[name]] if name in raw else ()
    if raw["type"] not in SQL_TYPES:
        raise ValueError(f"datasets.toml: {code} has the unknown type {raw['type']!r}")
    return Column(code=code, **fields)


def _dataset(
    code: str, raw: dict[str, Any], lists: Mapping[str, tuple[Value, ...]], titles: Mapping[str, Texts]
) -> Dataset:
    columns = tuple(_column(c, spec, lists, titles) for c, spec in raw.pop("columns").items())
    rules = tuple(Rule(kind, tuple(cols)) for r in raw.pop("rules", []) for kind, cols in r.items())
    return Dataset(code=code, columns=columns, rules=rules, _by_code={c.code: c for c in columns}, **raw)


@cache
def _load() -> tuple[Mapping[str, Dataset], Mapping[str, tuple[Value, ...]]]:
    raw = tomllib.loads(TOML.read_text("utf-8"))
    lists = {name: _values(spec) for name, spec in raw.pop("values").items()}
    titles = raw.pop("titles")
    tables = {code: _dataset(code, spec, lists, titles) for code, spec in raw.items()}
    return MappingProxyType(tables), MappingProxyType(lists)


def datasets() -> Mapping[str, Dataset]:
    """Every input table by code, in the order in which they refer to each other."""
    return _load()[0]


def value_lists() -> Mapping[str, tuple[Value, ...]]:
    """Every list of allowed values by name, such as `channel`."""
    return _load()[1]
