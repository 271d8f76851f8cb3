"""Listings of a website's pages: sitemaps, saved pages, lists, and files that are not listings."""

import gzip
import time
from pathlib import Path

import pytest

from data.formats.website.links import linked_pages
from data.mapping.suggest import likeliest_dataset
from data.messages import render
from tests.data.drafts import codes_of, fault_places, prepare_file, prepare_files, prepare_table, typed_rows, xlsx_bytes

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
LIST = Path(__file__).parents[4] / "data/sample/facts/published-services.csv"


def sitemap(*urls: str, head: str = "<?xml version='1.0' encoding='UTF-8'?>", space: str = f" xmlns='{SPACE}'") -> str:
    inside = "".join(f"<url><loc>{url}</loc><lastmod>2026-01-02</lastmod></url>\n" for url in urls)
    return f"{head}\n<urlset{space}>\n{inside}</urlset>\n"


def page(
    *links: str, head: str = "<link rel='canonical' href='https://www.sala.se/e-tjanster'>", around: str = ""
) -> str:
    inside = "\n".join(links)
    return f"<!DOCTYPE html><html><head>{head}<title>E-tjänster</title></head><body>{around}<main>{inside}</main></body></html>"


def read(folder: Path, content: str | bytes) -> list[tuple[object, ...]]:
    return typed_rows(folder, content, "site, url, title, leads_to")


LAUGHTER = "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
THREE = (
    "<a href='/a'>Ett</a>",
    "<a href='b/'>Två</a>",
    "<a href='https://e-tjanster.sala.se/oversikt/overview/104'>Tre</a>",
)


# ---- sitemaps


def test_a_sitemap(tmp_path: Path) -> None:
    content = sitemap(
        "https://www.sala.se/bygga", "https://www.sala.se/F%C3%B6rskola/?utm_source=x#ner", "https://www.sala.se/b.pdf"
    )
    assert read(tmp_path, content) == [
        ("sala.se", "https://www.sala.se/bygga", None, None),
        ("sala.se", "https://www.sala.se/Förskola/", None, None),
        ("sala.se", "https://www.sala.se/b.pdf", None, "form"),
    ]
    assert typed_rows(tmp_path, content, "DISTINCT seen_on::VARCHAR, (SELECT count(*))")[0][0] == "2026-11-02"
    assert prepare_table(tmp_path, content).known_columns == {"site", "seen_on", "url"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_a_sitemap_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    content = (
        "\n" + sitemap("https://sala.se/Förskola", head="")
        if encoding == "utf-8-sig"
        else sitemap("https://sala.se/Förskola", head="")
    )
    assert [url for _, url, *_ in read(tmp_path, content.encode(encoding))] == ["https://sala.se/Förskola"]


def test_images_and_languages_of_a_sitemap_are_not_pages(tmp_path: Path) -> None:
    entry = (
        "<s:url><s:loc> https://sala.se/a\n</s:loc><i:image><i:loc>https://sala.se/a.jpg</i:loc></i:image>"
        "<x:link rel='alternate' href='https://sala.se/en'/></s:url>"
    )
    content = f"<s:urlset xmlns:s='{SPACE}' xmlns:i='urn:image' xmlns:x='urn:x'><i:loc>https://sala.se/b</i:loc>{entry}</s:urlset>"
    assert [url for _, url, *_ in read(tmp_path, content)] == ["https://sala.se/a"]


def test_a_sitemap_without_a_namespace(tmp_path: Path) -> None:
    assert len(read(tmp_path, sitemap("https://sala.se/a", "https://sala.se/b", space="", head=""))) == 2


def test_the_same_page_counts_once(tmp_path: Path) -> None:
    table = prepare_table(tmp_path, sitemap("https://sala.se/a", "http://www.sala.se/a/?ret=x", "https://sala.se/b"))
    assert (table.rows, codes_of(table.notes)) == (2, ["pages_twice"])


def test_a_packed_sitemap(tmp_path: Path) -> None:
    assert len(read(tmp_path, gzip.compress(sitemap("https://sala.se/a", "https://sala.se/b").encode()))) == 2
    index = f"<sitemapindex xmlns='{SPACE}'><sitemap><loc>https://sala.se/1.xml.gz</loc></sitemap></sitemapindex>"
    (fault,) = prepare_file(tmp_path, gzip.compress(index.encode())).faults
    assert (fault.code, fault.params) == ("sitemap_index", {"names": ["https://sala.se/1.xml.gz"]})


def test_a_prefix_that_is_never_declared(tmp_path: Path) -> None:
    content = sitemap("https://sala.se/a", "https://sala.se/b").replace(
        "</url>", "<x:loc>https://sala.se/c</x:loc></url>"
    )
    assert len(read(tmp_path, content)) == 2
    content = f"<s:urlset xmlns:s='{SPACE}'><s:url><s:loc>https://sala.se/a</s:loc><x:y/></s:url></s:urlset>"
    assert len(read(tmp_path, content)) == 1


def test_an_index_of_sitemaps_names_the_files_to_fetch(tmp_path: Path) -> None:
    inside = "".join(f"<sitemap><loc>https://sala.se/sitemap-{n}.xml</loc></sitemap>" for n in range(3))
    (fault,) = prepare_file(tmp_path, f"<sitemapindex xmlns='{SPACE}'>{inside}</sitemapindex>").faults
    assert fault.code == "sitemap_index"
    assert "https://sala.se/sitemap-1.xml" in render.sentence(fault, "en")


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (sitemap(), "sitemap_empty", None),
        (sitemap("https://sala.se/a", "https://sala.se/?a=1&b=2"), "sitemap_broken", 4),
        (sitemap("https://sala.se/a")[:-20], "sitemap_broken", 3),
        (LAUGHTER + sitemap("https://sala.se/&b;", head=""), "sitemap_declarations", 1),
        (f"<urlset xmlns='{SPACE}'>" + "<a>" * 5000, "sitemap_broken", 1),
    ],
)  # fmt: skip
def test_a_sitemap_that_is_not_whole(tmp_path: Path, content: str, code: str, row: int | None) -> None:
    (fault,) = prepare_file(tmp_path, content).faults
    assert (fault.code, fault.row) == (code, row)
    assert render.sentence(fault, "en")


