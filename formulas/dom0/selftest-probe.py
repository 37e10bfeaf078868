# SPDX-License-Identifier: GPL-3.0-or-later
"""What `selftest` has a qube run, as root, by qvm-run:  python3 -I - PLAN  with this text on standard input. Not for use by hand.

PLAN is JSON: {"seconds": N, "checks": [{"id": 0, "do": "routes", ...}, ...]}. For each check it prints one line of JSON as soon as it is
known: {"id": 0, "verdict": "ok" | "failed" | "unknown", "detail": TEXT, "values": {NAME: WHOLE NUMBER}}.
It writes no file, changes nothing, prints no secret, and talks to nobody but the addresses of its plan: those of the documentation
(RFC 5737, RFC 3849), which belong to nobody, the gateway, and the declared servers.
"""

# One long file: a qube is sent one text.
import errno
import hashlib
import json
import os
import re
import select
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

# A name that no resolver may pass on (RFC 6761, 6.4), and addresses that nobody has.
NAME = "selftest.invalid"
NOBODY = "203.0.113.1"
NOBODY6 = "2001:db8::1"
UNROUTED = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
REFUSED = UNROUTED + (errno.ECONNREFUSED, errno.EPERM, errno.EACCES)


def ok(detail, **values):
    return "ok", detail, values


def failed(detail, **values):
    return "failed", detail, values


def unknown(detail, **values):
    return "unknown", detail, values


def reason(error):
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error) or type(error).__name__


def run(words, seconds, user=None):
    """Exit code and standard output of a program, by its path; it never sees our standard input."""
    if user:
        words = ["/usr/sbin/runuser", "-u", user, "--", *words]
    clean = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": f"/home/{user}" if user else "/root", "LC_ALL": "C.UTF-8"}
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    done = subprocess.run(words, timeout=seconds, env=clean, cwd="/", check=False, **pipes)
    return done.returncode, done.stdout[:65536].decode("utf-8", "replace")


# --- the network

def interfaces(_):
    others = sorted(name for _, name in socket.if_nameindex() if name != "lo")
    return failed("it has " + ", ".join(others)) if others else ok("none but its loopback")


def route_table(family):
    """All routes of a family, of every table, as (table, kind, destination, interface): what the kernel tells over rtnetlink (rtnetlink(7))."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as kernel:
        kernel.settimeout(5)
        kernel.bind((0, 0))
        kernel.send(struct.pack("=IHHIIBBBBBBBBI", 28, 26, 0x301, 1, 0, family, 0, 0, 0, 0, 0, 0, 0, 0))
        while True:
            data = kernel.recv(1 << 20)
            while len(data) >= 16:
                length, kind = struct.unpack_from("=IH", data)
                if kind == 3:  # NLMSG_DONE
                    return
                if kind == 2:  # NLMSG_ERROR
                    raise OSError(errno.EIO, "the kernel refuses to list its routes")
                yield parsed_route(data[16:length], family)
                data = data[(length + 3) & ~3 :]


def parsed_route(message, family):
    bits, table, kind = message[1], message[4], message[7]
    target, interface, at = "default", "", 12
    while at + 4 <= len(message):
        length, name = struct.unpack_from("=HH", message, at)
        value = message[at + 4 : at + length]
        if name == 1:  # RTA_DST
            target = f"{socket.inet_ntop(family, value)}/{bits}"
        elif name == 4:  # RTA_OIF
            try:
                interface = socket.if_indextoname(struct.unpack("=I", value)[0])
            except OSError:
                interface = "?"
        elif name == 15:  # RTA_TABLE
            table = struct.unpack("=I", value)[0]
        at += (max(length, 4) + 3) & ~3
    return table, kind, target, interface


def routes(_):
    """None that leads out: not the kernel's own of the loopback, and none that only refuse (unreachable, prohibit, blackhole)."""
    found = []
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            every = list(route_table(family))
        except OSError as error:
            if error.errno in UNROUTED:
                continue
            return unknown(f"the routes cannot be read: {reason(error)}")
        found += [f"{target} by {interface}" for _, kind, target, interface in every if kind not in (6, 7, 8) and interface not in ("lo", "")]
        with_route = reached(family)
        if with_route:
            found.append(with_route)
    return failed("it has a route: " + ", ".join(found[:4])) if found else ok("no route, neither IPv4 nor IPv6")


