"""No text from a file or an address becomes markup: every page on the example data with a hostile ending to each text."""

import csv
import io
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import pytest

from data.build.fingerprint import SAMPLE
from data.schema.catalogue import datasets
from data.store import Store
from tests.conftest import imported
from tests.pages.test_pages import PAGES
from tests.reader import Look

pytestmark = pytest.mark.no_cover  # other tests run the same code

HOSTILE = """<x-bad>" onload='1' & &lt;</x-bad>"""
PATTERNS = {"leverantor", "konto", "kostnadsstalle", "projekt", "forvaltning", "text", "motpart", "andelar"}
WITHOUT_TEXTS = {"pages/sources/definitions.py", "pages/sources/import_files.py"}  # show none of the example's texts


class Markup(HTMLParser):
    """The elements, attributes and text of HTML as a browser reads it."""

    def __init__(self, html: str) -> None:
        """Read the HTML."""
        super().__init__()
        self.names: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the names of an element and its attributes."""
        self.names |= {tag, *(name for name, _ in attrs)}

    def handle_endtag(self, tag: str) -> None:
        """Collect the name of what ends."""
        self.names.add(tag)

    def handle_data(self, data: str) -> None:
        """Collect the text."""
        self.text += data


def hostile_tables() -> Iterator[tuple[str, str]]:
    """The example's tables by code as CSV text, with a hostile ending to every free text and web address."""
    for code, table in datasets().items():
        path = SAMPLE / f"{table.header}.csv"
        if not path.exists():
            continue
        kinds = {c.header: c.type for c in table.columns if code != "rules" or c.header not in PATTERNS}
        endings = {header: {"text": f" {HOSTILE}", "url": '?"><x-bad>'}.get(kind, "") for header, kind in kinds.items()}
        lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8")), delimiter=";"))
        written = io.StringIO()
        writer = csv.DictWriter(written, lines[0], delimiter=";")
        writer.writeheader()
        writer.writerows({key: value and value + endings.get(key, "") for key, value in line.items()} for line in lines)
        yield code, written.getvalue()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of hostile text; only read."""
    tables: Mapping[str, str] = dict(hostile_tables())
    unknown = f'"{HOSTILE.replace(chr(34), chr(34) * 2)}";;2026-10;telefon;nej;8;räknat\n'
    return imported(tmp_path_factory.mktemp("hostile"), {**tables, "case_counts": tables["case_counts"] + unknown})


@pytest.mark.parametrize("page", PAGES)
def test_text_stays_text(page: str, hostile: Store, look: Look) -> None:
    app = look(hostile, page, department=HOSTILE, name=HOSTILE, new=HOSTILE, service="T-001", do="service", row="T-001")
    read = Markup("\n".join(element.proto.body for element in app.get("html")))
    assert not {"x-bad", "onload"} & read.names
    assert HOSTILE in read.text or page in WITHOUT_TEXTS
    assert "&amp;" not in read.text
    assert not [chart.proto.spec for chart in app.get("plotly_chart") if "<x-bad" in chart.proto.spec]
