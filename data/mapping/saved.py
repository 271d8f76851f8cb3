"""Saved mappings, by layout key, in one JSON file of the store."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.base.atomic_files import publish, read_json, temporary_path, write_json
from data.mapping.model import ColumnMapping

FILE = "layouts.json"


@dataclass(frozen=True)
class SavedMapping:
    """A mapping, and the day it was saved."""

    mapping: ColumnMapping
    saved_on: date


def load_mappings(store: Path) -> Mapping[str, SavedMapping]:
    """All saved mappings by layout key, without those that are no longer valid."""
    try:
        raw = read_json(store / FILE)["layouts"]
    except (OSError, ValueError, KeyError):
        return {}
    mappings: dict[str, SavedMapping] = {}
    for layout, entry in raw.items() if isinstance(raw, dict) else ():
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            mappings[layout] = SavedMapping(ColumnMapping.from_json(layout, entry), date.fromisoformat(entry["on"]))
    return mappings


def save_mapping(store: Path, mapping: ColumnMapping, saved_on: date) -> None:
    """Save a mapping for its layout. The caller holds the import lock; OSError when it cannot be written."""
    _write(store, {**load_mappings(store), mapping.layout: SavedMapping(mapping, saved_on)})


def delete_mapping(store: Path, layout: str) -> None:
    """Delete the mapping of a layout. The caller holds the import lock; OSError when it cannot be written."""
    _write(store, {key: saved for key, saved in load_mappings(store).items() if key != layout})


def _write(store: Path, mappings: Mapping[str, SavedMapping]) -> None:
    layouts = {key: {**saved.mapping.as_json(), "on": saved.saved_on.isoformat()} for key, saved in mappings.items()}
    write_json(temporary_path(store / FILE), {"layouts": layouts})
    publish(store / FILE)