def reached(family):
    """Whether the kernel would send anything to an address of the documentation; connecting a datagram socket sends nothing."""
    address = NOBODY if family == socket.AF_INET else NOBODY6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as one:
            one.connect((address, 9))
            return f"to {address}"
    except OSError:
        return ""


def ipv6(_):
    return failed(f"it has a way {reached(socket.AF_INET6)}") if reached(socket.AF_INET6) else ok("no IPv6 route to the outside")


def dial(targets, seconds):
    """Dials all of (address, port) at once: 0 for a connection, an error number, or None where nothing came back."""
    answers = dict.fromkeys(targets)
    waiting = {}
    for target in targets:
        one = socket.socket(socket.AF_INET6 if ":" in target[0] else socket.AF_INET, socket.SOCK_STREAM)
        one.setblocking(False)
        code = one.connect_ex(target)
        if code == errno.EINPROGRESS:
            waiting[one] = target
        else:
            answers[target] = code
            one.close()
    end = time.monotonic() + seconds
    while waiting and (left := end - time.monotonic()) > 0:
        _, ready, _ = select.select([], list(waiting), [], left)
        for one in ready:
            answers[waiting.pop(one)] = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            one.close()
    for one in waiting:
        one.close()
    return answers


def outside(check):
    """
    A TCP connection to nobody's address. It must be refused in this qube, at once. Silence means that a packet left it, and so does a refusal
    that takes its time: after some three seconds a kernel gives up to look for a neighbour (arp(7)).
    """
    targets = [(NOBODY, 80), (NOBODY, 443), (NOBODY6, 80)]
    try:
        answers = dial(targets, 1.5)
    except OSError as error:
        if error.errno not in REFUSED:
            return unknown(reason(error))
        answers = dial(targets[:2], 1.5)
    for (address, port), code in answers.items():
        if code == 0:
            return failed(f"something answers at {address} port {port}, an address that nobody has: connections are taken along the way")
        if code is None:
            say = unknown if check["silence"] == "unknown" else failed
            return say(f"a packet to {address} port {port} left the qube: nothing refused it here")
        if code not in REFUSED:
            return unknown(f"{address} port {port}: {os.strerror(code)}")
    return ok(f"refused at once ({os.strerror(answers[(NOBODY, 80)])})")


def dns(check):
    """A question to each resolver that it could know. Of TXT, which Tor's DNSPort turns down by itself, so it goes no further (tor dnsserv.c)."""
    servers = dict.fromkeys(check["servers"])
    if check["resolv"]:
        try:
            with open("/etc/resolv.conf", encoding="utf-8", errors="replace") as file:
                words = [line.split() for line in file.read(65536).splitlines()]
            servers.update(dict.fromkeys(line[1] for line in words if len(line) > 1 and line[0] == "nameserver"))
        except OSError:
            pass
    question = b"\x51\x57\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + b"".join(bytes([len(one)]) + one.encode() for one in NAME.split(".")) + b"\x00\x00\x10\x00\x01"
    waiting = {}
    for server in list(servers)[:8]:
        address = server.partition("%")[0]
        one = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            one.connect((address, 53))
            one.send(question)
            waiting[one] = server
        except OSError:
            one.close()
    end = time.monotonic() + 4
    answered = []
    while waiting and (left := end - time.monotonic()) > 0:
        ready, _, _ = select.select(list(waiting), [], [], left)
        for one in ready:
            server = waiting.pop(one)
            try:
                if one.recv(4096)[:2] == question[:2]:
                    answered.append(server)
            except OSError:
                pass
            one.close()
    return failed(f"{', '.join(answered)} answers") if answered else ok(f"no answer from {', '.join(list(servers)[:8]) or 'anybody: it knows none'}")


