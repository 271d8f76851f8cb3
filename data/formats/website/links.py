"""A saved web page: the pages that its links lead to. What navigates, shares or calls is left out."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from data.formats.website.html_tokens import Tag, read_tokens
from data.formats.website.pages import Page, Pages, detect_offer, one_line
from data.formats.website.urls import page_key, site_of
from data.readers.errors import Unreadable

MIN_PAGES = 3  # pages; a page with fewer is a notice, an error or a login, not a listing
_SAVED = re.compile(r"saved from url=\(\d+\)(https?://\S+)", re.I)
_WEB = re.compile(r"https?://[^\s/]+", re.I)
_OTHER = re.compile(
    r"\s*(?:[a-z][a-z0-9+.-]*:(?!//)|(?!https?:)[a-z][a-z0-9+.-]*://|#|$)", re.I
)  # mailto:, tel:, ftp://
_AROUND = frozenset(("nav", "footer", "aside", "template", "noscript"))
_ROLES = frozenset(("navigation", "contentinfo", "banner", "search", "menu", "menubar"))
_CHILDLESS = "area base br col embed hr img input link meta param source track wbr"
_VOID = frozenset(_CHILDLESS.split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ELSEWHERE = "facebook.com twitter.com x.com linkedin.com instagram.com youtube.com translate.google.com"
_SHARED = frozenset(_ELSEWHERE.split())
_FAILED = re.compile(r"\b(?:401|403|404|500|503)\b|hittades inte|kunde inte hitta|not found|forbidden", re.I)


@dataclass
class _Link:
    """A link that is open: its address, the text so far, and the text of a heading inside it."""

    line: int
    href: str
    text: list[str] = field(default_factory=list)
    heading: list[str] = field(default_factory=list)


class _Document:
    """Follows the tags of a page. `links` are those that stand in its own text."""

    def __init__(self) -> None:
        self.links: list[_Link] = []
        self.login = False
        self.title: list[str] = []
        self._told: dict[str, str] = {}  # what the page says of its own address, by how it says so
        self._open: list[tuple[str, bool]] = []  # elements, and whether they stand around the text
        self._around = 0
        self._link: _Link | None = None

    def read(self, text: str) -> None:
        """Follow a page from its first tag to its last."""
        for token in read_tokens(text):
            if not isinstance(token, Tag):
                self._said(html.unescape(token))
            elif token.name == "!--":
                self._comment(token.inside)
            elif token.closing:
                self._end(token.name)
            else:
                self._start(token)

    def address(self) -> str | None:
        """The address that the page's links are relative to; None when nothing tells it."""
        own = next((self._told[how] for how in ("canonical", "og:url", "saved") if how in self._told), "")
        base = urljoin(own, self._told["base"]) if "base" in self._told else own
        return base if _WEB.match(base) else None

    def own(self) -> str | None:
        """The address of the page itself."""
        return next((self._told[how] for how in ("saved", "canonical", "og:url") if how in self._told), None)

    def _comment(self, text: str) -> None:
        if found := _SAVED.search(text[:4096]):
            self._tell("saved", found[1])

    def _tell(self, how: str, address: str | None) -> None:
        if address and (how == "base" or _WEB.match(address.strip())):
            self._told.setdefault(how, address.strip())

    def _start(self, tag: Tag) -> None:
        told = tag.attributes() if tag.name in ("a", "base", "link", "meta", "input") or "role" in tag.inside else {}
        self._notice(tag.name, told)
        if tag.name in _VOID:
            return
        around = tag.name in _AROUND or told.get("role", "").lower() in _ROLES or self._is_masthead(tag.name)
        self._open.append((tag.name, around))
        self._around += around
        if tag.name == "a" and "href" in told:
            self._finish()
            self._link = None if self._around else _Link(tag.line, told["href"])

    def _is_masthead(self, name: str) -> bool:
        """A header of the whole page, and not of an article in it."""
        return name == "header" and not any(opened in ("main", "article", "section") for opened, _ in self._open)

    def _notice(self, name: str, told: Mapping[str, str]) -> None:
        if name == "base":
            self._tell("base", told.get("href"))
        elif name == "link" and "canonical" in told.get("rel", "").lower().split():
            self._tell("canonical", told.get("href"))
        elif name == "meta" and told.get("property", "").lower() == "og:url":
            self._tell("og:url", told.get("content"))
        elif name == "input" and told.get("type", "").lower() == "password":
            self.login = True

    def _said(self, text: str) -> None:
        inside = self._open[-1][0] if self._open else ""
        if inside == "title" and not self._link:
            self.title.append(text)
        if self._link:
            self._link.text.append(text)
            if inside in _HEADINGS:
                self._link.heading.append(text)

    def _end(self, name: str) -> None:
        if name == "a":
            self._finish()
        if not any(opened == name for opened, _ in self._open[-64:]):
            return
        while self._open:
            opened, around = self._open.pop()
            self._around -= around
            if opened == name:
                return

    def _finish(self) -> None:
        if self._link:
            self.links.append(self._link)
            self._link = None


def linked_pages(text: str) -> Pages | None:
    """The pages that a saved page links to; None when it is no page of links: an error, a login, nearly nothing.

    Unreadable when it does not tell which website its links belong to.
    """
    document = _Document()
    document.read(text)
    if document.login or _FAILED.search(" ".join(document.title)):
        return None
    base, own, pages, lost = document.address(), document.own(), Pages(), 0
    for link in document.links:
        url = _resolved(base, link.href)
        if url is None:
            lost += not _OTHER.match(link.href)
        elif not (own and page_key(url) == page_key(own)) and site_of(url) not in _SHARED:
            pages.add(_page(link, url))
    if lost >= MIN_PAGES and lost > len(pages):
        raise Unreadable("page_without_address")
    return pages if len(pages) >= MIN_PAGES else None


def _page(link: _Link, url: str) -> Page:
    words = one_line(" ".join(link.text)) or ""
    return Page(link.line, url, one_line(" ".join(link.heading)) or words or None, detect_offer(url, words))


def _resolved(base: str | None, href: str) -> str | None:
    """The whole address of a link; None when it is none of a page, or nothing tells what it is relative to."""
    said = "".join(href.split())
    if _OTHER.match(said):
        return None
    try:
        url = urljoin(base, said) if base else said
    except ValueError:
        return None
    return url if _WEB.match(url) else None
