"""Arguments of the command line as values: files, tables, channels, months, and what the files cover."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from data.base.errors import StoreError
from data.base.language import N_
from data.coverage import Coverage, parse_month
from data.intake.choices import suggested_coverage
from data.intake.draft import FileDraft, Source, unique_names
from data.ledger_source import LedgerAnswer
from data.schema.catalogue import datasets, fold, value_lists
from data.serving.server import Database


class UsageError(StoreError):
    """The command cannot be understood."""

    FILE = N_("There is no file %(name)s.")
    FOLDER = N_("%(name)s is a folder. Name the files in it.")
    TABLE = N_("There is no table %(name)s. The tables are: %(known)s.")
    TABLE_OF = N_("--table names the file %(name)s, which is not among the files.")
    CHANNEL = N_("There is no channel %(name)s. The channels are: %(known)s.")
    MONTH = N_("%(name)s is not a month. Write it as 2026-03.")
    MONTHS = N_("The first month that the files cover comes after the last.")
    DEPARTMENT = N_("There is no department %(name)s. Write its id, as in the table of departments.")


def table_code(name: str) -> str:
    """The code of the table with this Swedish header, title or code; UsageError when there is none."""
    for code, dataset in datasets().items():
        if fold(name) in map(fold, (code, dataset.header, *dataset.title.values())):
            return code
    known = ", ".join(d.header for d in datasets().values())
    raise UsageError(UsageError.TABLE, name=name, known=known)


def channel_code(name: str) -> str:
    """The code of the channel with this name; UsageError when there is none."""
    for value in value_lists()["channel"]:
        if fold(name) in value.spellings:
            return value.code
    known = ", ".join(v.labels["sv"] for v in value_lists()["channel"])
    raise UsageError(UsageError.CHANNEL, name=name, known=known)


def department(name: str | None, database: Database) -> str | None:
    """The department's id; UsageError when there is none of it."""
    known = [code for (code,) in database.cursor().execute("SELECT department_id FROM departments").fetchall()]
    if name is not None and name not in known:
        raise UsageError(UsageError.DEPARTMENT, name=name)
    return name


def month(text: str | None) -> date | None:
    """The first day of a month written ÅÅÅÅ-MM; UsageError when it is not one."""
    try:
        return parse_month(text) if text else None
    except ValueError:
        raise UsageError(UsageError.MONTH, name=text) from None


def sources(
    files: Sequence[Path], installation: str | None = None, family: int | None = None, encoding: str | None = None
) -> list[Source]:
    """The files under their own names, numbered where two are the same; UsageError when one is missing or a folder.

    `installation` and `family` are for every file that does not name its own, `encoding` for those that are not Unicode.
    """
    missing = next((f for f in files if not f.is_file()), None)
    if missing:
        raise UsageError(UsageError.FOLDER if missing.is_dir() else UsageError.FILE, name=missing)
    names = unique_names([f.name for f in files])
    return [
        Source(name, file, installation, family, encoding=encoding) for name, file in zip(names, files, strict=True)
    ]


def with_tables(files: Sequence[Source], requested: Sequence[str]) -> list[Source]:
    """The files with the tables of `NAME` (every file) or `FILE=NAME`; UsageError when either is unknown."""
    tables: dict[str, str] = {}
    for text in requested:
        file, separator, table = text.rpartition("=")
        names = [s.name for s in files if not separator or file in (s.name, str(s.path))]
        if not names:
            raise UsageError(UsageError.TABLE_OF, name=file)
        tables |= dict.fromkeys(names, table_code(table))
    return [replace(s, table=tables.get(s.name)) for s in files]


def with_ledgers(files: Sequence[Source], options: Namespace) -> list[Source]:
    """The files with what the options say of ledgers: the months that they cover, and whether they replace or are added."""
    answer = LedgerAnswer(month(options.month_from), month(options.month_to), options.ledger)
    return [replace(s, ledger=answer) for s in files] if answer != LedgerAnswer() else list(files)


class CoverageOptions:
    """What the options say that the files cover; the rest is as the draft suggests."""

    def __init__(self, options: Namespace) -> None:
        first, last = month(options.month_from), month(options.month_to)
        channels = tuple(dict.fromkeys(map(channel_code, options.channels or ())))
        services = options.covers or ("file" if channels or first or last else None)
        if first and last and first > last:
            raise UsageError(UsageError.MONTHS)
        given: dict[str, Any] = {"channels": channels, "services": services, "month_from": first, "month_to": last}
        self._given = {name: value for name, value in given.items() if value}

    def coverage(self, file: FileDraft) -> Mapping[str, Coverage] | None:
        """By table code, what a file covers; None without such options."""
        if not self._given:
            return None
        covers = {code: replace(cover, **self._given) for code, cover in suggested_coverage(file).items()}
        if any(cover.month_from > cover.month_to for cover in covers.values()):
            raise UsageError(UsageError.MONTHS)
        return covers
