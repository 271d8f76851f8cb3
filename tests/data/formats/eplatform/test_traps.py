"""Damaged and hostile answers: encodings, wrong prologs, truncated files, entities, and personal data."""

import csv
import json
import tracemalloc
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.base.language import translations
from data.formats.eplatform.answers import host_in_head, open_answer
from data.formats.origin import Origin
from data.intake.detect_format import open_file
from data.messages.render import sentence
from data.messages.templates import MESSAGES
from data.readers.errors import Unreadable
from data.readers.file_scan import scan_file
from tests.data.drafts import codes_of, prepare_file
from tests.data.platform_answers import (
    CATALOGUE,
    RECORDED,
    TODAY,
    catalogue,
    flow,
    instance,
    instances,
    read,
    recorded,
    refusal,
    sheets_of,
    statistics,
    version,
)

NAME = "Ansök – å ä ö é"
PLAIN = "Ansök å ä ö é"


def names(folder: Path, content: bytes | str) -> list[str]:
    """The names in a catalogue."""
    return read(folder, content).column("e_services", "name")


def in_json(**fields: str) -> str:
    """A catalogue of two flows in JSON; the fields of the first are not escaped."""
    text = {"ID": "1", "FlowFamilyID": "7", "Name": '"Flow"', "Category": '"Bygga"', "Enabled": "true", **fields}
    inner = ",\n".join(f'"{key}": {value}' for key, value in text.items())
    return f'{{"Flows": [\n{{{inner}}},\n{{"ID": 2, "FlowFamilyID": 8, "Name": "Next", "Enabled": false}}\n]}}'


@pytest.mark.parametrize("prolog", ["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="{}"?>\n<!-- x -->\n'])
@pytest.mark.parametrize("declared", ["UTF-8", "ISO-8859-1", "utf-16", "nonsense"])
@pytest.mark.parametrize("before", ["", " \n\t", "\ufeff", "\ufeff\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
def test_the_bytes_decide_the_encoding(tmp_path: Path, prolog: str, declared: str, before: str, encoding: str) -> None:
    """Whatever the prolog declares, and whatever precedes it."""
    name = PLAIN if encoding == "latin-1" else NAME
    text = before + prolog.format(declared) + catalogue([flow(1, Name=name)])
    if encoding in ("latin-1", "cp1252"):
        text = text.lstrip("\ufeff")
    assert names(tmp_path, text.encode(encoding)) == [name]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_json_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    """With white space before it, too."""
    assert names(tmp_path, ("\n " + in_json(Name=f'"{PLAIN}"')).encode(encoding)) == [PLAIN, "Next"]


@pytest.mark.parametrize(
    ("name", "read_as"),
    [
        ("A & B", "A & B"),
        ("A &amp; B", "A & B"),
        ("R&D &nbsp; &ouml;l", "R&D öl"),
        ("&#246;l &#x41;", "öl A"),
        ("<![CDATA[A & B &ouml; <i>]]>", "A & B ö <i>"),
        ("a\x01b&#2;c\x0b", "abc"),
        ("  two\n lines ", "two lines"),
        ("&amp;amp;lt;", "&lt;"),
    ],
)
def test_signs_in_xml_names(tmp_path: Path, name: str, read_as: str) -> None:
    """Bare ampersands and control characters are repaired; HTML entities are resolved once."""
    assert names(tmp_path, catalogue([flow(1)]).replace("Flow 1", name)) == [read_as]


def test_repairs_give_notes(tmp_path: Path) -> None:
    """With counts; without repairs there is no note."""
    text = catalogue([flow(1, Name="x\x01y")]).replace("Bygga", "A & B &ouml; &amp; <![CDATA[ & ]]>")
    assert read(tmp_path, text).notes == {"platform_ampersands": {"count": 2}, "platform_controls": {"count": 1}}
    assert read(tmp_path, in_json(Name='"a\\d\x02"')).notes == {
        "platform_backslashes": {"count": 1},
        "platform_controls": {"count": 1},
    }


@pytest.mark.parametrize("bare", ["007", "2024", "1e5", "1E-3", "-0.50", "1d", "NaN", "+5", ".5"])
def test_names_that_look_like_numbers(tmp_path: Path, bare: str) -> None:
    """Are texts, exactly as they are written, with a note."""
    result = read(tmp_path, in_json(Name=bare))
    assert result.column("e_services", "name") == [bare, "Next"]
    assert result.notes == {"platform_numeric_names": {"count": 1}}
    assert names(tmp_path, catalogue([flow(1, Name=bare)])) == [bare]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r'"C:\Skola\bygg\form"', r"C:\Skola\bygg\form"),
        (r'"a\\b"', r"a\b"),
        (r'"say \"hi\", then"', 'say "hi", then'),
        (r'"ends with\"', "ends with\\"),
        (r'"ends with\\"', "ends with\\"),
        (r'"\u00e5 \u12 \ud83d\ude00 \ud83d"', "å \\u12 😀 �"),
        (r'"a\/b\tc\nd"', "a/b c d"),
        ('"a\nb\tc"', "a b c"),
        (r'"{\"Flows\": [ ] } , \"x\":"', '{"Flows": [ ] } , "x":'),
        ('"A &amp; B"', "A & B"),
    ],
)
def test_backslashes_in_json(tmp_path: Path, written: str, meant: str) -> None:
    """A backslash that escapes nothing is kept, also at the end of a name."""
    assert names(tmp_path, in_json(Name=written)) == [meant, "Next"]
    assert names(tmp_path, in_json(Name='"x"', ShortDescription=written)) == ["x", "Next"]


# The escapes \b and \f are read as a backslash and a letter, since the platform does not escape backslashes.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\b\f"), max_size=30)


@given(st.dictionaries(st.sampled_from(["name", "x", "Category"]), TEXTS), st.integers(0, 4))
def test_well_written_json_is_read_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, str], indent: int
) -> None:
    """The name equals a JSON library's, except for white space and control characters."""
    fields = {**fields, "name": fields.get("name", "") + "x"}
    values = {
        "Flows": [{"ID": 1, "FlowFamilyID": 2, "Enabled": True, **fields, "deep": {"a": [1, None, {"b": fields}]}}]
    }
    text = json.dumps(values, indent=indent or None)
    (name,) = names(tmp_path_factory.mktemp("x"), text.replace("&", "+"))
    saved = [c for c in fields["name"].replace("&", "+") if c.isprintable() and not c.isspace()]
    assert [c for c in name if c in saved and not c.isspace()] == saved


