"""What holds for every test: no window on a real screen, no network."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_INTERNET = {socket.AF_INET, socket.AF_INET6}
_ON_A_SOCKET = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}
_NAME_LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


class NetworkTouchedError(RuntimeError):
    """Something in the program, or in a library it loads, tried to reach a network."""


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    # An audit hook sees what C code does too, and no later import can get around it.
    if event in _NAME_LOOKUPS or (event in _ON_A_SOCKET and arguments[0].family in _INTERNET):
        raise NetworkTouchedError(f"{event}{arguments[1:]}: Countersign never opens a network socket.")


sys.addaudithook(_refuse_network)
