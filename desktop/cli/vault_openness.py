"""`countersign vault reveal-key|schema|setting|adopt-law`: nobody is locked in, and what the vault is set to."""

from __future__ import annotations

from typing import Annotated

import typer

from desktop.cli.frame import Call, Json, errors_explained, in_vault
from desktop.cli.output import announce, print_json, print_json_list, print_text
from desktop.store.engine import STORE_FORMAT
from desktop.store.tables import schema_statements
from domain.commands.law import AdoptLaw
from domain.commands.settings import ChangeSetting, setting_value
from domain.messages import message
from domain.records.oversight import SETTINGS
from domain.records.registry import RECORDS

_HOW_TO_READ = message(
    "The store is an SQLCipher 4 file (AES-256-CBC, HMAC-SHA512, pages of 4096 bytes, 80 reserved) under a raw key: "
    "PRAGMA key = \"x'...'\" with the 64 digits, before anything else is asked."
)


@in_vault
def reveal_key(
    call: Call,
    *,
    purpose: Annotated[str, typer.Option("--purpose", metavar="TEXT", help="What it is needed for; kept on record.")],
) -> None:
    """Print the raw key of store.db, so that any SQLCipher 4 program reads every table; signed and on record."""
    key = call.vault.reveal_key(purpose=purpose, passphrase=call.secret)
    state = "given" if key else "asked"
    if call.as_json:
        print_json({"state": state, "key": key})
    elif key:
        announce(
            message("Whoever has this key can read everything in the vault. Only changing the data key ends that.")
        )
        announce(_HOW_TO_READ)
        print_text(key)
    else:
        print_text(message("The key is asked for. Another person gives it out with the same command."))


def schema(*, as_json: Json = False) -> None:
    """The tables of a store as SQL, and what they hold."""
    with errors_explained(as_json=as_json):
        statements = schema_statements()
        if as_json:
            print_json({"format": STORE_FORMAT, "records": _records(), "sql": statements})
            return
        print_text(
            message(
                "-- store format {store_format}. {how_to_read}", store_format=STORE_FORMAT, how_to_read=_HOW_TO_READ
            )
        )
        for record, fields in _records().items():
            print_text(f"-- {record}: {fields['meaning']}")
        for statement in statements:
            print_text(f"{statement};")


def _records() -> dict[str, dict[str, object]]:
    return {
        name: {"meaning": " ".join((kind.__doc__ or "").split()), "fields": list(kind.__struct_fields__)}
        for name, kind in RECORDS.items()
    }


@in_vault
def setting(
    call: Call,
    setting_name: Annotated[str, typer.Argument(metavar="[NAME]", help="The setting; none lists all.")] = "",
    value: Annotated[str, typer.Argument(metavar="[VALUE]", help="The value it has from now on.")] = "",
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the signed entry.")] = "",
) -> None:
    """Show the vault's settings, or change one, signed."""
    if setting_name:
        call.perform(ChangeSetting(name=setting_name, value=value, reason=reason))
    values = {each: setting_value(call.vault.register, each) for each in SETTINGS}
    if call.as_json:
        print_json_list({"name": each, "value": held, "known": SETTINGS[each]} for each, held in values.items())
        return
    for each, held in values.items():
        print_text(
            message("{value:20} {held:6} (one of: {list})", value=each, held=held, list=", ".join(SETTINGS[each]))
        )


@in_vault
def adopt_law(
    call: Call,
    law: Annotated[int, typer.Argument(metavar="LAW", help="Its number, newer than the one that holds.")],
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the signed entry.")] = "",
) -> None:
    """Go by newer rules from now on, signed. What was decided before stays judged by the rules of its time."""
    entry = call.perform(AdoptLaw(law=law, reason=reason))
    call.answer(
        {"law": law, "entry": entry.header.seq},
        message("Law {law} holds from entry {seq} on.", law=law, seq=entry.header.seq),
    )
