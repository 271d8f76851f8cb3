"""Personal data in files: personal identity numbers by check digit, e-mail addresses, and headers that announce either."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from personnummer.personnummer import Personnummer, PersonnummerException

from data.schema.catalogue import fold

SOLE_TRADER = "Enskild firma"  # stands in for the name of a supplier whose id is a personal identity number

# Month and day of a personal identity number; a coordination number (samordningsnummer) has 60 added to the day.
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_SEPARATOR = "(?:[ \u00a0]?[-+/.\u2010-\u2015\u2212][ \u00a0]?|[ \u00a0])?"
_DATE = f"(?:18|19|20)?[0-9]{{2}}[-. ]?{_MONTH}[-. ]?{_DAY}"
_DISGUISE = "[\u00ad\u200b-\u200f\u2060\ufeff\uff10-\uff19]"  # zero-width characters and full-width digits
CANDIDATE = f"{_DATE}{_SEPARATOR}[0-9]{{4}}|@|{_DISGUISE}"  # prefilter, in the syntax of both `re` and RE2 (DuckDB)
_CANDIDATE = re.compile(CANDIDATE)
_NUMBER = re.compile(  # not a VAT number, which ends with 01 after the ten digits
    f"(?<![0-9])(?<![0-9][.,])({_DATE})({_SEPARATOR})([0-9]{{4}})(?!(?!01(?![0-9]))[0-9])"
)
_ADDRESS = re.compile(r"([\w.!#$%&'*+/=?^`{|}~-]+)@((?:[\w-]+\.)+[^\W\d_]{2,})")
_OLDEST = date(1880, 1, 1)

_BORN = re.compile(f"[0-9]{{2}}{_MONTH}{_DAY}")
_SUPPLIER = re.compile("(?:SE)?(?:16|18|19|20)?([0-9]{6})([0-9]{4}|[A-Z][0-9]{3}|XXXX)")
_VAT = re.compile("(?:SE)?([0-9]{6})([0-9]{4})01")
_PREFIXED = re.compile(f"(?<![0-9])16([0-9]{{2}}{_MONTH}{_DAY})([-+ ]?)([0-9]{{4}})(?![0-9])")  # 16: an organisation's
_MAX_ROUNDS = 3

# Headers are compared folded: exactly, or when one of the longer words occurs anywhere in them.
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
    """Whether an unlisted column's header announces personal data; headers for names do so only in tables of cases."""
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


def _normalized(text: str) -> str:
    """The text in NFKC (full-width digits become plain) without zero-width characters."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


def find_personal_data(text: str, today: date) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, kind, replacement) of every personal identity number and e-mail address in a normalized text."""
    for hit in _NUMBER.finditer(text):
        born, sign, last = re.sub(r"\D", "", hit[1]), "+" if "+" in hit[2] else "-", hit[3]
        if _is_person(f"{born}{sign}{last}", today):
            yield hit.start(), hit.end(), "personal_number", f"{born}-XXXX"
    for hit in _ADDRESS.finditer(text):
        yield hit.start(), hit.end(), "email", f"{hit[1][0]}…@…"


def personal_data_kind(text: str, today: date) -> str | None:
    """`personal_number` or `email`, whichever the text contains (first); None when neither."""
    return next((kind for _, _, kind, _ in find_personal_data(_normalized(text), today)), None)


def mask(text: str, today: date) -> str:
    """The text with personal identity numbers and e-mail addresses masked: "850709-XXXX", "a…@…"."""
    result = _normalized(text)
    hits = sorted(find_personal_data(result, today), reverse=True)
    for start, end, _, replacement in hits:
        result = result[:start] + replacement + result[end:]
    return result if hits else text


def masked_parts(text: str, today: date) -> str:
    """Only the masked values, comma-separated ("850709-XXXX"): the text around them may be a name."""
    return ", ".join(replacement for _, _, _, replacement in find_personal_data(_normalized(text), today))


def mask_all(text: str, today: date) -> str:
    """As `mask`, repeated until nothing is left to mask, and with numbers prefixed by 16; "…" when that does not end."""
    if not _CANDIDATE.search(text):
        return text
    text = _PREFIXED.sub(
        lambda hit: f"{hit[1]}-XXXX" if personal_data_kind(f"{hit[1]}-{hit[3]}", today) else hit[0], text
    )
    for _ in range(_MAX_ROUNDS):  # masking may join two pieces into what looks like another number
        if personal_data_kind(text, today) is None:
            return text
        text = mask(text, today)
    return "…"


def mask_supplier_id(text: str, today: date) -> tuple[str, bool]:
    """A supplier's id in one spelling, masked where it is a person's, and whether it is a person's.

    The third digit of an organisation number is at least 2, so the form decides, not the check digit: a mistyped
    personal identity number still belongs to somebody. What can be read as a person's is read so.
    """
    bare = re.sub("[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())
    forms = (_VAT, _SUPPLIER) if bare.startswith("SE") else (_SUPPLIER, _VAT)
    readings = [hit.groups() for form in forms if (hit := form.fullmatch(bare))]
    for first, _ in readings:
        if _BORN.fullmatch(first):
            return f"{first}-XXXX", True
    for first, last in readings:
        if first[2] >= "2":
            return f"{first}-{last}", False
    return mask_all(text, today), False
