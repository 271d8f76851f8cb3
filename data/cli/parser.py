"""The parser of the command line `python -m data …`: its commands, options and help, in the user's language."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data.base.language import LANGUAGES, N_, translations
from data.coverage import SERVICE_CHOICES
from data.readers.legacy_encoding import ENCODINGS

# The texts of argparse itself, so that they are collected and translated with the rest.
ARGPARSE = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
)


def requested_language(arguments: list[str]) -> str:
    """The language of `--language`, read before the parser is built in it; Swedish when there is none."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument("--language", default=LANGUAGES[0])
    try:
        requested = early.parse_known_args(arguments)[0].language
    except argparse.ArgumentError:
        return LANGUAGES[0]
    return requested if requested in LANGUAGES else LANGUAGES[0]


@contextmanager
def argparse_in_language(code: str) -> Iterator[None]:
    """Take the texts of argparse itself from our catalogue, by replacing `_` in its module."""
    module = vars(argparse)
    before = module["_"]
    module["_"] = translations(code).gettext
    try:
        yield
    finally:
        module["_"] = before


def build_parser(code: str) -> argparse.ArgumentParser:
    """The parser with all commands, in a language."""
    _ = translations(code).gettext
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--store", type=Path, metavar=_("DIR"), help=_("where the data are kept [data/store]"))
    shared.add_argument("--json", action="store_true", help=_("answer with JSON, for scripts"))
    shared.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help=_("language of the answer [sv]"))
    top = argparse.ArgumentParser(prog="python -m data", description=_("Import data, undo, and see what there is."))
    commands = top.add_subparsers(dest="command", required=True, metavar=_("COMMAND"), title=_("commands"))

    def command(name: str, words: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=words, description=words, parents=[shared])

    _import(command("import", _("check files and import them")), _)
    _fetch(command("fetch", _("fetch what is new from the e-service platform and import it")), _)
    command("status", _("what is imported"))
    command("verify", _("read every byte of the archive and say what is not as it was written"))
    command("init", _("make an empty store, which shows example data"))
    undo = command("undo", _("undo an import"))
    undo.add_argument("--yes", action="store_true", help=_("undo it, knowing what is lost"))
    _switch(undo, _)
    _switch(command("redo", _("restore an undone import")), _)
    _protect(command("protect", _("leave counts of 1–4 cases out of all that is shown, or show them again")), _)
    _who(command("build", _("build the database anew from all imports")), _)
    _backup(command("backup", _("copy what is new of the archive to a backup, and read every byte there")), _)
    restore = command("restore", _("put back from a backup what is missing or damaged, and build the database"))
    _backup(restore, _)
    _role(restore, _)
    _templates(command("templates", _("write templates to fill in, empty or with what holds now")), _)
    _export(command("export", _("write a file for another system")), _)
    return top


def _export(one: argparse.ArgumentParser, _: Callable[[str], str]) -> None:
    one.add_argument("system", choices=("stratsys",), metavar="stratsys", help=_("the steering tool Stratsys"))
    one.add_argument("--report", type=int, metavar="N", help=_("the number of the frozen report [the latest]"))


def _templates(one: argparse.ArgumentParser, _: Callable[[str], str]) -> None:
    add = one.add_argument
    add("--overwrite", action="store_true", help=_("write over templates that are there, filled in or not"))
    add("--filled", action="store_true", help=_("fill them with what holds now, to be changed and imported again"))
    add("--department", metavar="ID", help=_("only the rows of this department and its units, with --filled"))
    add("folder", nargs="?", type=Path, default=Path(), metavar=_("DIR"), help=_("where to [here]"))


def _backup(one: argparse.ArgumentParser, _: Callable[[str], str]) -> None:
    one.add_argument("folder", type=Path, metavar=_("DIR"), help=_("the folder of the backup, best on another disk"))


def _role(one: argparse.ArgumentParser, _: Callable[[str], str]) -> None:
    one.add_argument(
        "--who", default=_("the command line"), metavar=_("ROLE"), help=_("who does it, as a role and not a name")
    )


def _who(one: argparse.ArgumentParser, _: Callable[[str], str]) -> None:
    _role(one, _)
    damage = _("first give up what is damaged in the archive, and say what that is")
    one.add_argument("--accept-damage", action="store_true", help=damage)


def _clock(one: argparse.ArgumentParser, _: Callable[[str], str]) -> None:
    clock = _("import though the computer's clock is before the newest import, or more than a year after it")
    one.add_argument("--accept-clock", action="store_true", help=clock)


def _switch(one: argparse.ArgumentParser, _: Callable[[str], str]) -> None:
    one.add_argument("batch", type=int, metavar="N", help=_("the number of the import, as status shows it"))
    _who(one, _)


def _protect(one: argparse.ArgumentParser, _: Callable[[str], str]) -> None:
    one.add_argument("setting", choices=("on", "off"), metavar="on|off", help=_("protect small numbers, or no longer"))
    one.add_argument("--why", default="", metavar=_("TEXT"), help=_("why, for those who read the history"))
    one.add_argument("--yes", action="store_true", help=_("turn the protection off, knowing what follows"))
    _who(one, _)


def _fetch(one: argparse.ArgumentParser, _: Callable[[str], str]) -> None:
    add = one.add_argument
    add("names", nargs="*", metavar=_("NAME"), help=_("the connections to fetch from [all]"))
    add("--since", metavar=_("YYYY-MM"), help=_("fetch again from this month on"))
    add("--dry-run", action="store_true", help=_("say what is new, import nothing"))
    _clock(one, _)
    _who(one, _)


def _import(one: argparse.ArgumentParser, _: Callable[[str], str]) -> None:
    add, month = one.add_argument, _("YYYY-MM")
    files = _("the files: tables, files from Open ePlatform, or what the website publishes")
    add("files", nargs="+", type=Path, metavar=_("FILE"), help=files)
    add("--table", action="append", default=[], metavar=_("NAME"), help=_("the table of the files; FILE=NAME for one"))
    add("--by-headers", action="store_true", help=_("read by the headers, not by column choices made earlier"))
    add("--good-rows", action="store_true", help=_("take the good rows of files that have faults"))
    installation = _("the installation of the e-service platform that the files are from")
    add("--installation", metavar=_("NAME"), help=installation)
    add("--family", type=int, metavar="N", help=_("the number of the e-service that the cases in the files belong to"))
    encoding = _("the encoding of the files that are not in Unicode, where their letters do not show it")
    add("--encoding", choices=ENCODINGS, help=encoding)
    lower = _("let lower counts replace higher ones, though old cases may be culled")
    add("--accept-lower", action="store_true", help=lower)
    ledger = _("what a ledger does with postings that are there already: replace them, or add its own beside them")
    add("--ledger", choices=("replace", "add"), help=ledger)
    add("--again", action="store_true", help=_("import a file even if it already is imported"))
    _clock(one, _)
    add("--dry-run", action="store_true", help=_("check only, import nothing"))
    add("--report", type=Path, metavar=_("FILE.csv"), help=_("write every fault to a file"))
    covers = _(
        "what they cover, so that what has no row is 0: rows = nothing more than the rows [rows], own = each "
        "service and channel from its first month to its last, file = all services in the file, all = all services "
        "in the register"
    )
    add("--covers", choices=SERVICE_CHOICES, help=covers)
    add("--channels", nargs="+", metavar=_("CHANNEL"), help=_("the channels that the files cover [those in the file]"))
    add("--from", dest="month_from", metavar=month, help=_("the first month that the files cover [as in the file]"))
    add("--to", dest="month_to", metavar=month, help=_("the last month that the files cover [as in the file]"))
    _who(one, _)