def test_sixty_thousand_addresses(tmp_path: Path) -> None:
    begun = time.monotonic()
    table = prepare_table(tmp_path, sitemap(*(f"https://www.sala.se/sida/{n}?utm_campaign=x" for n in range(60_000))))
    assert (table.rows, table.good) == (60_000, 60_000)
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize("where", ["kontakt/kalle.karlsson%40sala.se", "akt/850709-9805"])
def test_an_address_with_a_person_in_it_is_refused(tmp_path: Path, where: str) -> None:
    table = prepare_table(tmp_path, sitemap("https://sala.se/a", f"https://sala.se/{where}"))
    assert (table.rows, table.good) == (2, 1)
    assert set(codes_of(table.faults)) < {"email", "personal_number"}
    assert not any("kalle.karlsson" in str(vars(fault)) or "9805" in str(vars(fault)) for fault in table.faults)


# ---- saved pages


def test_a_saved_page_of_links(tmp_path: Path) -> None:
    assert read(tmp_path, page(*THREE)) == [
        ("sala.se", "https://www.sala.se/a", "Ett", None),
        ("sala.se", "https://www.sala.se/b/", "Två", None),
        ("e-tjanster.sala.se", "https://e-tjanster.sala.se/oversikt/overview/104", "Tre", "e_service"),
    ]
    assert prepare_table(tmp_path, page(*THREE)).known_columns == {"site", "seen_on", "url", "title", "leads_to"}


