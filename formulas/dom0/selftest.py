#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows whether the system whose tree this file lies in does what the tree says. In dom0, as its ordinary user, after an apply:

    ./selftest                 probes every qube of the tree that runs; starts none
    ./selftest QUBE ...        these alone
    ./selftest --start         first starts what is to be probed, by ./start, and leaves it running
    ./selftest --list          says what would be tried, and in which qubes; enters none
    ./selftest --no-calls      without the calls that must be refused: dom0 shows a notification for each of those
    ./selftest --format json   the same for programs

Each line is a check: ok, FAILED, or not tried, with the reason. Exit: 0 nothing failed; 1 something failed; 2 nothing could be tried.

It writes nothing, in dom0 or in a qube, and contacts nobody outside. Net qubes, disposables, policy files and "calls by the policy" are dom0's own word;
all else is that of the qube: one that somebody took over can say what it likes. So it shows mistakes, not break-ins.
"""

# One long file: dom0 is given as few as can be, and this one can be read from top to bottom before it is run.
import argparse
import concurrent.futures
import hashlib
import json
import os
import selectors
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.realpath(__file__))
POLICIES = "/etc/qubes/policy.d"
MOST_CALLS = 80  # each is a notification on the user's screen
MOST_QUESTIONS = 600  # to the policy, each some tenths of a second of one processor
MOST_BYTES = 1 << 18  # of one qube's answers
MOST_IN_LINE = 4096
# Tor takes a clock that is wrong by hours for no clock (tor src/core/mainloop/mainloop.c, "clock_skew"); Whonix itself shifts it by up to three
# minutes at boot (Kicksecure/bootclockrandomization); a node refuses blocks more than two hours ahead.
MOST_SKEW = 1800
LEAST_FREE = 2 << 30
CAVEAT = "Net qubes, disposables and policy are dom0's own word. All else is the word of the qubes, and proves nothing about one that somebody took over."


def complain(what, why, fix):
    print(f"error: {clean(what)}\n  why: {clean(why)}\n  fix: {fix}", file=sys.stderr)


def clean(text, most=240):
    """Text from elsewhere as it may stand on a terminal: printable ASCII, not too long."""
    text = "".join(one if " " <= one <= "~" else "?" for one in text[: most + 1])
    return text if len(text) <= most else text[: most - 3] + "..."


def cannot(*words):
    complain(*words)
    sys.exit(2)


def read_tree():
    """The manifest, and the probe as the manifest knows it."""
    path = os.path.join(HERE, "MANIFEST.json")
    try:
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        names = [manifest["formula"], manifest["links"], *(one["probe"] for one in manifest["qubes"].values())]
        wanted = manifest["files"]["selftest-probe"]["sha256"]
        with open(os.path.join(HERE, "selftest-probe"), "rb") as file:
            probe = file.read()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        cannot(f"the tree cannot be read: {error}", "MANIFEST.json and selftest-probe say what to try", "run selftest from an unpacked, whole tree")
    if hashlib.sha256(probe).hexdigest() != wanted or not names:
        cannot("selftest-probe is not that of MANIFEST.json", "it would be run as root in every qube", "unpack the tree again")
    return manifest, probe


# --- what dom0 itself knows

def answers(*command):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 125, "", str(error))


def pref(name, key):
    """A property, None where the qube has none, or False where dom0 does not say."""
    done = answers("qvm-prefs", "--get", "--", name, key)
    if done.returncode != 0:
        return False
    return None if done.stdout.strip() in ("", "None") else done.stdout.strip()


def is_running(name):
    return answers("qvm-check", "-q", "--running", "--", name).returncode == 0


class Report:
    """The lines, as they will be shown."""

    def __init__(self):
        self.rows = []

    def add(self, qube, what, verdict, detail):
        self.rows.append({"qube": qube, "check": what, "verdict": verdict, "detail": clean(detail)})

    def count(self, verdict):
        return sum(row["verdict"] == verdict for row in self.rows)


def look_in_dom0(report, formula, name, qube):
    """Whether the qube is there, ours, and has the net qube of the tree. False where it must not be entered."""
    if answers("qvm-check", "-q", "--", name).returncode != 0:
        report.add(name, "is there", "failed", "there is no such qube: apply the states first (README.md)")
        return False
    if formula not in answers("qvm-tags", "--", name, "list").stdout.split():
        report.add(name, "is ours", "failed", f"it does not bear the tag {formula}, so it is not the qube that the states made; not entered")
        return False
    wanted, found = qube["probe"]["netvm"], pref(name, "netvm")
    if qube.get("leftToUser") and found in (None, wanted):
        report.add(name, "net qube", "ok", f"{found or 'none yet'} (left to you)")
    else:
        say = "dom0 does not say" if found is False else f"{found or 'none'}"
        report.add(name, "net qube", "ok" if found == wanted else "failed", say if found == wanted else f"{say}; the tree has {wanted or 'none'}")
    disposable = pref(name, "default_dispvm")
    say = "dom0 does not say" if disposable is False else (disposable or "none")
    report.add(name, "default disposable", "ok" if disposable is None else "failed", say if disposable is None else f"{say}; the tree has none")
    return True


def look_at_qubes(report, manifest, names, wanted):
    """All qubes of the tree at once, since each question takes dom0 some tenths of a second: those that are ours, and of these those that run."""

    def look(name):
        own = Report()
        ours = look_in_dom0(own, manifest["formula"], name, manifest["qubes"][name])
        return own, ours, ours and is_running(name)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = dict(zip(names, pool.map(look, names)))
    for name in wanted:
        report.rows += found[name][0].rows
    return [name for name in names if found[name][1]], [name for name in names if found[name][2]]


def look_at_policies(report, manifest):
    """The policy files that count are those of the tree."""
    for path, entry in sorted(manifest["files"].items()):
        folder, _, name = path.rpartition("/")
        if not folder.endswith("/files/dom0" + POLICIES):
            continue
        try:
            with open(os.path.join(POLICIES, name), "rb") as file:
                same = hashlib.sha256(file.read()).hexdigest() == entry["sha256"]
            report.add("dom0", f"policy {name}", "ok" if same else "failed", "that of the tree" if same else "it is not that of the tree: apply again")
        except FileNotFoundError:
            report.add("dom0", f"policy {name}", "failed", f"it is not in {POLICIES}: apply the states")
        except OSError as error:
            report.add("dom0", f"policy {name}", "not tried", str(error))


def ask_policy(caller, target, port):
    """
    What dom0 would say to a call: True where it would let it through, or ask about the very qube that is named; False where it would refuse.
    Nobody is called and nobody notified. A question that a call without a name would raise counts as no: the call itself, from inside, tells
    (qubes-core-qrexec qrexec/tools/qrexec_policy_exec.py, get_result and AssumeYesForAskResolution; releases 4.2 and 4.3 were tried).
    """
    words = ["qrexec-policy-exec", "--just-evaluate", "--assume-yes-for-ask", "--", caller, target, f"qubes.ConnectTCP+{port}"]
    return {0: True, 1: False}.get(answers(*words).returncode)


def look_at_calls(report, manifest, wanted, running):
    """
    By dom0's own word, of all qubes of the tree, running or not: the policy lets through what is declared, and nothing else. That a link is let
    through shows that the tool works: where it cannot read the policy, it says no to everything.
    """
    if shutil.which("qrexec-policy-exec") is None:
        report.add("dom0", "calls by the policy", "not tried", "there is no qrexec-policy-exec here")
        return
    questions = []
    for caller in wanted:
        declared = declared_by(manifest, caller)
        for link in manifest["links"]:
            # The policy refuses, too, what would have to start its server without leave to.
            if link["client"] == caller and link["server"] in running:
                questions.append((caller, link["server"] if link["named"] else "@default", link["port"], True))
        everything = sorted({22, *(port for one in manifest["qubes"].values() for port in one["probe"]["ports"])})
        others = [(target, port) for target in sorted(manifest["qubes"]) if target != caller for port in ports_of(manifest, target) + [22]]
        for target, port in [("@default", port) for port in everything] + others:
            if (target, port) not in declared:
                questions.append((caller, target, port, False))
    left_out = len(questions) - MOST_QUESTIONS
    print(f"Asks dom0's policy what it would say to {min(len(questions), MOST_QUESTIONS)} calls ...", file=sys.stderr)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda one: ask_policy(*one[:3]), questions[:MOST_QUESTIONS]))
    works = any(said)
    for caller in wanted:
        mine = [(one, answer) for one, answer in zip(questions, said) if one[0] == caller]
        wrong = [f"{target} port {port} {'is refused' if allowed else 'is let through'}" for (_, target, port, allowed), answer in mine if answer is not None and answer != allowed]
        refused = sum(answer is False for one, answer in mine)
        if any(answer is None for _, answer in mine):
            report.add(caller, "calls by the policy", "not tried", "qrexec-policy-exec does not work as expected")
        elif wrong:
            report.add(caller, "calls by the policy", "failed", "; ".join(wrong[:4]) + (f" and {len(wrong) - 4} more" if len(wrong) > 4 else ""))
        elif not works:
            report.add(caller, "calls by the policy", "not tried", "dom0 says no to everything, and no link with a running server shows that it can say yes")
        else:
            report.add(caller, "calls by the policy", "ok", f"{refused} refused, {len(mine) - refused} let through, as the tree has it")
    if left_out > 0:
        report.add("dom0", "calls by the policy", "not tried", f"{left_out} of {len(questions)} possible ones")


def declared_by(manifest, caller):
    return {(one["server"] if one["named"] else "@default", one["port"]) for one in manifest["links"] if one["client"] == caller}


def ports_of(manifest, name):
    return manifest["qubes"][name]["probe"]["ports"]


# --- what is to be tried

class Plan:
    """The checks of one qube: what is sent into it, and what each is called."""

    def __init__(self):
        self.checks = []
        self.names = []

    def add(self, what, do, **words):
        self.checks.append({"id": len(self.checks), "do": do, **words})
        self.names.append(what)


def plan_for(manifest, name, running, calls):
    formula, qube = manifest["formula"], manifest["qubes"][name]
    probe = qube["probe"]
    plan = Plan()
    plan.add("clock", "clock")
    plan.add("private volume", "disk", path="/rw")
    if probe["network"] == "none":
        plan.add("interfaces", "interfaces")
        plan.add("routes", "routes")
    else:
        plan.add("IPv6", "ipv6")
    plan.add("clearnet connection", "outside", silence="unknown" if probe["network"] == "lan" else "failed")
    plan.add("names", "dns", servers=probe["resolvers"], resolv=probe["network"] != "tor")
    plan.add("Qubes services", "services", on=probe["services"]["on"], off=probe["services"]["off"])
    landed = files_of(manifest, f"srv/formulas/base/{formula}-formula/{formula}/files", name, qube)
    if landed:
        plan.add("settings", "files", files=landed)
    if probe["secrets"]:
        plan.add("secrets", "secrets", files=probe["secrets"])
    for one in probe["programs"]:
        plan.add(one["name"], "program", **{key: value for key, value in one.items() if key != "name"})
    for one in probe["units"]:
        plan.add(f"unit {one}", "unit", unit=one)
    for one in probe["serves"]:
        plan.add("its ports", "serves", **one)
    plan.add("listening ports", "listens", **probe["listens"])
    if "tor" in probe:
        plan.add("Tor is up", "bootstrap")
        plan.add("Tor's settings", "tor_settings", **probe["tor"])
    if "gateway" in probe and probe["netvm"] in running:
        plan_gateway(plan, manifest, name, running)
    if "height" in probe:
        plan.add("height", "height", **probe["height"])
    for link in manifest["links"]:
        if link["client"] == name and link["server"] in running:
            hello = {"hello": link["hello"]} if "hello" in link else {}
            plan.add(link_name(link), "link", local=link["local"], **hello)
    for target, port in calls:
        plan.add(f"call to {target} port {port}", "call", target=target, service=f"qubes.ConnectTCP+{port}")
    return plan


def plan_gateway(plan, manifest, name, running):
    gateway = manifest["qubes"][name]["probe"]["gateway"]
    for one in gateway["socks"]:
        plan.add(f"gateway's SocksPort {one['port']}", "socks", address=gateway["address"], **one)
    plan.add("gateway's other ports", "closed", addresses=[gateway["address"]], ports=gateway["closed"], gateway=True)
    addresses = {other: pref(other, "ip") for other in running if other != name and manifest["qubes"][other]["probe"]["network"] == "gateway"}
    for other, address in sorted(addresses.items()):
        if address:
            plan.add(f"{other} by network", "closed", addresses=[address], ports=sorted({22, *manifest["qubes"][other]["probe"]["ports"]}))


def files_of(manifest, folder, name, qube):
    """What of the tree lies in a qube, by digest: its own files, and those of its template."""
    found = {}
    for machine in (qube["template"], name):
        start = f"{folder}/{machine}/"
        for path, entry in manifest["files"].items():
            if path.startswith(start) and path[len(start) - 1 :] not in qube["probe"]["yours"]:
                found[path[len(start) - 1 :]] = entry["sha256"]
    return found


def link_name(link):
    return f"link {link['service']} to {link['server']}"


def calls_for(manifest, running):
    """
    Calls that no link declares, by caller: from each qube to each other that runs. Wallets are asked about every port, others about one of each.
    Those that the bound leaves out come back as a number.
    """
    found = {name: [] for name in running}
    for caller in running:
        declared = declared_by(manifest, caller)
        wallet = not manifest["qubes"][caller]["daemon"] and manifest["qubes"][caller]["probe"]["network"] == "none"
        wanted = [("@default", 22)]
        for target in running:
            if target != caller:
                ports = manifest["qubes"][target]["probe"]["ports"] or [22]
                wanted += [(target, port) for port in (ports if wallet else ports[:1])]
        found[caller] = [one for one in wanted if one not in declared]
    left = MOST_CALLS
    out = 0
    # Wallets first: what matters most is not what the bound takes away.
    for caller in sorted(found, key=lambda name: (manifest["qubes"][name]["daemon"], manifest["qubes"][name]["probe"]["network"] != "none", name)):
        out += max(0, len(found[caller]) - left)
        found[caller] = found[caller][:left]
        left -= len(found[caller])
    return found, out


# --- into the qubes

def ask(name, plan, probe, seconds):
    """
    What a qube sends back: (when it was sent, lines, why there are no more). All of it is a stranger's: bounded in time and size, and looked at
    line by line. `--no-autostart`: a qube that has stopped meanwhile stays so (qvm-run(1)).
    """
    argument = shlex.quote(json.dumps({"seconds": seconds, "checks": plan.checks}))
    words = ["qvm-run", "--pass-io", "--no-gui", "--no-autostart", "-u", "root", "--", name, f"exec /usr/bin/python3 -I - {argument}"]
    begun = time.time()
    try:
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    except OSError as error:
        return begun, [], f"qvm-run cannot be run: {error}"

    def feed():
        try:
            process.stdin.write(probe)
            process.stdin.close()
        except OSError:
            pass

    threading.Thread(target=feed, daemon=True).start()
    try:
        lines, errors, why = listen(process, time.monotonic() + seconds + 15)
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
    if why is None and process.returncode not in (0, -signal.SIGKILL):
        why = f"qvm-run ended with {process.returncode}: {errors or 'no word'}"
    return begun, lines, why


def listen(process, end):
    """Lines, each with the time at which it came, until the qube has no more to say or may say no more."""
    lines, errors, rest, size, why = [], "", b"", 0, None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        selector.register(process.stderr, selectors.EVENT_READ)
        while selector.get_map() and why is None:
            left = end - time.monotonic()
            if left <= 0:
                why = "it took too long"
                break
            for key, _ in selector.select(left):
                data = os.read(key.fileobj.fileno(), 1 << 16)
                if not data:
                    selector.unregister(key.fileobj)
                    continue
                size += len(data)
                if size > MOST_BYTES:
                    why = f"it sent more than {MOST_BYTES} bytes"
                    break
                if key.fileobj is process.stderr:
                    errors = clean((errors + data.decode("ascii", "replace"))[:200])
                    continue
                *whole, rest = (rest + data).split(b"\n")
                lines += [(time.time(), one) for one in whole]
    if why is None:
        try:
            process.wait(timeout=max(1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            why = "it took too long"
    if rest:
        lines.append((time.time(), rest))
    return lines, errors, why


def understood(line, checks):
    """An answer, or None where the line is none: everything in it must be what was asked for."""
    if len(line) > MOST_IN_LINE:
        return None
    try:
        found = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not {"id", "verdict", "detail"} <= set(found) <= {"id", "verdict", "detail", "values"}:
        return None
    values = found.get("values", {})
    whole = isinstance(values, dict) and len(values) <= 8
    whole = whole and all(type(value) is int and 0 <= value < 1 << 53 for value in values.values())
    known = type(found["id"]) is int and 0 <= found["id"] < checks
    if not whole or not known or found["verdict"] not in ("ok", "failed", "unknown") or not isinstance(found["detail"], str):
        return None
    return found["id"], found["verdict"], clean(found["detail"]), {clean(key, 20): value for key, value in values.items()}


def judge(report, name, plan, heard, qube):
    """The answers of a qube as lines of the report; and its figures, by check."""
    begun, lines, why = heard
    given, odd, figures = {}, 0, {}
    for when, line in lines:
        answer = understood(line, len(plan.checks))
        if answer is None or answer[0] in given:
            odd += 1
        else:
            given[answer[0]] = (*answer[1:], when)
    for at, what in enumerate(plan.names):
        if at not in given:
            report.add(name, what, "failed", f"no answer{': ' + why if why else ''}")
            continue
        verdict, detail, values, when = given[at]
        kind = plan.checks[at]["do"]
        if kind == "clock" and verdict == "ok":
            verdict, detail = judge_clock(values, begun, when)
        elif kind == "disk" and verdict == "ok":
            verdict, detail = judge_disk(values, qube)
        elif kind == "height":
            detail = f"block {values['blocks']}" if verdict == "ok" and "blocks" in values else detail
            verdict = "unknown" if verdict == "ok" and "blocks" not in values else verdict
        figures[what] = values
        report.add(name, what, "not tried" if verdict == "unknown" else verdict, detail)
    if odd:
        report.add(name, "its answers", "failed", f"{odd} lines were none that it was asked for: either its python3 is broken, or somebody else speaks for it")
    elif why and len(given) == len(plan.names):
        report.add(name, "its answers", "failed", why)
    return figures


def judge_clock(values, begun, when):
    """Its clock must lie between our question and the answer; how far it lies outside is how wrong it is at least."""
    if "milliseconds" not in values:
        return "unknown", "it does not say"
    said = values["milliseconds"] / 1000
    skew = said - when if said > when else min(0, said - begun)
    text = f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} dom0's" if abs(skew) >= 1 else "that of dom0"
    return ("failed", f"{text}: Tor may refuse to work (Qubes' clock, sdwdate)") if abs(skew) > MOST_SKEW else ("ok", text)


def judge_disk(values, qube):
    if "free" not in values or "size" not in values:
        return "unknown", "it does not say"
    free, size, wanted = values["free"], values["size"], qube["probe"].get("volume")
    text = f"{free / (1 << 30):.1f} GiB free of {size / (1 << 30):.1f}"
    # A file system is somewhat smaller than its volume.
    if wanted and size < wanted * 0.9:
        return "failed", f"{text}; the tree has {wanted / (1 << 30):.1f} GiB (its file system grows when the qube starts)"
    return ("failed", f"{text}: nearly full") if wanted and free < LEAST_FREE else ("ok", text)


# --- what only several of them say

def compare(report, manifest, figures):
    """Servers that are not ready explain links that do not answer; and how far the heights are apart."""
    waiting = {name for name, values in figures.items() if values.get("its ports", {}).get("waits")}
    for row in report.rows:
        for link in manifest["links"]:
            if (row["qube"], row["check"], row["verdict"]) == (link["client"], link_name(link), "failed") and link["server"] in waiting:
                row.update(verdict="not tried", detail=f"{link['server']} runs and does not listen yet")
    for name, values in sorted(figures.items()):
        node = values.get("height", {})
        if "syncing" in node and "blocks" in node:
            left = f"{max(0, node.get('headers', 0) - node['blocks'])} blocks behind what its peers have"
            report.add(name, "sync", "ok", f"still syncing, {left}" if node["syncing"] else f"synced, {left}")
    for link in manifest["links"]:
        mine = figures.get(link["client"], {}).get("height", {}).get("blocks")
        its = figures.get(link["server"], {}).get("height", {}).get("blocks")
        if mine is None or its is None or link["service"] == "zmq":
            continue
        if mine > its:
            text = f"{mine - its} blocks ahead of {link['server']}: was that made anew, or is this another chain?"
            report.add(link["client"], f"height beside {link['server']}", "ok" if mine - its < 3 else "failed", text)
        else:
            report.add(link["client"], f"height beside {link['server']}", "ok", f"{its - mine} blocks behind" if its > mine else "the same")


# --- the whole of it

def arguments(words):
    parser = argparse.ArgumentParser(prog="selftest", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False)
    parser.add_argument("qubes", metavar="QUBE", nargs="*", help="qubes of the tree; all, where none is named")
    parser.add_argument("--start", action="store_true", help="start them first, with what they need")
    parser.add_argument("--list", action="store_true", help="say what would be tried")
    parser.add_argument("--no-calls", action="store_true", help="make no calls that must be refused")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    return parser.parse_args(words)


def show_list(manifest, wanted, running, calls):
    for name in wanted:
        needs = ", ".join(manifest["qubes"][name]["needs"]) or "nothing else"
        print(f"{name} ({'runs' if name in running else 'does not run: nothing would be tried in it without --start'}; for all of its checks it needs {needs})")
        for what in plan_for(manifest, name, running, calls.get(name, [])).names:
            print(f"    {what}")


def not_running(report, manifest, name):
    report.add(name, "all that is in it", "not tried", "it does not run (./selftest --start would start it)")
    for link in manifest["links"]:
        if link["client"] == name:
            report.add(name, link_name(link), "not tried", f"{name} does not run")


def missing_peers(report, manifest, name, running):
    probe = manifest["qubes"][name]["probe"]
    for link in manifest["links"]:
        if link["client"] == name and link["server"] not in running:
            report.add(name, link_name(link), "not tried", f"{link['server']} does not run")
    if "gateway" in probe and probe["netvm"] not in running:
        report.add(name, "gateway's ports", "not tried", f"{probe['netvm']} does not run")


def show(report, form, formula):
    counts = {name: report.count(name) for name in ("ok", "failed", "not tried")}
    report.rows.sort(key=lambda row: (row["qube"] != "dom0", row["qube"]))
    if form == "json":
        print(json.dumps({"format": 1, "formula": formula, "checks": report.rows, "counts": counts, "caveat": CAVEAT}, indent=2))
        return
    words = {"ok": "ok", "failed": "FAILED", "not tried": "not tried"}
    lines = [(row["verdict"], f"{words[row['verdict']]:10} {row['qube']}: {row['check']}: {row['detail']}") for row in report.rows]
    print("\n".join(line for _, line in lines))
    if counts["failed"]:
        print("\nOnce more, what failed:")
        print("\n".join(line for verdict, line in lines if verdict == "failed"))
    print(f"\n{counts['ok']} ok, {counts['failed']} FAILED, {counts['not tried']} not tried.\n{CAVEAT}")


def main(words):
    options = arguments(words)
    manifest, probe = read_tree()
    names = sorted(manifest["qubes"])
    unknown = [name for name in options.qubes if name not in names]
    if unknown:
        cannot(f"no qube of this tree is called {', '.join(unknown)}", f"it has {', '.join(names)}", "name some of these, or none")
    if shutil.which("qvm-run") is None or shutil.which("qvm-check") is None:
        cannot("there is no qvm-run or no qvm-check here", "selftest reaches into qubes by them", "run it in dom0")
    wanted = sorted(set(options.qubes)) or names
    if options.start and not options.list:
        started = subprocess.run([os.path.join(HERE, "start"), *wanted], stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode
        if started != 0:
            complain("not everything was started", "see above", "what runs is probed nevertheless")

    report = Report()
    look_at_policies(report, manifest)
    ours, running = look_at_qubes(report, manifest, names, wanted)
    calls, out = ({}, 0) if options.no_calls else calls_for(manifest, running)
    if options.list:
        show_list(manifest, [name for name in wanted if name in ours], running, calls)
        return 0
    look_at_calls(report, manifest, [name for name in wanted if name in ours], running)
    entered = [name for name in wanted if name in running]
    for name in wanted:
        if name in ours and name not in running:
            not_running(report, manifest, name)
    many = sum(len(calls.get(name, [])) for name in entered)
    if many:
        print(f"Makes {many} calls between qubes that must be refused. dom0 may show a notification for each: they are this test's.", file=sys.stderr)
    plans = {name: plan_for(manifest, name, running, calls.get(name, [])) for name in entered}
    # Each check has a time of its own; eight go on at once.
    seconds = {name: 90 + 2 * len(plan.checks) for name, plan in plans.items()}
    figures = {}
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        heard = dict(zip(entered, pool.map(lambda name: ask(name, plans[name], probe, seconds[name]), entered)))
    for name in entered:
        figures[name] = judge(report, name, plans[name], heard[name], manifest["qubes"][name])
        missing_peers(report, manifest, name, running)
    compare(report, manifest, figures)
    if options.no_calls:
        report.add("dom0", "calls that no link declares", "not tried", "left out by --no-calls")
    elif out:
        report.add("dom0", "calls that no link declares", "not tried", f"{out} of them, so that there are no more than {MOST_CALLS} notifications")
    show(report, options.format, manifest["formula"])
    if report.count("failed"):
        return 1
    if not entered:
        complain("no qube of this tree runs", "nothing could be tried in any", "start them, or ./selftest --start")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
