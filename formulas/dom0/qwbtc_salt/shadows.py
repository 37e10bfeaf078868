# SPDX-License-Identifier: GPL-3.0-or-later
"""Which lines of the machine's policy decide before ours do, and otherwise: by asking the whole policy about calls, not by comparing texts."""

from .policy import Call, matches


def domains_of(tree, machine):
    """The qubes as the policy daemon will know them: those that there are, and those that an apply makes."""
    whonix = {"gateway": {"anon-gateway", "sdwdate-gui-server"}, "workstation": {"anon-vm", "sdwdate-gui-client"}}
    domains = {
        name: {"type": qube.klass, "tags": qube.tags, "default_dispvm": qube.prop("default_dispvm"),
               "template_for_dispvms": qube.prop("template_for_dispvms") is True}
        for name, qube in machine.qubes.items() if qube.klass != "AdminVM"
    }  # fmt: skip
    plain = {"default_dispvm": None, "template_for_dispvms": False}
    for name, entry in tree.templates.items():
        stock = domains.get(entry["stock"], {"tags": {"whonix-updatevm"} if tree.stock.get(entry["stock"], {}).get("os") != "debian" else set()})
        domains.setdefault(name, {"type": "TemplateVM", "tags": {*stock["tags"], *entry["tags"]}, **plain})
    for name, entry in tree.qubes.items():
        template = entry["dom0"]["template"]
        stock = tree.templates.get(template, {}).get("stock", template)
        brought = whonix.get(tree.stock.get(stock, {}).get("os"), set())
        domains.setdefault(name, {"type": "AppVM", "tags": {*entry["dom0"]["tags"], *brought}, **plain})
    return domains


def shadows(tree, policy, domains):
    """Lines that decide calls before ours do, and otherwise: (line, call, our line), the worst for each line."""
    ours = [rule for rule in policy.rules if rule.file in tree.policies]
    own = {name for name, one in domains.items() if name in tree.names() or tree.formula in one["tags"]}
    by_service = {}
    for rule in ours:
        by_service.setdefault(rule.service, []).append(rule)
    last = max((index for index, rule in enumerate(policy.rules) if rule.file in tree.policies), default=-1)
    earlier = [rule for rule in policy.rules[:last] if rule.file not in tree.policies and rule.service in ("*", *by_service)]
    for rule in earlier:
        found = None
        for call in calls(rule, by_service, domains, own):
            if rule.params.get("target") == call.source:
                continue  # dom0 lets no qube call itself
            mine = next((one for one in by_service[call.service] if one.fits(call, domains)), None)
            if mine is None or mine.answer(call.target) == rule.answer(call.target) or policy.decides(call, domains) is not rule:
                continue
            if found is None or rule.action != "deny" and mine.action == "deny":
                found = (rule, call, mine)
            if rule.action == "deny" or mine.action == "deny":
                break
        if found:
            yield found


def calls(rule, by_service, domains, own):
    """Calls that a line fits and that ours might decide: from or to a qube of ours."""
    sources = [name for name in sorted(domains) if matches(rule.source, name, name, domains)]
    for service in by_service if rule.service == "*" else [rule.service]:
        known = {one.argument for one in by_service[service]} - {"*"}
        arguments = sorted(known | {"+"}) if rule.argument == "*" else [rule.argument]
        for source in sources:
            targets = ["@default", "@dispvm", *sorted(domains)] if source in own else sorted(own)
            for target in targets:
                if target != source and matches(rule.target, target, source, domains):
                    for argument in arguments:
                        yield Call(service, argument, source, target)
