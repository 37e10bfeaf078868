#!/usr/bin/python3 -ISB
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fulcrum CONFIG, for the system test: an Electrum server that knows nothing but what its node tells it.

Stands for Fulcrum 2 (src/App.cpp, src/BitcoinDMgr.cpp, src/Servers.cpp): reads its configuration and the cookie file, asks the node again and again,
for ever, until it answers, serves wallets only from then on, and ends at SIGINT. A header is asked of the node at each request.
Strict: an unknown or repeated key, a listener or node elsewhere than on the loopback, a cookie of another shape, and a method that a wallet of this test
has no use for end it. Does not model: an index, TLS, peers.
"""
import base64
import http.client
import json
import os
import signal
import socket
import sys
import threading
import time

KEYS = frozenset(
    "admin announce anon_logs banner bitcoind bitcoind_clients bitcoind_throttle bitcoind_timeout bitcoind_tls cert checkdb datadir db_keep_log_file_num"
    " db_max_open_files db_mem db_use_fsync debug donation fast_sync hostname key max_batch max_buffer max_clients_per_ip max_history"
    " max_pending_connections max_reorg max_subs max_subs_per_ip peering polltime quiet rpccookie rpcpassword rpcuser simdjson ssl stats syslog tcp"
    " tor_proxy ts_format txhash_cache utxo_cache worker_threads workqueue ws wss zmq_allow_hashtx".split()
)
GENESIS = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"


def refuse(words):
    """As Fulcrum ends for a configuration that it cannot use."""
    print(f"stand-in Fulcrum: {words}", file=sys.stderr, flush=True)
    os._exit(1)


def settings(path):
    """`key = value` lines."""
    kept = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            key, equals, value = (part.strip() for part in line.partition("="))
            if not equals or key not in KEYS or key in kept:
                refuse(f"unknown or repeated: {line}")
            kept[key] = value
    return kept


def loopback(place):
    """An address of this qube alone."""
    host, _, port = place.rpartition(":")
    if host != "127.0.0.1":
        refuse(f"not the loopback: {place}")
    return host, int(port)


def ask(method, *params):
    """A question to the node; OSError while it is away or says no."""
    with open(kept["rpccookie"], encoding="ascii") as file:
        secret = file.read()
    if secret.count(":") != 1 or secret != secret.strip():
        refuse("the cookie is no name and password")
    connection = http.client.HTTPConnection(*node, timeout=10)
    try:
        header = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
        connection.request("POST", "/", json.dumps({"id": 0, "method": method, "params": params}), header)
        answer = connection.getresponse()
        if answer.status != 200:
            raise OSError(f"{method}: {answer.status}")
        return json.loads(answer.read())["result"]
    except http.client.HTTPException as error:
        raise OSError(str(error) or "hung up") from error
    finally:
        connection.close()


def header(number):
    """A block's header, fresh from the node."""
    return ask("getblockheader", ask("getblockhash", number), False)


def height():
    """Of the node's newest block."""
    return ask("getblockchaininfo")["blocks"]


def headers(start, count, *_):
    """As many as there are."""
    found = [header(number) for number in range(start, min(start + count, height() + 1))]
    return {"hex": "".join(found), "count": len(found), "max": 2016}


METHODS = {
    "server.version": lambda *_: ["Fulcrum 2.1.1", "1.4"],
    "server.features": lambda: {"genesis_hash": GENESIS, "hosts": {}, "protocol_max": "1.4", "protocol_min": "1.4", "hash_function": "sha256"},
    "server.banner": lambda: "",
    "server.donation_address": lambda: "",
    "server.peers.subscribe": lambda: [],
    "server.ping": lambda: None,
    "blockchain.headers.subscribe": lambda: {"hex": header(height()), "height": height()},
    "blockchain.block.header": header,
    "blockchain.block.headers": headers,
    "blockchain.estimatefee": lambda *_: -1,
    "blockchain.relayfee": lambda: 0.00001,
    "blockchain.scripthash.subscribe": lambda _hash: None,
    "blockchain.scripthash.get_history": lambda _hash: [],
    "blockchain.scripthash.get_balance": lambda _hash: {"confirmed": 0, "unconfirmed": 0},
    "mempool.get_fee_histogram": lambda: [],
}


def serve(connection):
    """One wallet."""
    try:
        # Two of them: writing to a text that is also read drops the lines that have come already.
        with connection, connection.makefile("r", encoding="utf-8") as lines, connection.makefile("w", encoding="utf-8") as words:
            for line in lines:
                asked = json.loads(line)
                many = asked if isinstance(asked, list) else [asked]
                answers = []
                for one in many:
                    if one["method"] not in METHODS:
                        refuse(f"asked for {one['method']}")
                    params = one.get("params", [])
                    answers.append({"jsonrpc": "2.0", "id": one["id"], "result": METHODS[one["method"]](*params)})
                words.write(json.dumps(answers if isinstance(asked, list) else answers[0]) + "\n")
                words.flush()
    except (OSError, ValueError) as error:
        print(f"stand-in Fulcrum: a client: {error}", flush=True)


def main():
    """First the node, then the wallets."""
    while True:
        try:
            info = ask("getblockchaininfo")
            ask("getzmqnotifications")
            break
        except OSError as error:
            print(f"stand-in Fulcrum: no node: {error}", flush=True)
            # The real one's 5 seconds, hurried.
            time.sleep(0.5)
    print(f"stand-in Fulcrum: node on {info['chain']}", flush=True)
    threading.Thread(target=watch, daemon=True).start()
    try:
        listener = socket.create_server(place, backlog=128)
    except OSError as error:
        refuse(f"{kept['tcp']}: {error}")
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


def watch():
    """It asks for new blocks, for ever."""
    while True:
        try:
            ask("getblockchaininfo")
        except OSError as error:
            print(f"stand-in Fulcrum: no node: {error}", flush=True)
        time.sleep(0.5)


if len(sys.argv) != 2:
    refuse(f"called with {sys.argv[1:]}")
kept = settings(sys.argv[1])
for needed in ("bitcoind", "rpccookie", "tcp", "datadir"):
    if needed not in kept:
        refuse(f"no {needed}")
node, place = loopback(kept["bitcoind"]), loopback(kept["tcp"])
with open(os.path.join(kept["datadir"], "stand-in"), "a", encoding="ascii") as index:
    index.write("started\n")
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
threading.Thread(target=main, daemon=True).start()
got = signal.sigwait([signal.SIGTERM, signal.SIGINT])
with open(os.path.join(kept["datadir"], "stand-in"), "a", encoding="ascii") as index:
    index.write(f"{got.name if hasattr(got, 'name') else signal.Signals(got).name}\n")
os._exit(0)
