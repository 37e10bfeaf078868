# SPDX-License-Identifier: GPL-3.0-or-later
"""joinmarketd.py PORT 0 127.0.0.1, for the system test: listens as the real one does (scripts/joinmarketd.py: also at PORT-1000 and PORT-2000).

Strict: no TLS, no other address. Does not model: its protocol (AMP): it says nothing and hangs up on nobody, as the real one until it is spoken to.
"""
import socket
import sys
import threading

port, tls, address = sys.argv[1:]
if tls != "0" or address != "127.0.0.1":
    sys.exit(f"stand-in: called with {sys.argv[1:]}")


def hold(connection):
    """Until the client goes."""
    with connection:
        while connection.recv(4096):
            pass


def listen(number):
    """One of its ports."""
    with socket.create_server((address, number)) as listener:
        while True:
            threading.Thread(target=hold, args=(listener.accept()[0],), daemon=True).start()


threads = [threading.Thread(target=listen, args=(int(port) - less,)) for less in (0, 1000, 2000)]
for thread in threads:
    thread.start()
