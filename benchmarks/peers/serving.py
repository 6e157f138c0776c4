"""Serve one peer: `python serving.py starlette|django PORT`, with our own server and settings."""

import sys

from granian.constants import Interfaces, Loops, RuntimeModes
from granian.server import Server

PEERS = {
    "starlette": ("starlette_pages:application", Interfaces.ASGI),
    # Its views and its ORM are synchronous, so WSGI is how it is usually deployed, and the cheaper.
    "django": ("django_pages:application", Interfaces.WSGI),
}


def main(name: str, port: int) -> None:
    target, interface = PEERS[name]
    Server(
        target,
        factory=True,
        port=port,
        interface=interface,
        loop=Loops.uvloop,
        runtime_mode=RuntimeModes.st,
        workers=1,
        websockets=False,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
