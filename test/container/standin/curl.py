#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""curl in a container without network, for the unit that fetches: /usr/bin/curl --disable ... --proxy socks5h://... --output FILE --url https://...

Refuses what the unit must never ask for: another proxy than a SocksPort of the gateway that looks names up itself, an address that is not https, a
redirect to anything else, a configuration of the user's. What it says of the sandbox, it writes to FILE.report, and the file of /srv/mirror of that
name to FILE. What curl itself does with such words, test/bring/fetch.test.ts sees.
"""
import os
import shutil
import socket
import sys

words = sys.argv[1:]


def value(name):
    return words[words.index(name) + 1]


url, output = value("--url"), value("--output")
if words[0] != "--disable" or value("--proto") != "=https" or value("--proto-redir") != "=https" or not url.startswith("https://"):
    sys.exit(1)
host, port = value("--proxy").removeprefix("socks5h://").split(":")
if host != "10.152.152.10" or not 9152 <= int(port) <= 9229 or ":" not in value("--proxy-user"):
    sys.exit(5)


def reaches(address):
    """What a connection meets."""
    try:
        with socket.create_connection((address, 9180), timeout=1):
            return "open"
    except OSError as error:
        return type(error).__name__


def tries(act):
    try:
        act()
        return "yes"
    except OSError as error:
        return os.strerror(error.errno)


with open(f"{output}.report", "w", encoding="utf-8") as file:
    print("user", os.getuid() != 0, file=file)
    print("gateway", reaches(host), file=file)
    print("elsewhere", reaches("10.9.9.9"), file=file)
    for path in ("/usr/local/lib/qwbtc-salt/bitcoin-core/x", "/home/user/x", "/etc/x", "/tmp/x"):
        print("write", path, tries(lambda path=path: open(path, "w", encoding="utf-8").close()), file=file)
    print("home", tries(lambda: os.listdir("/home/user")), file=file)
source = f"/srv/mirror/{url.rsplit('/', 1)[1]}"
if not os.path.exists(source):
    sys.exit(22)
shutil.copyfile(source, output)
