#!/usr/bin/python3 -ISB
# SPDX-License-Identifier: GPL-3.0-or-later
"""bitcoind -datadir=FOLDER, for the system test: a node that has regtest's first block and a few empty ones on it, always the same.

Stands for Bitcoin Core 31 (src/init.cpp, src/common/config.cpp, src/httprpc.cpp): reads bitcoin.conf, answers JSON-RPC to whom rpcauth and
rpcwhitelist let, says by startupnotify and shutdownnotify how it is, and ends at SIGTERM. As there: a GET is answered 405, a wrong password 401, a
method that is not on the user's list 403, an unknown one 404.
Strict, where the real one warns or passes over: an unknown option or section, an option of a network outside its section, an include that is not
there or of an include, an rpcbind without rpcallowip, an rpcwhitelist of nobody, a second value of an option that has one.
Does not model: peers (it asks its proxy for one again and again, and notes whether that answers), wallets but for their names, the chain.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import secrets
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

OPTIONS = frozenset(
    "addnode alertnotify asmap assumevalid bantime bind blockfilterindex blockmaxweight blockmintxfee blocknotify blocksdir blocksonly chain"
    " coinstatsindex connect datacarrier datacarriersize dbcache debug debugexclude debuglogfile disablewallet discover dns dnsseed externalip"
    " fallbackfee fixedseeds forcednsseed i2pacceptincoming i2psam includeconf keypool listen listenonion logips logtimestamps maxconnections"
    " maxmempool maxreceivebuffer maxsendbuffer maxtipage maxuploadtarget mempoolexpiry minrelaytxfee natpmp networkactive nodebuglogfile onion"
    " onlynet par peerblockfilters peerbloomfilters peertimeout permitbaremultisig persistmempool port printtoconsole privatebroadcast proxy"
    " proxyrandomize prune regtest rest rpcallowip rpcauth rpcbind rpccookiefile rpccookieperms rpcport rpcservertimeout rpcthreads rpcwhitelist"
    " rpcwhitelistdefault rpcworkqueue seednode server settings shutdownnotify signet signetchallenge spendzeroconfchange startupnotify testnet"
    " testnet4 timeout torcontrol torpassword txconfirmtarget txindex uacomment v2transport wallet walletbroadcast walletdir walletnotify walletrbf"
    " whitebind whitelist zmqpubhashblock zmqpubhashtx zmqpubrawblock zmqpubrawtx zmqpubsequence".split()
)
MANY = frozenset("addnode bind connect externalip includeconf onlynet rpcallowip rpcauth rpcbind rpcwhitelist seednode wallet whitelist whitebind".split())
SECTIONS = ("main", "test", "testnet4", "signet", "regtest")
# src/chainparamsbase.cpp, src/common/args.cpp: NETWORK_ONLY.
OF_A_NETWORK = frozenset("addnode connect port bind rpcport rpcbind wallet".split())
HEADER = (
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"
    "dae5494dffff7f2002000000"
)
BITS = 0x207FFFFF


def name_of(header):
    """A block's hash, as it is written."""
    return hashlib.sha256(hashlib.sha256(header).digest()).digest()[::-1].hex()


def chain(height):
    """Headers with a proof of work, which on regtest every second one has."""
    found = [bytes.fromhex(HEADER)]
    while len(found) <= height:
        before, root = bytes.fromhex(name_of(found[-1]))[::-1], hashlib.sha256(b"%d" % len(found)).digest()
        for nonce in range(1 << 32):
            header = struct.pack("<I32s32sIII", 0x20000000, before, root, 1296688602 + 600 * len(found), BITS, nonce)
            if int(name_of(header), 16) < (BITS & 0xFFFFFF) << 8 * ((BITS >> 24) - 3):
                break
        found.append(header)
    return found


def refuse(words):
    """As bitcoind ends for what it cannot start with."""
    sys.exit(f"Error: {words}")


def read(folder, name, chain, inner=False):
    """The values of a file and of what it includes, for one network, in order."""
    found, section = [], ""
    path = os.path.join(folder, name)
    try:
        with open(path, encoding="utf-8") as lines:
            text = lines.read()
    except OSError as error:
        refuse(f"Failed to include configuration file {path}: {error}")
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.partition("#")[0].strip()
        if not line:
            continue
        if line.startswith("["):
            section = line[1:-1]
            if section not in SECTIONS or not line.endswith("]"):
                refuse(f"{name}:{number}: Section {line} is not recognized")
            continue
        key, equals, value = (part.strip() for part in line.partition("="))
        if not equals or key not in OPTIONS:
            refuse(f"{name}:{number}: unknown configuration value {key}")
        if section == "" and key in OF_A_NETWORK and chain != "main":
            refuse(f"{name}:{number}: {key} only applied on {chain} network when in [{chain}] section")
        if key == "includeconf" and inner:
            refuse(f"{name}:{number}: includeconf cannot be used from included files")
        if section in ("", chain):
            found.append((key, value))
    return found


