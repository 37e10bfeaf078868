# SPDX-License-Identifier: GPL-3.0-or-later
"""The policy half of dom0's qrexec, for tests: which qube answers a call, first match wins.

Stands for qubes-core-qrexec qrexec/policy/parser.py (FilePolicy, Request and the resolutions of 4.2 and 4.3), policy format R5.0.
As there, one bad line or file name refuses the whole policy: load() raises, since the real dom0 then denies every call.

Stricter than the real one, which passes these over in silence: a name with a character that no qube can have (`target=a,user=root`), and a
call from a qube that SYSTEM does not know. Not modelled, and refused where it occurs: !include and the other directives, uuid: names,
calls from dom0. Not modelled at all: /run/qubes/policy.d, RemoteVM and relays, and whom a question offers: an answer with "ask" has the
target that is chosen beforehand, if any.

    evaluate.py POLICYDIR SYSTEM.json < requests.json

SYSTEM is {"domains": {name: {"tags": [], "type": "AppVM", "default_dispvm": null, "template_for_dispvms": false, "power_state": "Running"}}};
dom0 need not be told. A request is {"service", "argument": "+8332", "source", "target"}.
"""
import os
import sys

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
NAME = LETTERS | {letter.upper() for letter in LETTERS} | set("0123456789_.-")
FILE_NAME = LETTERS | set("0123456789_.-")
DOM0 = ("dom0", "@adminvm")
# Which tokens may stand where; a prefix is followed by a name.
SOURCE = ({"*", "@adminvm", "@anyvm"}, ("@type:", "@tag:", "@dispvm:"))
TARGET = (SOURCE[0] | {"@default", "@dispvm"}, (*SOURCE[1], "@dispvm:@tag:"))
REDIRECT = ({"@adminvm", "@dispvm"}, ("@dispvm:",))
INTENDED = (REDIRECT[0] | {"@default"}, ("@dispvm:",))
PARAMS = {
    "allow": {"target", "user", "notify", "autostart"},
    "ask": {"target", "default_target", "user", "notify", "autostart"},
    "deny": {"notify"},
}


class PolicyError(Exception):
    """A policy that does not load: dom0 denies every call."""


class Denied(Exception):
    """A matched rule cannot be followed."""


def check_token(token, kind):
    """Raises ValueError unless the token may stand there."""
    exact, prefixes = kind
    if token in exact:
        return
    name = token
    if token.startswith("@"):
        prefix = max((one for one in prefixes if token.startswith(one)), key=len, default=None)
        if prefix is None:
            raise ValueError(f"invalid token {token!r}")
        name = token[len(prefix) :]
    if not name or not NAME.issuperset(name):
        raise ValueError(f"invalid name in {token!r}")


class Rule:
    """One line."""

    def __init__(self, line, file, number):
        fields = line.split()
        if len(fields) < 5:
            raise ValueError("wrong number of fields")
        self.service, self.argument, self.source, self.target, self.action = fields[:5]
        self.file, self.number = file, number
        if self.service != "*" and not NAME.issuperset(self.service):
            raise ValueError(f"invalid service {self.service!r}")
        if self.argument != "*":
            if not self.argument.startswith("+") or not (NAME | {"+"}).issuperset(self.argument):
                raise ValueError(f"invalid argument {self.argument!r}")
            if self.service == "*":
                raise ValueError("only * argument allowed for * service")
        check_token(self.source, SOURCE)
        check_token(self.target, TARGET)
        if self.action not in PARAMS:
            raise ValueError(f"invalid action {self.action!r}")
        self.params = {}
        for param in fields[5:]:
            key, equals, value = param.partition("=")
            if not equals or key in self.params or key not in PARAMS[self.action]:
                raise ValueError(f"invalid parameter {param!r}")
            if key in ("notify", "autostart") and value not in ("yes", "no"):
                raise ValueError(f"{key} can only be yes or no")
            if key in ("target", "default_target"):
                check_token(value, REDIRECT)
            self.params[key] = value
        if self.action == "allow" and self.target == "@default" and "target" not in self.params:
            raise ValueError("allow for @default must have target=")
        self.autostart = self.action != "deny" and self.params.get("autostart") != "no"
        self.notify = self.params.get("notify", "yes" if self.action == "deny" else "no") == "yes"

    def fits(self, request, domains):
        """Whether it is about this call, whatever its target."""
        return (
            self.service in ("*", request["service"])
            and self.argument in ("*", request["argument"])
            # The real one compares a source with @dispvm:NAME too, which no qube's name ever is.
            and matches(self.source, request["source"], request["source"], domains)
        )


