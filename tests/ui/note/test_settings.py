"""What is wrong in the settings is told in one sentence, which never holds an address or a password."""

from pathlib import Path

import pytest

from ui.note import settings
from ui.note.toml_table import InvalidSettings

ROOT = Path(__file__).resolve().parents[3]
GOOD = """
dashboard = "https://e-tjanster.example.se"
sender = "e-tjanster@example.se"
[smtp]
host = "smtp.example.se"
[recipients.kommunchef]
address = "anna@example.se"
"""
pytestmark = pytest.mark.usefixtures("swedish")


def loaded(folder: Path, text: str, **environment: str) -> settings.Settings:
    path = folder / "note.toml"
    path.write_text(text, "utf-8")
    return settings.load({settings.FILE: str(path), **environment})


def test_the_example_of_the_documents_can_be_used() -> None:
    found = settings.load({settings.FILE: str(ROOT / "docs/monthly_note.toml"), settings.PASSWORD: "hemligt"})
    assert [(one.name, one.department, one.language) for one in found.recipients] == [
        ("kommunchef", "", "sv"), ("bygg-och-miljo", "BMF", "sv"), ("it-chef", "", "en"),
    ]  # fmt: skip
    assert (found.server.host, found.server.port, found.server.security) == ("smtp.example.se", 587, "starttls")
    assert found.dashboard == "https://e-tjanster.example.se/" and found.sent == ROOT / "docs/monthly_note.sent"
    assert found.server.password and found.server.password.reveal() == "hemligt"
    assert "hemligt" not in repr(found) and "@" not in repr(found)


def test_what_may_be_left_out_has_a_default(tmp_path: Path) -> None:
    found = loaded(tmp_path, GOOD)
    assert (found.sender_name, found.server.port, found.server.timeout) == ("E-tjänster", 587, 30.0)
    assert found.server.password is None and found.sent == tmp_path / "note.sent"
    more = loaded(tmp_path, GOOD.replace('host = "smtp.example.se"', 'host = "::1"\nsecurity = "tls"\ntimeout = 5'))
    assert (more.server.port, more.server.timeout) == (465, 5.0)


def test_a_password_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("ur fil\n", "utf-8")
    text = GOOD.replace("[smtp]", '[smtp]\nuser = "e"\npassword_file = "word"')
    found = loaded(tmp_path, text)
    assert found.server.password and found.server.password.reveal() == "ur fil"
    other = loaded(tmp_path, text, DASHBOARD_NOTE_PASSWORD="ur miljö")
    assert other.server.password and other.server.password.reveal() == "ur miljö"


TO = "recipients.kommunchef.address"


def unusable(name: str, example: str) -> str:
    return f"{name} saknas eller kan inte användas som det är skrivet. Skriv så här: {example}."


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "dashboard =",
            "dashbord =",
            "dashbord är ingen inställning för månadsbrevet. Inställningarna är: dashboard, sender, sender_name, sent.",
        ),
        ("https://e-tj", "ftp://e-tj", unusable("dashboard", "https://e-tjanster.example.se")),
        ("anna@example.se", "anna@example.se, bo@example.se", unusable(TO, "namn@example.se")),
        ("anna@example.se", "anna@example.se\\nBcc: bo@example.se", unusable(TO, "namn@example.se")),
        ("anna@example.se", "åke@example.se", unusable(TO, "namn@example.se")),
        ('sender = "e-tj', 'sender_name = "A\\nBcc: x@y.se"\nsender = "e-tj', unusable("sender_name", "E-tjänster")),
        ("[smtp]", '[smtp]\nport = "hundra"', unusable("smtp.port", "587")),
        ("[smtp]", "[smtp]\nport = 70000", unusable("smtp.port", "587")),
        ("[smtp]", '[smtp]\nsecurity = "ssl3"', unusable("smtp.security", "starttls")),
        ("[smtp]", "[smtp]\ntimeout = 0", unusable("smtp.timeout", "30")),
        ('host = "smtp', 'host = "smtp ', unusable("smtp.host", "smtp.example.se")),
        (
            "[smtp]",
            '[smtp]\nuser = "e"',
            "E-postservern behöver både user och password, eller inget av dem. password saknas.",
        ),
        (
            "[smtp]",
            '[smtp]\npassword = "e"',
            "E-postservern behöver både user och password, eller inget av dem. user saknas.",
        ),
        (
            "[smtp]",
            '[smtp]\nsecurity = "none"\nuser = "e"\npassword = "hemligt"',
            'Lösenordet skulle skickas oskyddat till smtp.example.se. Skriv security = "starttls" eller "tls".',
        ),
        (
            "[recipients.kommunchef]",
            "[recipients.Anna]",
            "En mottagare är en tabell med en rolls namn: [recipients.kommunchef]. Namnet får ha högst 40 små bokstäver,"
            " siffror, bindestreck och understreck.",
        ),
        (
            "[recipients.kommunchef]",
            '[recipients.a]\naddress = "Anna@example.se"\n[recipients.kommunchef]',
            "kommunchef och a har samma adress och verksamhet. Ta bort en av dem.",
        ),
        ("anna@example.se", 'anna@example.se"\nlanguage = "fi', unusable("recipients.kommunchef.language", "sv")),
        ("[smtp]", "[smtp", "Inställningarna i note.toml går inte att läsa: de är inte TOML (rad 4). Rätta filen."),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in GOOD
    with pytest.raises(InvalidSettings) as error:
        loaded(tmp_path, GOOD.replace(old, new))
    assert str(error.value) == sentence
    assert not [secret for secret in ("anna", "hemligt", "bo@") if secret in sentence.casefold()]


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="Ingen ska få månadsbrevet än: DASHBOARD_NOTE anger ingen fil"):
        settings.load({})
    with pytest.raises(InvalidSettings, match=r"DASHBOARD_NOTE anger .*borta.toml, som inte går att läsa\."):
        settings.load({settings.FILE: str(tmp_path / "borta.toml")})
    for table in ("[smtp]", "[recipients.kommunchef]"):
        with pytest.raises(InvalidSettings) as error:
            loaded(tmp_path, GOOD[: GOOD.index(table)])
        assert (
            str(error.value)
            == f"Inställningarna för månadsbrevet saknar {table}. Skriv den som i docs/monthly_note.toml."
        )
    with pytest.raises(InvalidSettings, match="med lösenordet går inte att läsa. Kontrollera sökvägen"):
        loaded(tmp_path, GOOD.replace("[smtp]", '[smtp]\nuser = "e"\npassword_file = "ingen"'))
