"""What people have typed and not recorded: sealed for one person each, told to nobody, and no fact.

Drafts are no records: no entry names them, replay does not compare them, and they may be deleted. That the table
is there and has the declared form is held like everything else.
"""

from __future__ import annotations

from sqlalchemy import Engine

from desktop.store.engine import without_transaction, writing

_OF_THE_GONE = "FROM draft WHERE person NOT IN (SELECT id FROM person WHERE state = 'active')"


def save_draft(engine: Engine, *, person: str, place: str, sealed: bytes, at: str) -> None:
    """Keep what a person (an id) has typed at a place, instead of what was kept there before. `at` is ISO UTC.

    Raises:
        Unavailable: the disk refused.
    """
    with writing(engine) as connection:
        connection.exec_driver_sql(
            "INSERT INTO draft (person, place, sealed, saved_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (person, place) DO UPDATE SET sealed = excluded.sealed, saved_at = excluded.saved_at",
            (person, place, sealed, at),
        )


def drafts_of(engine: Engine, *, person: str) -> dict[str, bytes]:
    """What a person (an id) has left unfinished, by place, the newest first."""
    with without_transaction(engine) as connection:
        rows = connection.exec_driver_sql(
            "SELECT place, sealed FROM draft WHERE person = ? ORDER BY saved_at DESC, place", (person,)
        )
        return {row[0]: row[1] for row in rows}


def forget_draft(engine: Engine, *, person: str, place: str) -> None:
    """The draft was finished or thrown away; secure_delete overwrites it.

    Raises:
        Unavailable: the disk refused.
    """
    with writing(engine) as connection:
        connection.exec_driver_sql("DELETE FROM draft WHERE person = ? AND place = ?", (person, place))


def forget_the_gone(engine: Engine) -> None:
    """Drafts of people who no longer work here go with them.

    Raises:
        Unavailable: the disk refused.
    """
    with without_transaction(engine) as connection:
        if not connection.exec_driver_sql(f"SELECT EXISTS (SELECT 1 {_OF_THE_GONE})").scalar_one():
            return
    with writing(engine) as connection:
        connection.exec_driver_sql(f"DELETE {_OF_THE_GONE}")
