"""What people have typed and not recorded: sealed for one person each, shown to nobody, and no fact.

Drafts are no records: no entry names them, replay does not compare them, and they may be deleted. That the table
is there and has the declared form is held like everything else.
"""

from __future__ import annotations

from sqlalchemy import Engine, delete, exists, insert, select

from desktop.store.engine import without_transaction, writing
from desktop.store.tables import draft, record_tables

_PERSON = record_tables["person"]
_OF_THE_GONE = draft.c.person.not_in(select(_PERSON.c.id).where(_PERSON.c.state == "active"))


def save_draft(engine: Engine, *, person: str, place: str, sealed: bytes, at: str) -> None:
    """Keep what a person (an id) has typed at a place, instead of what was kept there before. `at` is ISO UTC.

    Raises:
        Unavailable: the disk refused.
    """
    with writing(engine) as connection:
        connection.execute(delete(draft).where(draft.c.person == person, draft.c.place == place))
        connection.execute(insert(draft).values(person=person, place=place, sealed=sealed, saved_at=at))


def drafts_of(engine: Engine, *, person: str) -> dict[str, bytes]:
    """What a person (an id) has left unfinished, by place, the newest first."""
    with without_transaction(engine) as connection:
        newest_first = (draft.c.saved_at.desc(), draft.c.place)
        rows = connection.execute(
            select(draft.c.place, draft.c.sealed).where(draft.c.person == person).order_by(*newest_first)
        )
        return {row[0]: row[1] for row in rows}


def forget_draft(engine: Engine, *, person: str, place: str) -> None:
    """The draft was finished or thrown away; secure_delete overwrites it.

    Raises:
        Unavailable: the disk refused.
    """
    with writing(engine) as connection:
        connection.execute(delete(draft).where(draft.c.person == person, draft.c.place == place))


def forget_the_gone(engine: Engine) -> None:
    """Drafts of people who no longer work here go with them.

    Raises:
        Unavailable: the disk refused.
    """
    with without_transaction(engine) as connection:
        if not connection.execute(select(exists(select(draft.c.place).where(_OF_THE_GONE)))).scalar_one():
            return
    with writing(engine) as connection:
        connection.execute(delete(draft).where(_OF_THE_GONE))
