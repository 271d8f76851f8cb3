"""How a sheet is read: as somebody chose, as its reader knows, in a layout that is known as a whole, or by its headers."""

from dataclasses import dataclass
from datetime import date

from data.checks.mapped import Mappings
from data.formats.ledgers.sheet import TABLE as COSTS
from data.formats.ledgers.supplier import as_supplier_ledger
from data.formats.website.lists import as_page_list
from data.formats.website.pages import TABLE as PAGES
from data.mapping.model import ColumnMapping, Layout
from data.mapping.recognise import Match, best_match
from data.mapping.suggest import header_layout
from data.readers.sheet import Sheet
from data.schema.catalogue import fold

_QUIET = frozenset(("lasmig", "readme", "start", "instruktion", "instruktioner", "instructions", "hjalp", "help"))


@dataclass(frozen=True)
class Interpretation:
    """A sheet as it is read. `match` says which column is what; None, or not `certain`, when nobody can tell.

    `layout` is there when a mapping can be made for the sheet, and `mapping` when it is read by one.
    """

    sheet: Sheet
    match: Match | None
    certain: bool
    layout: Layout | None
    mapping: ColumnMapping | None = None


def interpret(sheet: Sheet, file: str, forced: str | None, mappings: Mappings, today: date) -> Interpretation | None:
    """How the sheet of a file is read, as the table that is `forced` if any; None when nothing is meant by it."""
    mapped = mappings.find(sheet, file, forced)
    if mapped:
        return Interpretation(mapped, mapped.match, True, mapped.layout, mapped.mapping)
    if not sheet.head or fold(sheet.name or "") in _QUIET:
        return None
    layout = None if sheet.dataset else header_layout(sheet.head, sheet.name)
    names, table = (sheet.name, file), sheet.dataset or forced
    found = best_match(sheet.head, names, table)
    known = None if sheet.dataset else _known_layout(sheet, found, forced, today)
    if known:
        return Interpretation(known, best_match(known.head, names, known.dataset), True, layout)
    return Interpretation(
        sheet, found, found is not None and (found.complete or found.likely or table is not None), layout
    )


def _known_layout(sheet: Sheet, found: Match | None, forced: str | None, today: date) -> Sheet | None:
    """The sheet put together from one in a layout that is known as a whole: a list of pages, or a supplier ledger."""
    another = found is not None and (found.complete or (found.likely and found.dataset.code != PAGES))
    pages = as_page_list(sheet, today) if forced in (None, PAGES) and not another else None
    return pages or (as_supplier_ledger(sheet, today) if forced in (None, COSTS) else None)