@pytest.mark.parametrize(
    "head",
    [
        "<base href='https://www.sala.se/x/'>",
        "<META content='https://www.sala.se/x/' PROPERTY='og:url'>",
        "<link href=https://www.sala.se/x/ rel=canonical>",
        "<!-- saved from url=(0024)https://www.sala.se/x/ -->",
        "<!-- saved from url=(0024)https://www.sala.se/y/ --><base href='/x/'>",
    ],
)
def test_what_links_are_relative_to(tmp_path: Path, head: str) -> None:
    result = [
        url
        for _, url, *_ in read(tmp_path, page("<a href=p>P</a>", "<a href=../q>Q</a>", "<a href=?r=1>R</a>", head=head))
    ]
    assert result == ["https://www.sala.se/x/p", "https://www.sala.se/q", "https://www.sala.se/x/?r=1"]


def test_relative_links_of_a_page_that_does_not_say_where_it_is_from(tmp_path: Path) -> None:
    (fault,) = prepare_file(tmp_path, page("<a href=a>A</a>", "<a href=b>B</a>", "<a href=c>C</a>", head="")).faults
    assert fault.code == "page_without_address"


def test_links_around_the_text_are_left_out(tmp_path: Path) -> None:
    around = (
        "<header><a href='/logga'>Logga</a></header><nav><ul><li><a href='/meny'>Meny</a></nav>"
        "<div role='navigation'><div><a href='/smulor'>Smulor</a></div></div><footer><a href='/fot'>Fot</a></footer>"
        "<script>document.write('<a href=\"/skript\">x</a>')</script><!-- <a href='/dold'>Dold</a> -->"
    )
    other = (
        "<a href='mailto:kalle@sala.se'>Mejla</a>", "<a href='tel:0224'>Ring</a>", "<a href='javascript:void(0)'>Öppna</a>",
        "<a href='#innehall'>Ner</a>", "<a href=''>Inget</a>", "<a name='x'>Ankare</a>", "<a href='/e-tjanster'>Hit</a>",
        "<a href='https://www.facebook.com/sala'>Dela</a>", "<a href='ftp://sala.se/x'>Fil</a>",
    )  # fmt: skip
    assert len(read(tmp_path, page(*THREE, *other, around=around))) == 3


def test_the_header_of_an_article_belongs_to_the_text(tmp_path: Path) -> None:
    inside = "<article><header><h2><a href='/r'>Rubrik</a></h2></header></article>"
    assert ("sala.se", "https://www.sala.se/r", "Rubrik", None) in read(tmp_path, page(*THREE, inside))


@pytest.mark.parametrize(
    ("link", "title", "leads_to"),
    [
        ("<a href='/x.pdf'>Ansökan om plats</a>", "Ansökan om plats", "form"),
        ("<a href='/x'>Ansökningsblankett</a>", "Ansökningsblankett", "form"),
        ("<a href='/x'>Bygglov <b>(e-tjänst)</b></a>", "Bygglov (e-tjänst)", "e_service"),
        ("<a href='/x'>E-tjänst och blankett</a>", "E-tjänst och blankett", "both"),
        ("<a href='/x'>E-tjänster och blanketter</a>", "E-tjänster och blanketter", None),
        ("<a href='https://sjalvservice.sala.se/1'>Anmälan</a>", "Anmälan", "e_service"),
        ("<a href='https://x.se/oversikt/flowinstance/7'>Anmälan</a>", "Anmälan", "e_service"),
        ("<a href='/x'><h3>F&ouml;rskola</h3><p>Här ansöker du</p></a>", "Förskola", None),
        ("<a href='/x'>  Många\n\t ord&nbsp;och   rader </a>", "Många ord och rader", None),
        ("<a href='/x'><img src='b.png' alt='Bild'></a>", None, None),
    ],
)
def test_offers_by_link_text(tmp_path: Path, link: str, title: str | None, leads_to: str | None) -> None:
    *_, last = read(tmp_path, page(*THREE, link))
    assert last[2:] == (title, leads_to)


