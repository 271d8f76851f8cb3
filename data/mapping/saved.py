"""The mappings that somebody chose, by layout, in a small file of the store: headers (as a digest) → columns, no rows."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.base.atomic_files import publish, read_json, temporary_path, write_json
from data.mapping.model import ColumnMapping, layout_key

FILE = "layouts.json"


@dataclass(frozen=True)
class SavedMapping:
    """A mapping, and the day it was chosen."""

    mapping: ColumnMapping
    saved_on: date


def load_mappings(store: Path) -> Mapping[str, SavedMapping]:
    """Every remembered mapping by layout; those that no longer make sense are left out."""
    try:
        raw = read_json(store / FILE)["layouts"]
    except (OSError, ValueError, KeyError):
        return {}
    found: dict[str, SavedMapping] = {}
    for layout, one in raw.items() if isinstance(raw, dict) else ():
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            found[layout] = SavedMapping(ColumnMapping.from_json(layout, one), date.fromisoformat(one["on"]))
    return found


def load_mapping(store: Path, headers: Sequence[str]) -> ColumnMapping | None:
    """The mapping that was chosen for sheets with these headers."""
    found = load_mappings(store).get(layout_key(headers))
    return found.mapping if found else None


def save_mapping(store: Path, mapping: ColumnMapping, on: date) -> None:
    """Keep a mapping for its layout. Only the holder of the store's lock may; OSError when the disk will not take it."""
    _write(store, {**load_mappings(store), mapping.layout: SavedMapping(mapping, on)})


def delete_mapping(store: Path, layout: str) -> None:
    """Keep no mapping for a layout any more. Only the holder of the store's lock may."""
    _write(store, {key: one for key, one in load_mappings(store).items() if key != layout})


def _write(store: Path, kept: Mapping[str, SavedMapping]) -> None:
    written = {key: {**one.mapping.as_json(), "on": one.saved_on.isoformat()} for key, one in kept.items()}
    write_json(temporary_path(store / FILE), {"layouts": written})
    publish(store / FILE)
