"""Text for people stands in the message catalogue: no sentence in the domain, none outside a message elsewhere."""

from __future__ import annotations

import ast
import re
import string
import sys
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from text_literals import sources, text_outside_the_catalogue

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "installer"))

import renew_catalogues as catalogues  # noqa: E402 (the path comes first)

from domain import messages  # noqa: E402
from resources.texts.catalogue import ENGLISH, LOCALE, english  # noqa: E402

CONTENT = {
    "domain/law/": "tables of a law, known by their number",
    "domain/trackers/alias_words.py": "words that trackers are written in, in many languages",
    "domain/trackers/header_words.py": "the same",
    "domain/trackers/value_words.py": "the same",
    "domain/trackers/read_values.py": "names of months that trackers are written in",
    "domain/trackers/record_rows.py": "patterns of what trackers hold beside records",
    "domain/trackers/find_table.py": "the same",
    "domain/simulation/": "made-up people and items of a simulation",
    "domain/closure/forms.py": "the form in which a pack names its printer",
    "desktop/application/sample_vault.py": "what the sample vault holds",
    "desktop/store/dialect.py": "SQL",
    "desktop/store/scratch_overflow.py": "SQL",
    "desktop/pdf/archive.py": "XMP metadata as PDF/A wants it",
    "desktop/pdf/colour_profile.py": "a colour profile as ICC wants it",
    "ui/stylesheet.py": "a style sheet",
}
"""Files, or folders, whose literals are not spoken to anybody, with the reason."""
NAMES = frozenset(
    {
        *("Una", "Any", "Literal", "Kind", "Record", "Made", "Register", "Act", "Actor", "Change", "Values", "Given"),
        *(
            "Dropbox",
            "Syncthing",
            "Nextcloud",
            "Google Drive",
            "Seafile",
            "iCloud Drive",
            "Countersign",
            "Fusion",
            "Simulation",
        ),
        *("Ins", "Del", "Plane", "Diagram", "Id", "Target", "Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"),
    }
)
"""Single words that are names in the code, in a format or of a product."""
FORMS = frozenset(
    {
        "{}, version {}",  # the name of a process version, which stands in the log: the same in every language
        "index {}",  # C2SP tlog-proof
        *("alert {}", "file {}"),  # keys of a state that was moved out of memory
        "{} (reportlab {}, qpdf {})",  # the printer's name in a pack
        *("d MMM yyyy", "d MMMM yyyy", "MMM d yyyy", "MMMM d yyyy", "d MMM yyyy HH:mm"),  # of Qt, for its locale
    }
)
"""Forms that are no words of a language."""
BANNED_IN_PROSE = re.compile(
    r"\b(?:ceremon|waiver|deput|founder|cures?\b|drills?\b|lend|shelf|keeper|rungs?\b|deeds?\b|stray|fates?\b|"
    r"keyhole|misdeed|passages?\b|rehears|hats?\b|offices\b|teller)",
    re.IGNORECASE,
)
"""Words that the glossary replaces, and that no ordinary sentence needs."""


@pytest.mark.parametrize("room", catalogues.ROOMS)
def test_text_for_people_is_a_message(room: str) -> None:
    outside = []
    for file in sources(ROOT, room):
        name = file.relative_to(ROOT).as_posix()
        if any(name.startswith(each) for each in CONTENT):
            continue
        outside += [
            f"{name}:{each.line}: {each.text[:80]!r}"
            for each in text_outside_the_catalogue(file.read_text(encoding="utf-8"))
            if each.text not in NAMES | FORMS
        ]
    assert outside == [], "make these messages (domain.messages), then: python installer/renew_catalogues.py"


def test_the_domain_names_messages_and_writes_none() -> None:
    written = [
        f"{file.relative_to(ROOT)}:{call.lineno}: {named}"
        for file in sources(ROOT, "domain")
        for call in catalogues.calls(file.read_text(encoding="utf-8"))
        for named in catalogues.messages_of(call)
        if not catalogues.is_a_name(named)
    ]
    assert written == []


def test_each_message_is_written_out_where_it_is_named() -> None:
    hidden = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in sources(ROOT, *catalogues.ROOMS)
        if file.name != "messages.py" and file.relative_to(ROOT).as_posix() != "domain/rules/obstacles.py"
        for call in catalogues.calls(file.read_text(encoding="utf-8"))
        if not catalogues.messages_of(call)
    ]
    assert hidden == [], "the catalogues are gathered from the code: an id that is computed would be missed"


def test_the_catalogues_are_those_of_the_code() -> None:
    wanted = {each.id for each in catalogues.gathered() if each.id and catalogues.is_a_name(each.id)}
    found = [each for each in catalogues.read(ENGLISH) if each.id]
    assert [each.id for each in found if catalogues.lacks_text(each)] == []
    assert {each.id for each in found} == wanted, "python installer/renew_catalogues.py"