@pytest.mark.parametrize(
    "text",
    [
        '{"Flows": [{"FlowFamilyID": 1 "Name": "x"}]}',
        '{"Flows": [{"FlowFamilyID": 1,, "Name": "x"}]}',
        '{"Flows": [{"FlowFamilyID": 1}, 5]}',
        '{"Flows": [{"FlowFamilyID": 1}]} x',
        '{"Flows": [{"FlowFamilyID": 1}], ]}',
        '{"Flows": [{"FlowFamilyID": ":" ":" 1}]}',
        '{"Flows": [{"x": ' + "[" * 5000 + "1" + "]" * 5000 + "}]}",
        "<Flows><Flow><ID>1</Name></Flow></Flows>",
        "<Flows><Flow><ID>1</ID><Enabled>true</Enabled></Flow></Flows><Flows/>",
        "<Flows>" + "<x>" * 5000 + "</x>" * 5000 + "</Flows>",
        "<FlowInstances><FlowInstance><flowInstanceID>1</flowInstanceID><br></FlowInstance></FlowInstances>",
    ],
)
def test_damaged_answers(tmp_path: Path, text: str) -> None:
    """With the row, and without exceeding the recursion limit."""
    code, row = refusal(tmp_path, text)
    assert code == "platform_broken" and row == 1


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE Flows [<!ENTITY a "aaaa">]><Flows><Flow><Name>&a;</Name></Flow></Flows>',
        '<!DOCTYPE Flows SYSTEM "file:///etc/hostname"><Flows/>',
        '<?xml version="1.0"?><!-- x --><!DOCTYPE x [<!ENTITY % p SYSTEM "http://x.example/"> %p;]><FlowInstances/>',
    ],
)
def test_declarations_are_refused(tmp_path: Path, text: str) -> None:
    """Entities are never expanded."""
    for encoding in ("utf-8", "utf-16"):
        assert refusal(tmp_path, text.encode(encoding))[0] == "platform_declarations"


@pytest.mark.parametrize(
    "page",
    [recorded("restrictedflows-not-found.html"), b"<html><body><form><input type=password></form></body></html>"],
)
def test_web_pages_are_no_answers(tmp_path: Path, page: bytes) -> None:
    """Refused where an answer was requested; in an import it may be a listing of the website."""
    (tmp_path / "page").write_bytes(page)
    with pytest.raises(Unreadable) as raised:
        open_answer(tmp_path / "page", scan_file(tmp_path / "page"), TODAY)
    assert raised.value.code == "platform_web_page" and sheets_of(tmp_path, page) is None


