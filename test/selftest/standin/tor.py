#!/usr/bin/python3 -IB
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a gateway's tor: its SocksPorts and its control port, as far as `selftest` can tell.

Stands for: tor's control port 9052 on the loopback with cookie authentication (control-spec 3.5, 3.24: a wrong cookie ends the connection, and so
does any command before it), GETINFO status/bootstrap-phase and GETCONF of SocksPort and HiddenServiceOptions; SOCKS 5 (RFC 1928) with
OnionTrafficOnly (connection_edge.c: reply 2). The real tor answers the same, see selftest-tor.test.ts. Reads /etc/standin/torrc, and with
/etc/standin/bootstrap the percentage. Does not model: a network; what is let through gets reply 1.
"""
import os
import secrets
import socket
import threading

COOKIE = "/run/tor/control.authcookie"


def torrc():
    with open("/etc/standin/torrc", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def whole(one, size):
    data = b""
    while len(data) < size:
        more = one.recv(size - len(data))
        if not more:
            raise OSError("hung up")
        data += more
    return data


def socks(one, flags):
    if whole(one, 1) != b"\5":
        return
    whole(one, whole(one, 1)[0])
    one.sendall(b"\5\0")
    _, command, _, kind = whole(one, 4)
    size = {1: 4, 4: 16}.get(kind) or whole(one, 1)[0]
    host = whole(one, size)
    whole(one, 2)
    onion = kind == 3 and host.endswith(b".onion")
    reply = 7 if command != 1 else 2 if "OnionTrafficOnly" in flags and not onion else 1
    one.sendall(bytes([5, reply, 0, 1]) + bytes(6))


def control(one, _):
    known = False
    with one.makefile("rb") as words:
        for line in words:
            command, _, rest = line.decode().rstrip("\r\n").partition(" ")
            if command == "PROTOCOLINFO":
                said = ["250-PROTOCOLINFO 1", f'250-AUTH METHODS=COOKIE,SAFECOOKIE COOKIEFILE="{COOKIE}"', '250-VERSION Tor="0.4.9.11"', "250 OK"]
            elif command == "AUTHENTICATE" and rest.lower() == cookie.hex():
                known, said = True, ["250 OK"]
            elif not known:
                one.sendall(b"514 Authentication required.\r\n")
                return
            elif (command, rest) == ("GETINFO", "status/bootstrap-phase"):
                with open("/etc/standin/bootstrap", encoding="utf-8") as file:
                    progress = file.read().strip()
                said = [f'250-status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS={progress} TAG=x SUMMARY="y"', "250 OK"]
            elif command == "GETCONF":
                wanted = {"SocksPort": ("SocksPort",), "HiddenServiceOptions": ("HiddenServiceDir", "HiddenServicePort")}[rest]
                lines = ["=".join(text.split(" ", 1)) for text in torrc() if text.split(" ")[0] in wanted] or [rest]
                said = [f"250-{text}" for text in lines[:-1]] + [f"250 {lines[-1]}"]
            else:
                said = [f'552 Unrecognized "{rest}"']
            one.sendall("".join(f"{text}\r\n" for text in said).encode())


def listen(address, port, answer, flags=()):
    server = socket.create_server((address, port), backlog=64)

    def talk(one):
        with one:
            one.settimeout(20)
            try:
                answer(one, flags)
            except OSError:
                pass

    def loop():
        while True:
            threading.Thread(target=talk, args=(server.accept()[0],), daemon=True).start()

    threading.Thread(target=loop).start()


cookie = secrets.token_bytes(32)
os.makedirs("/run/tor", exist_ok=True)
with open(os.open(COOKIE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
    file.write(cookie)
for text in torrc():
    if text.startswith("SocksPort "):
        address, port = text.split(" ")[1].split(":")
        listen(address, int(port), socks, text.split(" ")[2:])
listen("127.0.0.1", 9052, control)
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
    ready.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
