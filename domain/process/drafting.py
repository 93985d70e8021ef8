"""A definition while it is written: a JSON document that may still contradict itself, and its parts as a tree.

Nothing here names a rule of a process: the parts, what they hold and what new ones begin with follow from the
schema (`domain.process.definition`). Paths are those of `domain.process.edit`.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from domain.law.letters import small
from domain.messages import message
from domain.process.definition import CORE_FIELDS, CREATOR, NAMED_IN, OWNER, ProcessVersion
from domain.process.scenario_definition import Scenario

Document = dict[str, Any]
Kind = Literal["part", "list", "optional"]

WORDS_OF: Final[dict[str, str]] = {
    **dict.fromkeys(("owner_role", "accountable", "reviewer_role", "escalation_contact", "again_role", "role"), "role"),
    **dict.fromkeys(
        ("responsible", "roles", "decided_by", "drafted_by", "higher_roles", "requested_by", "proposed_by"), "place"
    ),
    "approved_by": "place",
    **dict.fromkeys(("set_by", "not_by"), "person"),
    **dict.fromkeys(("source", "target", "step", "locked_from", "required_at", "set_at", "steps"), "step"),
    **dict.fromkeys(("signs", "field", "of", "required_when", "unless"), "field"),
    **dict.fromkeys(("still_approved", "gates"), "gate"),
    "evidence": "evidence",
}
"""What the words in a member name, by the member; `fields` of a gate or an outcome are fields too."""

_HIDDEN: Final = frozenset({"scenarios", "version", "migration"})


class PartNode(msgspec.Struct, frozen=True, kw_only=True):
    """One place of the tree: a part with members, a list of parts, or a rule that may be left out.

    `kind` "list" takes new parts, "optional" is a rule that is not there yet. `words` is what a person knows it by.
    """

    path: str
    words: str
    kind: Kind
    struct: type[msgspec.Struct]
    depth: int


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One plain value of a part: text, number, yes or no, one of some words, several words, or the values that fields
    hold (`held`).

    `names` says what the words name ("" = free text), `choices` the words allowed where the schema lists them.
    `default` is what holds where the document leaves the member out.
    """

    name: str
    form: Literal["text", "number", "yes_no", "choice", "words", "table", "held"]
    names: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    default: Any = None


def skeleton(*, id_: str, title: str, prefix: str, role: str) -> Document:
    """The least definition that holds together: one open step, a closed one, and a role that may do everything."""
    everything = [{"verb": verb, "roles": [role]} for verb in ("create", "edit", "assign", "move", "add_evidence")]
    return {
        "id": id_,
        "version": 1,
        "title": title,
        "objective": message("drafting.what_is_for", title=title),
        "scope": message("drafting.what_belongs_to_it"),
        "owner_role": role,
        "roles": [{"id": role, "title": in_words(role)}],
        "steps": [
            {
                "id": "opened",
                "title": message("drafting.opened"),
                "responsible": OWNER,
                "accountable": role,
                "sla_days": 5,
            },
            {"id": "closed", "title": message("drafting.closed"), "responsible": role, "accountable": role},
        ],
        "transitions": [{"from": "opened", "to": "closed", "title": message("drafting.close")}],
        "rights": [*everything, {"verb": "close", "roles": [role]}],
        "hold": {"roles": [role]},
        "cancel": {"roles": [role], "meaning": message("drafting.i_approve_that_this")},
        "reopen": {"roles": [role], "meaning": message("drafting.i_reopen_this_work"), "step": "opened"},
        "closure": {
            "step": "closed",
            "meaning": message("drafting.i_declare_that_the"),
            "outcomes": [{"outcome": "reached", "title": message("drafting.outcome_reached")}],
            "gate": {},
        },
        "numbering": {"prefix": prefix},
        "control": {"drafted_by": [role]},
        "scenarios": [_first_scenario(role)],
    }


def _first_scenario(role: str) -> Document:
    begun = {"who": "Una", "does": "create_item", "item": "A", "args": {"fields": {"title": message("drafting.begun")}}}
    return {
        "id": "begun",
        "title": message("drafting.work_is_begun"),
        "kind": "normal_path",
        "people": {"Una": [role]},
        "given": [begun],
    }


def in_words(name: str) -> str:
    """A member or an id as people read it: "sla_days" is "Sla days"."""
    return name.replace("_", " ").capitalize()


def word_of(title: str, taken: frozenset[str] = frozenset()) -> str:
    """An id made of a title, different from those taken."""
    word = re.sub(r"[^a-z0-9]+", "_", small(title)).strip("_")[:34] or "part"
    word = word if "a" <= word[0] <= "z" else f"p_{word}"
    number, found = 2, word
    while found in taken:
        found, number = f"{word}_{number}", number + 1
    return found


