#!/usr/bin/python3 -ISB
# SPDX-License-Identifier: GPL-3.0-or-later
"""bitcoin-cli -datadir=FOLDER [-named] [-rpcwallet=NAME] [-rpcclienttimeout=N] METHOD [WORD ...], for the system test: asks bitcoind.py by its cookie, as src/bitcoin-cli.cpp.

Strict: no other option, `-getinfo` and `-netinfo` apart.
"""
import base64
import http.client
import json
import re
import sys

options = [word for word in sys.argv[1:] if word.startswith("-")]
words = [word for word in sys.argv[1:] if not word.startswith("-")]
folder = next((option.removeprefix("-datadir=") for option in options if option.startswith("-datadir=")), None)
rest = [option for option in options if not option.startswith(("-datadir=", "-rpcwallet=", "-rpcclienttimeout=")) and option not in ("-named", "-getinfo", "-netinfo")]
if folder is None or rest:
    sys.exit(f"error: stand-in: called with {sys.argv[1:]}")
if "-getinfo" in options:
    words = ["getblockchaininfo"]
if "-netinfo" in options:
    words = ["getpeerinfo"]


def value(word):
    """As bitcoin-cli turns words into JSON, near enough."""
    try:
        return json.loads(word)
    except ValueError:
        return word


params = [value(word) for word in words[1:]]
if "-named" in options:
    params = {name: value(rest) for name, _, rest in (word.partition("=") for word in words[1:])}
try:
    with open(f"{folder}/bitcoin.conf", encoding="utf-8") as file:
        port = int(re.findall(r"^rpcport=(\d+)$", file.read(), re.MULTILINE)[0])
    with open(f"{folder}/regtest/.cookie", encoding="ascii") as file:
        cookie = base64.b64encode(file.read().encode()).decode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    wallet = next((option.partition("=")[2] for option in options if option.startswith("-rpcwallet=")), None)
    connection.request("POST", f"/wallet/{wallet}" if wallet else "/", json.dumps({"id": 1, "method": words[0], "params": params}), {"Authorization": f"Basic {cookie}"})
    answer = connection.getresponse()
except OSError as error:
    sys.exit(f"error: Could not connect to the server: {error}")
body = json.loads(answer.read() or b"{}")
if answer.status != 200:
    print(f"error code: {answer.status}\nerror message:\n{body}", file=sys.stderr)
    sys.exit(1)
print(body["result"] if isinstance(body["result"], str) else json.dumps(body["result"], indent=2))
