"""What the register asks, as kept statements: each is compiled once and costs what its text costs from then on."""

from __future__ import annotations

from functools import cache, lru_cache

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, literal, or_, select, union, union_all

from desktop.store.dialect import holds_bytes, member_of
from desktop.store.rows import whole
from desktop.store.statements import Kept, one_of
from desktop.store.tables import change, entry, file_chunk, record_tables
from domain.records.registry import ITEM_FILE

_NOT_BEHIND = '"behind":""'
"""Headers are canonical JSON: inside a text value the quotation marks would be escaped."""
_item, _file, _link = (record_tables[name] for name in ("item", "file", "link"))
_ABOUT = tuple(record_tables[name] for name in ITEM_FILE.values())


@cache
def all_of(record: str, *order: str) -> Kept:
    """Every record of a kind, ordered by fields."""
    table = record_tables[record]
    return Kept(whole(record).order_by(*(table.c[name] for name in order)))


@cache
def with_field(record: str, field: str, *order: str) -> Kept:
    """Records whose field has a value, ordered by fields."""
    table = record_tables[record]
    return Kept(whole(record).where(table.c[field] == bindparam(field)).order_by(*(table.c[name] for name in order)))


ITEM = Kept(whole("item").where(or_(_item.c.id == bindparam("item"), _item.c.number == bindparam("item"))))
LINKS_ABOUT = Kept(
    whole("link").where(or_(_link.c.item == bindparam("item"), _link.c.other == bindparam("item"))).order_by(_link.c.id)
)
RECORDS_OF_AN_ITEM = Kept(
    union_all(
        *(
            select(literal(record)).where(exists().where(record_tables[record].c.item == bindparam("item")))
            for record in ITEM_FILE.values()
        )
    )
)
"""Most items have none of these records: one question shows which tables are worth asking."""

LAST_NUMBER = Kept(
    select(_item.c.number)
    .where(_item.c.process == bindparam("process"))
    .order_by(func.length(_item.c.number).desc(), _item.c.number.desc())
    .limit(1)
)
BY_SOURCE = Kept(
    select(_item.c.source_key, _item.c.source_fingerprint, _item.c.id).where(
        _item.c.process == bindparam("process"), _item.c.source_fingerprint != ""
    )
)

ACTS = Kept(select(entry.c.act, func.count(), func.max(entry.c.seq)).group_by(entry.c.act))
DEVICES = Kept(select(member_of(entry.c.header, "device"), func.count()).group_by(member_of(entry.c.header, "device")))
LATEST = Kept(select(func.coalesce(func.max(entry.c.at), "")))
AUTHORS_BETWEEN = Kept(
    select(entry.c.by, func.count())
    .where(entry.c.seq >= bindparam("first"), entry.c.seq <= bindparam("last"))
    .group_by(entry.c.by),
    "first",
    "last",
)
BEHIND = Kept(select(entry.c.header).where(~holds_bytes(entry.c.header, literal(_NOT_BEHIND))).order_by(entry.c.seq))
ITEM_COUNTS = Kept(
    select(
        _item.c.process,
        _item.c.state,
        func.count(),
        func.sum(case((and_(_item.c.due != "", _item.c.due < bindparam("day")), 1), else_=0)),
    ).group_by(_item.c.process, _item.c.state),
    "day",
)
LOG_SIZE = Kept(select(func.coalesce(func.max(entry.c.seq) + 1, 0)))
ENTRY = Kept(select(entry.c.header, entry.c.signature).where(entry.c.seq == bindparam("seq")))
LEAVES = Kept(select(entry.c.leaf).order_by(entry.c.seq))
LEAVES_BETWEEN = Kept(
    select(entry.c.leaf).where(entry.c.seq >= bindparam("first"), entry.c.seq < bindparam("end")).order_by(entry.c.seq),
    "first",
    "end",
)
CHANGES = Kept(
    select(change.c.data)
    .where(
        change.c.position >= select(entry.c.first_change).where(entry.c.seq == bindparam("seq")).scalar_subquery(),
        change.c.seq == bindparam("seq"),
    )
    .order_by(change.c.position)
)
_ids_about = union(
    select(bindparam("item", type_=_item.c.id.type)),
    *(select(table.c.id).where(table.c.item == bindparam("item")) for table in _ABOUT),
)
_entries_about = union(
    select(entry.c.seq).where(entry.c.subject == bindparam("item")),
    select(change.c.seq).where(change.c.id.in_(_ids_about)),
)
ENTRIES_ABOUT = Kept(_entries_about.order_by("seq"))

FILES = Kept(select(_file.c.id))
CHUNKS_OF = Kept(select(_file.c.chunks).where(_file.c.id == bindparam("file")))
SIZE_OF = Kept(select(_file.c.size).where(_file.c.id == bindparam("file")))
CHUNK = Kept(
    select(file_chunk.c.data).where(file_chunk.c.file == bindparam("file"), file_chunk.c.n == bindparam("n")),
    "file",
    "n",
)


@lru_cache(maxsize=16)
def waiting_places(gated: int, *, of_person: bool = False) -> Kept:
    """Ids of items at which somebody can be waited for, those longest at their step first.

    These are open ones at one of so many `gated` places (process version and step) or with a confirmation outstanding,
    and those with a request, a risk or a question that nobody has answered. `of_person` takes those that a person owns
    or asked about. The values are the places, then the person.
    """
    obligation, request, risk_acceptance, question = (
        record_tables[name] for name in ("obligation", "request", "risk_acceptance", "question")
    )
    names = tuple(f"{name}_{n}" for n in range(gated) for name in ("version", "step"))
    version, step = _item.c.process_version, _item.c.step
    places = [and_(version == bindparam(f"version_{n}"), step == bindparam(f"step_{n}")) for n in range(gated)]
    unconfirmed = select(obligation.c.item).where(obligation.c.state == "open", obligation.c.kind == "confirm_urgent")
    unanswered = union(
        select(request.c.item).where(request.c.state == "asked"),
        select(risk_acceptance.c.item).where(risk_acceptance.c.state == "asked"),
        select(question.c.item).where(question.c.answered_at == ""),
    )
    here = or_(
        and_(_item.c.state == "open", or_(*places, _item.c.id.in_(unconfirmed))),
        and_(one_of(_item.c.state, "open", "on_hold"), _item.c.id.in_(unanswered)),
    )
    found = select(_item.c.id).where(here).order_by(_item.c.step_since)
    if not of_person:
        return Kept(found, *names)
    mine = record_tables["item"].alias("mine")
    person: ColumnElement[str] = bindparam("person", type_=mine.c.id.type)
    theirs = union(
        select(mine.c.id).where(mine.c.owner == person),
        select(request.c.item).where(request.c.asked_by == person),
        select(question.c.item).where(question.c.asked_by == person),
    )
    return Kept(found.where(_item.c.id.in_(theirs)), *names, "person")
