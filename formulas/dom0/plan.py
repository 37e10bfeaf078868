#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says what an apply of the tree around it would change in dom0, and writes nothing. In dom0, as its ordinary user or as root:

    ./plan                  property by property; with sudo also what only root can see
    ./plan --since VERSION  also what changed in the qubes' files since VERSION: a digest's beginning, or the folder of an earlier tree
    ./plan --format json    the same for programs

Salt's own test mode does not show changes of memory, net qube and other properties; this does. What lies inside qubes and templates it
cannot see: no qube is started. It knows names and values from MANIFEST.json beside it.
Exit: 0 nothing would change; 1 something would, or an apply would stop at a name that is taken; 2 it cannot tell.
"""

import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))

from qwbtc_salt import drift  # noqa: E402
from qwbtc_salt.advice import Advice, Files  # noqa: E402
from qwbtc_salt.machine import Machine, clashes, unanswered  # noqa: E402
from qwbtc_salt.tree import Complaint, InForce, folded, is_root, listing, own_tree, run  # noqa: E402


def arguments(words):
    """--since and --format; anything else is refused."""
    options = {"--since": None, "--format": "text"}
    rest = [part for word in words for part in (word.split("=", 1) if word.startswith("--") and "=" in word else [word])]
    while rest:
        word = rest.pop(0)
        if word not in options or not rest:
            raise Complaint(f"plan does not know {word!r} like this", "it takes --since VERSION and --format json", "./plan --help")
        options[word] = rest.pop(0)
    if options["--format"] not in ("text", "json"):
        raise Complaint(f"plan has no format {options['--format']!r}", "it has text and json", "./plan --format json")
    return options["--since"], options["--format"]


class Plan:
    """All that is found, before it is shown."""

    def __init__(self, tree, since):
        self.tree = tree
        self.force = InForce(tree)
        machine = Machine()
        try:
            self.clashes = list(clashes(tree, machine))
            self.changes = list(drift.dom0_changes(tree, machine))
            files = list(drift.file_changes(tree))
            foreign = {name for name, _what, _certain in self.clashes}
            self.changes += [change for change, _diff in files if change.machine not in foreign]
            self.diffs = {change.machine: diff for change, diff in files if diff and change.machine not in foreign}
            # Of a stranger's qube nothing is changed: the apply stops before.
            self.changes = [change for change in self.changes if change.machine not in foreign]
            self.obstacles = list(drift.obstacles(tree, machine, self.changes))
            self.remarks = list(drift.remarks(tree, machine))
            self.files = Files(tree, self.force, since)
            self.advice = Advice(tree, machine, self.changes, self.files)
        except machine.refusals as error:
            raise unanswered(error) from None
        self.unread = [change.machine for change in self.changes if change.old.startswith("cannot be read")]

    def code(self):
        """0 nothing, 1 something (or an apply would stop or fail), 2 it cannot tell."""
        certain = [one for one in self.changes if one.machine not in self.unread]
        if certain or self.files.changed or self.obstacles or self.force.state == "none" or any(sure for _name, _what, sure in self.clashes):
            return 1
        return 0 if self.files.told and not self.unread and not self.clashes else 2


STATES = {
    "this": "It is the version in force.",
    "none": "No version of it is in force: sudo ./install.sh comes before an apply.",
    "unseen": "Which version is in force, only root can see here: sudo ./plan.",
    "foreign": "{link} is not a link that install.sh made; ./install.sh says what to do.",
    "another": "In force is version {other}: an apply does what that one says, until sudo ./install.sh puts this one in force.",
}


def text(plan):
    tree, advice = plan.tree, plan.advice
    state = STATES[plan.force.state].format(link=plan.force.link, other=(plan.force.digest or "")[:12])
    print(folded(f"Plan for formula {tree.formula}, version {tree.short}. {state}"))
    if plan.clashes:
        heading("In the way: an apply stops here, before it writes anything")
        for _name, what, certain in plan.clashes:
            print(folded(what + ("" if certain else " (unless an apply was cut off while it made it, which only root can see: sudo ./plan)"), "    ", "  - "))
    if plan.obstacles:
        heading("Where an apply would fail")
        for name, what, fix in plan.obstacles:
            print(folded(f"{name}: {what}.", "    ", "  - "))
            print(folded(fix, "         ", "    fix: "))
    dom0_part(plan)
    files_part(plan)
    if plan.remarks:
        heading("Other than in the tree, and left alone")
        for remark in plan.remarks:
            print(folded(remark, "    ", "  - "))
    steps(plan, advice)


def heading(title):
    print(f"\n{title}")


def dom0_part(plan):
    if not plan.changes:
        heading("In dom0 an apply would change nothing." if not plan.clashes else "Of what is ours in dom0 nothing differs.")
        return
    heading("In dom0 an apply would change" if not plan.clashes else "In dom0 an apply would change, once that is mended")
    last = None
    for change in plan.changes:
        if change.machine != last:
            print(f"\n  {change.machine}")
            last = change.machine
        if change.kind in ("create", "install"):
            print(folded(f"{change.what}: {change.new}", "        ", "    new "))
        else:
            what = change.what if change.kind in ("property", "policy", "power-off") else f"{change.kind} {change.what}"
            note = f" ({change.note})" if change.note else ""
            print(folded(f"{what}: {change.old} -> {change.new}{note}", "      ", "    "))
        if change.machine in plan.diffs and change.what == "file":
            for line in plan.diffs[change.machine]:
                print(f"      {line}")


def files_part(plan):
    files = plan.files
    if files.why:
        heading("In the qubes")
        print(folded(files.why, "  "))
        return
    if not files.changed:
        heading(f"The files of qubes and templates are those of {files.title}.")
        return
    heading(f"In qubes and templates, since {files.title}")
    for machine, lines in files.changed.items():
        print(f"\n  {machine}")
        for sign, path in lines:
            print(f"    {sign:5} {path}")


def steps(plan, advice):
    if advice.open_templates:
        heading("Running templates")
        names = listing(advice.open_templates)
        print(folded(f"{names}: qubes that start see nothing of a change before the template is shut down: qvm-shutdown --wait {' '.join(advice.open_templates)}", "  "))
    commands = advice.commands()
    if commands and plan.clashes:
        heading("First mend what is in the way; then look again.")
    elif commands:
        heading("To apply just that" if plan.files.told else "To apply")
        for command in commands:
            print(f"  {command}")
        if advice.started:
            print(folded(f"It starts as net qubes of others, and leaves up: {listing(advice.started)}.", "  "))
        if advice.starts:
            print(folded(f"It starts, and shuts down again: {listing(advice.starts)}.", "  "))
        if advice.upstream:
            print(folded(f"Started as their net qubes, and left up: {listing(advice.upstream)}.", "  "))
    if advice.restarts:
        heading("To be restarted afterwards, or they go on as they are")
        for name, reasons in advice.restarts.items():
            print(folded(f"{name}: {'; '.join(reasons)}", "    ", "  - "))
    print()
    print(folded("Not seen from here: what lies in qubes and templates, edited there by hand or never applied. An apply mends it, and says so."))


def document(plan):
    """The same for programs; keys are only ever added."""
    advice = plan.advice
    return {
        "format": 1, "formula": plan.tree.formula, "version": plan.tree.digest,
        "in_force": {"state": plan.force.state, "version": plan.force.digest},
        "clashes": [{"name": name, "what": what, "certain": certain} for name, what, certain in plan.clashes],
        "obstacles": [one._asdict() for one in plan.obstacles],
        "changes": [change._asdict() for change in plan.changes],
        "policy_diffs": plan.diffs,
        "files": {name: [{"sign": sign, "path": path} for sign, path in lines] for name, lines in plan.files.changed.items()},
        "files_unknown": plan.files.why, "left_alone": plan.remarks, "running_templates": advice.open_templates,
        "commands": advice.commands(), "starts": advice.starts, "starts_and_keeps": [*advice.started, *advice.by_hand, *advice.upstream],
        "restarts": advice.restarts, "root": is_root(), "exit": plan.code(),
    }  # fmt: skip


def main(words):
    if any(word in ("-h", "--help") for word in words):
        print(__doc__)
        return 0
    since, form = arguments(words)
    plan = Plan(own_tree(__file__), since)
    if form == "json":
        print(json.dumps(document(plan), indent=2))
    else:
        text(plan)
    return plan.code()


if __name__ == "__main__":
    run(main)
