"""Personal data in files: personal identity numbers by check digit, e-mail addresses, and headers that announce either."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from personnummer.personnummer import Personnummer, PersonnummerException

from data.schema.catalogue import fold

SOLE_TRADER = "Enskild firma"  # stands in for the name of a supplier whose id is a personal identity number
NUMBER_MASK, ADDRESS_MASK = "XXXXXX-XXXX", "…@…"  # nothing of what they stand in for: a date of birth is personal too

# Text is folded once, and the detector sees only that (`_folded`). The prefilter sees the raw cells, in DuckDB: it lets through
# whatever the detector might find, and every text with a character that folding may turn into a digit, a sign or nothing.
_MONTH = "(?:0[1-9]|1[0-2])"
_DAY = (
    "(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"  # a coordination number (samordningsnummer) has 60 added to it
)
_SPACES = " \t-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DASHES = "\u2010-\u2015\u2212"
_BETWEEN = f"[{_SPACES}{_DASHES}+/._:,()-]"
_USUAL = f"{_SPACES}{_DASHES} -~\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4-\u00b7\u00bb\u00bf-\u024f\u2018-\u2022\u2026\u20ac"
CANDIDATE = (  # in the syntax of both `re` and RE2 (DuckDB)
    f"[0-9]{{2}}{_BETWEEN}?{_MONTH}{_BETWEEN}?{_DAY}{_BETWEEN}{{0,5}}[0-9]{{2}}[{_SPACES}]?[0-9]{{2}}"
    f"|[0-9](?:[{_SPACES}.,'\u2019][0-9]{{3}}){{3}}|[0-9][.,][0-9]{{5}}[0-9]*[eE]|@|[^{_USUAL}]"
)
_CANDIDATE = re.compile(CANDIDATE)
_COMPACT, _DATED = f"(?:18|19|20)?[0-9]{{2}}{_MONTH}{_DAY}", f"(?:18|19|20)?[0-9]{{2}}[-. /]?{_MONTH}[-. /]?{_DAY}"
_NUMBER = re.compile(  # not a VAT number, which ends with 01 after the ten digits
    "(?<![0-9])(?<![0-9][.,])(?:"
    f"({_DATED}(?: ?[-+/.] ?| )?[0-9]{{4}})"
    f"|({_COMPACT}(?: {{0,2}}[-+/._:)] {{0,2}}| {{2,3}})[0-9]{{4}}|{_COMPACT}[-+][0-9]{{2}} [0-9]{{2}})"
    "|((?:[0-9]{1,3})(?P<mark>[ .,'])[0-9]{3}(?P=mark)[0-9]{3}(?P=mark)[0-9]{3})"
    ")(?!(?!01(?![0-9]))[0-9])"
)
_EXPONENT = re.compile(r"(?<![0-9.,])([0-9])[.,]([0-9]{5,11})[eE]\+?0?(9|11)(?![0-9])")
_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}\Z")
_DOMAIN = re.compile(r"@(?:[\w-]++\.)+[^\W\d_]{2,}")
_ADDRESS_LENGTH = 64, 256  # characters before the sign and after it
_DIRECTION = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_OLDEST = date(1880, 1, 1)

_BORN = re.compile(f"[0-9]{{2}}{_MONTH}{_DAY}")
_SUPPLIER = re.compile("(?:SE)?(?:16|18|19|20)?([0-9]{6})([0-9]{4}|[A-Z][0-9]{3}|XXXX)|X{10}")
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


def _folded(text: str) -> str:
    """The text as it is searched: all kinds of digits, dashes and spaces as ASCII, without what cannot be seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_folded_character, unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=4096)
def _folded_character(char: str) -> str:
    if char.isspace():
        return " "
    match unicodedata.category(char):
        case "Nd":
            return str(unicodedata.decimal(char))
        case "Pd":
            return "-"
        case "Cf" | "Cc" | "Mn" | "Me":
            return ""
    return "-" if char == "\u2212" else char