def matches(token, other, source, domains):
    """Whether a token of a rule means this qube, or this token of a caller."""
    if token == "*":
        return True
    if token == "@anyvm":
        return other not in DOM0
    if token in DOM0:
        return other in DOM0
    if token.startswith("@type:"):
        return other in domains and domains[other]["type"] == token[6:]
    if token.startswith("@tag:"):
        return other in domains and token[5:] in domains[other]["tags"]
    if token.startswith("@dispvm:"):
        if other == "@dispvm":
            other = f"@dispvm:{domains[source]['default_dispvm']}"
        if token.startswith("@dispvm:@tag:"):
            based = domains.get(other[8:]) if other.startswith("@dispvm:") else None
            return based is not None and based["template_for_dispvms"] and token[13:] in based["tags"]
    return token == other


class Policy:
    """Rules in the order in which dom0 reads them."""

    def __init__(self, rules):
        self.rules = rules

    def decide(self, request, system):
        """What dom0 answers to one call."""
        domains = known(system)
        answer = {"allow": False, "ask": False, "target": None, "file": None, "line": None}
        answer |= {"autostart": False, "notify": True, "why": "no rule matches"}
        if request["source"] not in domains or request["source"] == "dom0":
            raise ValueError(f"no qube {request['source']!r} that could call")
        try:
            target = intended(request["target"] or "@default", domains)
            for rule in self.rules:
                if rule.fits(request, domains) and matches(rule.target, target, request["source"], domains):
                    break
            else:
                return answer
            answer |= {"file": rule.file, "line": rule.number}
            if rule.action == "deny":
                return answer | {"notify": rule.notify, "why": "denied by policy"}
            found = {"autostart": rule.autostart, "notify": rule.notify}
            if rule.action == "ask":
                target = rule.params.get("target", rule.params.get("default_target"))
                target = target and resolved(target, request["source"], domains)
                return answer | found | {"ask": True, "target": target, "why": "asks"}
            target = self.goal(rule, target, request, domains)
            if not rule.autostart and not runs(target, domains):
                return answer | {"notify": rule.notify, "why": f"{target} would have to be started"}
            if target == request["source"]:
                raise Denied("a qube cannot call itself")
            return answer | found | {"allow": True, "target": target, "why": "allowed by policy"}
        except Denied as denied:
            return answer | {"why": str(denied)}

    def goal(self, rule, target, request, domains):
        """The qube that an allow leads to."""
        target = intended(rule.params.get("target", target), domains)
        if target == "@default":
            raise Denied("allowed, but neither caller nor policy names a qube that exists")
        target = resolved(target, request["source"], domains)
        if target is None:
            raise Denied("allowed, but the caller has no default disposable")
        return target


def known(system):
    """The system's qubes with what a test need not say, dom0 among them."""
    plain = {"tags": [], "type": "AppVM", "default_dispvm": None, "template_for_dispvms": False, "power_state": "Running"}
    return {"dom0": plain | {"type": "AdminVM"}} | {name: plain | one for name, one in system["domains"].items()}


def intended(target, domains):
    """What a caller's or a rule's target comes to: @default for a qube that does not exist."""
    try:
        check_token(target, INTENDED)
    except ValueError as error:
        raise Denied(str(error)) from error
    if target.startswith("@dispvm:") and not domains.get(target[8:], {}).get("template_for_dispvms"):
        raise Denied(f"{target[8:]} is no template for disposables")
    return target if target.startswith("@") or target in domains else "@default"


def resolved(target, source, domains):
    """A target without aliases; None for a disposable of a qube that has none."""
    if target == "@dispvm":
        base = domains[source]["default_dispvm"]
        return None if base is None else f"@dispvm:{base}"
    return "dom0" if target in DOM0 else target


def runs(target, domains):
    """Whether a call may go there with autostart=no."""
    return target == "dom0" or (not target.startswith("@") and domains[target]["power_state"] == "Running")


def load(directory):
    """The policy of a directory, its files in C order; raises PolicyError where dom0 would deny everything."""
    rules = []
    for name in sorted(os.listdir(directory)):
        path = os.path.join(directory, name)
        if name.startswith(".") or not name.endswith(".policy") or not os.path.isfile(path):
            continue
        if not FILE_NAME.issuperset(name):
            raise PolicyError(f"invalid file name {name!r}")
        with open(path, encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                line = line.strip()
                if not line or line.startswith("#"):
                    continue
                try:
                    if line.startswith("!"):
                        raise ValueError(f"directives are not modelled: {line}")
                    rules.append(Rule(line, name, number))
                except ValueError as error:
                    raise PolicyError(f"{name}:{number}: {error}") from error
    return Policy(rules)


if __name__ == "__main__":
    import json

    try:
        policy = load(sys.argv[1])
    except PolicyError as error:
        sys.exit(f"policy refused, every call is denied: {error}")
    with open(sys.argv[2], encoding="utf-8") as system_file:
        the_system = json.load(system_file)
    json.dump([policy.decide(request, the_system) for request in json.load(sys.stdin)], sys.stdout)