def gateway_of_qubesdb():
    try:
        code, said = run(["/usr/bin/qubesdb-read", "/qubes-gateway"], 5)
        return [socket.inet_ntoa(socket.inet_aton(said.strip()))] if code == 0 and said.strip() else []
    except (OSError, ValueError, subprocess.SubprocessError):
        return []


def closed(check):
    addresses = list(dict.fromkeys(check["addresses"] + (gateway_of_qubesdb() if check.get("gateway") else [])))
    answers = dial([(address, port) for address in addresses for port in check["ports"]], 4)
    opened = [f"{address} port {port}" for (address, port), code in answers.items() if code == 0]
    return failed(f"{', '.join(opened[:6])} can be reached") if opened else ok(f"{len(answers)} ports tried, none answers")


def rest_of(one, size):
    data = b""
    while len(data) < size:
        more = one.recv(size - len(data))
        if not more:
            raise OSError(errno.ECONNRESET, "hung up")
        data += more
    return data


def socks_reply(target, kind, host, seconds):
    """The reply of a SocksPort (RFC 1928) to a request to connect to port 80; None where it only took the greeting."""
    with socket.create_connection(target, timeout=seconds) as one:
        one.sendall(b"\x05\x01\x00")
        if rest_of(one, 2) != b"\x05\x00":
            raise OSError(errno.EPROTO, "what answers is no SocksPort")
        if kind is None:
            return None
        one.sendall(b"\x05\x01\x00" + bytes([kind]) + host + b"\x00\x50")
        return rest_of(one, 2)[1]


def socks(check):
    target = (check["address"], check["port"])
    try:
        socks_reply(target, None, b"", 15)
    except OSError as error:
        return failed(f"no SOCKS at {target[0]} port {target[1]}: {reason(error)}")
    if not check["onionOnly"]:
        return ok(f"{target[0]} port {target[1]} answers")
    for what, kind, host in (("name", 3, bytes([len(NAME)]) + NAME.encode()), ("address", 1, socket.inet_aton(NOBODY))):
        try:
            reply = socks_reply(target, kind, host, 8)
        except OSError as error:
            return failed(f"a {what} that is no onion service is not refused at once: {reason(error)}")
        if reply != 2:
            return failed(f"it does not refuse a {what} that is no onion service (reply {reply}, not 2): OnionTrafficOnly is not in force")
    return ok(f"{target[0]} port {target[1]} answers, and refuses what is no onion service")


# --- links and calls

def talk(one, check):
    """What comes back to the hello, until it matches or ends."""
    one.sendall(check["send"].encode("latin-1"))
    said = b""
    wanted = re.compile(check["expect"].encode("latin-1"), re.DOTALL)
    while len(said) < 4096:
        if wanted.match(said):
            return said, True
        more = one.recv(4096 - len(said))
        if not more:
            break
        said += more
    return said, bool(wanted.match(said))


def link(check):
    hello = check.get("hello")
    try:
        # A server that is elsewhere may be a circuit of Tor away, which may take a while to be made.
        with socket.create_connection(("127.0.0.1", check["local"]), timeout=40) as plain:
            if not hello:
                plain.settimeout(2)
                try:
                    return ok("it stays open") if plain.recv(1) else failed("it is hung up on: the policy refused it, or nobody listens there")
                except TimeoutError:
                    return ok("it stays open (its server does not speak first)")
            one = plain
            if "certificate" in hello:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                one = context.wrap_socket(plain)
                if hashlib.sha256(one.getpeercert(binary_form=True)).hexdigest() != hello["certificate"]:
                    return failed("it shows another certificate than that of the topology")
            said, good = talk(one, hello)
    except TimeoutError:
        return failed("it takes the connection and does not answer")
    except ConnectionResetError:
        said, good = b"", False
    except (OSError, ValueError) as error:
        return failed(reason(error))
    if good:
        return ok(f"{hello['who']} answers")
    if not said:
        return failed("it is hung up on: the policy refused it, or nobody listens there")
    return failed(f"what answers is not {hello['who']}")


