"""The feed is Atom as RFC 4287 has it: an entry a month with an id of its own, of one department and no other."""

import re
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

import asgi
from tests import coroutines
from ui.note import feed

BASE = "https://e-tjanster.example.se/"
ATOM = "{http://www.w3.org/2005/Atom}"
TAG = re.compile(r"tag:e-tjanster\.example\.se,2026:manadsbrev:\w*(?::\d{4}-\d\d)?")
pytestmark = pytest.mark.usefixtures("known")


def read(department: str = "", language: str = "sv") -> ElementTree.Element:
    body = feed.feed(department, language, BASE, "e-tjanster.example.se")
    assert body is not None
    return ElementTree.fromstring(body)


def one(parent: ElementTree.Element, name: str) -> str:
    """The text of the only element of a name."""
    (found,) = parent.findall(ATOM + name)
    return found.text or ""


def test_it_has_what_atom_asks_for() -> None:
    root = read()
    assert root.tag == f"{ATOM}feed" and root.get("{http://www.w3.org/XML/1998/namespace}lang") == "sv"
    assert one(root, "title") == "Månadsbrevet: Hela kommunen" and root.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": f"{BASE}manadsbrev.atom", "alternate": f"{BASE}manadsbrev?from=2025-11&to=2026-10"}
    entries = root.findall(f"{ATOM}entry")
    assert [one(entry, "title") for entry in entries[:2]] == [
        "Oktober 2026: andelen digitala ärenden är högre än vanligt",
        "September 2026: inget är ovanligt",
    ]
    ids = [one(root, "id"), *(one(entry, "id") for entry in entries)]
    assert len(entries) == feed.MONTHS and len({*ids}) == len(ids) and all(map(TAG.fullmatch, ids))
    updated = [datetime.fromisoformat(one(entry, "updated")) for entry in entries]
    assert all(moment.tzinfo for moment in updated) and updated == sorted(updated, reverse=True)
    assert datetime.fromisoformat(one(root, "updated")) == updated[0]
    for entry in entries:
        (content,) = entry.findall(f"{ATOM}content")
        assert content.get("type") == "html" and "<h2" in (content.text or "") and "<script" not in (content.text or "")
        assert all(href.startswith(BASE) for href in re.findall(r'href="([^"]*)"', content.text or ""))


def test_it_is_of_one_department_in_its_language() -> None:
    root = read("A", "en")
    assert one(root, "title") == "The monthly note: Alfa"
    said = "".join(root.itertext())
    assert "is higher than usual" in said and not [name for name in ("Beta", "Nyckel", "Resa") if name in said]
    assert feed.feed("X", "sv", BASE, "a") is None
    assert one(read("A", "fi"), "title") == "Månadsbrevet: Alfa"


def served(path: str, **headers: str) -> httpx.Response:
    """What the dashboard answers, through all that stands in front of its pages."""

    async def get() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(asgi.app), base_url="http://localhost") as client:
            return await client.get(path, headers=headers)

    return coroutines.run(get())


def test_it_is_served_to_who_may_see_the_pages(monkeypatch: pytest.MonkeyPatch, known: Path) -> None:
    answer = served("/manadsbrev.atom?department=A&lang=en")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/atom+xml"
    root = ElementTree.fromstring(answer.content)
    assert one(root, "id") == "tag:localhost,2026:manadsbrev:A"
    assert root.find(f"{ATOM}link").get("href") == "http://localhost/manadsbrev.atom?department=A&lang=en"  # type: ignore[union-attr]
    assert served("/manadsbrev.atom?department=X").status_code == 404
    assert served("/manadsbrev.atom", host="evil.example").status_code == 400
    assert served("/manadsbrev.atom", origin="https://evil.example").status_code == 403
    monkeypatch.setenv("DASHBOARD_HOSTS", "*.example.se e-tjanster.example.se")
    named = ElementTree.fromstring(served("/manadsbrev.atom").content)
    assert one(named, "id") == "tag:e-tjanster.example.se,2026:manadsbrev:"  # by whatever name it is asked for
