# SPDX-License-Identifier: GPL-3.0-or-later
"""Firewall rules of a qube in their canonical form: qubes-core-admin-client qubesadmin/firewall.py.

Refuses beyond the real one: an element given twice, and two destinations in one rule (it keeps the last one).
Does not model: rules for a file of their own, expiry.
"""

from __future__ import annotations

import socket

from .refused import Refused

_ORDER = ("action", "proto", "dsthost", "dst4", "dst6", "specialtarget", "dstports", "icmptype", "expire")
_DESTINATIONS = ("dsthost", "dst4", "dst6")
_CHOICES = {"action": ("accept", "drop"), "proto": ("tcp", "udp", "icmp"), "specialtarget": ("dns",)}


def canonical(rule: str) -> str:
    options, _, comment = rule.partition("comment=")
    given: dict[str, str] = {}
    for option in options.split():
        key, equals, value = option.partition("=")
        if not equals or key not in _ORDER:
            raise Refused(f"Unknown rule elements: {option!r}")
        if key in given or (key in _DESTINATIONS and set(given) & set(_DESTINATIONS)):
            raise Refused(f"only the last one would count: {option!r}")
        given[key] = value
    if "action" not in given:
        raise Refused("missing action=")
    for key, allowed in _CHOICES.items():
        if key in given and given[key] not in allowed:
            raise Refused(f"invalid {key}: {given[key]!r}")
    if "dstports" in given and given.get("proto") not in ("tcp", "udp"):
        raise Refused("dstports valid only for 'tcp' and 'udp' protocols")
    if "icmptype" in given and given.get("proto") != "icmp":
        raise Refused("icmptype valid only for 'icmp' protocol")
    parts = []
    for key in _ORDER:
        if key in given:
            part = _element(key, given[key])
            if part:
                parts.append(part)
    return " ".join(parts) + (f" comment={comment}" if comment else "")


def _element(key: str, value: str) -> str:
    if key in _DESTINATIONS:
        return _host(value)
    if key == "dstports":
        return _ports(value)
    if key in ("icmptype", "expire") and not value.isdigit():
        raise Refused(f"invalid {key}: {value!r}")
    return f"{key}={value}"


def _host(value: str) -> str:
    address, slash, prefix = value.partition("/")
    for family, key, longest in ((socket.AF_INET6, "dst6", 128), (socket.AF_INET, "dst4", 32)):
        try:
            socket.inet_pton(family, address)
        except OSError:
            continue
        length = prefix if slash else str(longest)
        if not length.isdigit() or int(length) > longest:
            raise Refused(f"netmask must be between 0 and {longest}: {value!r}")
        return f"{key}={address}/{length}" if int(length) else ""
    if slash:
        raise Refused(f"Invalid IP address: {value!r}")
    if not all(character.islower() or character.isdigit() or character in "-._" for character in value):
        raise Refused(f"Invalid hostname: {value!r}")
    return f"dsthost={value}"


def _ports(value: str) -> str:
    first, dash, last = value.partition("-")
    last = last if dash else first
    if not (first.isdigit() and last.isdigit()) or int(first) > int(last) or int(last) > 65536:
        raise Refused(f"Invalid port range: {value!r}")
    return f"dstports={first}-{last}"
