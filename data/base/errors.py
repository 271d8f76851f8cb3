"""Notices of what happened to the store, and its errors, each with a sentence in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from data.base.language import N_, translations


def _format_value(value: object, language: str) -> object:
    """Notices, dates and times as text in the language; other values unchanged."""
    clock = "%H.%M" if language == "sv" else "%H:%M"
    if isinstance(value, Notice):
        return value.sentence(language)
    if isinstance(value, datetime):
        template = translations(language).gettext("%(day)s at %(time)s")
        return template % {"day": value.date().isoformat(), "time": value.strftime(clock)}
    return value.strftime(clock) if isinstance(value, time) else value


def translate(msgid: str, params: Mapping[str, object], language: str) -> str:
    """The msgid in the language, with its parameters filled in."""
    values = {name: _format_value(value, language) for name, value in params.items()}
    return translations(language).gettext(msgid) % values


@dataclass(frozen=True)
class Notice:
    """Something that happened to the store, or a state it is in, that a reader should know."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    at: datetime | None = None

    def sentence(self, language: str = "sv") -> str:
        """What happened and what follows from it, in the language."""
        return translate(self.msgid, {**self.params, "at": self.at}, language)

    def as_json(self) -> dict[str, Any]:
        """The notice as plain values for JSON."""
        return {"msgid": self.msgid, "params": dict(self.params), "at": self.at and self.at.isoformat()}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Notice":
        """The notice that `as_json` wrote; KeyError or ValueError when it is not one."""
        return cls(raw["msgid"], raw["params"], raw["at"] and datetime.fromisoformat(raw["at"]))


class StoreError(Exception):
    """A change or a look-up that could not be made; `sentence` gives the reason and what to do."""

    msgid = ""

    def __init__(self, msgid: str = "", **params: object) -> None:
        self.text = msgid or self.msgid
        self.params = params
        super().__init__(translate(self.text, params, "en"))

    def sentence(self, language: str = "sv") -> str:
        """What is wrong and what to do, in the language."""
        return translate(self.text, self.params, language)


class ImportBusy(StoreError):
    """Another process holds the import lock."""

    msgid = N_("Someone else is importing right now. Try again in a moment.")
    REBUILDING = N_("The database is being rebuilt right now (since %(since)s). Try again in a moment.")
    HELD_BY = N_("Someone else is importing right now (%(who)s, since %(since)s). Try again in a moment.")


class ImportRefused(StoreError):
    """The draft cannot be imported with these choices; nothing changed."""

    FAULTS = N_(
        "%(file)s has faults (%(faults)d). Correct the file and import it again, or take only the rows without faults."
    )
    NOTHING_TO_IMPORT = N_("Nothing in %(file)s can be imported. The report says why and what to do.")
    NO_FILES = N_("No file was chosen, so nothing was imported.")
    ALREADY_IMPORTED = N_(
        "%(file)s is already imported: it holds exactly the same as import %(batch)d (%(other)s, %(at)s). "
        "It is not imported again unless you choose that."
    )
    DUPLICATE_FILE = N_("%(file)s and %(other)s have the same content. Leave one of them out.")
    LEDGER_QUESTION = N_(
        "%(file)s may hold postings that are there already, or only a part of the ledger. Say whether it replaces what is"
        " there or is added beside it."
    )
    CLOCK_BACK = N_(
        "The computer's clock says %(now)s, which is before the newest import (%(newest)s). Set the clock right, or say that it is"
        " right."
    )
    CLOCK_AHEAD = N_(
        "The computer's clock says %(now)s, long after the newest import (%(newest)s). Every figure would be as of that day. Set"
        " the clock right, or say that it is right."
    )
    PERSONAL_DATA = N_("Write a role, such as “system manager”, rather than a personal number or an e-mail address.")
    NO_ROLE = N_("Say who imports, as a role: “system manager”, for example.")


