"""`python -m ui.note`: sends the monthly note by mail, for a timer. Exit code 0, 1 where any is left, 2 for what is wrongly set."""

import argparse
import logging
import sys
from collections.abc import Sequence
from os import environ
from pathlib import Path

from data import StoreError, argparse_in_language, requested_language
from ui import database
from ui.components import variation
from ui.note import sending, settings
from ui.note.delivery import Outcome
from ui.note.sending import Written
from ui.note.sent import SentUnusable
from ui.note.settings import Settings
from ui.note.toml_table import InvalidSettings
from ui.text import labels, numbers
from ui.text.i18n import LANGUAGES, _, spoken

OK, LEFT, WRONG = 0, 1, 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ui.note",
        description=_("Sends the monthly note to those whom the file that DASHBOARD_NOTE names has as recipients."),
    )
    parser.add_argument("--dry-run", action="store_true", help=_("print what would be sent to whom, and send nothing"))
    parser.add_argument(
        "--month", default="", metavar=_("YYYY-MM"), help=_("another month than the latest that has ended")
    )
    parser.add_argument(
        "--again", action="store_true", help=_("send letters too that may have gone when a run was ended")
    )
    parser.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help=_("language of the answer [sv]"))
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Send the notes or print them; the exit code."""
    argv = list(sys.argv[1:] if arguments is None else arguments)
    logging.getLogger("streamlit").setLevel(logging.ERROR)  # it warns that no page is being run
    code = requested_language(argv)
    with spoken(code), argparse_in_language(code):
        try:
            return _run(_parser().parse_args(argv))
        except InvalidSettings as error:
            return _refused(str(error), WRONG)
        except SentUnusable as error:
            return _refused(str(error), LEFT)
        except StoreError as error:
            return _refused(error.sentence(code), LEFT)


def _refused(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _run(options: argparse.Namespace) -> int:
    chosen = settings.load()
    sending.outside_store(Path(environ[settings.FILE]), chosen.sent)
    month = sending.chosen_month(options.month)
    written = sending.write(chosen.recipients, month)
    if options.dry_run:
        return _preview(chosen, written)
    if database.database().example:
        return _refused(_("Example data are not sent: the figures are invented. Import your own first."), LEFT)
    left = 0
    counts = {"sent": 0, "already": 0}
    for outcome in sending.send(chosen, written, month, again=options.again):
        if outcome.result in counts:
            counts[outcome.result] += 1
        else:
            left += 1
            print(_left(outcome), file=sys.stderr, flush=True)
    told = _("The note of {month}: {sent} sent, {already} sent before, {left} left.")
    print(told.format(month=variation.month(month), left=numbers.count(left), **counts))
    return LEFT if left else OK


def _left(outcome: Outcome) -> str:
    return _("{name} has not got the note. {reason}").format(name=outcome.to.name, reason=outcome.reason)


def _preview(chosen: Settings, written: Written) -> int:
    """Print each letter under whom it is to, by role: addresses are printed nowhere."""
    for one, subject, text in sending.preview(chosen, written):
        whose = labels.department(one.department) if one.department else _("The whole municipality")
        print(_("To {name} ({whose}, {language})").format(name=one.name, whose=whose, language=one.language))
        print(_("Subject: {subject}").format(subject=subject))
        print(f"\n{text}\n{'-' * 72}")
    for outcome in written.refused:
        print(_left(outcome), file=sys.stderr)
    return LEFT if written.refused else OK


if __name__ == "__main__":
    sys.exit(main())
