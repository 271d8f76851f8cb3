"""The monthly note as a feed (Atom, RFC 4287): an entry a month, of the municipality or of one department."""

from datetime import date
from urllib.parse import urlencode, urljoin
from xml.etree import ElementTree

from analytics.metrics.period import as_of
from analytics.metrics.scope import Scope, add_months
from ui import database
from ui.frame import address, header, page
from ui.note import content, letter
from ui.note.model import Note
from ui.reports.outline import CONTROL
from ui.text.i18n import LANGUAGES, _, language, spoken

PATH = "manadsbrev.atom"
MONTHS = 6  # entries
ATOM = "http://www.w3.org/2005/Atom"


def link(scope: Scope) -> str:
    """The address of the feed of the departments chosen, relative to the dashboard, in the reader's language."""
    return _address(next(iter(scope.departments), ""), language())


def _address(department: str, code: str) -> str:
    query = {"department": department, "lang": code if code != LANGUAGES[0] else ""}
    asked = urlencode({key: value for key, value in query.items() if value})
    return f"{PATH}?{asked}" if asked else PATH


def feed(department: str, code: str, base: str, host: str) -> bytes | None:
    """The feed of a department, or "" the municipality, with links that begin with `base`; None where there is no such department.

    `host` is the name in its ids, which stay the same for ever. StoreError where there are no figures to show.
    """
    known = {one.department_id for one in database.departments()}
    if department and department not in known:
        return None
    code = code if code in LANGUAGES else LANGUAGES[0]
    key = (__name__, department, code, base, host, database.version())
    made: bytes = database.cached(key, lambda: _made(department, code, base, host))
    return made


def _made(department: str, code: str, base: str, host: str) -> bytes:
    latest = content.last_month()
    scope = content.year(Scope(latest, latest, (department,) if department else ()))
    months = [add_months(latest, -back) for back in range(MONTHS)]
    notes = {month: content.note_of(department, code, month) for month in months if month >= database.period().earliest}
    own = f"tag:{host},2026:{content.PATH}:{department}"
    with spoken(code), address.holding(content.held(scope, code)):
        root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": code})
        _texts(root, id=own, title=_title(scope), updated=_updated(latest))
        _link(root, "self", urljoin(base, link(scope)), "application/atom+xml")
        _link(root, "alternate", urljoin(base, content.link(scope)), "text/html")
        _texts(ElementTree.SubElement(root, "author"), name=header.name())
        for month, note in notes.items():
            root.append(_entry(note, f"{own}:{note.code}", _updated(month), base))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, "unicode")}'.encode()


def _title(scope: Scope) -> str:
    return _("The monthly note: {whose}").format(whose=page.describe_departments(scope))


def _updated(month: date) -> str:
    """When a month's note was last otherwise, by the day of the data: for the latest that of the import, else the month's last."""
    latest = month >= content.last_month()
    day: date = database.period().as_of if latest else database.answer(as_of, month)
    return f"{day.isoformat()}T00:00:00Z"


def _entry(note: Note, own: str, updated: str, base: str) -> ElementTree.Element:
    entry = ElementTree.Element("entry")
    _texts(entry, id=own, title=note.headline, updated=updated)
    _link(entry, "alternate", urljoin(base, note.href), "text/html")
    ElementTree.SubElement(entry, "content", {"type": "html"}).text = CONTROL.sub("", letter.fragment(note, base))
    return entry


def _texts(parent: ElementTree.Element, **texts: str) -> None:
    for name, text in texts.items():
        ElementTree.SubElement(parent, name).text = CONTROL.sub("", text)


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    ElementTree.SubElement(parent, "link", {"rel": rel, "href": href, "type": kind})
