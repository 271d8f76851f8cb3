"""The monthly note as a letter: the same words as plain text and as HTML that a mail program shows without fetching anything."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from textwrap import fill
from urllib.parse import urljoin

from markupsafe import Markup

from ui.note.model import Item, Note, Part
from ui.reports.outline import CONTROL
from ui.text.html import join, tag
from ui.text.i18n import _

WIDTH = 72  # letters of a line of plain text
SUBJECT = 180  # letters of a subject, at most
FONT = "font-family: 'Segoe UI', Helvetica, Arial, sans-serif"
STYLES = {  # no colours but a line's, so that a dark mail program can choose its own
    "body": f"margin: 0; padding: 16px; {FONT}; font-size: 16px; line-height: 24px",
    "h1": "margin: 0 0 8px; font-family: Georgia, serif; font-size: 26px; line-height: 32px",
    "h2": "margin: 24px 0 8px; padding-top: 8px; border-top: 2px solid #868E97; font-size: 18px; line-height: 24px",
    "p": "margin: 0 0 8px",
    "small": "margin: 24px 0 0; font-size: 14px; line-height: 20px",
}


def plain(note: Note, base: str) -> str:
    """The note as text, its lines of at most 72 letters; addresses are whole."""
    lines = [_filled(note.headline), _filled(" · ".join((note.whose, *note.facts))), ""]
    for part in note.parts:
        lines += [_filled(part.heading.upper()), ""]
        for item in part.items:
            lines += [
                _filled(f"* {item.title}", "  "),
                *([_filled(item.sentence, "  ", "  ")] if item.sentence else []),
            ]
            lines += [f"  {item.link}: {urljoin(base, item.href)}", ""]
        lines += [line for sentence in part.sentences for line in (_filled(sentence), "")]
    return _clean("\n".join([*lines, f"{_page()}: {urljoin(base, note.href)}", "", _filled(_foot()), ""]))


def _filled(text: str, further: str = "", first: str = "") -> str:
    return fill(
        text, WIDTH, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )


def _page() -> str:
    return _("The note as a page")


def _foot() -> str:
    return _("Sent by the dashboard of e-services. Tell who runs it if you do not want it.")


def fragment(note: Note, base: str) -> Markup:
    """The parts of the note as HTML with absolute links, for a letter and for a feed."""
    return join(part for one in note.parts for part in _part(one, base))


def _part(part: Part, base: str) -> list[Markup]:
    return [
        tag("h2", part.heading, style=STYLES["h2"]),
        *(_item(item, base) for item in part.items),
        *(tag("p", sentence, style=STYLES["p"]) for sentence in part.sentences),
    ]


def _item(item: Item, base: str) -> Markup:
    link = tag("a", item.link, href=urljoin(base, item.href))
    return tag(
        "p", tag("strong", item.title), tag("br"), join(filter(None, (item.sentence, link)), " "), style=STYLES["p"]
    )


def page(note: Note, base: str) -> str:
    """The letter as a whole page of HTML in the note's language."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", subject(note)),
    )
    body = tag(
        "div",
        tag("h1", note.headline, style=STYLES["h1"]),
        tag("p", join((note.whose, *note.facts), " · "), style=STYLES["p"]),
        fragment(note, base),
        tag("p", tag("a", _page(), href=urljoin(base, note.href)), tag("br"), _foot(), style=STYLES["small"]),
        style="max-width: 600px; margin: 0 auto",
    )
    return "<!doctype html>\n" + _clean(tag("html", head, tag("body", body, style=STYLES["body"]), lang=note.language))


def subject(note: Note) -> str:
    """The subject: one line, whatever a department is called."""
    text = " ".join(_clean(note.subject).split())
    return text if len(text) <= SUBJECT else f"{text[: SUBJECT - 1].rstrip()}…"


def message(note: Note, base: str, sender: str, name: str, to: str, number: str, sent_at: datetime) -> EmailMessage:
    """The letter to one address, as text and as HTML; `number` makes its id, the same each time that it is tried."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject(note)
    mail["From"] = Address(" ".join(_clean(name).split()), addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain(note, base))
    mail.add_alternative(page(note, base), subtype="html")
    mail["Content-Language"] = note.language  # last: what is set as content takes such headers away
    return mail


def _clean(text: str) -> str:
    """The text without control characters, which neither a header nor XML may hold; lines and spaces that break are kept."""
    return CONTROL.sub("", re.sub(r"[\u2028\u2029\x85]", " ", text))
