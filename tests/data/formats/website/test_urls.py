"""When two addresses are one page: properties for any text, and examples of real addresses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.formats.website.urls import page_key, readable_url, site_of

SIGNS = st.sampled_from("htps:/wW.aÅå%25E5f#?&=+;@ \u0308\u037exn-\x85") | st.characters()
TEXTS = st.text(SIGNS, max_size=30)
ADDRESSES = st.one_of(TEXTS, *(TEXTS.map(lead.__add__) for lead in ("https://", "http://sala.se/", "http://sala.se/?")))
PLAIN = "https://sala.se/selfservice/101"


@settings(max_examples=500)
@given(ADDRESSES)
def test_page_keys_are_idempotent(url: str) -> None:
    assert page_key(page_key(url)) == page_key(url)
    assert page_key(readable_url(url)) == page_key(url)
    assert readable_url(readable_url(url)) == readable_url(url)


PATHS = st.text(st.sampled_from("aåÖé1-_~.!"), min_size=1, max_size=12).filter(lambda text: text.strip("."))


@given(PATHS, st.sampled_from(["http", "https", "HTTPS"]), st.sampled_from(["", "www."]), st.booleans(), st.booleans())
def test_spellings_of_one_page(path: str, scheme: str, www: str, encoded: bool, slash: bool) -> None:
    written = "".join(f"%{byte:02x}" for byte in path.encode()) if encoded else path
    dressed = f" {scheme}://{www}SALA.se/{written}{'/' * slash}?utm_source=brev&ret=http%3A%2F%2Fsala.se%2F#ner "
    assert page_key(dressed) == page_key(f"https://sala.se/{path}")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.sala.se/selfservice/101/?ret=http%3A%2F%2Fwww.sala.se%2F%3Fpage%3Dselfservice",
        "http://sala.se:80/selfservice/101#kontakt",
        "https://kalle:hemligt@sala.se/selfservice/101;jsessionid=A1?fbclid=x",
        "sala.se/selfservice/101",
    ],
)
def test_many_spellings_have_one_key(url: str) -> None:
    assert page_key(url) == page_key(PLAIN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://sala.se/?page=selfservice&id=83", "https://sala.se/?page=selfservice&id=84"),
        ("https://sala.se/a", "https://e-tjanster.sala.se/a"),
        ("https://sala.se/a%2Fb", "https://sala.se/a/b"),
        ("https://sala.se/%2541", "https://sala.se/A"),
        ("https://sala.se/a", "https://sala.se:8443/a"),
    ],
)
def test_two_pages(one: str, other: str) -> None:
    assert page_key(one) != page_key(other)


def test_the_order_of_a_query_does_not_matter() -> None:
    assert page_key("https://sala.se/?id=83&page=x") == page_key("https://sala.se/?page=x&id=83")


@pytest.mark.parametrize("host", ["xn--hgskola-exa.se", "h\u00e5gskola.se", "ha\u030agskola.se"])
def test_a_host_is_read_as_it_is_spelt(host: str) -> None:
    assert readable_url(f"https://{host}/F%C3%B6rskola%20b") == "https://hågskola.se/Förskola%20b"


@pytest.mark.parametrize("encoded", ["F%C3%B6rskola", "F%F6rskola", "Fo%CC%88rskola"])
def test_old_sites_encode_in_latin_1(encoded: str) -> None:
    assert readable_url(f"https://sala.se/{encoded}") == "https://sala.se/Förskola"


def test_login_is_removed_from_an_address() -> None:
    assert readable_url("https://kalle:hemligt@sala.se/") == "https://sala.se/"


def test_an_address_with_a_mail_address_in_it_is_read_so_that_it_can_be_seen() -> None:
    assert "kalle@sala.se" in readable_url("https://sala.se/kontakt/kalle%40sala.se")


@pytest.mark.parametrize("url", ["https://www.sala.se/x", "http://SALA.se", "https://sala.se:443/?a"])
def test_the_site_is_the_host_without_www(url: str) -> None:
    assert site_of(url) == "sala.se"