def call(check):
    """A call that the policy must refuse; qrexec-client-vm then ends with 126 (qubes-core-qrexec libqrexec/libqrexec-utils.h)."""
    words = ["/usr/bin/qrexec-client-vm", check["target"], check["service"]]
    try:
        code, _ = run(words, 20)
    except subprocess.TimeoutExpired:
        return failed("neither refused nor answered in 20 s: it was let through, or dom0 asks you (answer no)")
    except OSError as error:
        return unknown(f"qrexec-client-vm cannot be run: {reason(error)}")
    if code == 126:
        return ok("refused")
    if code == 1:
        return unknown("qrexec-client-vm could not ask its agent")
    return failed(f"not refused (exit {code})")


# --- what runs

def unit(check):
    words = "Type LoadState ActiveState SubState Result NeedDaemonReload ConditionResult".split()
    code, said = run(["/usr/bin/systemctl", "show", "-p", ",".join(words), "--", check["unit"]], 10)
    found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    if code != 0 or "LoadState" not in found:
        return unknown("systemd does not answer")
    if found["LoadState"] != "loaded":
        return failed(f"there is no such unit ({found['LoadState']}): its template was not applied, or the qube not restarted since")
    if found.get("NeedDaemonReload") == "yes":
        return failed("its file changed on disk after systemd read it: restart the qube")
    state = f"{found['ActiveState']} ({found['SubState']})"
    # One that does something once has ended when it has done it (systemd.service(5), Type=oneshot).
    if found.get("Type") == "oneshot" and found["ActiveState"] == "inactive" and found.get("ConditionResult") == "yes" and found.get("Result") == "success":
        return ok("done")
    if found["ActiveState"] != "active":
        why = ", a condition of it is not met" if found.get("ConditionResult") == "no" else f", last result: {found.get('Result')}"
        return failed(state + why)
    return ok(state)


def program(check):
    """The program is there; and where its folder is a version's, it is the version of the tree."""
    if not os.path.exists(check["file"]):
        return failed(f"{check['file']} is missing: it is not installed yet (README.md, By hand)")
    if "current" in check:
        found = os.path.basename(os.path.realpath(check["current"]))
        if found != check["version"]:
            return failed(f"it is {found}; the tree has {check['version']}")
    return ok(check.get("version", "installed"))


def services(check):
    missing = [one for one in check["on"] if not os.path.exists(f"/run/qubes-service/{one}")]
    extra = [one for one in check["off"] if os.path.exists(f"/run/qubes-service/{one}")]
    if missing or extra:
        return failed("; ".join([*(f"{one} is not on" for one in missing), *(f"{one} is not off" for one in extra)]) + ": restart the qube, or apply again")
    return ok(f"{len(check['on'])} on, {len(check['off'])} off")


def files(check):
    wrong = []
    for path, digest in check["files"].items():
        try:
            with open(path, "rb") as file:
                if hashlib.sha256(file.read()).hexdigest() != digest:
                    wrong.append(f"{path} differs")
        except OSError as error:
            wrong.append(f"{path}: {reason(error)}")
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return failed("; ".join(wrong[:3]) + more) if wrong else ok(f"{len(check['files'])} files are those of the tree")


def secrets(check):
    """That they are there and who may read them; they are not opened."""
    wrong = []
    for path, mode in check["files"].items():
        try:
            found = os.stat(path)
            if found.st_mode & 0o7777 & ~int(mode, 8):
                wrong.append(f"{path} has mode {found.st_mode & 0o7777:04o}, not {mode}")
            elif found.st_size == 0:
                wrong.append(f"{path} is empty")
        except OSError as error:
            wrong.append(f"{path}: {reason(error)}")
    return failed("; ".join(wrong[:3])) if wrong else ok(f"{len(check['files'])} there, readable to their owners alone")


