"""`python -m data`: import, fetch, status, undo, redo, build, templates. Exit code 0, 1 with the reason, 2 for wrong use."""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence

from data.base.atomic_files import WRITE_ERRORS
from data.base.errors import ImportRefused, StoreError, UnknownBatch
from data.base.language import translations
from data.cli.arguments import UsageError
from data.cli.commands import COMMANDS, OK, REFUSED, USAGE_ERROR
from data.cli.parser import argparse_in_language, build_parser, requested_language

_WRONG = (UsageError, UnknownBatch)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    code = requested_language(given)
    with argparse_in_language(code):
        try:
            options = build_parser(code).parse_args(given)
        except SystemExit as stop:  # argparse has said why, or shown its help
            return OK if stop.code in (None, 0) else USAGE_ERROR
    return run(options)


def run(options: Namespace) -> int:
    """Do what the options ask; what cannot be done is said in one sentence on standard error."""
    try:
        return COMMANDS[options.command](options)
    except StoreError as error:
        _complain(error.sentence(options.language), options)
        wrong = isinstance(error, _WRONG) or error.text in (ImportRefused.PERSONAL_DATA, ImportRefused.NO_ROLE)
        return USAGE_ERROR if wrong else REFUSED
    except WRITE_ERRORS as error:
        _ = translations(options.language).gettext
        _complain(_("It could not be done: %(reason)s") % {"reason": error}, options)
        return REFUSED


def _complain(sentence: str, options: Namespace) -> None:
    if options.json:
        print(json.dumps({"error": sentence}, ensure_ascii=False))
    else:
        print(sentence, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
