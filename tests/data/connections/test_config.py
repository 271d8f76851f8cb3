"""Connections from the secrets file and the environment, and errors in their settings."""

import copy
import pickle
import traceback
from datetime import date
from pathlib import Path

import pytest

from data.connections.config import Secret, connections_and_errors, load_connections
from data.connections.errors import InvalidConnection
from data.connections.settings import PATHS

BASE = "https://e-tjanster.example.se"
PASSWORD = "kålrot-på-burk-17"


def file(folder: Path, *lines: str) -> Path:
    """A secrets file with these lines."""
    path = folder / ".streamlit" / "secrets.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return file(
        tmp_path,
        "[something.else]",
        'key = "not ours"',
        "[open_eplatform.extern]",
        f'base = "{BASE}/"',
        'interfaces = ["instances", "catalogue"]',
        'user = "statistik"',
        f'password = "{PASSWORD}"',
        'audience = "external"',
        'since = "2025-01"',
        "pause = 2",
        "read_timeout = 30.5",
        'catalogue_path = "/oversikt/api/v1/getflows/xml"',
    )


def test_every_setting_of_the_file(whole: Path) -> None:
    (one,) = load_connections(whole, {})
    assert (one.name, one.base, one.host) == ("extern", BASE, "e-tjanster.example.se")
    assert one.interfaces == ("catalogue", "instances")
    assert (one.user, one.audience, one.since) == ("statistik", "external", date(2025, 1, 1))
    assert one.password and one.password.reveal() == PASSWORD
    assert (one.pause, one.connect_timeout, one.read_timeout) == (2.0, 10.0, 30.5)
    assert one.paths == {**PATHS, "catalogue_path": "/oversikt/api/v1/getflows/xml"}


def test_a_variable_goes_before_the_file(whole: Path) -> None:
    environment = {
        "OPEN_EPLATFORM_EXTERN_INTERFACES": "catalogue, statistics",
        "OPEN_EPLATFORM_EXTERN_PASSWORD": "en annan",
        "OPEN_EPLATFORM_HR_PORTAL_BASE": "https://intern.example.se",
        "OPEN_EPLATFORM_HR_PORTAL_READ_TIMEOUT": "5",
        "PATH": "/bin",
    }
    extern, other = load_connections(whole, environment)
    assert extern.interfaces == ("catalogue", "statistics")
    assert extern.password and extern.password.reveal() == "en annan"
    assert (other.name, other.base, other.read_timeout) == ("hr-portal", "https://intern.example.se", 5.0)


def test_a_variable_finds_a_name_with_a_hyphen_in_the_file(tmp_path: Path) -> None:
    path = file(tmp_path, "[open_eplatform.hr-portal]", f'base = "{BASE}"')
    login = {"OPEN_EPLATFORM_HR_PORTAL_USER": "u", "OPEN_EPLATFORM_HR_PORTAL_PASSWORD": PASSWORD}
    (one,) = load_connections(path, login)
    assert (one.name, one.base, one.user) == ("hr-portal", BASE, "u")


@pytest.mark.parametrize(
    ("login", "interfaces"),
    [({}, ("catalogue",)), ({"USER": "u", "PASSWORD": "p"}, ("catalogue", "statistics", "instances"))],
)
def test_without_interfaces_what_the_login_opens(
    tmp_path: Path, login: dict[str, str], interfaces: tuple[str, ...]
) -> None:
    environment = {"BASE": BASE, **login}
    (one,) = load_connections(tmp_path / "no", {f"OPEN_EPLATFORM_X_{k}": v for k, v in environment.items()})
    assert one.interfaces == interfaces


def test_nothing_is_set_up(tmp_path: Path) -> None:
    assert load_connections(tmp_path / "no", {}) == ()
    assert load_connections(file(tmp_path, "[other]"), {}) == ()


