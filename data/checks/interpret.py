"""How a sheet is read: by a column mapping, as its reader's table, in a known layout, or by its headers."""

from dataclasses import dataclass
from datetime import date

from data.checks.mapped import Mappings
from data.formats.ledgers.sheet import TABLE as COSTS
from data.formats.ledgers.supplier import as_supplier_ledger
from data.formats.website.lists import ListSheet, as_page_list
from data.formats.website.pages import TABLE as PAGES
from data.mapping.model import ColumnMapping, Layout
from data.mapping.recognise import Match, best_match
from data.mapping.suggest import header_layout, likeliest_dataset
from data.readers.sheet import Sheet
from data.schema.catalogue import fold

_HELP_SHEETS = frozenset(("lasmig", "readme", "start", "instruktion", "instruktioner", "instructions", "hjalp", "help"))


@dataclass(frozen=True)
class Interpretation:
    """How a sheet is read. `match` gives the table and its columns; None, or not `certain`, when not recognised.

    `layout` is set when a mapping can be made for the sheet, and `mapping` when it is read by one.
    """

    sheet: Sheet
    match: Match | None
    certain: bool
    layout: Layout | None
    mapping: ColumnMapping | None = None


def interpret(sheet: Sheet, file: str, forced: str | None, mappings: Mappings, today: date) -> Interpretation | None:
    """How a file's sheet is read, as the `forced` table if given; None for an empty sheet or one with instructions."""
    mapped = mappings.find(sheet, file, forced)
    if mapped:
        return Interpretation(mapped, mapped.match, True, mapped.layout, mapped.mapping)
    if not sheet.head or fold(sheet.name or "") in _HELP_SHEETS:
        return None
    layout = None if sheet.dataset else header_layout(sheet.head, sheet.name)
    names, table = (sheet.name, file), sheet.dataset or forced
    match = best_match(sheet.head, names, table)
    derived = None if sheet.dataset else _known_layout(sheet, match, forced, today)
    if table is None and layout and _is_rather_another(layout, match, derived):
        return Interpretation(sheet, None, False, layout)
    if derived:
        return Interpretation(derived, best_match(derived.head, names, derived.dataset), True, layout)
    certain = match is not None and (match.is_recognised or table is not None)
    return Interpretation(sheet, match, certain, layout)


def _is_rather_another(layout: Layout, match: Match | None, derived: Sheet | None) -> bool:
    """Whether most columns would not be used, and those of another table are closer: that is asked, not guessed."""
    if isinstance(derived, ListSheet):
        code, used = PAGES, derived.used
    elif derived is None and match and match.is_recognised and not match.name_fit:
        code, used = match.dataset.code, len(match.positions)
    else:
        return False
    likeliest = likeliest_dataset(layout) if sum(map(bool, layout.headers)) > 2 * used else None
    return likeliest is not None and likeliest.code != code


def _known_layout(sheet: Sheet, match: Match | None, forced: str | None, today: date) -> Sheet | None:
    """The table derived from a sheet in a known layout: a list of web pages, or a supplier ledger."""
    is_other_table = match is not None and (match.complete or (match.is_recognised and match.dataset.code != PAGES))
    pages = as_page_list(sheet, today) if forced in (None, PAGES) and not is_other_table else None
    return pages or (as_supplier_ledger(sheet, today) if forced in (None, COSTS) else None)
