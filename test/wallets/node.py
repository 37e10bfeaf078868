#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands for bitcoind as far as wallets are concerned: its RPC cookie, and by named parameters the calls that wallets are made, loaded and looked at
with. Refuses what bitcoind refuses, with its codes (src/rpc/protocol.h, src/wallet/rpc/wallet.cpp): a wrong cookie, an unknown method or parameter, a
wallet that exists, is loaded already, is not loaded or is not there, one of the old kind where the version has none. Loads at the start what its
settings.json says, as bitcoind does, and says to systemd that it is ready. The same tests run against the real one where there is one.

    node.py -datadir=DIR [-version=N] [-warmup=N]

Port and chain are those of DIR/bitcoin.conf. -warmup: so many calls are answered by -28. Calls that change something are noted in DIR/changes.
"""
import base64
import json
import os
import re
import secrets
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

options = dict(one.lstrip("-").split("=", 1) for one in sys.argv[1:])
datadir, version = options["datadir"], int(options.get("version", "31"))
conf = open(os.path.join(datadir, "bitcoin.conf"), encoding="utf-8").read()
chain = re.search(r"^\[(\w+)\]$", conf, re.MULTILINE)[1]
folder = os.path.join(datadir, {"main": "", "test": "testnet3"}.get(chain, chain))
port = {"main": 8332, "test": 18332, "testnet4": 48332, "signet": 38332, "regtest": 18443}[chain]
disabled = re.search(r"^disablewallet=1$", conf, re.MULTILINE) is not None
create_bdb = re.search(r"^deprecatedrpc=create_bdb$", conf, re.MULTILINE) is not None
settings = os.path.join(folder, "settings.json")
cookie = "__cookie__:" + secrets.token_hex(32)
warmup = int(options.get("warmup", "0"))
loaded = set()


class No(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def on_disk():
    found = {}
    top = os.path.join(folder, "wallets")
    for name in os.listdir(top) if os.path.isdir(top) else []:
        found[name] = json.load(open(os.path.join(top, name, "wallet.json"), encoding="utf-8"))
    return found


def startup(name, wanted):
    """As UpdateWalletSetting: null changes nothing."""
    kept = json.load(open(settings, encoding="utf-8")) if os.path.exists(settings) else {}
    names = kept.get("wallet", [])
    if wanted is None:
        return
    kept["wallet"] = [one for one in names if one != name] + ([name] if wanted else [])
    with open(settings, "w", encoding="utf-8") as file:
        json.dump(kept, file)


def changed(what):
    with open(os.path.join(datadir, "changes"), "a", encoding="utf-8") as file:
        file.write(what + "\n")


def createwallet(_wallet, wallet_name, disable_private_keys=False, descriptors=True, load_on_startup=None):
    if not descriptors and version >= 30:
        raise No(-4, "descriptors argument must be set to \"true\"; it is no longer possible to create a legacy wallet.")
    if not descriptors and version >= 26 and not create_bdb:
        raise No(-4, "BDB wallet creation is deprecated and will be removed in a future release.")
    if wallet_name in on_disk():
        raise No(-4, "Wallet file verification failed. Failed to create database path. Database already exists.")
    os.makedirs(os.path.join(folder, "wallets", wallet_name))
    with open(os.path.join(folder, "wallets", wallet_name, "wallet.json"), "w", encoding="utf-8") as file:
        json.dump({"private_keys_enabled": not disable_private_keys, "descriptors": descriptors}, file)
    loaded.add(wallet_name)
    startup(wallet_name, load_on_startup)
    changed(f"createwallet {wallet_name}")
    return {"name": wallet_name}


def loadwallet(_wallet, filename, load_on_startup=None):
    if filename in loaded:
        raise No(-35, f"Wallet \"{filename}\" is already loaded.")
    if filename not in on_disk():
        raise No(-18, "Wallet file verification failed. Failed to load database path. Path does not exist.")
    loaded.add(filename)
    startup(filename, load_on_startup)
    changed(f"loadwallet {filename}")
    return {"name": filename}


def unloadwallet(wallet, wallet_name=None, load_on_startup=None):
    name = wallet or wallet_name
    if name not in loaded:
        raise No(-18, "Requested wallet does not exist or is not loaded")
    loaded.remove(name)
    startup(name, load_on_startup)
    changed(f"unloadwallet {name}")
    return {}


def getwalletinfo(wallet):
    if wallet is None and len(loaded) == 1:
        wallet = next(iter(loaded))
    if wallet not in loaded:
        raise No(-18, "Requested wallet does not exist or is not loaded")
    return {"walletname": wallet, **on_disk()[wallet]}


def listwallets(_wallet):
    return sorted(loaded)


def listwalletdir(_wallet):
    return {"wallets": [{"name": name} for name in sorted(on_disk())]}


def uptime(_wallet):
    return 1


METHODS = {"uptime": uptime}
if not disabled:
    METHODS.update({one.__name__: one for one in (createwallet, loadwallet, unloadwallet, getwalletinfo, listwallets, listwalletdir)})


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_words):
        pass

    def answer(self, status, error=None, result=None):
        body = json.dumps({"result": result, "error": error, "id": None}).encode() if status != 401 else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        global warmup
        body = self.rfile.read(int(self.headers["Content-Length"]))
        expected = "Basic " + base64.b64encode(cookie.encode()).decode()
        if self.headers.get("Authorization") != expected:
            return self.answer(401)
        if warmup > 0:
            warmup -= 1
            return self.answer(500, {"code": -28, "message": "Loading block index…"})
        try:
            call = json.loads(body)
            where = re.fullmatch(r"/(?:wallet/([A-Za-z0-9_-]+))?", self.path)
            method = METHODS.get(call["method"])
            if method is None or where is None:
                raise No(-32601, "Method not found")
            params = call.get("params", {})
            try:
                result = method(where[1], **params) if isinstance(params, dict) else method(where[1], *params)
            except TypeError as error:
                raise No(-8, f"Unknown named parameter: {error}") from error
        except No as no:
            return self.answer(404 if no.code == -32601 else 500, {"code": no.code, "message": str(no)})
        except (ValueError, KeyError):
            return self.answer(500, {"code": -32700, "message": "Parse error"})
        self.answer(200, None, result)


def ended(*_signal):
    os.remove(os.path.join(folder, ".cookie"))
    os._exit(0)


signal.signal(signal.SIGTERM, ended)
os.makedirs(folder, exist_ok=True)
server = HTTPServer(("127.0.0.1", port), Handler)
with open(os.path.join(folder, ".cookie"), "w", encoding="ascii") as cookie_file:
    cookie_file.write(cookie)
if os.path.exists(settings):
    loaded.update(name for name in json.load(open(settings, encoding="utf-8")).get("wallet", []) if name in on_disk())
if os.environ.get("NOTIFY_SOCKET"):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
        bell.connect(os.environ["NOTIFY_SOCKET"].replace("@", "\0", 1))
        bell.send(b"READY=1")
server.serve_forever()
