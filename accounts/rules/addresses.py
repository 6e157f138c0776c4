"""Addresses of people, networks and pages."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

# Not the standard's whole grammar: one @, something on both sides, a dot in the host. The mail is the proof.
_EMAIL: Final = re.compile(r"[^\s@<>\"',;:()\[\]\\]+@[^\s@<>\"',;:()\[\]\\]+\.[^\s@.<>\"',;:()\[\]\\]{2,}")


def normal_email(text: str) -> str:
    """Return an e-mail address as it is stored."""
    return text.strip().lower()


def is_email(text: str) -> bool:
    """Tell whether a text could be an e-mail address."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None  # RFC 5321, section 4.5.3.1.3


def safe_next(wanted: str | None) -> str:
    r"""Return where to go after sign-in: a page of ours, or the start page for anything else.

    Browsers drop tabs and line ends from an address and read a backslash as a slash, so "/\evil" and
    "/<tab>/evil" would lead elsewhere.
    """
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or len(wanted) > 2000:
        return "/"
    if "\\" in wanted or any(ord(letter) < 33 or ord(letter) == 127 for letter in wanted):
        return "/"
    parts = urlsplit(wanted)
    return "/" if parts.scheme or parts.netloc else wanted


def network_of(host: str | None) -> str:
    """Return the network that tries are counted for: one IPv4 address, or the /64 of a line with IPv6."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def throttle_key(purpose: str, subject: str) -> str:
    """Return the key under which tries are counted: a hash, so that the table names nobody."""
    return purpose + ":" + hashlib.sha256(subject.encode()).hexdigest()[:32]


def describe_agent(header: str) -> str:
    """Return a browser's header in words, for the list of sessions: "Firefox on Windows"."""
    browsers = (
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in header), "")
    system = next((name for mark, name in systems if mark in header), "")
    return " on ".join(part for part in (browser, system) if part) or "Unknown browser"
