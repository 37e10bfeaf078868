# SPDX-License-Identifier: GPL-3.0-or-later
"""An Electrum server on regtest with nothing but its first block, for one wallet: server.py CERT KEY prints its port, then a line for each method
that it is asked.

Stands for: Fulcrum with `ssl`, as far as Electrum must be answered to call itself connected. With - for CERT it speaks plain TCP.
Strict: a method that it does not know ends the connection, and so does TLS where none is spoken.
"""
import json
import socket
import ssl
import sys
import threading

GENESIS = (
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"
    "dae5494dffff7f2002000000"
)
HASH = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"
ANSWERS = {
    "server.version": ["stand-in", "1.4"],
    "server.features": {"genesis_hash": HASH, "hosts": {}, "protocol_max": "1.4", "protocol_min": "1.4"},
    "blockchain.headers.subscribe": {"hex": GENESIS, "height": 0},
    "blockchain.block.header": GENESIS,
    "blockchain.estimatefee": -1,
    "blockchain.relayfee": 0.00001,
    "mempool.get_fee_histogram": [],
    "server.banner": "",
    "server.donation_address": "",
    "server.peers.subscribe": [],
    "server.ping": None,
}


def serve(connection):
    """One connection."""
    try:
        if cert != "-":
            connection = context.wrap_socket(connection, server_side=True)
        # Two of them: writing to a text that is also read drops the lines that have come already.
        with connection, connection.makefile("r", encoding="utf-8") as lines, connection.makefile("w", encoding="utf-8") as words:
            for line in lines:
                asked = json.loads(line)
                for one in asked if isinstance(asked, list) else [asked]:
                    print(one["method"], flush=True)
                    answer = {"jsonrpc": "2.0", "id": one["id"], "result": ANSWERS[one["method"]]}
                    words.write(json.dumps(answer) + "\n")
                    words.flush()
    except (OSError, UnicodeDecodeError):
        pass


cert, key = sys.argv[1:]
if cert != "-":
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