def settings(folder):
    """What the node goes by: a list for each option."""
    def chosen(name):
        with open(os.path.join(folder, name), encoding="utf-8") as lines:
            return re.findall(r"^chain=(\w+)$", lines.read(), re.MULTILINE)

    chains = chosen("bitcoin.conf")
    chain = chains[0] if chains else "main"
    if chain != "regtest":
        refuse(f"stand-in: has no block of {chain}")
    values = read(folder, "bitcoin.conf", chain)
    values += [one for key, value in list(values) if key == "includeconf" for one in read(folder, value, chain, True)]
    kept = {}
    for key, value in values:
        if key in kept and key not in MANY:
            refuse(f"{key} is set twice")
        kept.setdefault(key, []).append(value)
    if "rpcbind" in kept and "rpcallowip" not in kept:
        refuse("Option -rpcbind was ignored because -rpcallowip was not specified")
    if "onion" in kept.get("onlynet", []) and not kept.get("onion") and not kept.get("proxy"):
        refuse("Outbound connections restricted to Tor (-onlynet=onion) but the proxy for reaching the Tor network is not provided")
    if "prune" in kept and kept.get("txindex") == ["1"]:
        refuse("Prune mode is incompatible with -txindex.")
    return kept


class Node:
    """What is asked by RPC."""

    def __init__(self, kept, folder):
        self.kept = kept
        self.headers = {name_of(header): header.hex() for header in chain(3)}
        self.names = list(self.headers)
        self.store = f"{folder}/regtest/wallets.json"
        self.known = {}
        if os.path.exists(self.store):
            with open(self.store, encoding="utf-8") as file:
                self.known = json.load(file)
        self.wallets = [name for name, one in self.known.items() if one["startup"]]
        self.proxy = "silent"
        self.started = time.time()
        self.users = {}
        for line in kept.get("rpcauth", []):
            match = re.fullmatch(r"([^:$]+):([0-9a-f]+)\$([0-9a-f]{64})", line)
            if not match:
                refuse("Invalid -rpcauth argument.")
            self.users[match[1]] = (match[2], match[3])
        self.lists = {}
        for line in kept.get("rpcwhitelist", []):
            user, _, methods = line.partition(":")
            if user not in self.users:
                refuse(f"stand-in: rpcwhitelist of nobody: {user}")
            self.lists[user] = set(methods.split(","))
        self.cookie = f"__cookie__:{secrets.token_hex(32)}"
        os.makedirs(f"{folder}/regtest", exist_ok=True)
        with open(os.open(f"{folder}/regtest/.cookie", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(self.cookie)

    def user(self, header):
        """Who is asking, if the password is right."""
        kind, _, data = (header or "").partition(" ")
        if kind != "Basic":
            return None
        secret = base64.b64decode(data).decode()
        if secret == self.cookie:
            return "__cookie__"
        name, _, password = secret.partition(":")
        if name not in self.users:
            return None
        salt, wanted = self.users[name]
        return name if hmac.compare_digest(hmac.new(salt.encode(), password.encode(), hashlib.sha256).hexdigest(), wanted) else None

    def may(self, user, method):
        """src/httprpc.cpp: a user of no list may everything unless rpcwhitelistdefault says otherwise; the cookie's is such a one."""
        if user in self.lists:
            return method in self.lists[user]
        return self.kept.get("rpcwhitelistdefault") == ["0"] or not self.lists

    def create(self, wallet_name, disable_private_keys=False, load_on_startup=False, **more):
        """A wallet is a name and what it may hold."""
        if more or wallet_name in self.known:
            raise ValueError(f"createwallet {wallet_name} {more}")
        self.known[wallet_name] = {"private_keys_enabled": not disable_private_keys, "descriptors": True, "startup": load_on_startup}
        self.wallets.append(wallet_name)
        with open(self.store, "w", encoding="utf-8") as file:
            json.dump(self.known, file)
        return {"name": wallet_name}

    def load(self, filename, load_on_startup=None):
        """One that is on the disk."""
        if filename in self.wallets or filename not in self.known:
            raise ValueError(f"loadwallet {filename}")
        self.wallets.append(filename)
        return {"name": filename, "startup": load_on_startup}

    def answer(self, method, params, wallet):
        """An answer, or KeyError for what is not modelled."""
        return {
            "getblockchaininfo": lambda: {"chain": "regtest", "blocks": len(self.names) - 1, "headers": len(self.names) - 1,
                                          "bestblockhash": self.names[-1], "initialblockdownload": False,
                                          "verificationprogress": 1, "pruned": False},  # fmt: skip
            "getbestblockhash": lambda: self.names[-1],
            "getblockcount": lambda: len(self.names) - 1,
            "getblockhash": lambda height: self.names[height],
            "getblockheader": lambda name, verbose=True: {"hash": name, "height": self.names.index(name)} if verbose else self.headers[name],
            "getnetworkinfo": lambda: {"version": 310100, "subversion": "/Satoshi:31.1.0/", "relayfee": 0.00001, "connections": 0, "warnings": [],
                                       "localaddresses": [], "stand-in": {"proxy": self.proxy}},  # fmt: skip
            "getmempoolinfo": lambda: {"loaded": True, "size": 0, "mempoolminfee": 0.00001},
            "getrawmempool": lambda *_: [],
            "estimatesmartfee": lambda *_: {"errors": ["Insufficient data or no feerate found"], "blocks": 2},
            "getzmqnotifications": lambda: [{"type": "pubhashblock", "address": one, "hwm": 1000} for one in self.kept.get("zmqpubhashblock", [])],
            "uptime": lambda: int(time.time() - self.started),
            "listwallets": lambda: self.wallets,
            "listwalletdir": lambda: {"wallets": [{"name": name} for name in self.known]},
            "createwallet": self.create,
            "loadwallet": self.load,
            "unloadwallet": lambda wallet_name: self.wallets.remove(wallet_name),
            "getwalletinfo": lambda: {"walletname": wallet, **self.known[wallet]},
            "getconnectioncount": lambda: 0,
            "getpeerinfo": lambda: [],
        }[method](*([] if isinstance(params, dict) else params), **(params if isinstance(params, dict) else {}))


class Asked(http.server.BaseHTTPRequestHandler):
    """JSON-RPC over HTTP."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_words):
        """Not a word of who asked what."""

    def send(self, status, body=None):
        """An answer and no word more."""
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        """Not for browsers."""
        self.send(405)

    def do_POST(self):
        """One question, or a list of them."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        user = node.user(self.headers.get("Authorization"))
        if user is None:
            time.sleep(0.25)
            self.send(401)
            return
        asked = json.loads(body)
        many = asked if isinstance(asked, list) else [asked]
        if not all(node.may(user, one["method"]) for one in many):
            self.send(403)
            return
        wallet = self.path.removeprefix("/wallet/") if self.path.startswith("/wallet/") else None
        answers, status = [], 200
        for one in many:
            try:
                answers.append({"id": one.get("id"), "result": node.answer(one["method"], one.get("params", []), wallet), "error": None})
            except ValueError as error:
                status = 500
                answers.append({"id": one.get("id"), "result": None, "error": {"code": -4, "message": str(error)}})
            except IndexError:
                answers.append({"id": one.get("id"), "result": None, "error": {"code": -8, "message": "Block height out of range"}})
            except KeyError:
                status = 404
                answers.append({"id": one.get("id"), "result": None, "error": {"code": -32601, "message": "Method not found"}})
        self.send(200 if isinstance(asked, list) else status, answers if isinstance(asked, list) else answers[0])


class Server(http.server.ThreadingHTTPServer):
    """As many as come."""

    daemon_threads = True
    request_queue_size = 128


def greet(listener):
    """The first bytes of ZMTP 3.0, RFC 23: who subscribes sees that a publisher is there."""
    while True:
        connection, _ = listener.accept()
        connection.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(48))


def seek_peers(proxy):
    """SOCKS 5, as for a peer: whether the proxy takes us at all."""
    host, _, port = proxy.rpartition(":")
    while True:
        try:
            with socket.create_connection((host, int(port)), timeout=3) as connection:
                connection.sendall(b"\5\1\0")
                node.proxy = "answers" if connection.recv(2) == b"\5\0" else "odd"
        except OSError as error:
            node.proxy = str(error)
        time.sleep(1)


def background(work, *words):
    """Until the end."""
    threading.Thread(target=work, args=words, daemon=True).start()


if len(sys.argv) != 2 or not sys.argv[1].startswith("-datadir="):
    refuse(f"stand-in: called with {sys.argv[1:]}")
data = sys.argv[1].removeprefix("-datadir=")
node = Node(settings(data), data)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
if node.kept.get("server") == ["1"]:
    for address in node.kept.get("rpcbind", ["127.0.0.1"]):
        background(Server((address, int(node.kept["rpcport"][0])), Asked).serve_forever)
for place in node.kept.get("zmqpubhashblock", []):
    at, _, number = place.removeprefix("tcp://").rpartition(":")
    background(greet, socket.create_server((at, int(number))))
for place in node.kept.get("bind", []) if node.kept.get("listen") == ["1"] else []:
    at, _, number = place.partition("=")[0].rpartition(":")
    background(lambda listener: [listener.accept() for _ in iter(int, 1)], socket.create_server((at, int(number))))
for place in node.kept.get("onion", [])[:1]:
    background(seek_peers, place)
for command in node.kept.get("startupnotify", []):
    subprocess.run(["sh", "-c", command], check=False)
print("init message: Done loading", flush=True)
signal.sigwait([signal.SIGTERM, signal.SIGINT])
for command in node.kept.get("shutdownnotify", []):
    subprocess.run(["sh", "-c", command], check=False)
os.remove(f"{data}/regtest/.cookie")
# What tells a clean end from a cut: the next start could look for it.
with open(f"{data}/regtest/ended", "a", encoding="ascii") as ended:
    ended.write("clean\n")
print("Shutdown done", flush=True)
os._exit(0)