def test_two_links_to_a_page_are_merged(tmp_path: Path) -> None:
    content = page(
        *THREE, "<a href='/x'></a>", "<a href='/x'>Bygglov e-tjänst</a>", "<a href='/x#b'>Bygglov blankett</a>"
    )
    *_, last = read(tmp_path, content)
    assert last == ("sala.se", "https://www.sala.se/x", "Bygglov e-tjänst", "both")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_page_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    head = "<meta charset='iso-8859-1'><base href='https://sala.se/'>"
    content = page(*THREE, "<a href='/å'>Åäö</a>", head=head).encode(encoding)
    assert read(tmp_path, content)[-1] == ("sala.se", "https://sala.se/å", "Åäö", None)


@pytest.mark.parametrize(
    "content",
    [
        page(*THREE[:2]),
        page(*THREE, "<form><input type='password' name='p'></form>"),
        page(*THREE, head="<base href='https://sala.se/'><title>404 – Sidan hittades inte</title>"),
        page(around="<nav>" + "".join(THREE) + "</nav>"),
        "<html><table><tr><td>tjanst_id</td></tr></table></html>",
    ],
)
def test_a_page_that_lists_nothing_is_still_refused(tmp_path: Path, content: str) -> None:
    (fault,) = prepare_file(tmp_path, content).faults
    assert fault.code in ("wrong_kind", "platform_web_page")


PIECES = (
    "<a ",
    "<a href='",
    '<a href="',
    "<a href=x ",
    "</",
    "</a ",
    "<!--",
    "<![",
    "<!",
    "<?",
    "<",
    "&",
    "<a =",
    "<script>",
    "<p><a href=x>",
)