WRONG = {
    "no base": ({}, InvalidConnection.BASE),
    "no web address": ({"BASE": "ftp://x"}, InvalidConnection.VALUE),
    "no port": ({"BASE": "https://x:port"}, InvalidConnection.VALUE),
    "login in the address": ({"BASE": f"https://u:{PASSWORD}@x.se"}, InvalidConnection.LOGIN_IN_BASE),
    "unknown interface": ({"BASE": BASE, "INTERFACES": "catalogue,flows"}, InvalidConnection.INTERFACE),
    "no interface": ({"BASE": BASE, "INTERFACES": ""}, InvalidConnection.VALUE),
    "cases of nobody knows what": ({"BASE": BASE, "INTERFACES": "instances"}, InvalidConnection.INSTANCES_ALONE),
    "user alone": ({"BASE": BASE, "USER": "u"}, InvalidConnection.INCOMPLETE_LOGIN),
    "password alone": ({"BASE": BASE, "PASSWORD": PASSWORD}, InvalidConnection.INCOMPLETE_LOGIN),
    "colon in the user": ({"BASE": BASE, "USER": "a:b", "PASSWORD": PASSWORD}, InvalidConnection.VALUE),
    "unprotected": ({"BASE": "http://x.se", "USER": "u", "PASSWORD": PASSWORD}, InvalidConnection.UNENCRYPTED),
    "audience": ({"BASE": BASE, "AUDIENCE": "everybody"}, InvalidConnection.VALUE),
    "month": ({"BASE": BASE, "SINCE": "2025"}, InvalidConnection.VALUE),
    "seconds": ({"BASE": BASE, "PAUSE": "nan"}, InvalidConnection.VALUE),
    "path": ({"BASE": BASE, "CATALOGUE_PATH": "https://x.se/"}, InvalidConnection.VALUE),
    "path without family": ({"BASE": BASE, "INSTANCES_PATH": "/api/getinstances"}, InvalidConnection.VALUE),
}


@pytest.mark.parametrize(("settings", "msgid"), WRONG.values(), ids=WRONG)
def test_an_error_is_one_sentence_without_a_secret(tmp_path: Path, settings: dict[str, str], msgid: str) -> None:
    environment = {"OPEN_EPLATFORM_X_PAUSE": "1", **{f"OPEN_EPLATFORM_X_{k}": v for k, v in settings.items()}}
    with pytest.raises(InvalidConnection) as caught:
        load_connections(tmp_path / "no", environment)
    assert caught.value.text == msgid
    text = caught.value.sentence("sv") + "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "%(" not in text and PASSWORD not in text
    assert caught.value.sentence("sv").startswith("x")


def test_http_with_a_password_is_for_this_machine_alone(tmp_path: Path) -> None:
    login = {"OPEN_EPLATFORM_X_USER": "u", "OPEN_EPLATFORM_X_PASSWORD": PASSWORD}
    (one,) = load_connections(tmp_path / "no", {**login, "OPEN_EPLATFORM_X_BASE": "http://localhost:8080"})
    assert one.base == "http://localhost:8080"


def test_one_wrong_connection_leaves_the_others(tmp_path: Path) -> None:
    path = file(tmp_path, "[open_eplatform.a]", "[open_eplatform.b]", f'base = "{BASE}"', "[open_eplatform.C]")
    good, wrong = connections_and_errors(path, {})
    assert [one.name for one in good] == ["b"]
    assert [error.text for error in wrong] == [InvalidConnection.NAME, InvalidConnection.BASE]


def test_one_address_is_one_installation(tmp_path: Path) -> None:
    path = file(tmp_path, "[open_eplatform.a]", f'base = "{BASE}"', "[open_eplatform.b]", f'base = "{BASE}/"')
    good, wrong = connections_and_errors(path, {})
    assert [one.name for one in good] == ["a"]
    assert [error.text for error in wrong] == [InvalidConnection.DUPLICATE_BASE]


@pytest.mark.parametrize(
    ("lines", "msgid"),
    [
        (("[open_eplatform.a", f'password = "{PASSWORD}"'), InvalidConnection.NOT_TOML),
        (("open_eplatform = 1",), InvalidConnection.NOT_A_TABLE),
        (("[open_eplatform]", f'base = "{BASE}"'), InvalidConnection.NOT_A_TABLE),
        (("[open_eplatform.a]", f'base = "{BASE}"', 'pasword = "x"'), InvalidConnection.SETTING),
        (("[open_eplatform.a]", f'base = "{BASE}"', "user = 1", "password = 2"), InvalidConnection.VALUE),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, lines: tuple[str, ...], msgid: str) -> None:
    with pytest.raises(InvalidConnection) as caught:
        load_connections(file(tmp_path, *lines), {})
    assert caught.value.text == msgid
    assert PASSWORD not in caught.value.sentence("sv") and str(tmp_path) not in caught.value.sentence("sv")


def test_a_misspelt_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidConnection) as caught:
        load_connections(tmp_path / "no", {"OPEN_EPLATFORM_X_PASWORD": PASSWORD})
    assert "OPEN_EPLATFORM_X_PASWORD" in caught.value.sentence("sv")
    assert PASSWORD not in caught.value.sentence("sv")


class TestSecret:
    def test_it_does_not_show(self, whole: Path) -> None:
        (one,) = load_connections(whole, {})
        text = f"{one} {one!r} {one.password} {one.password!r} {one.password!s:>20} {vars(one)}"
        assert PASSWORD not in text and "•••" in text
        assert "statistik" not in repr(one)

    def test_it_is_never_written_down(self) -> None:
        for write in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError):
                write(Secret(PASSWORD))
