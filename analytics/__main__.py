"""The command line of the numbers: `python -m analytics measure METRIC …`, for scripts and open data."""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import duckdb

from analytics.metrics.catalogue import metrics
from analytics.metrics.dimensions import departments
from analytics.metrics.grouping import DIMENSION_SQL
from analytics.metrics.measure import Row, measure
from analytics.metrics.period import period
from analytics.metrics.scope import Organisation, Scope
from data.base.errors import StoreError
from data.base.language import LANGUAGES, N_, translations
from data.cli.parser import argparse_in_language, requested_language
from data.schema.catalogue import fold
from data.schema.templates import escape_formula
from data.store import Store

FIGURES = ("numerator", "denominator", "value", "population", "coverage", "state", "worst", "best", "counted", "silent")
NO_SUCH_DEPARTMENT = N_("There is no department %(id)s. Choose one of: %(known)s.")
NO_SUCH_DIMENSION = N_("%(metric)s cannot be grouped by %(name)s. It can be grouped by: %(known)s.")
BACKWARDS = N_("The period ends (%(to)s) before it begins (%(from)s).")
NO_AUDIENCE = N_("%(metric)s cannot be narrowed by audience.")


class WrongUse(Exception):
    """The arguments do not fit the metric; the message is shown to the user."""


def _month(code: str) -> Callable[[str], date]:
    """A parser of a month argument, with its error message in the language."""

    def read(text: str) -> date:
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError:
            message = translations(code).gettext(N_("%(value)s is not a month. Write it as YYYY-MM, such as 2026-03."))
            raise argparse.ArgumentTypeError(message % {"value": text}) from None

    return read


def _parser(code: str) -> argparse.ArgumentParser:
    _ = translations(code).gettext
    parser = argparse.ArgumentParser(
        prog="python -m analytics", description=_("The numbers, for scripts and open data.")
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar=_("COMMAND"), title=_("commands"))
    ask = commands.add_parser("measure", help=_("one metric, as JSON or CSV"))
    ask.add_argument("metric", choices=list(metrics()), metavar="METRIC", help=", ".join(metrics()))
    ask.add_argument(
        "--by", nargs="+", default=[], metavar="DIMENSION", help=", ".join([*DIMENSION_SQL, "branch", "payer"])
    )
    ask.add_argument("--from", dest="month_from", type=_month(code), metavar=_("YYYY-MM"), help=_("first month"))
    ask.add_argument("--to", dest="month_to", type=_month(code), metavar=_("YYYY-MM"), help=_("last month"))
    ask.add_argument(
        "--department",
        nargs="+",
        default=[],
        metavar="ID",
        help=_("a department includes those below it and those that it has replaced"),
    )
    ask.add_argument(
        "--organisation",
        choices=get_args(Organisation),
        default=get_args(Organisation)[0],
        help=_(
            "historical: figures stay where they arose [default]; today: all are with the department that it belongs to today"
        ),
    )
    ask.add_argument("--audience", choices=["external", "internal"])
    ask.add_argument("--store", type=Path, metavar="DIR", help=_("where the imported data are"))
    ask.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help=_("language of the answer [sv]"))
    form = ask.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=_("a list of rows (the default)"))
    form.add_argument("--csv", action="store_true", help=_("comma, decimal point, UTF-8"))
    return parser


def _plain(value: object) -> object:
    """A month as YYYY-MM, an amount as a number, other values unchanged."""
    return f"{value:%Y-%m}" if isinstance(value, date) else float(value) if isinstance(value, Decimal) else value


def _exact(value: object) -> object:
    """The value for CSV: to the last digit, blank where there is none, and no text that a spreadsheet would run."""
    if isinstance(value, str):
        return escape_formula(value)
    return str(value) if isinstance(value, Decimal) else "" if value is None else _plain(value)


def _columns(by: Sequence[str]) -> dict[str, str]:
    """The figures by the name of their column: `answer_state` is the state of the answer where it is grouped by state."""
    return {f"answer_{name}" if name in by else name: name for name in FIGURES}


def _record(row: Row) -> dict[str, object]:
    return {**row.by, **{column: getattr(row, name) for column, name in _columns(tuple(row.by)).items()}}


def _scope(cursor: duckdb.DuckDBPyConnection, args: argparse.Namespace) -> Scope:
    _ = translations(args.language).gettext
    ids = [d.department_id for d in departments(cursor)]
    known = {fold(code): code for code in ids} | {code: code for code in ids}
    chosen = tuple(known.get(department) or known.get(fold(department)) for department in args.department)
    for department, department_id in zip(args.department, chosen, strict=True):
        if department_id is None:
            raise WrongUse(_(NO_SUCH_DEPARTMENT) % {"id": department, "known": ", ".join(ids)})
    first, last = period(cursor).default()
    month_to = args.month_to or max(last, args.month_from or last)
    month_from = args.month_from or min(first, month_to)
    if month_from > month_to:
        raise WrongUse(_(BACKWARDS) % {"from": f"{month_from:%Y-%m}", "to": f"{month_to:%Y-%m}"})
    departments_chosen = tuple(code for code in chosen if code)
    return Scope(month_from, month_to, departments_chosen, args.audience, organisation=args.organisation)


def _check(args: argparse.Namespace) -> None:
    _ = translations(args.language).gettext
    fact = metrics()[args.metric].fact
    for name in args.by:
        if name not in fact.dimensions:
            known = ", ".join(fact.dimensions)
            raise WrongUse(_(NO_SUCH_DIMENSION) % {"metric": args.metric, "name": name, "known": known})
    if args.audience and "audience" not in fact.filters:
        raise WrongUse(_(NO_AUDIENCE) % {"metric": args.metric})


def _write_csv(records: Sequence[Mapping[str, object]], by: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout)
    columns = (*dict.fromkeys(by), *_columns(by))
    writer.writerow(columns)
    writer.writerows([_exact(record[name]) for name in columns] for record in records)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the rows to standard output; return 0, 1 when there is no database, or 2 for arguments that do not fit the metric."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    code = requested_language(arguments)
    with argparse_in_language(code):
        args = _parser(code).parse_args(arguments)
    try:
        _check(args)
        cursor = Store(args.store).database().cursor()
        records = [_record(row) for row in measure(cursor, args.metric, _scope(cursor, args), *args.by)]
    except WrongUse as error:
        print(error, file=sys.stderr)
        return 2
    except StoreError as error:
        print(error.sentence(args.language), file=sys.stderr)
        return 1
    if args.csv:
        _write_csv(records, args.by)
    else:
        plain = [{name: _plain(value) for name, value in record.items()} for record in records]
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
