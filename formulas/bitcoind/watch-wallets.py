#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees to it that this node has the watch-only wallets that its clients' settings name: makes those that are missing, loads those that are not
loaded, and changes nothing else. Run by a unit when the node has started, as the node's own user, whose RPC cookie it reads:

    watch-wallets [FILE]

FILE, by default /usr/local/etc/qwbtc-salt/watch-wallets.conf, is written by the states: the node's RPC port and cookie, and the wallets with their kinds.
A wallet that is there already but is of another kind, or that could spend, was not made here: it is left as it is, and that is an error.
Exit: 0 all are there; 1 the node does not answer yet, or the call failed and may be tried again; 2 something that does not mend itself.
"""

import base64
import configparser
import http.client
import json
import sys
import time

CONF = "/usr/local/etc/qwbtc-salt/watch-wallets.conf"
# Loading the block index may take minutes, and the unit is started again.
PATIENCE = 600
# A wallet that was away for long is brought up to date while it is loaded.
TIMEOUT = 3600
# src/rpc/protocol.h
IN_WARMUP, ALREADY_LOADED, METHOD_NOT_FOUND = -28, -35, -32601
# By kind: what createwallet is told, and what getwalletinfo must say.
KINDS = {
    "descriptors": ({"disable_private_keys": True}, {"descriptors": True, "private_keys_enabled": False}),
    "legacy": ({"disable_private_keys": True, "descriptors": False}, {"descriptors": False, "private_keys_enabled": False}),
    # JoinMarket before 0.9.12 asks it for addresses on regtest, where coins are worth nothing.
    "legacy-with-keys": ({"descriptors": False}, {"descriptors": False, "private_keys_enabled": True}),
}
WORDS = {
    ("private_keys_enabled", True): "it has private keys",
    ("private_keys_enabled", False): "it has no private keys",
    ("descriptors", True): "it is one of descriptors",
    ("descriptors", False): "it is of the old kind, without descriptors",
}


class NotYet(Exception):
    """The node does not answer, or says that it is still starting."""


class Failed(Exception):
    """The node says no."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def complain(what, why, fix):
    print(f"error: {what}\n  why: {why}\n  fix: {fix}", file=sys.stderr)


class Node:
    """The node's RPC, as its owner may use it."""

    def __init__(self, port, cookie):
        self.port, self.cookie = port, cookie

    def call(self, method, wallet=None, **params):
        """The result of one call with named parameters."""
        try:
            # Read each time: the node makes a new one at every start.
            with open(self.cookie, encoding="ascii") as file:
                secret = base64.b64encode(file.read().strip().encode("ascii")).decode("ascii")
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            body = json.dumps({"id": "watch-wallets", "method": method, "params": params})
            path = "/" if wallet is None else f"/wallet/{wallet}"
            connection.request("POST", path, body, {"Authorization": f"Basic {secret}", "Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise NotYet(f"it cannot be reached: {error}") from error
        if answer.status == 401:
            raise NotYet("it has another RPC cookie than the one that lies there")
        try:
            parsed = json.loads(text)
            error = parsed["error"]
            if error is None:
                return parsed["result"]
            code, message = error["code"], error["message"]
        except (ValueError, KeyError, TypeError) as problem:
            raise NotYet(f"it answers with status {answer.status} and no JSON") from problem
        if code == IN_WARMUP:
            raise NotYet(message)
        raise Failed(code, message)

    def wait(self):
        """Until it answers; raises NotYet when that took too long."""
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                return self.call("uptime")
            except NotYet:
                if time.monotonic() > ends:
                    raise
                time.sleep(2)


def wrong(node, name, kind):
    """What is not as it must be in a loaded wallet, in words; nothing if all is."""
    said = node.call("getwalletinfo", wallet=name)
    return [WORDS[key, said[key]] for key, value in KINDS[kind][1].items() if said[key] is not value]


def load(node, name, **params):
    try:
        node.call("loadwallet", filename=name, **params)
    except Failed as error:
        # The client's own program was faster.
        if error.code != ALREADY_LOADED:
            raise


def provide(node, name, kind):
    """One wallet. Says whether it is there as it must be."""
    if name in node.call("listwallets"):
        found, done = wrong(node, name, kind), "is there"
    elif name in [one["name"] for one in node.call("listwalletdir")["wallets"]]:
        # Looked into before the node is told to load it at every start.
        load(node, name)
        found, done = wrong(node, name, kind), "was there, and is loaded from now on"
        node.call("unloadwallet", wallet_name=name)
        if not found:
            load(node, name, load_on_startup=True)
    else:
        node.call("createwallet", wallet_name=name, load_on_startup=True, **KINDS[kind][0])
        found, done = wrong(node, name, kind), "made"
    if not found:
        print(f"{name}: {done}", flush=True)
        return True
    complain(
        f"the node has a wallet {name} that is not the one for {name}: {' and '.join(found)}",
        "it was not made here, so it is left as it is; JoinMarket would not work with it, or a break-in here could spend from it",
        f"if coins are in it, move them to another wallet; then bitcoin-cli unloadwallet {name} false, move its folder out of the node's data folder, and start this unit again",
    )
    return False


def main(words):
    if len(words) > 1 or words[:1] == ["--help"]:
        print(__doc__, file=sys.stderr)
        return 2
    path = words[0] if words else CONF
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
        node = Node(parser.getint("node", "port"), parser.get("node", "cookie"))
        wallets = [(one.removeprefix("wallet "), parser.get(one, "kind")) for one in parser.sections() if one.startswith("wallet ")]
        unknown = [kind for _name, kind in wallets if kind not in KINDS]
        if unknown:
            raise ValueError(f"no kind of wallet: {', '.join(unknown)}")
    except (OSError, ValueError, configparser.Error) as error:
        complain(f"{path} cannot be used: {error}", "it says which wallets the node must have", "apply the states to this qube")
        return 2
    try:
        node.wait()
        if not all([provide(node, name, kind) for name, kind in wallets]):
            return 2
    except NotYet as error:
        complain(f"the node does not answer: {error}", "it makes the wallets", "look at its log; this is tried again by itself")
        return 1
    except Failed as error:
        if error.code == METHOD_NOT_FOUND:
            complain("the node runs without wallets", "it was started with settings of before", "restart the node's service, or its qube")
            return 2
        complain(f"the node refuses: {error} ({error.code})", "its own words", "look at its log; this is tried again by itself")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