def without_direction(text: str) -> str:
    """The text without the marks that turn the direction of what follows, by which one name can look like another."""
    return text if text.isascii() else text.translate(_DIRECTION)


def find_personal_data(text: str, today: date) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, kind, replacement) of every personal identity number and e-mail address in a folded text."""
    for hit in _NUMBER.finditer(text):
        digits = re.sub("[^0-9]", "", hit[0])
        born, last = digits[:-4], digits[-4:]
        if _is_person(f"{born}{'+' if '+' in hit[0] else '-'}{last}", today):
            yield hit.start(), hit.end(), "personal_number", NUMBER_MASK
    for hit in _EXPONENT.finditer(text):
        if _is_person_in_exponent(hit, today):
            yield hit.start(), hit.end(), "personal_number", NUMBER_MASK
    yield from _find_addresses(text)


def _is_person_in_exponent(hit: re.Match[str], today: date) -> bool:
    """Whether a number that a spreadsheet has written with an exponent is a person's; it may have lost its last digits."""
    digits, length = hit[1] + hit[2], int(hit[3]) + 1
    if len(digits) == 6 and length == 10:
        return _BORN.fullmatch(digits) is not None
    whole = digits.ljust(length, "0")
    return len(whole) == length and _is_person(f"{whole[:-4]}-{whole[-4:]}", today)


def _find_addresses(text: str) -> Iterator[tuple[int, int, str, str]]:
    end, at, (before, after) = 0, text.find("@"), _ADDRESS_LENGTH
    while at >= 0:
        local = _LOCAL.search(text, max(end, at - before), at)
        domain = _DOMAIN.match(text, at, at + after) if local else None
        if local and domain:
            end = domain.end()
            yield local.start(), end, "email", ADDRESS_MASK
        at = text.find("@", at + 1)


def personal_data_kind(text: str, today: date) -> str | None:
    """`personal_number` or `email`, whichever the text contains (first); None when neither."""
    return next((kind for _, _, kind, _ in find_personal_data(_folded(text), today)), None)


def mask(text: str, today: date) -> str:
    """The text with personal identity numbers and e-mail addresses masked; without direction marks."""
    result = _folded(text)
    hits = sorted(find_personal_data(result, today), reverse=True)
    for start, end, _, replacement in hits:
        result = result[:start] + replacement + result[end:]
    return result if hits else without_direction(text)


def mask_all(text: str, today: date) -> str:
    """As `mask`, repeated until nothing is left to mask, and with numbers prefixed by 16; "…" when that does not end."""
    if not _CANDIDATE.search(text):
        return text
    folded = _folded(text)
    masked = _PREFIXED.sub(
        lambda hit: NUMBER_MASK if personal_data_kind(f"{hit[1]}-{hit[3]}", today) else hit[0], folded
    )
    for _ in range(_MAX_ROUNDS):  # masking may join two pieces into what looks like another number
        if personal_data_kind(masked, today) is None:
            return without_direction(text) if masked == folded else masked
        masked = mask(masked, today)
    return "…"


def mask_supplier_id(text: str, today: date) -> tuple[str, bool]:
    """A supplier's id in one spelling, masked where it is a person's, and whether it is a person's.

    The third digit of an organisation number is at least 2, so the form decides, not the check digit: a mistyped
    personal identity number still belongs to somebody. What can be read as a person's is read so.
    """
    bare = re.sub("[^0-9A-Z]", "", _folded(text).upper())
    forms = (_VAT, _SUPPLIER) if bare.startswith("SE") else (_SUPPLIER, _VAT)
    readings = [hit.groups() for form in forms if (hit := form.fullmatch(bare))]
    if any(first is None or _BORN.fullmatch(first) for first, _ in readings):
        return NUMBER_MASK, True
    for first, last in readings:
        if first[2] >= "2":
            return f"{first}-{last}", False
    return mask_all(text, today), False
