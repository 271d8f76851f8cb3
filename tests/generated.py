"""The pages under docs/ that are made from the two catalogues: `python -m tests.generated` writes them anew."""

from collections.abc import Callable, Mapping
from pathlib import Path

import analytics.metrics.dictionary
import data.schema.dictionary

ROOT = Path(__file__).resolve().parents[1]
PAGES: Mapping[Path, Callable[[], str]] = {
    ROOT / "docs/datasets.md": data.schema.dictionary.markdown,
    ROOT / "docs/metrics.md": analytics.metrics.dictionary.markdown,
}

if __name__ == "__main__":
    for path, page in PAGES.items():
        path.write_text(page(), "utf-8")
