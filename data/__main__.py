"""`python -m data`: the commands of `data.cli.commands`. Exit code 0, 1 with the reason, or 2."""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence

from data.base.atomic_files import WRITE_ERRORS
from data.base.errors import ImportRefused, StoreError, UnknownBatch, UnknownReport
from data.base.language import translations
from data.cli.arguments import UsageError
from data.cli.commands import COMMANDS, OK, REFUSED, USAGE_ERROR
from data.cli.parser import argparse_in_language, build_parser, requested_language

_WRONG = (UsageError, UnknownBatch, UnknownReport)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    argv = list(sys.argv[1:] if arguments is None else arguments)
    code = requested_language(argv)
    with argparse_in_language(code):
        try:
            options = build_parser(code).parse_args(argv)
        except SystemExit as stop:  # argparse has printed the reason, or the help
            return OK if stop.code in (None, 0) else USAGE_ERROR
    return run(options)


def run(options: Namespace) -> int:
    """Run the command of the options and return its exit code; the reason of a failure is printed on standard error."""
    try:
        return COMMANDS[options.command](options)
    except StoreError as error:
        _print_error(error.sentence(options.language), options)
        wrong = isinstance(error, _WRONG) or error.text in (ImportRefused.PERSONAL_DATA, ImportRefused.NO_ROLE)
        return USAGE_ERROR if wrong else REFUSED
    except WRITE_ERRORS as error:
        _ = translations(options.language).gettext
        _print_error(_("It could not be done: %(reason)s") % {"reason": error}, options)
        return REFUSED


def _print_error(sentence: str, options: Namespace) -> None:
    if options.json:
        print(json.dumps({"error": sentence}, ensure_ascii=False))
    else:
        print(sentence, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
