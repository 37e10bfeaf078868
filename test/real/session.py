# SPDX-License-Identifier: GPL-3.0-or-later
"""Real daemons in a network of their own that leads nowhere: starts what a plan names, takes its steps, stops all, and reports in JSON.

The plan (a file of JSON): `start`, a list of {"argv": [...], "cwd"?}, and `steps`, each one of
  {"rpc": {"port", "user", "password" or "cookie", "method", "params"?, "wallet"?}}  a call of bitcoind's JSON-RPC
  {"line": {"port", "send"}}                                              a line to a TCP port, and the line that comes back
  {"run": [...]}                                                          a command, to its end
  {"start": {...}}                                                        one more daemon
  {"listening": true}                                                     who listens where
with "within": seconds during which a step is tried again until it gives something (an RPC status, a line, exit code 0), and with "matching"
until what it gives matches.
Run under `unshare -n`: the loopback is brought up here.
"""
import base64
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

plan = json.load(open(sys.argv[1], encoding="utf-8"))
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
daemons = []


def start(one):
    log = open(os.path.join(plan["logs"], f"{len(daemons)}.log"), "w", encoding="utf-8")
    daemons.append(subprocess.Popen(one["argv"], cwd=one.get("cwd"), stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL))


def rpc(call):
    secret = open(call["cookie"], encoding="utf-8").read() if "cookie" in call else f"{call['user']}:{call['password']}"
    connection = http.client.HTTPConnection("127.0.0.1", call["port"], timeout=20)
    path = f"/wallet/{call['wallet']}" if "wallet" in call else "/"
    body = json.dumps({"id": 0, "method": call["method"], "params": call.get("params", [])})
    connection.request("POST", path, body, {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()})
    answer = connection.getresponse()
    text = answer.read().decode()
    parsed = json.loads(text) if text else {}
    if (parsed.get("error") or {}).get("code") == -28:  # it is still loading
        raise OSError("warming up")
    return {"status": answer.status, "result": parsed.get("result"), "error": parsed.get("error")}


def line(call):
    with socket.create_connection(("127.0.0.1", call["port"]), timeout=10) as connection:
        connection.sendall(call["send"].encode() + b"\n")
        got = connection.makefile().readline()
        if not got:
            raise OSError("closed")
        return got.strip()


def run(argv):
    done = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
    if done.returncode != 0:
        raise OSError(done.stdout + done.stderr)
    return done.stdout + done.stderr


def listening(_):
    found = []
    for file, family in (("/proc/net/tcp", 4), ("/proc/net/tcp6", 6)):
        for row in open(file, encoding="ascii").read().splitlines()[1:]:
            fields = row.split()
            if fields[3] != "0A":
                continue
            address, port = fields[1].split(":")
            name = ".".join(str(byte) for byte in bytes.fromhex(address)[::-1]) if family == 4 else f"[{address}]"
            found.append(f"{name}:{int(port, 16)}")
    return sorted(found)


def step(one):
    ends = time.monotonic() + one.get("within", 0)
    while True:
        try:
            for kind, act in (("rpc", rpc), ("line", line), ("run", run), ("listening", listening), ("start", start)):
                if kind in one:
                    got = act(one[kind])
                    if "matching" in one and not re.search(one["matching"], str(got)):
                        raise OSError(f"got {got}")
                    return got
        except (OSError, ValueError, http.client.HTTPException, subprocess.TimeoutExpired) as error:
            dead = [daemon.args[0] for daemon in daemons if daemon.poll() is not None]
            if time.monotonic() > ends or dead:
                return {"failed": str(error), "dead": dead}
            time.sleep(0.3)


try:
    for one in plan["start"]:
        start(one)
    results = [step(one) for one in plan["steps"]]
finally:
    codes = []
    for daemon in reversed(daemons):
        daemon.send_signal(signal.SIGINT if "ulcrum" in daemon.args[0] else signal.SIGTERM)
        try:
            codes.append(daemon.wait(60))
        except subprocess.TimeoutExpired:
            daemon.kill()
            codes.append("killed")
logs = [open(os.path.join(plan["logs"], f"{at}.log"), encoding="utf-8", errors="replace").read() for at in range(len(daemons))]
print(json.dumps({"results": results, "codes": codes[::-1], "logs": logs}))