@pytest.mark.parametrize("language", sorted(each.name for each in LOCALE.iterdir() if each.is_dir()))
def test_each_catalogue_is_compiled_as_it_stands(language: str) -> None:
    source = catalogues.po_file(language)
    assert source.with_suffix(".mo").read_bytes() == catalogues.compiled(catalogues.read(language))


def places(text: str) -> set[str]:
    """The names of the places of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def english_texts() -> dict[str, str]:
    """The English texts by their ids; of a message with a plural each by its own."""
    texts: dict[str, str] = {}
    for each in catalogues.read(ENGLISH):
        if isinstance(each.id, (tuple, list)):
            texts.update(zip(each.id, each.string, strict=True))
        elif each.id:
            texts[each.id] = str(each.string)
    return texts


def all_texts() -> set[str]:
    """Every text that English shows: those of the catalogue, and those that are written out in the code."""
    written = (each.id for each in catalogues.gathered() if each.id and not catalogues.is_a_name(each.id))
    named = (text for id_ in written for text in (id_ if isinstance(id_, (tuple, list)) else (id_,)))
    return {*english_texts().values(), *named}


ALWAYS_GIVEN = {"obstacle": {"actor", "number", "process", "responsible", "about"}, "plural_message": {"count"}}
"""What a function gives to its messages, or keeps for itself, beside what it is called with."""


def wrongly_filled() -> Iterator[str]:
    """Calls that give what none of their texts has a place for, or leave a place empty."""
    english = english_texts()
    for file in sources(ROOT, *catalogues.ROOMS):
        for call in catalogues.calls(file.read_text(encoding="utf-8")):
            given, function = {each.arg for each in call.keywords}, ast.unparse(call.func)
            always = ALWAYS_GIVEN.get(function, set())
            named = catalogues.messages_of(call)
            ids = [one for each in named for one in (each if isinstance(each, tuple) else (each,))]
            wanted = {place for each in ids for place in places(english.get(each, each))}
            filled_later = function == "Message" and not given
            if None not in given and not filled_later and (wanted | always) != (given | always):
                yield f"{file.relative_to(ROOT)}:{call.lineno}: {ids}: given {given}, places {wanted}"


def test_a_text_has_a_place_for_each_thing_it_is_given_and_no_other() -> None:
    assert list(wrongly_filled()) == []


def test_no_message_holds_a_word_that_the_glossary_replaces() -> None:
    assert [text for text in all_texts() if BANNED_IN_PROSE.search(text)] == []


def test_no_message_holds_a_place_without_a_name() -> None:
    assert [text for text in all_texts() if re.search(r"%[1-9]|\{\}|\{\d", text)] == []


@pytest.mark.parametrize(
    ("number", "read"), [(0, "0 rows have no id."), (1, "1 row has no id."), (2, "2 rows have no id.")]
)
def test_a_text_that_counts_reads_right(number: int, read: str) -> None:
    assert messages.plural_message("plan.no_id.one", "plan.no_id.many", number) == read


@pytest.mark.parametrize(("number", "read"), [(1, "1 entry"), (2, "2 entries"), (1200, "1,200 entries")])
def test_a_text_written_out_in_english_reads_right_too(number: int, read: str) -> None:
    assert messages.plural_message("{count} entry", "{count} entries", number, count=f"{number:,}") == read


def test_without_a_catalogue_a_count_is_shown_beside_its_id() -> None:
    messages.use_catalogue(NullTranslations(), of_record=english())
    try:
        assert messages.plural_message("plan.no_id.one", "plan.no_id.many", 1) == "plan.no_id.one (count: 1)"
        assert messages.plural_message("plan.no_id.one", "plan.no_id.many", 2) == "plan.no_id.many (count: 2)"
    finally:
        messages.use_catalogue(english(), of_record=english())


def test_a_plural_without_all_its_texts_is_missed() -> None:
    planted = Catalog(locale="en")
    planted.add(("one", "many"), ("{count} row", ""))
    planted.add(("a.one", "a.many"), ("{count} row", "{count} rows"))
    planted.add("none")
    assert [each.id for each in planted if each.id and catalogues.lacks_text(each)] == [("one", "many"), "none"]


def test_a_sentence_outside_the_catalogue_would_be_found() -> None:
    planted = 'def why(name: str) -> str:\n    """Say why."""\n    return f"Ask {name} first"\n'
    assert [each.text for each in text_outside_the_catalogue(planted)] == ["Ask {} first"]
    assert ast.parse(planted)