def tree(document: Document) -> tuple[PartNode, ...]:
    """Every part of the document in reading order, parents before their parts."""
    root = PartNode(
        path="", words=document.get("title") or message("drafting.process"), kind="part", struct=ProcessVersion, depth=0
    )
    return (root, *_below(document, "", ProcessVersion, 1))


def _below(here: Any, path: str, struct: type[msgspec.Struct], depth: int) -> Iterator[PartNode]:
    for name, encoded, hint in _hints(struct):
        if name in _HIDDEN:
            continue
        inner, many, optional = _part_of(hint)
        if inner is None:
            continue
        place = f"{path}.{encoded}" if path else encoded
        value = here.get(encoded)
        if many:
            yield PartNode(path=place, words=in_words(name), kind="list", struct=inner, depth=depth)
            for number, each in enumerate(value or ()):
                words = _title(each) or f"{in_words(name)} {number + 1}"
                node = f"{place}[{number}]"
                yield PartNode(path=node, words=words, kind="part", struct=inner, depth=depth + 1)
                yield from _below(each, node, inner, depth + 2)
        elif value is None and optional:
            yield PartNode(path=place, words=in_words(name), kind="optional", struct=inner, depth=depth)
        else:
            yield PartNode(path=place, words=in_words(name), kind="part", struct=inner, depth=depth)
            yield from _below(value if value is not None else {}, place, inner, depth + 1)


def _title(part: Document) -> str:
    if "verb" in part:
        return f"{in_words(part['verb'])}: {', '.join(part.get('roles', ()))}"
    if "level" in part:
        return message("drafting.level", part=part["level"], role=part.get("role", ""))
    if "at_percent" in part:
        return f"{part['at_percent']} %: {part.get('role', '')}"
    return next((str(part[name]) for name in ("title", "id", "text", "content", "field") if part.get(name)), "")


def members(struct: type[msgspec.Struct]) -> tuple[tuple[Member, str], ...]:
    """The plain members of a kind of part with their names in the document, in the order of the schema."""
    required = {field.name for field in msgspec.structs.fields(struct) if field.required}
    defaults = {field.name: field.default for field in msgspec.structs.fields(struct)}
    found = []
    for name, encoded, hint in _hints(struct):
        if name in _HIDDEN or _part_of(hint)[0] is not None:
            continue
        form, choices = _form(hint)
        if form is None:
            continue
        found.append(
            (
                Member(
                    name=name,
                    form=form,
                    names=_names(struct, name),
                    choices=choices,
                    required=name in required,
                    default=defaults[name] if isinstance(defaults[name], str | int | tuple) else None,
                ),
                encoded,
            )
        )
    return tuple(found)


def _names(struct: type[msgspec.Struct], name: str) -> str:
    if name == "fields" and struct is not ProcessVersion:
        return "field"
    return WORDS_OF.get(name, "")


def _form(hint: Any) -> tuple[Any, tuple[str, ...]]:
    plain = {bool: "yes_no", int: "number", str: "text"}.get(hint) if isinstance(hint, type) else None
    if plain:
        return plain, ()
    if get_origin(hint) is dict and get_args(hint) == (str, tuple[str, ...]):
        return "held", ()
    if get_origin(hint) is Literal:
        return "choice", tuple(str(each) for each in get_args(hint))
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return "words", tuple(str(each) for each in get_args(inner)) if get_origin(inner) is Literal else ()
    return None, ()


def _hints(struct: type[msgspec.Struct]) -> Iterator[tuple[str, str, Any]]:
    hints = get_type_hints(struct)
    for field in msgspec.structs.fields(struct):
        yield field.name, field.encode_name, hints[field.name]


def _part_of(hint: Any) -> tuple[type[msgspec.Struct] | None, bool, bool]:
    """The kind of part a member holds, whether it holds many, and whether it may be left out."""
    if get_origin(hint) in (Union, types.UnionType):
        inner = [each for each in get_args(hint) if each is not type(None)]
        return (*_part_of(inner[0])[:2], True)
    if get_origin(hint) is tuple:
        return (_struct(get_args(hint)[0]), True, False) if _struct(get_args(hint)[0]) else (None, False, False)
    return _struct(hint), False, False


def _struct(hint: Any) -> type[msgspec.Struct] | None:
    return hint if isinstance(hint, type) and issubclass(hint, msgspec.Struct) and hint is not Scenario else None


