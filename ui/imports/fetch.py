"""Fetching from Open ePlatform on the import page: each installation, when it was last fetched, and a button."""

from concurrent.futures import Future

import streamlit as st

from data import Connection, Fetched, StoreError, clock, load_connections
from ui import database, edits
from ui.frame import address, page
from ui.imports import running
from ui.text import numbers
from ui.text.html import tag
from ui.text.i18n import _, escape_markdown, language

DONE, CLOCK = "_fetch_done", "_fetch_clock"


def fetch_block() -> None:
    """Each connection with its status and button; where there is none, how to add one. None is asked from practice."""
    page.heading(_("Fetch from Open ePlatform"), anchor="fetch")
    if database.practice_name():
        page.reading(_("Nothing is fetched in practice. Upload the platform's files above instead."))
        return
    _say_what_happened()
    try:
        connections = load_connections()
    except StoreError as error:
        st.error(escape_markdown(error.sentence(language())))
        return
    if not connections:
        page.reading(
            _(
                "No connection is set up. Ask whoever runs the server, or upload files from the platform above. "
                "The file README.md in the folder of the program shows how."
            )
        )
    may_fetch = bool(connections) and not edits.is_damaged() and edits.ask_clock(CLOCK)
    for connection in connections:
        _installation(connection, may_fetch)


def next_steps() -> None:
    """Links to the pages where imported data is completed."""
    page.heading(_("Then do this"))
    told = (
        ("koppla", _("Pair services and e-services")),
        ("webbplatsen", _("Compare the website with the register")),
        ("regler", _("Decide type and payer of the postings")),
    )
    links = (tag("li", tag("a", said, href=address.link(path), target="_self")) for path, said in told)
    st.html(tag("ul", *links, class_="notes"))


def _say_what_happened() -> None:
    for kind, sentence in st.session_state.pop(DONE, ()):
        {"success": st.success, "warning": st.warning, "error": st.error}[kind](escape_markdown(sentence))


def _installation(connection: Connection, may_fetch: bool) -> None:
    name = connection.name
    with st.container(key=f"panel_fetch_{name}"):
        page.subheading(_("Open ePlatform {name}").format(name=name))
        st.html(tag("ul", *(tag("li", line) for line in _standing(connection)), class_="notes"))
        label = _("Fetch from {name}").format(name=name)
        if not edits.is_damaged() and st.button(label, key=f"_fetch_{name}", disabled=not may_fetch):
            store, now, who = database.store(), clock.now(), _("the import page")
            accept_clock = edits.is_clock_accepted(CLOCK)
            running.start(
                _("Fetching from {name} …").format(name=name),
                lambda report: store.fetch(name, who, now, report, accept_clock),
                lambda outcome: _tell(name, outcome),
            )


def _standing(connection: Connection) -> list[str]:
    """Where it lies, and how the last fetch went."""
    told = [_("{address}, {interfaces}").format(address=connection.base, interfaces=_interfaces(connection))]
    last = next((f for f in database.fetch_statuses() if f.installation == connection.name), None)
    if last is None or last.at is None:
        told.append(_("Never fetched"))
    else:
        when = numbers.moment(last.at)
        told.append(
            numbers.plural("Fetched {when}: {n} e-service", "Fetched {when}: {n} e-services", last.flows, when=when)
        )
    failure = last and last.failure(language())
    if failure and last and last.failed_at:
        told.append(_("The latest try, {when}, failed: {why}").format(when=numbers.moment(last.failed_at), why=failure))
    return told


def _interfaces(connection: Connection) -> str:
    words = {"catalogue": _("the catalogue"), "statistics": _("the statistics"), "instances": _("the cases")}
    return ", ".join(words[interface] for interface in connection.interfaces)


def _tell(name: str, outcome: Future[Fetched]) -> None:
    """Say what came of a fetch."""
    st.session_state[DONE] = _said(name, outcome)


def _said(name: str, outcome: Future[Fetched]) -> list[tuple[str, str]]:
    """Kind of message and sentence."""
    try:
        result = outcome.result()
    except StoreError as error:
        return [("error", error.sentence(language()))]
    new, changed = numbers.count(result.new_cases), numbers.count(result.changed_cases)
    template = _("Fetched from {name}. New cases: {new}. Changed: {changed}.")
    if result.protected:
        template = _("Fetched from {name}. The number of new cases is protected.")
    if not result.is_new:
        template = _("Fetched from {name}. Nothing is new since last time.")
    text = template.format(name=name, new=new, changed=changed)
    return [("success", text), *(("warning", sentence) for sentence in result.sentences[language()])]
