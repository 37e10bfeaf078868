// SPDX-License-Identifier: GPL-3.0-or-later
/** The stand-in `qubesadmin`: whoever must only look is ended by a write, and what the real one does not know it does not know. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { project } from "./compiled.ts";

const base = mkdtempSync(path.join(tmpdir(), "qubesadmin-"));
afterAll(() => rmSync(base, { recursive: true }));
const world = path.join(base, "world.json");

/** Runs Python on a fresh dom0; `app` is qubesadmin.Qubes(). */
function python(lines: string, cached = true): { code: number | null; out: string; err: string; findings: string } {
  const setup = `import sys; sys.path.insert(0, ${JSON.stringify(path.join(project, "test/dom0"))})
import json; from standin import stock; json.dump(stock.world(), open(${JSON.stringify(world)}, "w"))
import qubesadmin, qubesadmin.exc; app = qubesadmin.Qubes(); app.cache_enabled = ${cached ? "True" : "False"}
`;
  const findings = path.join(base, "findings");
  writeFileSync(findings, "");
  const env = {
    ...process.env,
    PYTHONPATH: path.join(project, "test/dom0/site"),
    PYTHONDONTWRITEBYTECODE: "1",
    DOM0_STANDIN_WORLD: world,
    DOM0_STANDIN_FINDINGS: findings,
  };
  const { status, stdout, stderr } = spawnSync("python3", ["-c", setup + lines], { encoding: "utf8", env });
  return { code: status, out: stdout, err: stderr, findings: readFileSync(findings, "utf8") };
}

describe("the stand-in qubesadmin", () => {
  it.each([true, false])("answers as the real one, with its cache %s", (cached) => {
    const { out, err } = python(
      `vm = app.domains["sys-whonix"]
print(vm.klass, vm.get_power_state(), vm.is_running(), vm.netvm.name, vm.template, vm.label, vm.memory, vm.provides_network)
print(vm.property_is_default("memory"), vm.property_is_default("netvm"), app.domains["vault"].netvm, app.management_dispvm)
print(sorted(vm.tags), "anon-gateway" in vm.tags, vm.features.get("servicevm"), vm.features.get("nothing"), vm.features.check_with_template("whonix-gw"))
print([rule.rule for rule in vm.firewall.rules], vm.volumes["private"].size, vm.volumes["root"].is_outdated())
print("nobody" in app.domains, list(app.pools), app.pools["vm-pool"].usage, app.pools["linux-kernel"].size)`,
      cached,
    );
    expect(err).toBe("");
    expect(out).toBe(
      [
        "AppVM Running True sys-firewall whonix-gateway-18 black 400 True",
        "True False None default-mgmt-dvm",
        "['anon-gateway', 'sdwdate-gui-server'] True 1 None 1",
        "['action=accept'] 2147483648 False",
        "False ['linux-kernel', 'varlibqubes', 'vm-pool'] 137438953472 None",
        "",
      ].join("\n"),
    );
  });

  it.each([
    ["a property", "app.domains['vault'].netvm = None"],
    ["a property's default", "del app.domains['vault'].netvm"],
    ["a global property", "app.default_netvm = None"],
    ["a feature", "app.domains['vault'].features['x'] = 1"],
    ["a feature's end", "del app.domains['vault'].features['x']"],
    ["a tag", "app.domains['vault'].tags.add('x')"],
    ["a start", "app.domains['vault'].start()"],
    ["a command", "app.domains['vault'].run('id')"],
    ["a volume's size", "app.domains['vault'].volumes['private'].resize(2**40)"],
    ["a volume's revisions", "app.domains['vault'].volumes['private'].revisions_to_keep = 0"],
    ["firewall rules", "app.domains['vault'].firewall.rules = []"],
    ["a new qube", "app.add_new_vm('AppVM', 'x', 'red')"],
    ["a removal", "del app.domains['vault']"],
  ])("ends whoever writes %s, whatever they catch", (_what, line) => {
    const before = python("").out;
    const { code, err } = python(`before = open(${JSON.stringify(world)}).read()
try:
    ${line}
except Exception:
    pass
finally:
    assert open(${JSON.stringify(world)}).read() == before`);
    expect(before).toBe("");
    expect(code).not.toBe(0);
    expect(err).toContain("Written:");
  });

  it.each([
    ["an unknown property", "app.domains['vault'].maxmemory", "AttributeError"],
    [
      "an unknown property, asked for alone",
      "app.cache_enabled = False; app.domains['vault'].maxmemory",
      "QubesNoSuchPropertyError",
    ],
    ["a property of another class", "app.domains['fedora-42-xfce'].template", "AttributeError"],
    ["an unknown qube", "app.domains['nobody']", "KeyError"],
    ["a feature that is not set", "app.domains['vault'].features['x']", "QubesFeatureNotFoundError"],
    ["an unknown method", "app.domains['vault'].get_netvm()", "AttributeError"],
    ["an unknown pool", "app.pools['x']", "KeyError"],
    ["the text of a rule", "str(app.domains['vault'].firewall.rules[0])", "AttributeError"],
  ])("does not know %s", (_what, line, kind) => {
    const { code, err } = python(line);
    expect(code).toBe(1);
    expect(err.trim().split("\n").at(-1)).toMatch(new RegExp(`^(qubesadmin\\.exc\\.)?${kind}`));
  });
});
