"""Nobody's number enters with a ledger: suppliers' ids that are personal numbers, and what texts happen to hold."""

import re
import unicodedata
from datetime import date

from data.privacy import CANDIDATE, mask, personal_data_kind

SOLE_TRADER = "Enskild firma"
_CANDIDATE = re.compile(CANDIDATE)
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_BORN = re.compile(f"[0-9]{{2}}{_DAY}")
_NUMBER = re.compile("(?:SE)?(?:16|18|19|20)?([0-9]{6})([0-9]{4}|[A-Z][0-9]{3}|XXXX)")
_VAT = re.compile("(?:SE)?([0-9]{6})([0-9]{4})01")
_SIXTEEN = re.compile(f"(?<![0-9])16([0-9]{{2}}{_DAY})([-+ ]?)([0-9]{{4}})(?![0-9])")
_ROUNDS = 3


def mask_all(text: str, today: date) -> str:
    """The text with every personal number and e-mail address masked."""
    if not _CANDIDATE.search(text):
        return text
    text = _SIXTEEN.sub(
        lambda hit: f"{hit[1]}-XXXX" if personal_data_kind(f"{hit[1]}-{hit[3]}", today) else hit[0], text
    )
    for _ in range(_ROUNDS):  # what is masked may bring two pieces together that look like one more
        if personal_data_kind(text, today) is None:
            return text
        text = mask(text, today)
    return "…"


def mask_supplier_id(text: str, today: date) -> tuple[str, bool]:
    """How a supplier's id is written, and whether it is a person's.

    An organisation number never has a month where a personal number has one, so the form decides, not the check digit:
    a personal number that is mistyped is still somebody's. What can be read as a person's is read so.
    """
    bare = re.sub("[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())
    forms = (_VAT, _NUMBER) if bare.startswith("SE") else (_NUMBER, _VAT)
    read = [found.groups() for form in forms if (found := form.fullmatch(bare))]
    for first, _ in read:
        if _BORN.fullmatch(first):
            return f"{first}-XXXX", True
    for first, last in read:
        if first[2] >= "2":
            return f"{first}-{last}", False
    return mask_all(text, today), False
