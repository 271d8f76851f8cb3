"""The database, built beside the old one: a pure function of the archive, the catalogue and the views."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from shutil import copyfile

import duckdb
from duckdb import DuckDBPyConnection

from data.archive.state import ArchiveState, Batch
from data.base.atomic_files import flush
from data.base.database_config import CONFIG
from data.build.carried import Carried, begin, note_order, rows_to_resolve, take_misplaced, take_over
from data.build.conflict_resolution import all_rows, lowered_counts, resolved_rows
from data.build.coverage_table import PLACES, BatchPart, batch_parts, insert_coverage
from data.build.fingerprint import fingerprint
from data.build.ledgers import booked_costs, ledger_rows
from data.build.organisation import SPELLS, create_spells
from data.build.relation_digests import parsed, relation_digests
from data.build.source_files import source_hash
from data.coverage import date_column
from data.formats.website.url_keys import create_page_keys
from data.readers.sheet import insert_rows
from data.schema import id_matching
from data.schema.catalogue import Dataset, datasets
from data.schema.id_matching import folded_sql

Progress = Callable[[str, float], None]
ALIASES = Path(__file__).with_name("aliases.sql")
COST_RULES = Path(__file__).with_name("cost_rules.sql")
REGISTERS = Path(__file__).with_name("registers.sql")
CASES = Path(__file__).with_name("cases.sql")
VIEWS = Path(__file__).with_name("views.sql")
RESOLVING = tuple(
    Path(__file__).with_name(f"{name}.py")
    for name in ("conflict_resolution", "coverage_table", "ledgers", "organisation")
)


@dataclass(frozen=True)
class Contents:
    """All that one build reads. `today` is the latest day of an import in force, `withdrawn` the parts of those that are undone.

    `protected`: counts of 1–4 cases are left out; see `protected_cells` in views.sql.
    """

    parts: tuple[BatchPart, ...]
    batches: tuple[Batch, ...]
    example: bool
    today: date
    fingerprint: str
    protected: bool
    withdrawn: tuple[BatchPart, ...] = ()


def archive_contents(state: ArchiveState) -> Contents:
    """The batches in force in the archive; ValueError when there are none (the example data are built then)."""
    if not state.active:
        raise ValueError("no batch is in force")
    today = max(b.at.date() for b in state.active if b.at)

    def parts(batches: Iterable[Batch]) -> tuple[BatchPart, ...]:
        return tuple(
            part
            for b in batches
            for part in batch_parts(b.number, b.folder, b.tables, b.at.date() if b.at else today, dict(b.files))
        )

    withdrawn = parts(b for b in state.batches if not b.active and not b.damaged)
    identity = fingerprint(state.identity())
    return Contents(parts(state.active), state.batches, False, today, identity, bool(state.protected), withdrawn)


def build_database(
    path: Path,
    contents: Contents,
    version: int,
    now: datetime,
    progress: Progress | None = None,
    former: Path | None = None,
) -> None:
    """Build the database at `path`, flushed to the disk; the caller removes what a failure leaves.

    Of a `former` version, built by the same program, is taken over what has not changed.
    OSError or duckdb.IOException when it cannot be written or a Parquet file cannot be read.
    """
    spill = path.with_name(path.name + ".spill.tmp")
    if former:
        copyfile(former, path)
    with closing(duckdb.connect(path, config={**CONFIG, "temp_directory": str(spill)})) as connection:
        connection.execute("SET enable_progress_bar = false")  # it is written to standard output
        connection.execute(
            "SET VARIABLE protected = ?", [contents.protected]
        )  # in SQL, it costs nothing where it is false
        carried = take_over(connection) if former else Carried()
        connection.begin()
        _create_import_tables(connection, contents, version, now)
        changed = carried.changed(contents.parts)
        noted = () if contents.protected else contents.parts  # the digest of a file tells of the small numbers in it
        begin(connection, datasets()["cases"], noted, changed)
        tables = sorted(
            datasets().values(), key=lambda dataset: dataset.code == "cases"
        )  # their ids are read by others
        for i, dataset in enumerate(tables):
            if progress:
                progress("build", i / (len(tables) + 1))
            parts, withdrawn = (
                [p for p in some if p.dataset == dataset.code] for some in (contents.parts, contents.withdrawn)
            )
            if dataset.code == "cases":
                matched = _with_matched_ids(dataset, rows_to_resolve(connection, dataset, carried, parts, withdrawn))
                connection.execute(f"CREATE TEMP TABLE resolved_cases AS {_resolved(dataset, parts, matched)}")
            else:
                _load(connection, dataset, parts)
            insert_coverage(connection, dataset, parts, {batch for code, batch in changed if code == dataset.code})
        connection.execute("CREATE TABLE covers AS FROM stated_covers")
        _match_remaining_ids(connection)
        _run(connection, ALIASES)
        _run(connection, COST_RULES)
        connection.commit()
        create_page_keys(connection)
        connection.begin()
        _run(connection, REGISTERS)
        if carried.has_cases:
            take_misplaced(connection, datasets()["cases"])
        note_order(connection, carried)
        _run(connection, CASES)
        _run(connection, VIEWS)
        _insert_relation_digests(connection)
        connection.commit()
        connection.execute("CHECKPOINT")
    flush(path)


def _create_import_tables(connection: DuckDBPyConnection, contents: Contents, version: int, now: datetime) -> None:
    connection.execute(
        "CREATE TABLE batches (batch INTEGER, file VARCHAR, checksum VARCHAR, who VARCHAR, imported_at TIMESTAMP,"
        " tables VARCHAR[], rows BIGINT, active BOOLEAN)"
    )
    rows = [
        (b.number, b.file, b.checksum, b.who, b.at, [t.dataset for t in b.tables], b.rows, b.active)
        for b in contents.batches
    ]
    insert_rows(connection, "batches", rows)
    connection.execute(
        "CREATE TABLE info AS SELECT ?::INTEGER AS version, ? AS fingerprint, ?::TIMESTAMP AS built_at,"
        " ?::BOOLEAN AS example, ?::DATE AS today, ?::BOOLEAN AS protected, 0::BIGINT AS unordered",
        [version, contents.fingerprint, now, contents.example, contents.today, contents.protected],
    )
    connection.execute(f"CREATE TABLE refusals ({PLACES})")


def _run(connection: DuckDBPyConnection, script: Path) -> None:
    for statement in parsed(script.read_text("utf-8")):
        connection.execute(statement)


def _insert_relation_digests(connection: DuckDBPyConnection) -> None:
    """Store a digest of what made each relation: the version of what is counted in it depends on this."""
    scripts = tuple(path.read_text("utf-8") for path in (ALIASES, COST_RULES, REGISTERS, CASES, VIEWS))
    loaded = ("resolved_cases" if code == "cases" else code for code in datasets())
    imported = (*loaded, "covers", "refusals", "lowered_counts", "booked_costs", *SPELLS.values())
    digests = relation_digests(scripts, imported, source_hash(RESOLVING))
    connection.execute(
        "CREATE TABLE relation_digests AS SELECT unnest(?) AS relation, unnest(?) AS digest",
        [list(digests), list(digests.values())],
    )


def _load(connection: DuckDBPyConnection, dataset: Dataset, parts: Sequence[BatchPart]) -> None:
    """Create one table with one row for each key."""
    rows = ledger_rows(connection, dataset, parts) if dataset.code == "costs" else all_rows(dataset, parts)
    matched = _with_matched_ids(dataset, rows) if parts else rows
    connection.execute(
        f"CREATE TABLE {dataset.code} AS {_resolved(dataset, parts, matched)} ORDER BY {_disk_order(dataset)}"
    )
    if dataset.code == "case_counts":
        connection.execute(f"CREATE TABLE lowered_counts AS {lowered_counts(dataset, parts, matched)}")
    if dataset.code in SPELLS:
        create_spells(connection, dataset, matched)
    if dataset.code == "costs":
        connection.execute(f"CREATE TABLE booked_costs AS {booked_costs()}")
    if id_matching.is_referenced(dataset) and len(dataset.key) == 1:
        connection.execute(f"CREATE TEMP TABLE folded_ids_{dataset.code} AS {_unambiguous_ids(dataset)}")


def _resolved(dataset: Dataset, parts: Sequence[BatchPart], relation: str) -> str:
    """SQL for the rows of a table, one for each key among the rows of `relation`."""
    typed = ", ".join(f'"{name}"::{kind} AS "{name}"' for name, kind in dataset.stored)
    return f"SELECT {typed}, batch FROM ({resolved_rows(dataset, parts, relation)}) r"


def _unambiguous_ids(dataset: Dataset) -> str:
    """SQL for the folded spelling of each id that no other id of the table shares."""
    folded = folded_sql(dataset.key[0])
    return f"SELECT {folded} AS folded, any_value({dataset.key[0]}) AS id FROM {dataset.code} GROUP BY ALL HAVING count(*) = 1"


def _with_matched_ids(dataset: Dataset, rows: str) -> str:
    """SQL for the rows with every reference spelt as in the table that it refers to; an exact match goes first."""
    columns, joins = [], []
    for c in dataset.columns:
        if c.references and c.references != dataset.code:
            other = datasets()[c.references]
            joins.append(
                f"LEFT JOIN {other.code} exact_{c.code} ON exact_{c.code}.{other.key[0]} = a.{c.code}"
                f" LEFT JOIN folded_ids_{other.code} matched_{c.code} ON matched_{c.code}.folded = {folded_sql(f'a.{c.code}')}"
            )
            columns.append(f"coalesce(exact_{c.code}.{other.key[0]}, matched_{c.code}.id, a.{c.code}) AS {c.code}")
    return f"SELECT a.* REPLACE ({', '.join(columns)}) FROM ({rows}) a {' '.join(joins)}" if columns else rows


def _match_remaining_ids(connection: DuckDBPyConnection) -> None:
    """Do as `_with_matched_ids` for references within a table, and for what the imports cover and had refused rows of."""
    within = [(d.code, c.code, d.code) for d in datasets().values() for c in d.columns if c.references == d.code]
    ids = [("service_id", "services"), ("e_service_id", "e_services")]
    covers = [(table, *column) for table in ("covers", "refusals") for column in ids]
    for table, column, other in (*within, *covers, (SPELLS["departments"], "owner", "departments")):
        connection.execute(
            f"""UPDATE {table} SET {column} = matched.id FROM folded_ids_{other} matched
            WHERE {folded_sql(f"{table}.{column}")} = matched.folded
              AND {table}.{column} NOT IN (SELECT {datasets()[other].key[0]} FROM {other})"""
        )


def _disk_order(dataset: Dataset) -> str:
    """SQL for the order on disk: large tables by department, service and day, so that a filter reads few blocks."""
    if not dataset.covers:
        return ", ".join(dataset.key)
    department = "(SELECT any_value(s.department_id) FROM services s WHERE s.service_id = r.service_id)"
    ids = [name for name, _ in dataset.stored if name in ("service_id", "e_service_id")]
    return ", ".join([department, *ids, date_column(dataset), *dataset.key])