def test_an_error_page_in_the_import(tmp_path: Path) -> None:
    """Gets its own message."""
    assert codes_of(prepare_file(tmp_path, recorded("restrictedflows-not-found.html")).faults) == ["platform_web_page"]


def test_errors_of_the_platform(tmp_path: Path) -> None:
    """Come with HTTP 200; the note has their keys, and no free text."""
    error = "<validationError><messageKey>{}</messageKey><displayName>Anna Ek</displayName></validationError>"
    keys = error.format("FlowNotFound") + error.format("Anna Ek 19850709-9805") + error.format("FlowNotFound")
    (fault,) = prepare_file(tmp_path, f"<ValidationErrors>{keys}</ValidationErrors>").faults
    assert fault.code == "platform_validation" and fault.params["names"] == ["FlowNotFound"]
    assert "Anna" not in sentence(fault) + sentence(fault, "en")
    assert refusal(tmp_path, "<FlowInstances><ValidationErrors/></FlowInstances>")[0] == "platform_validation"


@pytest.mark.parametrize(
    "text", ["<svg/>", "<urlset><url/></urlset>", '{"a": 1}', "[]", "a;b\n1;2\n", "Status", "<Status/>"]
)
def test_other_files_are_left_to_others(tmp_path: Path, text: str) -> None:
    """Without anything of the platform's."""
    assert sheets_of(tmp_path, text) is None


def test_a_catalogue_without_the_fields_of_either_kind_is_refused(tmp_path: Path) -> None:
    """It is refused."""
    assert refusal(tmp_path, catalogue([{"ID": 1, "FlowFamilyID": 2, "Name": "x"}]))[0] == "platform_fields"


