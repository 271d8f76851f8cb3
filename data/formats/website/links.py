"""The pages that a saved web page links to, except links for navigation, sharing, mail and telephone."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from data.formats.website.html_tokens import Tag, read_tokens
from data.formats.website.pages import Page, Pages, detect_offer, one_line
from data.formats.website.urls import page_key, site_of
from data.readers.errors import Unreadable

MIN_PAGES = 3  # a page with fewer links is not a listing but a notice, an error or a login
_SAVED = re.compile(r"saved from url=\(\d+\)(https?://\S+)", re.I)
_WEB = re.compile(r"https?://[^\s/]+", re.I)
# mailto:, tel:, ftp://
_OTHER = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:(?!//)|(?!https?:)[a-z][a-z0-9+.-]*://|#|$)", re.I)
_NAVIGATION = frozenset(("nav", "footer", "aside", "template", "noscript"))
_ROLES = frozenset(("navigation", "contentinfo", "banner", "search", "menu", "menubar"))
_CHILDLESS = "area base br col embed hr img input link meta param source track wbr"
_VOID = frozenset(_CHILDLESS.split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ELSEWHERE = "facebook.com twitter.com x.com linkedin.com instagram.com youtube.com translate.google.com"
_SHARED = frozenset(_ELSEWHERE.split())
_FAILED = re.compile(r"\b(?:401|403|404|500|503)\b|hittades inte|kunde inte hitta|not found|forbidden", re.I)


@dataclass
class _Link:
    """A link: its address, its text so far, and the text of headings inside it."""

    line: int
    href: str
    text: list[str] = field(default_factory=list)
    heading: list[str] = field(default_factory=list)


class _Document:
    """Parses a page. `links` are those in its main text, `login` is whether it has a password field."""

    def __init__(self) -> None:
        self.links: list[_Link] = []
        self.login = False
        self.title: list[str] = []
        self._addresses: dict[str, str] = {}  # the page's own address, by where it is stated
        self._open: list[tuple[str, bool]] = []  # open elements, and whether they are navigation
        self._navigation = 0
        self._link: _Link | None = None

    def read(self, text: str) -> None:
        """Parse a whole page."""
        for token in read_tokens(text):
            if not isinstance(token, Tag):
                self._characters(html.unescape(token))
            elif token.name == "!--":
                saved = _SAVED.search(token.content[:4096])
                self._set_address("saved", saved and saved[1])
            elif token.closing:
                self._end(token.name)
            else:
                self._start(token)

    def address(self) -> str | None:
        """The base address of the page's links; None when it is not stated."""
        own = self._first_address("canonical", "og:url", "saved") or ""
        base = urljoin(own, self._addresses["base"]) if "base" in self._addresses else own
        return base if _WEB.match(base) else None

    def own(self) -> str | None:
        """The address of the page itself; None when it is not stated."""
        return self._first_address("saved", "canonical", "og:url")

    def _first_address(self, *sources: str) -> str | None:
        return next((self._addresses[source] for source in sources if source in self._addresses), None)

    def _set_address(self, source: str, address: str | None) -> None:
        if address and (source == "base" or _WEB.match(address.strip())):
            self._addresses.setdefault(source, address.strip())

    def _start(self, tag: Tag) -> None:
        is_read = tag.name in ("a", "base", "link", "meta", "input") or "role" in tag.content
        attributes = tag.attributes() if is_read else {}
        self._read_attributes(tag.name, attributes)
        if tag.name in _VOID:
            return
        role = attributes.get("role", "").lower()
        navigation = tag.name in _NAVIGATION or role in _ROLES or self._is_masthead(tag.name)
        self._open.append((tag.name, navigation))
        self._navigation += navigation
        if tag.name == "a" and "href" in attributes:
            self._finish()
            self._link = None if self._navigation else _Link(tag.line, attributes["href"])

    def _is_masthead(self, name: str) -> bool:
        """Whether an element is a header of the whole page, and not of an article in it."""
        return name == "header" and not any(opened in ("main", "article", "section") for opened, _ in self._open)

    def _read_attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        """Read addresses of the page, and whether it has a password field."""
        if name == "base":
            self._set_address("base", attributes.get("href"))
        elif name == "link" and "canonical" in attributes.get("rel", "").lower().split():
            self._set_address("canonical", attributes.get("href"))
        elif name == "meta" and attributes.get("property", "").lower() == "og:url":
            self._set_address("og:url", attributes.get("content"))
        elif name == "input" and attributes.get("type", "").lower() == "password":
            self.login = True

    def _characters(self, text: str) -> None:
        element = self._open[-1][0] if self._open else ""
        if element == "title" and not self._link:
            self.title.append(text)
        if self._link:
            self._link.text.append(text)
            if element in _HEADINGS:
                self._link.heading.append(text)

    def _end(self, name: str) -> None:
        if name == "a":
            self._finish()
        if not any(opened == name for opened, _ in self._open[-64:]):
            return
        while self._open:
            opened, navigation = self._open.pop()
            self._navigation -= navigation
            if opened == name:
                return

    def _finish(self) -> None:
        if self._link:
            self.links.append(self._link)
            self._link = None


def linked_pages(text: str) -> Pages | None:
    """The pages that a saved page links to; None when it is an error, a login, or has few links.

    Unreadable when its links are relative to an address that it does not state.
    """
    document = _Document()
    document.read(text)
    if document.login or _FAILED.search(" ".join(document.title)):
        return None
    base, own, pages, unresolved = document.address(), document.own(), Pages(), 0
    for link in document.links:
        url = _resolved(base, link.href)
        if url is None:
            unresolved += not _OTHER.match(link.href)
        elif not (own and page_key(url) == page_key(own)) and site_of(url) not in _SHARED:
            pages.add(_page(link, url))
    if unresolved >= MIN_PAGES and unresolved > len(pages):
        raise Unreadable("page_without_address")
    return pages if len(pages) >= MIN_PAGES else None


def _page(link: _Link, url: str) -> Page:
    text = one_line(" ".join(link.text)) or ""
    return Page(link.line, url, one_line(" ".join(link.heading)) or text or None, detect_offer(url, text))


def _resolved(base: str | None, href: str) -> str | None:
    """The absolute address of a link; None when it is not of a web page, or relative to an unknown base."""
    address = "".join(href.split())
    if _OTHER.match(address):
        return None
    try:
        url = urljoin(base, address) if base else address
    except ValueError:
        return None
    return url if _WEB.match(url) else None
