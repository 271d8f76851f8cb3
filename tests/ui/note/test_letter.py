"""A letter is one line of headers, text and HTML that fetches nothing, whatever a department is called."""

import email
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest

from ui.note import letter
from ui.note.model import Item, Note, Part

BASE = "https://e-tjanster.example.se/sala/"
EVIL = "Bygg\r\nBcc: alla@example.se\x00\u2028 <script>&"
NOTE = Note(
    whose=EVIL,
    month="oktober 2026",
    code="2026-10",
    language="en",
    finding="nothing is unusual",
    facts=("data up to Oct 2026",),
    parts=(
        Part("Unusual this month", (), ("Nothing is unusual.",)),
        Part("To do first", (Item(f"{EVIL} e-tjänst", "It gives " + "much " * 40, "See it", "tjanst?service=T1&department=A"),)),
    ),
    href="manadsbrev?department=A&from=2025-11&to=2026-10",
)  # fmt: skip


def sent() -> EmailMessage:
    """The letter as a mail program reads it."""
    made = letter.message(
        NOTE, BASE, "e@example.se", "E-tjänster\r\nBcc: x@y.se", "a@b.se", "7", datetime(2026, 11, 2, 8)
    )
    read = email.message_from_bytes(made.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return read


@pytest.mark.usefixtures("english")
def test_no_header_comes_from_a_name() -> None:
    mail = sent()
    assert sorted(mail.keys()) == [
        "Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"
    ]  # fmt: skip
    assert mail["Subject"] == "Bygg Bcc: alla@example.se <script>&, oktober 2026: nothing is unusual"
    assert mail["To"].addresses[0].addr_spec == "a@b.se" and len(mail["To"].addresses) == 1
    assert mail["From"].addresses[0].addr_spec == "e@example.se" and mail["Message-ID"] == "<7@example.se>"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Content-Language"] == "en"


@pytest.mark.usefixtures("english")
def test_the_text_and_the_html_say_the_same() -> None:
    mail = sent()
    assert mail.get_content_type() == "multipart/alternative"
    text, page = (one.get_content() for one in mail.iter_parts())
    assert [one.get_content_type() for one in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "Oktober 2026: nothing is unusual" in text and "NOTHING IS UNUSUAL" not in text
    assert f"{BASE}manadsbrev?department=A&from=2025-11&to=2026-10" in text
    assert f"{BASE}tjanst?service=T1&department=A" in text
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= 72
    words = re.sub(r"\s+", " ", Words.of(page))
    for said in ("Oktober 2026: nothing is unusual", "Unusual this month", "Nothing is unusual.", "It gives much"):
        assert said in words and said.casefold() in re.sub(r"\s+", " ", text).casefold()
    assert (
        "Sent by the dashboard of e-services . Tell who runs it if you do not want it." in words
    )  # e-services is kept whole
    assert "The note as a page" in words and "The note as a page: " in text


@pytest.mark.usefixtures("english")
def test_the_html_fetches_nothing_and_says_its_language() -> None:
    page = letter.page(NOTE, BASE)
    assert page.startswith('<!doctype html>\n<html lang="en">') and "<script" not in page and "\x00" not in page
    assert not re.search(r"\b(?:src|background|srcset)=|url\(|<link|<img|@import", page)
    assert all(href.startswith(BASE) for href in re.findall(r'href="([^"]*)"', page))
    assert "color-scheme" in page and "color:" not in page.replace("border", "").replace("color-scheme", "")


def test_a_long_subject_is_cut() -> None:
    long = Note("A" * 300, "oktober 2026", "2026-10", "sv", "inget", (), (), "")
    assert len(letter.subject(long)) == letter.SUBJECT and letter.subject(long).endswith("…")


class Words(HTMLParser):
    """What HTML says."""

    @classmethod
    def of(cls, page: str) -> str:
        parser = cls()
        parser.text = ""
        parser.feed(page)
        return parser.text

    text = ""

    def handle_data(self, data: str) -> None:
        self.text += data + " "
