# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway's SocksPort and a mirror behind it: mirror.py FOLDER CERT KEY LOG

Prints the SocksPort's number. Stands for tor's SocksPort as far as SOCKS 5 goes (src/core/proto/proto_socks.c): asks for user and password, which
tor takes for isolation, and connects by name. Strict: an address (a name that was looked up elsewhere), no password, or another port than 443 is
cut off. Each request goes to LOG: user, name. Every name ends at one mirror with TLS, which serves FOLDER by the last part of the path:
/whole/FILE as it is; /broken/FILE, which breaks off in the middle unless it is asked to go on from there; /moved/FILE, a redirect to /whole; /open/FILE,
a redirect to plain http; /endless/FILE, which never ends; anything else is not there.
"""
import http.server
import os
import socket
import socketserver
import ssl
import sys
import threading

folder, cert, key, log = sys.argv[1:]


class Mirror(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_words):
        pass

    def do_GET(self):
        kind, name = self.path.strip("/").split("/")[0], self.path.rsplit("/", 1)[1]
        note(f"get {self.path} {self.headers.get('Range', '')}".rstrip())
        path = os.path.join(folder, name)
        self.close_connection = True
        if kind in ("moved", "open"):
            self.send_response(302)
            self.send_header("Location", f"{'https' if kind == 'moved' else 'http'}://other.example/whole/{name}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif kind == "endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"x" * (1 << 20))
        elif kind in ("whole", "broken") and os.path.exists(path):
            with open(path, "rb") as file:
                data = file.read()
            start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            self.wfile.write(data[start : len(data) // 2] if kind == "broken" and not start else data[start:])
        else:
            self.send_error(404)


class Threads(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def handle_error(self, *_words):
        pass


def note(line):
    with open(log, "a", encoding="utf-8") as file:
        print(line, file=file)


def carry(source, target):
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(connection, port):
    with connection, connection.makefile("rb", buffering=0) as words:
        version, count = words.read(2)
        if version != 5 or 2 not in words.read(count):
            return
        connection.sendall(b"\5\2")
        words.read(1)
        user = words.read(words.read(1)[0]).decode()
        words.read(words.read(1)[0])
        connection.sendall(b"\1\0")
        head = words.read(4)
        if head != b"\5\1\0\3":
            return
        name = words.read(words.read(1)[0]).decode()
        wanted = int.from_bytes(words.read(2), "big")
        note(f"connect {user} {name}:{wanted}")
        if wanted != 443:
            return
        with socket.create_connection(("127.0.0.1", port)) as server:
            connection.sendall(b"\5\0\0\1" + bytes(6))
            threading.Thread(target=carry, args=(server, connection), daemon=True).start()
            carry(connection, server)


mirror = Threads(("127.0.0.1", 0), Mirror)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)
mirror.socket = context.wrap_socket(mirror.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=mirror.serve_forever, daemon=True).start()
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    accepted, _from = listener.accept()
    threading.Thread(target=serve, args=(accepted, mirror.server_address[1]), daemon=True).start()