ANSWERS = {
    "catalogue": catalogue([flow(1, Name="Å & ö"), flow(2)]),
    "json": in_json(Name='"Å \\"x\\" \\d"', Aliases='["https://e.example.se/a", "b"]'),
    "versions": catalogue([version(1, 1, Published="2024-01-01", Internal="true"), version(2, 2, Internal="false")]),
    "statistics": statistics(
        [{"flowID": 1, "submitted": "2026-01-01 10:00"}, {"flowID": 2, "submitted": "2026-01-01 10:00"}]
    ),
    "instances": instances([instance(1, "ARCHIVED", lastStatusChange="2026-04-01 10:00"), instance(2)]),
    "recorded": recorded("getwaitinginstances-showstatus.iso-8859-1.xml").decode("latin-1"),
    "empty": "<FlowInstances />",
}


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
@pytest.mark.parametrize("name", ANSWERS)
def test_a_truncated_answer_is_never_accepted(tmp_path: Path, name: str, encoding: str) -> None:
    """At any of 300 places except trailing white space."""
    complete = ANSWERS[name].strip().encode(encoding)
    rows = read(tmp_path, complete).rows
    path = tmp_path / "cut"
    for end in range(1, len(complete), 1 + len(complete) // 300):
        path.write_bytes(complete[:end])
        try:
            sheets, _ = open_file(path, scan_file(path), tmp_path / "work", Origin(TODAY))
        except Unreadable:
            continue
        assert all(sheet.dataset is None for sheet in sheets), end  # the first bytes, as if a table of text
        assert end < 20 and not any(prepare_file(tmp_path, complete[:end]).tables)
    assert read(tmp_path, complete + "\n ".encode(encoding).removeprefix(b"\xff\xfe")).rows == rows


def test_a_truncated_answer_has_its_line(tmp_path: Path) -> None:
    """The line where it ends."""
    text = recorded("getinstances-with-family.xml")
    assert refusal(tmp_path, text[: len(text) // 2])[0] == "platform_cut"
    assert refusal(tmp_path, '{"Flows": [\n{"FlowFamilyID": 1,\n"Name": "x') == ("platform_cut", 3)
    assert refusal(tmp_path, "<Flows>\n<Flow>\n<Na") == ("platform_cut", 3)


PERSONAL = ["joedoe", "Joe", "Doe", "joe.doe@sundsvall.se", "23622", "Privatperson", "19XXXXXXXXXX", "Arrendera"]


@pytest.mark.parametrize("name", [p.name for p in sorted(RECORDED.glob("get*instances*.xml"))])
@pytest.mark.parametrize(
    "breaking", [b"", b"</FlowInstances>", b"<FlowInstance><flowInstanceID>joedoe</flowInstanceID>"]
)
def test_no_personal_data_in_the_rows(tmp_path: Path, name: str, breaking: bytes) -> None:
    """Neither in a written file nor in a note or error."""
    end = recorded(name).rstrip()
    text = end.replace(b"</FlowInstances>", breaking + b"</FlowInstances>")
    try:
        result = sheets_of(tmp_path, text, Origin(TODAY, family=1))
        message = str(result.notes if result else "")
    except Unreadable as error:
        message = f"{error} {error.params} {error.__cause__} {MESSAGES[error.code] % dict(error.params)}"
    written = "".join(p.read_text("utf-8") for p in (tmp_path / "work").glob("*"))
    assert not [word for word in PERSONAL if word in message + written]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=8, max_size=40).filter(str.strip)
)
def test_no_personal_field_is_read(tmp_path_factory: pytest.TempPathFactory, secret: str) -> None:
    """Wherever the platform puts it."""
    folder, secret = tmp_path_factory.mktemp("x"), f"§{secret}§"
    wrapped = "<user><name>{0}</name><added>{0}</added><value>{0}</value><attribute>{0}</attribute></user>"
    fields = dict.fromkeys(("userDescription", "managerDescription", "sex", "age", "name"), secret)
    text = instances([instance(1, "SUBMITTED", **fields)])
    text = text.replace("</FlowInstance>", f"<poster>{wrapped.format(escape(secret))}</poster></FlowInstance>")
    result = read(folder, text)
    with result.sheets[0]._path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert cells[2:] == ["oep-1", "oep-7", "2026-03-14", "e_service", "nej", ""]
    assert secret not in str(result.notes)


def write_large(path: Path, kind: str, count: int) -> None:
    """An answer of `count` elements with ten kilobytes each of fields that are not read."""
    bulk = "å &lt;p&gt; " * 800
    with path.open("w", encoding="latin-1") as file:
        file.write("<FlowInstances>" if kind == "xml" else '{"Flows": [')
        for i in range(count):
            one = {"ID": i, "FlowFamilyID": i, "Name": "x", "LongDescription": bulk, "Enabled": True}
            case = f"<FlowInstance><userDescription>{bulk}</userDescription><flowInstanceID>{i}</flowInstanceID>"
            case += "<firstSubmitted>2026-01-01 10:00</firstSubmitted><flowFamilyID>1</flowFamilyID></FlowInstance>\n"
            file.write(case if kind == "xml" else ("," if i else "") + json.dumps(one, ensure_ascii=False) + "\n")
        file.write("</FlowInstances>" if kind == "xml" else "]}")


@pytest.mark.parametrize("kind", ["xml", "json"])
def test_a_large_answer_is_never_held_whole(tmp_path: Path, kind: str) -> None:
    """Three times the size takes no more memory, and fields that are not read are not written."""
    peaks, work = [], tmp_path / "work"
    work.mkdir()
    for count in (1000, 3000):
        path = tmp_path / str(count)
        write_large(path, kind, count)
        result = scan_file(path)
        tracemalloc.start()
        sheets, _ = open_file(path, result, work, Origin(TODAY))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert sheets and sum(p.stat().st_size for p in work.iterdir()) < result.size / 20
    assert peaks[1] < peaks[0] + result.size / 4


@pytest.mark.parametrize("name", [CATALOGUE, "xml", "utf-16"])
def test_the_host_of_a_catalogue(tmp_path: Path, name: str) -> None:
    """By its first bytes, and by the answer."""
    text = catalogue([flow(1, FlowFamilyURL="https://E.example.se:8443/x")])
    content = recorded(name) if name == CATALOGUE else text.encode("utf-8" if name == "xml" else "utf-16")
    (tmp_path / "a").write_bytes(content)
    answer = open_answer(tmp_path / "a", scan_file(tmp_path / "a"), TODAY)
    expected = "e-tjanster.sundsvall.se" if name == CATALOGUE else "e.example.se"
    assert answer and answer.host == host_in_head(content[:3000]) == expected
    assert (
        host_in_head(recorded("getinstances-with-family.xml")) is None
        and host_in_head(b'{"URL": "https:\\/\\/a.se\\/b"') == "a.se"
    )


def test_every_message_can_be_rendered() -> None:
    """In English, with the parameters of the codes."""
    text = {"names": "a", "name": "b", "count": 1, "month": "2026-01"}
    mine = [code for code in MESSAGES if code.startswith(("platform_", "weeks_", "installation_", "family_"))]
    assert len(mine) > 20 and all(MESSAGES[code] % text for code in mine) and translations("en")
