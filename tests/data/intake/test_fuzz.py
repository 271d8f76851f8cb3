"""Damaged files of every format: each is read, or refused with a sentence; nothing else comes out, and nothing hangs.

`make fuzz` tries ten thousand; the numbers of those that once failed stay in `FAILED`, which `make test` tries.
"""

import gzip
import random
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from data.intake.draft import Source
from data.intake.isolated import prepare_isolated
from data.intake.prepare import StoreContext
from data.messages.render import sentence
from data.schema.catalogue import datasets
from data.schema.templates import csv_template
from tests.data.drafts import TODAY
from tests.data.ledger_exports import RAINDANCE
from tests.data.workbooks import Shown, Table, XlsxSpelling, excel_ods, libreoffice_ods, xls_workbook, zip_parts

pytestmark = pytest.mark.no_cover  # other tests run the same code

HERE = Path(__file__).parents[1]
TABLE: Table = [
    ["tjanst_id", "manad", "kanal", "antal"],
    ["T-1", "2026-01", "telefon", Shown(3.0)],
    ["T-2", Shown(46054.0, "date"), "e-post", Shown(0.5, "percent")],
    ["T-3", "", "besök", Shown(error="#N/A")],
]
PAGE = '<html><head><title>E-tjänster</title></head><body><main><a href="/a?x=1">Bygglov</a><!-- x --></main></body></html>'
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://x.se/a</loc></url></urlset>'
TOKENS = [
    b"", b'"', b"'", b"<", b">", b"&", b";", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"{", b"}", b"[", b"]", b"\\",
    b"<!--", b"-->", b"<![CDATA[", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"#TRANS", b"#VER", b"#RAR 0 ", b"99999999999999999999",
    b"-1", b"1e999", b"NaN", b"0", b"2958466", b"PT999999999999H0M0S", b"9999-12-31", b"0000-00-00", b"encoding='date'",
    b"8" * 5000, b"\xc3", b"\xe5\xe4\xf6", b"@", b"850709-9805", b"XFD1048576", b"r='A1'", b"t='d'", b"=1+1", b"a" * 40_000,
]  # fmt: skip
FAILED: Mapping[str, Iterable[int]] = {"supplier": [551, 621], "xlsx": [324], "strict": [425]}


@cache
def originals() -> Mapping[str, bytes]:
    """A small whole file of each format."""
    platform = {path.suffixes[0] + path.suffix: path for path in (HERE / "open-eplatform").iterdir()}
    csv = csv_template(datasets()["case_counts"]) + "T-1;2026-01;telefon;3\r\nÅ-2;2026-02;e-post;4\r\n".encode()
    return {
        "csv": csv,
        "ledger": RAINDANCE.text.encode("cp1252"),
        "supplier": (HERE / "ledgers" / "leverantorsreskontra-1.1.csv").read_bytes(),
        "xlsx": XlsxSpelling().workbook(TABLE),
        "strict": XlsxSpelling(strict=True, references=False, quote="'", separator="\\").workbook(TABLE),
        "xls": xls_workbook(TABLE),
        "ods": libreoffice_ods(TABLE),
        "excel-ods": excel_ods(TABLE),
        "sie": (HERE / "sie" / "4i-dimensions.si").read_bytes(),
        "instances": (HERE / "open-eplatform" / "getinstances-with-family.xml").read_bytes()[:6000],
        "waiting": platform[".iso-8859-1.xml"].read_bytes()[:6000],
        "flows": platform[".iso-8859-1.json"].read_bytes()[:6000],
        "html": PAGE.encode(),
        "sitemap": SITEMAP.encode(),
        "gz": gzip.compress(csv, mtime=0),
        "zip": zip_parts({"a.csv": csv}),
    }


def mutated(name: str, number: int) -> bytes:
    """The damaged file of this number: the same one each time."""
    chance = random.Random(f"{name} {number}")
    content = originals()[name]
    if chance.random() < 0.8 and name in ("xlsx", "strict", "ods", "excel-ods"):
        return _with_damaged_part(content, chance)
    if chance.random() < 0.5 and name == "gz":
        return gzip.compress(_damaged(gzip.decompress(content), chance), mtime=0)
    return _damaged(content, chance)


def _with_damaged_part(package: bytes, chance: random.Random) -> bytes:
    """The package with one of its parts damaged, and packed again."""
    with zipfile.ZipFile(BytesIO(package)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    part = chance.choice(sorted(parts))
    return zip_parts({**parts, part: _damaged(parts[part], chance)})


def _damaged(content: bytes, chance: random.Random) -> bytes:
    kinds: list[Callable[[bytes, random.Random], bytes]] = [
        _flip,
        _flip,
        _insert,
        _insert,
        _replace,
        _remove,
        _repeat,
        _cut,
    ]
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        content = chance.choice(kinds)(content, chance) if content else content
    return content


def _flip(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def _insert(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + chance.choice(TOKENS) + content[at:]


def _replace(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + chance.choice(TOKENS) + content[at + chance.randrange(1, 9) :]


def _remove(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.choice([1, 2, 8, 40]) :]


def _repeat(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    part = content[at : at + chance.choice([1, 10, 100])]
    return content[:at] + part * chance.choice([2, 10, 300]) + content[at:]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def check(folder: Path, files: Iterable[tuple[str, int]]) -> None:
    """Read the damaged files together; none may have ended the process that reads, or kept it busy."""
    sources = []
    for name, number in files:
        path = folder / f"{name}-{number}"
        path.write_bytes(mutated(name, number))
        sources.append(Source(path.name, path))
    with prepare_isolated(sources, TODAY, StoreContext()) as draft:
        assert len(draft.files) == len(sources)
        for file in draft.files:
            found = [sentence(one) for one in (*file.all_faults, *file.all_notes)]
            assert all(found)
            assert not [fault.code for fault in file.faults if fault.code.startswith("reading_")], file.name


@pytest.mark.parametrize("name", originals())
def test_damaged_files(name: str, tmp_path: Path) -> None:
    check(tmp_path, [(name, number) for number in (*FAILED.get(name, ()), 0, 1, 2)])


@pytest.mark.fuzz
@pytest.mark.parametrize("start", range(0, 625, 25))
@pytest.mark.parametrize("name", originals())
def test_ten_thousand_damaged_files(name: str, start: int, tmp_path: Path) -> None:
    check(tmp_path, [(name, number) for number in range(start, start + 25)])
