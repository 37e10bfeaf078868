// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The daemons' units under a real systemd, with the users and folders that the states make: each runs only where dom0 says so and its program
 * is there, can do what the real one must, cannot do what it must not, and is given the signal on which it ends cleanly.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { compiled, exampleText } from "../compiled.ts";
import { suites, whyNoContainer, withContainer, type Content } from "./container.ts";
import { templateFiles } from "./template.ts";

const { tree, model } = compiled(exampleText("seed"));
const program = readFileSync(path.join(import.meta.dirname, "standin/daemon.py"), "utf8");
const why = whyNoContainer();
const named = why === undefined ? "" : ` (skipped: ${why})`;

interface Folder {
  readonly name: string;
  readonly user: string;
  readonly mode: string;
}

function states(end: string, fun: string): Record<string, string>[] {
  const [, { text }] = [...tree].find(([file]) => file.endsWith(end)) ?? ["", { text: "" }];
  const all = load(text) as Record<string, Record<string, Record<string, string>[]>>;
  return Object.values(all).flatMap((state) =>
    state[fun] ? [Object.assign({}, ...state[fun]) as Record<string, string>] : [],
  );
}

/** A qube with its daemon's unit and the stand-in in the program's place. */
function daemon(name: string) {
  const qube = model.qubes.find((one) => one.name === name);
  if (!qube) throw new Error(name);
  const template = qube.template.name;
  const files = new Map<string, Content>(
    templateFiles(tree, template, (file) => /\/qwbtc-(?!tcp|bring|fetch)[^/]*\.service$/.test(file)),
  );
  const [unitPath = "", unit] = [...files].find(([, one]) => "text" in one) ?? [];
  const text = unit && "text" in unit ? unit.text : "";
  const service = path.basename(unitPath);
  const value = (key: string) => new RegExp(`^${key}=(\\S+)`, "m").exec(text)?.[1] ?? "";
  const writable = value("BindPaths");
  const own = [...tree].flatMap(([file, { text: content }]) => {
    const at = file.indexOf(`/files/${name}/home/`);
    return at === -1 ? [] : [[file.slice(at + `/files/${name}`.length), content] as const];
  });
  const ports =
    { "bitcoin-server": [8332, 8433, 8334], "electrum-server": [50001], "joinmarket-server": [27183, 26183, 25183] }[
      name
    ] ?? [];
  const plan = {
    report: `${writable}/report.json`,
    writes: [`${writable}/data`, "/etc/x", "/usr/local/x", "/home/user/x", "/rw/home/user/x", "/rw/config/x", "/tmp/x"],
    reads: [...own.map(([file]) => file), "/home/user/secret", "/rw/home/user/secret", "/proc/meminfo"],
    lists: ["/home", "/rw/home"],
    ports,
    notifies: value("Type") === "notify",
  };
  files.set("/etc/standin.json", { text: JSON.stringify(plan) });
  files.set(value("ExecStart"), { text: program, mode: 0o755 });
  // What else the unit waits for: JoinMarket's script beside its Python.
  for (const [, wait = ""] of text.matchAll(/^ConditionPathExists=(\/usr\/local\/\S+)$/gm))
    if (!files.has(wait)) files.set(wait, { text: "" });
  // As in a qube: /home is a part of the private volume, shown at its place late.
  files.set("/etc/systemd/system/home.mount", {
    text: "[Mount]\nWhat=/rw/home\nWhere=/home\nType=none\nOptions=bind\n",
  });
  files.set("/usr/lib/systemd/system/qubes-sysinit.service", {
    text: "[Unit]\nDefaultDependencies=no\nBefore=sysinit.target\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'mkdir -p /run/qubes-service && cp /etc/standin-services/* /run/qubes-service/ || true'\n",
  });
  files.set("/etc/systemd/system/sysinit.target.wants/qubes-sysinit.service", {
    link: "/usr/lib/systemd/system/qubes-sysinit.service",
  });
  const before = [
    "useradd --uid 1000 user",
    "mkdir -p /rw/home/user /rw/config",
    "echo seed words >/rw/home/user/secret",
    "chmod 644 /rw/home/user/secret",
    "chmod 755 /rw/home/user",
  ];
  for (const user of states(`/template/${template}.sls`, "user.present"))
    before.push(`useradd --system --user-group --home-dir ${user["home"]} --shell ${user["shell"]} ${user["name"]}`);
  for (const folder of states(`/qube/${name}.sls`, "file.directory") as unknown as Folder[]) {
    const at = folder.name.startsWith("/home/") ? `/rw${folder.name}` : folder.name;
    before.push(`install -d -o ${folder.user} -g ${folder.user} -m ${folder.mode} ${at}`);
  }
  for (const [file, content] of own) {
    files.set(`/rw${file}`, { text: content, mode: 0o600 });
    before.push(`chown ${value("User")}: /rw${file}`);
  }
  return { service, gate: service.replace(".service", ""), files, before, writable, plan, program: value("ExecStart") };
}