@pytest.mark.parametrize("piece", PIECES)
def test_a_page_that_nests_for_ever_is_read_to_its_end(piece: str) -> None:
    base = "<base href='https://sala.se/'>"
    assert (
        linked_pages(base + piece * (500_000 // len(piece))) is None
    )  # no page of links; in many minutes, were it quadratic


# ---- lists


def test_a_register_of_services_some_of_them_without_an_address_is_no_list_of_pages(tmp_path: Path) -> None:
    rows = "Parkeringstillstånd;Tekniska;https://sala.se/p\nSkolskjuts;Skolkontoret;\n"
    (fault,) = prepare_file(tmp_path, "Tjänst;Förvaltning;Länk\n" + rows).faults
    assert fault.code == "not_recognised"


def test_the_list_of_published_services_as_it_is(tmp_path: Path) -> None:
    content = LIST.read_bytes()
    table = prepare_table(tmp_path, content)
    assert (table.dataset.code, table.rows, table.good) == ("web_pages", 81, 81)
    assert codes_of(table.notes) == ["pages_twice", "ignored_columns"]
    read = typed_rows(tmp_path, content, "url, title, leads_to, area")
    assert read[0] == ("https://www.sala.se/selfservice/101/", "Skola - Ansökan", "both", None)
    assert {leads_to for *_, leads_to, _ in read} == {"both", "e_service", "form", None}


@pytest.mark.parametrize(
    ("online", "form", "leads_to"),
    [
        ("yes", "yes", "both"), ("ja", "nej", "e_service"), ("unknown", "yes", "form"), ("no", "no", "page"),
        ("no", "unknown", None), ("", "", None), ("x", "", "e_service"),
    ],
)  # fmt: skip
def test_offers_by_columns_of_a_list(tmp_path: Path, online: str, form: str, leads_to: str | None) -> None:
    content = f"Rubrik;Länk;Har e-tjänst;Har blankett\nA;https://sala.se/blankett.pdf;{online};{form}\n"
    assert typed_rows(tmp_path, content, "title, leads_to") == [("A", leads_to)]


def test_a_list_that_does_not_say_is_looked_at(tmp_path: Path) -> None:
    content = "Address,Title 1\nhttps://sala.se/x.pdf,Blankett\nwww.sala.se/y,Sida\n"
    assert typed_rows(tmp_path, content, "url, title, leads_to") == [
        ("https://sala.se/x.pdf", "Blankett", "form"),
        ("https://www.sala.se/y", "Sida", None),
    ]


def test_a_list_in_a_workbook(tmp_path: Path) -> None:
    sheet = [
        ["Våra sidor"],
        [],
        ["Titel", "Adress", "Ämne"],
        ["Bygglov", "https://sala.se/b", "Bygga"],
        ["Ute", "saknas", ""],
    ]
    table = prepare_table(tmp_path, xlsx_bytes({"Blad1": [*sheet, ["Mark", "https://sala.se/m", ""]]}), "lista.xlsx")
    assert (table.dataset.code, table.sheet, table.rows, table.good) == ("web_pages", "Blad1", 3, 2)
    assert fault_places(table) == [(5, "adress", "bad_url")]


def test_a_text_with_an_address_a_line(tmp_path: Path) -> None:
    content = "# våra sidor\n\nhttps://sala.se/a\r\nhttps://sala.se/b?x=1;y=2,3\n  www.sala.se/c \n"
    assert [url for _, url, *_ in read(tmp_path, content)] == [
        "https://sala.se/a",
        "https://sala.se/b?x=1;y=2,3",
        "https://www.sala.se/c",
    ]


@pytest.mark.parametrize(
    ("content", "table"),
    [
        ("tjanst_id;namn;verksamhet_id;malgrupp;adress\nT1;Bygglov;B;extern;https://sala.se/b\n", "services"),
        ("etjanst_id;namn;typ;adress\nE1;Bygglov;e-tjänst;https://sala.se/b\n", "e_services"),
        ("webbplats;sedd;adress;titel\nsala.se;2026-01-02;https://sala.se/b;Bygglov\n", "web_pages"),
    ],
)
def test_a_table_of_the_catalogue_is_that_table(tmp_path: Path, content: str, table: str) -> None:
    assert prepare_table(tmp_path, content).dataset.code == table
    if table == "web_pages":
        assert typed_rows(tmp_path, content, "seen_on::VARCHAR") == [("2026-01-02",)]


def test_a_register_that_lacks_a_column_is_not_taken_for_a_list(tmp_path: Path) -> None:
    (table,) = prepare_file(tmp_path, "namn;typ;adress\nBygglov;e-tjänst;https://sala.se/b\n").tables
    assert (table.dataset.code, codes_of(table.faults)) == ("e_services", ["missing_column"])


def test_another_systems_register_with_addresses_is_asked_about(tmp_path: Path) -> None:
    content = (
        "Systemid;Tjänstens namn;Ansvarig enhet;Målgrupp;URL;Publicerad\n"
        "1;Bygglov;Bygg;extern;https://sala.se/b;2020-01-01\n2;Skylt;Bygg;extern;https://sala.se/s;2020-01-01\n"
    )
    file = prepare_file(tmp_path, content)
    assert (codes_of(file.faults), file.tables) == (["not_recognised"], ())
    likeliest = likeliest_dataset(file.layouts[0])
    assert likeliest and likeliest.code == "services"
    with prepare_files(tmp_path, {"sidor.csv": content}, tables={"sidor.csv": "web_pages"}) as draft:
        assert draft.files[0].tables[0].rows == 2, "the importer decides"


def test_a_street_is_no_web_address(tmp_path: Path) -> None:
    assert codes_of(prepare_file(tmp_path, "namn;adress\nStadshuset;Stora torget 1\n").faults) == ["not_recognised"]


def test_persons_in_a_list_are_refused_or_never_read(tmp_path: Path) -> None:
    content = (
        "titel;url;e-post;kontaktperson\nBygglov;https://sala.se/b;kalle@sala.se;Kalle K\n"
        "Fråga kalle@sala.se;https://sala.se/f;;\nAkt 850709-9805;https://sala.se/g;;\n"
    )
    table = prepare_table(tmp_path, content)
    assert (table.rows, table.good) == (3, 1)
    assert sorted(codes_of(table.faults)) == ["email", "personal_number"]
    assert not any(secret in str(table) for secret in ("kalle", "Kalle", "9805"))