def owners(inodes):
    """Who has these sockets: {inode: name of the process}."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            for name in os.listdir(f"/proc/{pid}/fd"):
                text = os.readlink(f"/proc/{pid}/fd/{name}")
                if text.startswith("socket:[") and text[8:-1] in inodes:
                    with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
                        found.setdefault(text[8:-1], file.read(32).strip())
        except OSError:
            continue
    return found


def listening():
    """Each listening TCP socket: (address, port, inode). /proc/net/tcp has words of the machine's order (proc(5))."""
    for family, table in ((socket.AF_INET, "/proc/net/tcp"), (socket.AF_INET6, "/proc/net/tcp6")):
        try:
            with open(table, encoding="ascii") as file:
                lines = file.read().splitlines()[1:]
        except FileNotFoundError:
            continue
        for line in lines:
            words = line.split()
            if words[3] != "0A":
                continue
            address, port = words[1].split(":")
            swapped = b"".join(bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8))
            raw = swapped if sys.byteorder == "little" else bytes.fromhex(address)
            yield socket.inet_ntop(family, raw), int(port, 16), words[9]


def within(port, ranges):
    return any(first <= port <= last for first, last in ranges)


def listens(check):
    found = list(listening())
    who = owners({inode for _, _, inode in found})
    wrong = []
    for address, port, inode in found:
        local = address.startswith("127.") or address in ("::1", "::ffff:127.0.0.1")
        inside = within(port, check["loopback"])
        if within(port, check["anywhere"]) or (local and inside):
            continue
        known = " instead of its loopback" if inside else ""
        wrong.append(f"{address} port {port}{known} ({who.get(inode, 'nobody knows who')})")
    if wrong:
        return failed("listens where the tree does not: " + ", ".join(sorted(wrong)[:5]))
    return ok(f"{len({(address, port) for address, port, _ in found})} listening ports, all of them known")


def serves(check):
    """The ports at which others are to find it."""
    ports = {port for _, port, _ in listening()}
    missing = [port for port in check["ports"] if port not in ports]
    if not missing:
        return ok(f"{', '.join(map(str, check['ports']))}")
    late = f" ({check['late']})" if "late" in check else ""
    _, said = run(["/usr/bin/systemctl", "is-active", "--", check["unit"]], 10)
    text = f"nobody listens at {', '.join(map(str, missing))}"
    if late and said.strip() == "active":
        return unknown(f"{text}, though {check['unit']} runs{late}", waits=1)
    return failed(text)


# --- Tor

def control(commands):
    """Replies of tor's control port on a gateway, after the cookie, which only root and tor can read (control-spec, 3.5 and 3.24)."""
    with socket.create_connection(("127.0.0.1", 9052), timeout=15) as one, one.makefile("rb") as words:

        def ask(line):
            one.sendall(line.encode() + b"\r\n")
            lines = []
            while len(lines) < 400:
                said = words.readline(4096).decode("utf-8", "replace").rstrip("\r\n")
                if not said:
                    raise OSError(errno.ECONNRESET, "tor hung up")
                lines.append(said)
                if said[3:4] == " ":
                    break
            if not lines[-1].startswith("250 "):
                raise OSError(errno.EPROTO, f"tor says {lines[-1][:60]}")
            return [said[4:] for said in lines]

        cookie = ""
        for said in ask("PROTOCOLINFO 1"):
            if match := re.search(r'COOKIEFILE="([^"\\]*)"', said):
                with open(match[1], "rb") as file:
                    cookie = file.read(33).hex()
        if len(cookie) not in (0, 64):
            raise OSError(errno.EPROTO, "its cookie is none")
        ask(f"AUTHENTICATE {cookie}".rstrip())
        return [ask(command) for command in commands]


