# SPDX-License-Identifier: GPL-3.0-or-later
"""qrexec-policy-exec --just-evaluate --assume-yes-for-ask -- SOURCE TARGET SERVICE+ARGUMENT, for the system test's dom0.

Stands for qubes-core-qrexec qrexec/tools/qrexec_policy_exec.py: exit 0 for what the policy allows, and for a question about the very qube that is
named; 1 for all else, a policy that cannot be read among it. test/policy/evaluate.py decides. Strict: no other options.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../../policy"), os.path.join(HERE, "../../dom0")]
import evaluate  # noqa: E402
from standin import properties, world  # noqa: E402

words = sys.argv[1:]
if words[:3] != ["--just-evaluate", "--assume-yes-for-ask", "--"] or len(words) != 6:
    sys.exit(f"stand-in qrexec-policy-exec: called with {words}")
service, _, argument = words[5].partition("+")
dom0 = world.load()
domains = {
    name: {"tags": held["tags"], "type": held["klass"], "power_state": held["power_state"],
           "default_dispvm": properties.get(dom0, name, "default_dispvm"),
           "template_for_dispvms": held["klass"] == "AppVM" and properties.get(dom0, name, "template_for_dispvms")}
    for name, held in dom0["qubes"].items() if name != "dom0"
}  # fmt: skip
try:
    request = {"service": service, "argument": f"+{argument}", "source": words[3], "target": words[4]}
    answer = evaluate.load("/etc/qubes/policy.d").decide(request, {"domains": domains})
except evaluate.PolicyError:
    sys.exit(1)
sys.exit(0 if answer["allow"] or (answer["ask"] and words[4] != "@default") else 1)
