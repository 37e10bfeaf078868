# SPDX-License-Identifier: GPL-3.0-or-later
"""What a name may look like: qubes-core-admin qubes/vm/__init__.py validate_name and Tags, qubes/api/admin.py
vm_feature_set, qubes/ext/services.py. Without `re`, whose import would double the start time of every program."""

from __future__ import annotations

from .refused import Refused

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"


def only(text: str, allowed: str) -> bool:
    """True where every character of `text` is one of `allowed`."""
    return all(character in allowed for character in text)


def printable(text: str) -> bool:
    """Printable ASCII, which is all that the Admin API takes."""
    return all(" " <= character <= "~" for character in text)


def check_qube(name: str) -> None:
    if len(name) > 31:
        raise Refused("VM name must be shorter than 32 characters")
    if name == "" or name[0] not in _LETTERS:
        raise Refused("VM name cannot start with hyphen, underscore, dot or numbers")
    if not only(name, _LETTERS + _DIGITS + "_.-"):
        raise Refused("VM name contains illegal characters")
    if name in ("Domain-0", "none", "default"):
        raise Refused(f"VM name cannot be {name!r}")
    if name.endswith("-dm"):
        raise Refused("VM name cannot end with -dm")


def check_tag(tag: str) -> None:
    if tag == "":
        raise Refused("tag cannot be empty")
    if not only(tag, _LETTERS + _DIGITS + "-_"):
        raise Refused(f"disallowed characters in tag {tag!r}")
    if tag.startswith("created-by-"):
        # qubes/ext/admin.py keeps these for itself.
        raise Refused("changing this tag is prohibited")


def check_feature(name: str, value: str) -> None:
    if name == "" or not only(name, _LETTERS + _DIGITS + "_.-"):
        raise Refused(f"feature name contains illegal characters: {name!r}")
    if not printable(value):
        raise Refused(f"{name} value contains illegal characters")
    if name.startswith("service."):
        check_service(name[len("service.") :])


def check_service(name: str) -> None:
    if name == "":
        raise Refused("Service name cannot be empty")
    if "/" in name or name in (".", ".."):
        raise Refused(f"Service name cannot be {name!r}")
    if len(name) > 48 and not name.startswith("app-dispvm."):
        raise Refused("Service name must not exceed 48 bytes")
