"""The command line of the numbers: `python -m analytics measure METRIC …`, for scripts and open data."""

import argparse
import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from analytics.catalogue import metrics
from analytics.dimensions import departments
from analytics.period import period
from analytics.query import SIMPLE, Row, measure
from analytics.scope import Scope
from data.language import N_, translations
from data.said import StoreError
from data.store import Store

FIGURES = ("numerator", "denominator", "value", "population", "coverage", "state", "worst", "best")
NO_SUCH_DEPARTMENT = N_("There is no department %(id)s. Choose one of: %(known)s.")
NO_SUCH_DIMENSION = N_("%(metric)s cannot be grouped by %(name)s. It can be grouped by: %(known)s.")
BACKWARDS = N_("The period ends (%(to)s) before it begins (%(from)s).")
NO_AUDIENCE = N_("%(metric)s cannot be narrowed by audience.")


class WrongUse(Exception):
    """The question cannot be asked; the message is ready for the reader."""


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _parser(language: str) -> argparse.ArgumentParser:
    _ = translations(language).gettext
    parser = argparse.ArgumentParser(
        prog="python -m analytics", description=_("The numbers, for scripts and open data.")
    )
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("measure", help=_("one metric, as JSON or CSV"))
    ask.add_argument("metric", choices=list(metrics()), metavar="METRIC", help=", ".join(metrics()))
    ask.add_argument("--by", nargs="+", default=[], metavar="DIMENSION", help=", ".join([*SIMPLE, "branch", "payer"]))
    ask.add_argument("--from", dest="month_from", type=_month, metavar=_("YYYY-MM"), help=_("first month"))
    ask.add_argument("--to", dest="month_to", type=_month, metavar=_("YYYY-MM"), help=_("last month"))
    ask.add_argument(
        "--department", nargs="+", default=[], metavar="ID", help=_("a department includes those below it")
    )
    ask.add_argument("--audience", choices=["external", "internal"])
    ask.add_argument("--store", type=Path, metavar="DIR", help=_("where the imported data are"))
    form = ask.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=_("a list of rows (the default)"))
    form.add_argument("--csv", action="store_true", help=_("comma, decimal point, UTF-8"))
    return parser


def _plain(value: object) -> object:
    """A month as ÅÅÅÅ-MM, an amount as a number, all else as it is."""
    return f"{value:%Y-%m}" if isinstance(value, date) else float(value) if isinstance(value, Decimal) else value


def _exact(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else "" if value is None else _plain(value)


def _record(row: Row) -> dict[str, object]:
    return {**row.by, **{name: getattr(row, name) for name in FIGURES}}


def _scope(cursor: duckdb.DuckDBPyConnection, args: argparse.Namespace, language: str) -> Scope:
    _ = translations(language).gettext
    known = [d.department_id for d in departments(cursor)]
    for wanted in args.department:
        if wanted not in known:
            raise WrongUse(_(NO_SUCH_DEPARTMENT) % {"id": wanted, "known": ", ".join(known)})
    first, last = period(cursor).default()
    month_to = args.month_to or max(last, args.month_from or last)
    month_from = args.month_from or min(first, month_to)
    if month_from > month_to:
        raise WrongUse(_(BACKWARDS) % {"from": f"{month_from:%Y-%m}", "to": f"{month_to:%Y-%m}"})
    return Scope(month_from, month_to, tuple(args.department), args.audience)


def _check(args: argparse.Namespace, language: str) -> None:
    _ = translations(language).gettext
    fact = metrics()[args.metric].fact
    for name in args.by:
        if name not in fact.dimensions:
            known = ", ".join(fact.dimensions)
            raise WrongUse(_(NO_SUCH_DIMENSION) % {"metric": args.metric, "name": name, "known": known})
    if args.audience and "audience" not in fact.filters:
        raise WrongUse(_(NO_AUDIENCE) % {"metric": args.metric})


def _write_csv(records: Sequence[Mapping[str, object]], by: Sequence[str]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow([*by, *FIGURES])
    writer.writerows([_exact(record[name]) for name in (*by, *FIGURES)] for record in records)


def main(argv: Sequence[str] | None = None, language: str = "sv") -> int:
    """Answer on standard output; 0, or 1 when there is no database to ask, or 2 for a question that cannot be asked."""
    args = _parser(language).parse_args(argv)
    try:
        _check(args, language)
        cursor = Store(args.store).database().cursor()
        records = [_record(row) for row in measure(cursor, args.metric, _scope(cursor, args, language), *args.by)]
    except WrongUse as error:
        print(error, file=sys.stderr)
        return 2
    except StoreError as error:
        print(error.sentence(language), file=sys.stderr)
        return 1
    if args.csv:
        _write_csv(records, args.by)
    else:
        plain = [{name: _plain(value) for name, value in record.items()} for record in records]
        print(json.dumps(plain, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