def words_for(document: Document, names: str) -> tuple[tuple[str, str], ...]:
    """(word, title) of everything that a member may name: roles, steps, fields, evidence, gates."""

    def listed(group: str) -> tuple[tuple[str, str], ...]:
        return tuple((each.get("id", ""), each.get("title") or each.get("id", "")) for each in document.get(group, ()))

    places = ((OWNER, message("drafting.owner_of_the_item")), (CREATOR, message("drafting.creator_of_the_item")))
    transitions = tuple(
        (f"{each.get('from', '')}->{each.get('to', '')}", each.get("title", ""))
        for each in document.get("transitions", ())
    )
    known = {
        "role": listed("roles"),
        "place": (*listed("roles"), *places),
        "person": (
            *listed("roles"),
            *places,
            *(
                (f"{NAMED_IN}{each.get('id', '')}", message("people.named_in", title=each.get("title", "")))
                for each in document.get("fields", ())
                if each.get("kind") == "person"
            ),
        ),
        "step": listed("steps"),
        "field": (*((name, in_words(name)) for name in CORE_FIELDS), *listed("fields")),
        "evidence": listed("evidence"),
        "gate": transitions,
    }
    return known.get(names, ())


def at(document: Document, path: str) -> Any:
    """What stands at a place; None when nothing does. The empty path is the document."""
    here: Any = document
    for step in _path(path):
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
        else:
            here = here.get(step) if isinstance(here, dict) else None
        if here is None:
            return None
    return here


def with_value(document: Document, path: str, value: Any) -> Document:
    """The document with this value at a place; None takes a member or a part of a list out."""
    found = deepcopy(document)
    *steps, last = _path(path)
    here: Any = found
    for step in steps:
        here = here[step] if isinstance(step, int) else here.setdefault(step, {})
    if isinstance(last, int):
        if value is None:
            del here[last]
        else:
            here[last : last + 1] = [value]
    elif value is None:
        here.pop(last, None)
    else:
        here[last] = value
    return found


def _path(path: str) -> list[str | int]:
    return [int(part) if part.isascii() and part.isdigit() else part for part in re.findall(r"[^.\[\]]+", path)]


def blank(struct: type[msgspec.Struct], document: Document) -> Document:
    """What a new part begins with: words for every member that has to be there, naming things that are there."""
    part: Document = {}
    for member, encoded in members(struct):
        if not member.required:
            continue
        if member.names:
            known = words_for(document, member.names)
            first = known[0][0] if known else ""
            part[encoded] = [first] if member.form == "words" else first
        elif member.choices:
            part[encoded] = member.choices[0]
        else:
            part[encoded] = {"number": 1, "yes_no": False, "words": []}.get(member.form, message("drafting.new"))
    for name, encoded, hint in _hints(struct):
        inner, many, _optional = _part_of(hint)
        if inner is not None and encoded not in part and name in _required(struct):
            part[encoded] = [] if many else blank(inner, document)
    if "id" in part:
        part["id"] = word_of("new", frozenset(_ids(document)))
    return part


def _required(struct: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(field.name for field in msgspec.structs.fields(struct) if field.required)


def _ids(document: Document) -> Iterator[str]:
    for group in ("roles", "steps", "fields", "evidence", "metrics", "risk_controls", "alerts"):
        yield from (each.get("id", "") for each in document.get(group, ()))


def renamed(document: Document, names: str, old: str, new: str) -> Document:
    """The document with a role, step, field or requirement called otherwise, wherever it is named."""
    found = deepcopy(document)
    group = {"role": "roles", "step": "steps", "field": "fields", "evidence": "evidence"}[names]
    for each in found.get(group, ()):
        if each.get("id") == old:
            each["id"] = new
    _rename_below(found, ProcessVersion, names, old, new)
    return found


def _rename_below(here: Document, struct: type[msgspec.Struct], names: str, old: str, new: str) -> None:
    for member, encoded in members(struct):
        meant = "role" if member.names in ("place", "person") else member.names
        if encoded in here and member.names == "person" and names == "field":
            named = f"{NAMED_IN}{old}"
            here[encoded] = [f"{NAMED_IN}{new}" if each == named else each for each in here[encoded]]
        if encoded in here and member.form == "held" and names == "field":
            here[encoded] = {new if field == old else field: values for field, values in here[encoded].items()}
        elif encoded in here and meant == names:
            value = here[encoded]
            here[encoded] = (
                [new if each == old else each for each in value]
                if isinstance(value, list)
                else (new if value == old else value)
            )
        if encoded in here and meant == "gate" and names == "step":
            here[encoded] = [
                "->".join(new if end == old else end for end in each.split("->")) for each in here[encoded]
            ]
    for _name, encoded, hint in _hints(struct):
        inner, many, _optional = _part_of(hint)
        if inner is None or not here.get(encoded):
            continue
        for each in here[encoded] if many else (here[encoded],):
            _rename_below(each, inner, names, old, new)
