# SPDX-License-Identifier: GPL-3.0-or-later
"""joinmarketd.py PORT 0 127.0.0.1, for the system test: listens as the real one does (scripts/joinmarketd.py: also at PORT-1000 and PORT-2000).

Strict: no TLS, no other address. Does not model: its protocol (AMP); a connection is told who it reached.
"""
import socket
import sys
import threading

port, tls, address = sys.argv[1:]
if tls != "0" or address != "127.0.0.1":
    sys.exit(f"stand-in: called with {sys.argv[1:]}")


def listen(number):
    """One of its ports."""
    with socket.create_server((address, number)) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"stand-in joinmarketd\n")


threads = [threading.Thread(target=listen, args=(int(port) - less,)) for less in (0, 1000, 2000)]
for thread in threads:
    thread.start()
