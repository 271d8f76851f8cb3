"""What a file does not say of itself, asked only when it must be known: where an answer is from, how letters are written."""

import streamlit as st

from data import FileDraft
from ui.text.i18n import _, escape_markdown

ASKED = {"installation_needed", "family_needed", "unclear_letters"}  # faults that an answer mends
Stated = tuple[
    str | None, int | None, str | None
]  # the installation, the number of the e-service (family), the encoding


def stated(key: str) -> Stated:
    """What the importer has stated about the file with this key."""
    installation = str(st.session_state.get(f"{key}_installation") or "").strip()
    return installation or None, st.session_state.get(f"{key}_family"), st.session_state.get(f"{key}_encoding")


def ask(file: FileDraft, key: str) -> None:
    """Inputs for what the file does not state; filled-in values are kept."""
    missing = {fault.code for fault in file.faults}
    installation, family, encoding = stated(key)
    if "installation_needed" in missing or installation:
        st.text_input(
            _("Installation that {file} is from").format(file=escape_markdown(file.name)),
            key=f"{key}_installation",
            max_chars=40,
            help=_("The short name of the platform's installation, the same each time."),
        )
    if "family_needed" in missing or family is not None:
        st.number_input(
            _("Number of the e-service that the cases in {file} belong to").format(file=escape_markdown(file.name)),
            min_value=1,
            value=None,
            step=1,
            key=f"{key}_family",
            help=_(
                "The number last in the e-service's address in Open ePlatform: /oversikt/overview/104 is number 104."
            ),
        )
    if "unclear_letters" in missing or encoding:
        _ask_encoding(file, key)


def _ask_encoding(file: FileDraft, key: str) -> None:
    """Which reading of the file's first words with å, ä and ö is right; what was read before is remembered."""
    names = {"cp1252": _("Windows"), "cp850": _("DOS (850)"), "cp437": _("DOS (437)"), "mac_roman": _("Mac")}
    readings: dict[str, str] = st.session_state.setdefault(f"{key}_readings", {})
    for fault in file.faults:
        read = fault.params.get("readings")
        readings |= dict(read) if isinstance(read, list) else {}
    st.radio(
        _("The words of {file} are read correctly as").format(file=escape_markdown(file.name)),
        list(readings),
        index=None,
        format_func=lambda code: f"{escape_markdown(readings[code])} ({names[code]})",
        key=f"{key}_encoding",
    )


def accepts_lower(file: FileDraft, key: str) -> bool:
    """Whether counts lower than the archived ones replace them; asked only where some are lower."""
    sunk = any(note.code == "lower_counts" for note in file.all_notes)
    return sunk and st.checkbox(
        _("Let the lower counts in {file} replace the higher ones").format(file=escape_markdown(file.name)), key=key
    )
