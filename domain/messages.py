"""Where the domain's answers become words: by the id of a message and its parameters, never by a sentence.

The domain names what it means ("approval.not_yours.text", with who signed and where). The sentence stands in the
message catalogue of a language, outside the domain (resources/texts/locale, gettext); whoever speaks with people puts
a catalogue in use, once, when the program starts. Without one a message shows its id and its parameters.

A closure pack is printed, and checked by printing it again, in one language whoever looks at it: that of the records.

The other rooms call the same functions; there the id of a message is its English text, as gettext has it, so that
English needs no entry for it. Nothing that is signed or kept in a vault holds a sentence of a catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol


class Catalogue(Protocol):
    """The messages of one language, as `gettext.NullTranslations` offers them; what it does not know comes back."""

    def gettext(self, message: str, /) -> str:
        """The text of a message, with places for its parameters."""

    def ngettext(self, message: str, plural: str, count: int, /) -> str:
        """The text of a message about `count` things, in the language's own plural."""


class _Untranslated:
    """No catalogue: each message is its own id."""

    def gettext(self, message: str, /) -> str:
        return message

    def ngettext(self, message: str, plural: str, count: int, /) -> str:
        return message if count == 1 else plural


class _InUse:
    """The catalogues chosen when the program started: for the person in front of it, and for records."""

    spoken: Catalogue = _Untranslated()
    of_record: Catalogue = _Untranslated()


_OF_RECORD: ContextVar[bool] = ContextVar("language_of_record", default=False)


def use_catalogue(spoken: Catalogue, *, of_record: Catalogue) -> None:
    """From now on messages are spoken in the language of the first catalogue, and printed on record in the other's."""
    _InUse.spoken, _InUse.of_record = spoken, of_record


@contextmanager
def language_of_record() -> Iterator[None]:
    """Within this, and within a function that it decorates, messages are in the language of the records."""
    token = _OF_RECORD.set(True)
    try:
        yield
    finally:
        _OF_RECORD.reset(token)


def _catalogue() -> Catalogue:
    return _InUse.of_record if _OF_RECORD.get() else _InUse.spoken


def message(message_id: str, /, **parameters: Any) -> str:
    """The message in the language in use. Places are written `{name}`, with a format as in `str.format`."""
    return _filled(message_id, _catalogue().gettext(message_id), parameters)


def plural_message(one: str, many: str, count: int, /, **parameters: Any) -> str:
    """A message about a number of things, in the plural that the language has for `count`, which fills `{count}`."""
    found = _catalogue().ngettext(one, many, count)
    return _filled(many if found == many else one, found, {"count": count, **parameters})


def _filled(message_id: str, text: str, parameters: Mapping[str, Any]) -> str:
    if not parameters:
        return text
    if text == message_id and "{" not in text:
        return f"{text} ({', '.join(f'{name}: {value}' for name, value in parameters.items())})"
    return text.format_map(parameters)


class Message:
    """A message that is spoken only when it is shown: one of a module's table, or one that is kept on record.

    It is its id and its parameters, and equal to another one of these.
    """

    __slots__ = ("_id", "_parameters")

    def __init__(self, message_id: str, /, **parameters: Any) -> None:
        self._id = message_id
        self._parameters = parameters

    def filled(self, **parameters: Any) -> str:
        """The message with further parameters, in the language in use."""
        return message(self._id, **self._parameters, **parameters)

    def stored(self) -> dict[str, Any]:
        """What a record keeps of it: the id as "message", and the parameters."""
        return {"message": self._id, **self._parameters}

    def __str__(self) -> str:
        return self.filled()

    def __repr__(self) -> str:
        return f"Message({self.stored()})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and self.stored() == other.stored()

    def __hash__(self) -> int:
        return hash(self._id)