const daemons = model.qubes.filter((one) => one.role.daemon).map((one) => one.name);
const switchedOn = (gate: string): [string, Content] => [`/etc/standin-services/${gate}`, { text: "" }];

describe.each(suites)(`daemons in %s${named}`, { concurrent: true }, (suite) => {
  const test = it.skipIf(why !== undefined);

  test.each(daemons)("%s: runs, does what it must, cannot do what it must not, and ends cleanly", async (name) => {
    const { service, gate, files, before, writable, plan } = daemon(name);
    const on = new Map([
      ...files,
      switchedOn(gate),
      ["/etc/standin-services/other", { text: "" }] as [string, Content],
    ]);
    await withContainer({ suite, files: on, before }, async (box) => {
      const state = await box.out(`systemctl show -p ActiveState,SubState,Result ${service}`);
      expect(
        state.split("\n").toSorted().filter(Boolean),
        (await box.run(`journalctl -b -u ${service}`)).stdout,
      ).toEqual(["ActiveState=active", "Result=success", "SubState=running"]);
      // Where the daemon does not say that it is ready, systemd does not wait for it.
      const report = await box.out(
        `for i in $(seq 50); do cat ${plan.report} 2>/dev/null && exit; sleep 0.1; done; exit 1`,
      );
      const said = JSON.parse(report) as Record<string, string>;
      const denied = "Read-only file system|No such file or directory|Permission denied";
      const cannot = [
        ...plan.writes.slice(1, -1).map((one) => `write ${one}`),
        "read /home/user/secret",
        "read /rw/home/user/secret",
      ];
      for (const one of cannot) expect(said[one], one).toMatch(new RegExp(denied));
      expect(said["list /rw/home"]).toMatch(new RegExp(denied));
      expect(said["list /home"]).toBe(writable.split("/")[2]);
      expect(said["packet socket"]).not.toBe("yes");
      const can = [`write ${writable}/data`, "write /tmp/x", "thread", ...plan.ports.map((port) => `listen ${port}`)];
      for (const one of can) expect(said[one], one).toBe("yes");
      // Its own settings, but for those that it has none of.
      for (const file of plan.reads.filter((one) => one.startsWith(`${writable}/`)))
        expect(said[`read ${file}`], file).toBe("yes");
      expect(said["read /proc/meminfo"] === "yes", "reads all of /proc").toBe(name === "electrum-server");
      expect(said["code"], "makes code at run time").not.toBe("yes");
      await box.out(`systemctl stop ${service}`);
      expect(await box.out(`cat ${plan.report}.stopped`)).toBe(name === "electrum-server" ? "SIGINT" : "SIGTERM");
      expect(await box.out(`systemctl show -p ActiveState,Result ${service}`)).toMatch(
        /^(?:ActiveState=inactive\n|Result=success\n)+$/,
      );
      expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
    });
  });

  test.each(daemons)("%s: waits, without failing, for dom0's word and for its program", async (name) => {
    const { service, gate, files, before, program: wanted } = daemon(name);
    await withContainer({ suite, files, before }, async (box) => {
      expect((await box.run(`systemctl is-active ${service}`)).stdout).toBe("inactive\n");
      await box.out(
        `mkdir -p /run/qubes-service; touch /run/qubes-service/${gate}; mv ${wanted} /tmp/away; systemctl start ${service}`,
      );
      expect((await box.run(`systemctl is-active ${service}`)).stdout).toBe("inactive\n");
      await box.out(`mv /tmp/away ${wanted}; systemctl start ${service}`);
      expect((await box.run(`systemctl is-active ${service}`)).stdout).toBe("active\n");
      expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
    });
  });
});
