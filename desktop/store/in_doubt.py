"""An act whose COMMIT reported an error: kept or not kept, never "perhaps".

SQLite's commit point is the wiping of the rollback journal. If the disk fails right after it, COMMIT says there was
an error while the transaction holds. Telling the person "nothing was changed" would make them do it twice.
"""

from __future__ import annotations

from sqlalchemy import Engine, select

from desktop.store.dialect import commit_again
from desktop.store.engine import STORE_FORMAT, without_transaction, writing
from desktop.store.tables import entry as entry_table
from domain.errors import CountersignError, Unavailable
from domain.log.entry import Entry
from domain.messages import message


def is_kept(engine: Engine, entry: Entry) -> bool:
    """Whether the entry is in the log after all. If so it is durable when this returns.

    Raises:
        Unavailable: it is there, but the disk still refuses to make it last.
        Damaged: the store can no longer be read.
    """
    with without_transaction(engine) as connection:
        row = connection.execute(select(entry_table.c.leaf).where(entry_table.c.seq == entry.header.seq)).fetchone()
    if row is None or row.leaf != entry.leaf():
        return False
    try:
        # A second commit writes, wipes and syncs the journal anew; what it sets is set already.
        with writing(engine) as connection:
            commit_again(connection, store_format=STORE_FORMAT)
    except CountersignError as problem:
        raise Unavailable(
            message("The act is written, but the disk failed while it was made to last."),
            where="store.db",
            remedy=message("Check the disk, open the vault again and look at the log before you repeat anything."),
        ) from problem
    return True