class ImportFailed(StoreError):
    """The change could not be written to the disk; nothing changed."""

    msgid = N_("The change could not be saved (%(reason)s). Nothing was changed. Ask whoever runs the server.")
    READ_ONLY = N_("The data folder cannot be written, so nothing was changed. Ask whoever runs the server.")
    FULL = N_("The disk is full. Nothing was changed. Make room on the disk and try again.")
    MEMORY = N_("The memory ran out. Nothing was changed. Close other programs or ask whoever runs the server.")
    UNCERTAIN = N_(
        "The change was written, but the disk did not confirm it. See in the list of imports whether it is there "
        "before you make it again."
    )
    ENDED = N_(
        "The process that made the change ended before it said whether it was saved. See in the list of imports whether it is"
        " there before you make it again."
    )


class ImportCancelled(StoreError):
    """The importer has changed their mind."""

    msgid = N_("The import was cancelled. Nothing was changed.")


class ChangeFailed(StoreError):
    """A change that another process could not make, for a reason that it has put in words, by language."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences
        super().__init__("%(reason)s", reason=sentences["en"])

    def sentence(self, language: str = "sv") -> str:
        """The reason, in the language."""
        return self._sentences[language]


class NothingKnown(StoreError):
    """What was known on a day is asked for, and there is no such thing."""

    msgid = N_("No import was in force on %(day)s.")
    EARLIER = N_("Nothing had been imported on %(day)s. The first import was made on %(first)s.")
    FUTURE = N_("%(day)s has not come yet, so there is nothing to show.")
    PROTECTED = N_(
        "Small numbers are protected, and what differs between two days could show them. Only today's are shown."
    )


class UnknownBatch(StoreError):
    """No import has this number."""

    msgid = N_("There is no import number %(batch)d.")


class UnknownReport(StoreError):
    """No report has this number, or it cannot be shown."""

    msgid = N_("There is no report number %(report)d.")
    DAMAGED = N_("Report %(report)d is damaged. Put its files back from a backup.")
    PROTECTED = N_("Report %(report)d was frozen before small numbers were protected, so it is not shown.")


class NothingToChange(StoreError):
    """The import already has the requested status."""

    UNDONE = N_("Import %(batch)d is already undone.")
    ACTIVE = N_("Import %(batch)d is already in force.")
    PROTECTED = N_("Small numbers are already protected.")
    NOT_PROTECTED = N_("Small numbers are not protected, so there is nothing to turn off.")
    GIVEN_UP = N_("Import %(batch)d was damaged and is given up. Import the files again.")
    STORE = N_("There is a store in %(path)s already. Nothing was changed.")
    NO_DATA = N_("Nothing is imported, so there is nothing to freeze in a report.")


class StoreUnavailable(StoreError):
    """There is no complete database version to open, and none could be built."""

    msgid = N_("There is no database to show and none could be built in %(path)s (%(reason)s).")
    UNPROTECTED = N_(
        "Small numbers are protected, and no database without them could be built in %(path)s (%(reason)s). "
        "Nothing is shown until one is."
    )
    NOT_PROTECTED = N_(
        "%(variable)s asks for small numbers to be protected, but in this store that was turned off, so nothing is shown. "
        "Turn it on (python -m data protect on) or remove the variable."
    )
    NO_STORE = N_(
        "In %(path)s there are other files, but no store. If it is the right folder, run python -m data init there."
    )


class BackupRefused(StoreError):
    """A backup that cannot be made, or not be put back; nothing was changed."""

    OWN_FOLDER = N_("%(path)s lies in the store itself. Choose a folder elsewhere, best on another disk.")
    OTHER_FILES = N_("In %(path)s there are other files, but no backup. Choose an empty folder.")
    OTHER_STORE = N_(
        "The backup in %(path)s is of another store, or they have changed in different ways since it was made. Nothing was"
        " changed. Choose another folder."
    )
    NONE = N_("There is no backup in %(path)s.")
    DAMAGED = N_("The backup in %(path)s is not whole, so nothing was changed. %(damage)s")


class FileThere(StoreError):
    """A file that would be written is there already; nothing is written."""

    msgid = N_("%(file)s is there already, so nothing was written. Choose another folder, or add --overwrite.")


class PracticeFull(StoreError):
    """As many practice copies as there may be are in use."""

    msgid = N_("So many are practising right now that there is no room for another. Try again in half an hour.")


class PracticeGone(StoreError):
    """No practice copy has this name, or no longer."""

    msgid = N_(
        "The practice may have been thrown away, or removed since nobody had used it for long or the server was started again."
        " The real figures are as they were."
    )


class ArchiveDamaged(StoreUnavailable):
    """The archive is not whole: nothing is changed on top of that, and no database is built from what is left."""

    msgid = N_("Nothing was changed, since the archive of imports is not whole. %(damage)s")
    MORE = N_(
        "Nothing was changed, since the archive of imports is not whole. %(damage)s "
        "There is more: python -m data verify lists it."
    )
    NOTHING_LEFT = N_("Nothing can be shown, since the archive of imports is not whole. %(damage)s")


INTERRUPTED = N_("An import was interrupted on %(at)s. Nothing in it was taken and nothing else changed.")
CHANGE_INTERRUPTED = N_("A change was interrupted on %(at)s. It was not made and nothing else changed.")
REBUILT = N_("A change was saved but interrupted before it could be shown. The database has been rebuilt with it.")
UPDATED = N_("The database has been rebuilt for a new version of the program. No data were changed.")
RESTORED = N_("The database has been built from the archive of imports as it is now.")
VERSION_DAMAGED = N_("The database was damaged. It has been rebuilt from the archive of imports.")
PROTECTED = N_("Small numbers are protected from now on. The database has been rebuilt without them.")
VERSION_UNREADABLE = N_("The built database is missing or damaged. Build it anew: python -m data build.")
SERVING_OLDER = N_("The newest database is damaged and could not be rebuilt (%(reason)s). An older one is shown.")
BUILD_FAILED = N_("The database could not be rebuilt (%(reason)s). The last whole version is shown.")
BUILD_WAITING = N_("An import is under way. The last whole version is shown until it is done.")
READ_ONLY = N_("The data folder cannot be written, so nothing can be imported. Ask whoever runs the server.")
BACK_TO_EXAMPLE = N_("Every import is undone, so example data are shown: invented figures.")
FILE_CHANGED = N_("%(file)s is damaged. Restore it from a backup.")
FILE_MISSING = N_("%(file)s is missing. Restore it from a backup.")
ENTRY_MISSING = N_("Part %(entry)s of the archive is missing. Restore it from a backup.")
ENTRY_RENAMED = N_("%(file)s has got another name. Call it %(name)s again.")
ENTRY_DOUBLED = N_("%(file)s does not belong in the archive. Move it out of there.")
HEAD_MISSING = N_(
    "head.json, which says where the archive ends, is missing or damaged. Restore it from a backup, "
    "or run python -m data build to take the archive as it is."
)
ARCHIVE_LOST = N_(
    "The archive of imports is empty or missing, although %(count)d changes have been saved in it. "
    "Restore the folder archive from a backup."
)
STORE_LOST = N_(
    "The archive of imports is empty or missing, although files have been imported. Restore archive from a backup."
)
GIVEN_UP = N_("Given up: %(entry)s in the archive.")
GIVEN_UP_BATCHES = N_("Given up: import %(batches)s, %(entry)s in the archive.")
GIVEN_UP_ALL = N_("Given up: all %(count)d changes that were saved in the archive.")
NOT_WHOLE = N_("Until then the last whole version is shown, and nothing can be changed.")
CHAINED = N_(
    "The archive of imports has got a chain of checksums. From now on a file that is changed, missing or renamed is named."
)
