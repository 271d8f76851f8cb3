"""One run of the letters: the note of each recipient's own departments, made before any is sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from data import clock
from ui import database
from ui.frame import filters
from ui.note import content, delivery, letter
from ui.note.delivery import Letter, Outcome
from ui.note.model import Note
from ui.note.sent import Sent, remembered
from ui.note.settings import Recipient, Settings
from ui.note.toml_table import InvalidSettings
from ui.text.i18n import _, spoken


@dataclass(frozen=True)
class Written:
    """The notes of the recipients that can have one, by name, and why the others have none."""

    notes: Mapping[str, Note]
    refused: tuple[Outcome, ...]


def chosen_month(text: str) -> date:
    """The month "2026-10" of the data, or the latest that has ended. InvalidSettings for one of which there are no figures."""
    if not text:
        return content.last_month()
    months = filters.month_codes()
    if text not in months or months[text] > database.period().latest:
        raise InvalidSettings(
            _("There are no figures for {month}. Write a month of the figures as YYYY-MM.").format(month=text[:20])
        )
    return months[text]


def outside_store(*paths: Path) -> None:
    """InvalidSettings where a file with addresses lies in the store, which is copied and backed up."""
    folder = database.store().folder.resolve()
    for path in paths:
        if path.resolve().is_relative_to(folder):
            raise InvalidSettings(
                _("{file} lies in the store. Move it to a folder of its own: it holds addresses.").format(file=path)
            )


def write(recipients: Sequence[Recipient], month: date) -> Written:
    """The note of each recipient, of the departments in their scope alone, in their language."""
    known = {one.department_id for one in database.departments()}
    made = cache(content.note_of)
    notes, refused = {}, []
    for one in recipients:
        if one.department and one.department not in known:
            reason = _("There is no department {id}. Correct department in the settings.").format(id=one.department)
            refused.append(Outcome(one, "failed", reason))
        else:
            notes[one.name] = made(one.department, one.language, month)
    return Written(notes, tuple(refused))


def send(settings: Settings, written: Written, month: date, *, again: bool) -> Iterator[Outcome]:
    """Send what has not been sent, and say of every recipient what became of it. SentUnusable when that cannot be remembered."""
    with remembered(settings.sent) as sent:
        letters = [
            _letter(one, written, settings, sent, month) for one in settings.recipients if one.name in written.notes
        ]
        todo, rest = delivery.undelivered(letters, sent, again=again)
        yield from (*written.refused, *rest)
        yield from delivery.deliver(todo, settings.server, settings.sender, sent)


def _letter(one: Recipient, written: Written, settings: Settings, sent: Sent, month: date) -> Letter:
    number, note = sent.number(one, filters.month_code(month)), written.notes[one.name]
    at = clock.now().astimezone()
    with spoken(one.language):
        mail = letter.message(note, settings.dashboard, settings.sender, settings.sender_name, one.address, number, at)
    return Letter(one, number, mail)


def preview(settings: Settings, written: Written) -> Iterator[tuple[Recipient, str, str]]:
    """What would be sent to each recipient: the subject and the text."""
    for one in settings.recipients:
        if note := written.notes.get(one.name):
            with spoken(one.language):
                text = letter.plain(note, settings.dashboard)
            yield one, letter.subject(note), text