def bootstrap(_):
    try:
        [said] = control(["GETINFO status/bootstrap-phase"])
    except OSError as error:
        return failed(f"its control port does not answer: {reason(error)}")
    match = re.search(r"PROGRESS=(\d{1,3})", said[0])
    done = int(match[1]) if match else 0
    return ok("100 %", progress=100) if done == 100 else failed(f"it is at {done} % of its start", progress=done)


def tor_settings(check):
    """What the running tor has, not what its files say."""
    try:
        ports, folders = control(["GETCONF SocksPort", "GETCONF HiddenServiceOptions"])
    except OSError as error:
        return failed(f"its control port does not answer: {reason(error)}")
    running = {}
    for line in ports:
        words = line.partition("=")[2].split()
        if words:
            running.setdefault(words[0].rpartition(":")[2], set()).update(words[1:])
    wrong = []
    for one in check["socks"]:
        flags = running.get(str(one["port"]))
        if flags is None:
            wrong.append(f"it has no SocksPort {one['port']}")
        elif missing := set(one["flags"]) - flags:
            wrong.append(f"its SocksPort {one['port']} lacks {', '.join(sorted(missing))}")
    has = {line.partition("=")[2] for line in folders if line.startswith("HiddenServiceDir=")}
    wrong += [f"it does not offer {folder}" for folder in check["onions"] if folder not in has]
    wrong += [f"it still offers {folder}" for folder in sorted(has) if folder.startswith(check["prefix"]) and folder not in check["onions"]]
    return failed("; ".join(wrong) + ": reload tor") if wrong else ok(f"{len(check['socks'])} SocksPorts and {len(check['onions'])} onion services of the tree")


# --- figures

def clock(_):
    return ok("", milliseconds=int(time.time() * 1000))


def disk(check):
    found = os.statvfs(check["path"])
    return ok("", free=found.f_bavail * found.f_frsize, size=found.f_blocks * found.f_frsize)


def height(check):
    """How far its chain is, by the program's own word: its command, or its Electrum port."""
    if "only_with" in check and not os.path.exists(check["only_with"]):
        return unknown("its program is not running")
    try:
        if "port" in check:
            with socket.create_connection(("127.0.0.1", check["port"]), timeout=8) as one, one.makefile("rb") as words:
                for line in ('{"id":0,"method":"server.version","params":["check","1.4"]}', '{"id":1,"method":"blockchain.headers.subscribe","params":[]}'):
                    one.sendall(line.encode() + b"\n")
                    said = json.loads(words.readline(65536))
            found = {"blocks": said["result"]["height"]}
        else:
            code, said = run(check["command"], 20, check.get("user"))
            if code != 0:
                return unknown("its program does not answer")
            answer = json.loads(said)
            found = {name: answer[key] for name, key in check["keys"].items()}
    except (OSError, ValueError, KeyError, TypeError, subprocess.SubprocessError) as error:
        return unknown(f"its program does not answer: {reason(error)}")
    values = {name: int(value) for name, value in found.items() if isinstance(value, int)}
    return ok("", **values) if "blocks" in values else unknown("its program does not say its height")


CHECKS = (interfaces, routes, ipv6, outside, dns, closed, socks, link, call, unit, program, services, files, secrets, listens, serves, bootstrap, tor_settings, clock, disk, height)
BY_NAME = {one.__name__: one for one in CHECKS}
LOCK = threading.Lock()


def work(check):
    try:
        verdict, detail, values = BY_NAME[check["do"]](check)
    except Exception as error:  # pylint: disable=broad-except  # one check that cannot be made must not cost the others
        verdict, detail, values = "unknown", f"could not be tried: {type(error).__name__}: {reason(error)}", {}
    line = {"id": check["id"], "verdict": verdict, "detail": detail[:300]}
    if values:
        line["values"] = values
    with LOCK:
        print(json.dumps(line), flush=True)


def main():
    plan = json.loads(sys.argv[1])
    timer = threading.Timer(plan["seconds"], os._exit, [3])
    timer.daemon = True
    timer.start()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, plan["checks"]))
    os._exit(0)


main()
