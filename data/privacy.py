"""Personal data: personal numbers by their check digit, e-mail addresses, and headers that promise either."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from personnummer.personnummer import Personnummer, PersonnummerException

from data.schema.catalogue import fold

PERSONAL_NUMBER = "personal_number"
EMAIL = "email"

_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_SEPARATOR = "(?:[ \u00a0]?[-+/.\u2010-\u2015\u2212][ \u00a0]?|[ \u00a0])?"
_DATE = f"(?:18|19|20)?[0-9]{{2}}[-. ]?{_MONTH}[-. ]?{_DAY}"
_DISGUISE = "[\u00ad\u200b-\u200f\u2060\ufeff\uff10-\uff19]"  # signs without width, and digits of full width
CANDIDATE = f"{_DATE}{_SEPARATOR}[0-9]{{4}}|@|{_DISGUISE}"  # also for RE2: what is worth a closer look
_NUMBER = re.compile(
    f"(?<![0-9])(?<![0-9][.,])({_DATE})({_SEPARATOR})([0-9]{{4}})(?!(?!01(?![0-9]))[0-9])"
)  # SE…01: a VAT number
_ADDRESS = re.compile(r"([\w.!#$%&'*+/=?^`{|}~-]+)@((?:[\w-]+\.)+[^\W\d_]{2,})")
_OLDEST = date(1880, 1, 1)

# Headers are compared folded: exactly, or when one of the longer words stands anywhere in them.
_WORDS = """
    pnr ssn epost email mail mejl mobil telefon tel kon alder sokande poster editor sex age gender kontaktperson
    hemadress postadress username anvandarnamn firstname lastname surname birthdate dateofbirth phone
"""
_LONG_WORDS = """
    personnummer personnr samordningsnummer samordningsnr fornamn efternamn fodelsedatum fodelsear telefonnummer
    telefonnr mobilnummer mobilnr epostadress emailaddress mailadress socialsecurity
"""
_HEADERS, _PARTS = frozenset(_WORDS.split()), tuple(_LONG_WORDS.split())
_NAMES = frozenset(("namn", "name", "sokandesnamn", "kundnamn", "fullname", "handlaggare"))
_CASES = frozenset(("cases", "case_counts"))


def is_personal_header(header: str, dataset: str) -> bool:
    """Whether a column that is not listed promises personal data by its header. Names are personal on cases."""
    folded = fold(header)
    if dataset in _CASES and folded in _NAMES:
        return True
    return folded in _HEADERS or any(part in folded for part in _PARTS)


@lru_cache(maxsize=4096)
def _is_person(digits: str, today: date) -> bool:
    try:
        born = Personnummer(digits).get_date()
    except PersonnummerException:
        return False
    return bool(_OLDEST <= born <= today)


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (2 - i % 2) for i, d in enumerate(digits[-10:]))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _normalized(text: str) -> str:
    """The text as it is read: digits of full width are digits, and signs without width are not there."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


def find_personal_data(text: str, today: date) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, kind, what to show instead) of every personal number and e-mail address in the text as it is read."""
    for hit in _NUMBER.finditer(text):
        born, sign, last = re.sub(r"\D", "", hit[1]), "+" if "+" in hit[2] else "-", hit[3]
        if _luhn(born + last) and _is_person(f"{born}{sign}{last}", today):
            yield hit.start(), hit.end(), PERSONAL_NUMBER, f"{born}-XXXX"
    for hit in _ADDRESS.finditer(text):
        yield hit.start(), hit.end(), EMAIL, f"{hit[1][0]}…@…"


def personal_data_kind(text: str, today: date) -> str | None:
    """`personal_number` or `email` when the text holds one, else None."""
    return next((found for _, _, found, _ in find_personal_data(_normalized(text), today)), None)


def mask(text: str, today: date) -> str:
    """The text with personal numbers and e-mail addresses unreadable: "850709-XXXX", "a…@…"."""
    read = _normalized(text)
    found = sorted(find_personal_data(read, today), reverse=True)
    for start, end, _, instead in found:
        read = read[:start] + instead + read[end:]
    return read if found else text


def masked_parts(text: str, today: date) -> str:
    """Only the unreadable pieces, "850709-XXXX": what stands around them may be a name."""
    return ", ".join(instead for _, _, _, instead in find_personal_data(_normalized(text), today))
