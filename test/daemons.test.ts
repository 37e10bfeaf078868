// SPDX-License-Identifier: GPL-3.0-or-later
/** What a daemon needs to run agrees wherever it is said: unit, template, qube, dom0, helper commands. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { remoteOf } from "../src/model/remote.ts";
import { compiled, examples, exampleText, topology } from "./compiled.ts";
import { has, judged, run } from "./judges.ts";

type States = Record<string, Record<string, Record<string, unknown>[]>>;

/** The states of one file, as one map of arguments each. */
function statesOf(text: string): Record<string, unknown>[] {
  if (text === "") return []; // a stock template has no states
  return Object.values(load(text) as States).flatMap((state) =>
    Object.entries(state)
      .filter(([fun]) => fun.includes("."))
      .map(([fun, args]) => Object.assign({ fun }, ...args) as Record<string, unknown>),
  );
}

describe.each(examples)("in the example %s", (name) => {
  const { tree, model } = compiled(exampleText(name));
  const textOf = (end: string) => [...tree].find(([path]) => path.endsWith(end))?.[1].text ?? "";
  const template = (clone: string) => statesOf(textOf(`/template/${clone}.sls`));
  // What brings a program, or makes something once beside a daemon, is none.
  const units = (clone: string) =>
    [...tree].filter(
      ([path]) =>
        path.includes(`/files/${clone}/usr/lib/systemd/system/`) &&
        path.endsWith(".service") &&
        !/@|-(?:bring|fetch|watch-wallets)\.service$/.test(path),
    );

  it("each daemon is enabled in its template, switched on in its qube, and waits for its program and its settings", () => {
    for (const { name: qube, role, template: clone } of model.qubes.filter(
      (one) => one.role.daemon && !remoteOf(one),
    )) {
      const [unit, ...more] = units(clone.name);
      expect(more, "one daemon a template").toEqual([]);
      const [path = "", { text } = { text: "" }] = unit ?? [];
      const service = path.slice(path.lastIndexOf("/") + 1, -".service".length);
      const links = template(clone.name).filter(({ fun }) => fun === "file.symlink");
      expect(links.map((one) => one["name"])).toContain(
        `/etc/systemd/system/multi-user.target.wants/${service}.service`,
      );
      expect(text).toContain(`\nConditionPathExists=/run/qubes-service/${service}\n`);
      expect(textOf("/dom0/qubes.sls"), role.name).toContain(`        - "${service}"\n`);
      const made = statesOf(textOf(`/qube/${qube}.sls`)).map((one) => String(one["name"]));
      const [, program = ""] = /^ExecStart=(\S+)/m.exec(text) ?? [];
      const waits = [...text.matchAll(/^ConditionPathExists=(\S+)$/gm)].map(([, one]) => one ?? "");
      expect(waits).toContain(program);
      // The program lies below a folder that the qube's states make for it; what else it waits for they write.
      const folder = made.find(
        (one) => one.startsWith("/usr/local/lib/qwbtc-salt/") && program.startsWith(`${one}/current/`),
      );
      expect(folder, program).toBeDefined();
      for (const one of waits.filter((wait) => wait.startsWith("/home/"))) expect(made).toContain(one);
      // What it may write is a folder of its own that is there.
      const [, writable = ""] = /^BindPaths=(\S+)$/m.exec(text) ?? [];
      expect(made).toContain(writable);
      const users = template(clone.name).filter(({ fun }) => fun === "user.present");
      expect(users.map((one) => one["name"])).toContain(/^User=(\S+)$/m.exec(text)?.[1]);
    }
  });

  it("no daemon forks behind systemd's back, and each is given the time to end cleanly", () => {
    for (const { template: clone, vm, role } of model.qubes.filter((one) => one.role.daemon && !remoteOf(one))) {
      const [[, { text }] = ["", { text: "" }]] = units(clone.name);
      expect(text).toMatch(/^Type=(?:notify|simple)$/m);
      expect(text).not.toMatch(/-daemon\b|^PIDFile=/m);
      const stop = Number(/^TimeoutStopSec=([0-9]+)$/m.exec(text)?.[1] ?? 90);
      // dom0 must not kill the qube while systemd still waits for the daemon.
      if (stop > 90) expect(vm.shutdown_timeout?.value, role.name).toBeGreaterThan(stop);
    }
  });

  it("commands that act as another user name one that the qube's template makes", () => {
    for (const { name: qube, template: clone } of model.qubes) {
      const users = [
        "root",
        "user",
        ...template(clone.name).flatMap((one) => (one["fun"] === "user.present" ? [one["name"]] : [])),
      ];
      for (const [path, { text }] of tree) {
        if (!path.includes(`/files/${qube}/usr/local/bin/`)) continue;
        for (const [, user] of text.matchAll(/(?:runuser|sudo) -u ([a-z]+)/g)) expect(users, path).toContain(user);
      }
    }
  });

  it("every file that a qube's user or daemon must read is readable for them: no 0700 folder on the way to Whonix' own", () => {
    for (const { name: qube } of model.qubes) {
      for (const state of statesOf(textOf(`/qube/${qube}.sls`))) {
        if (!String(state["name"]).startsWith("/usr/local/etc/") || state["fun"] === "file.absent") continue;
        expect([state["mode"], state["dir_mode"]], String(state["name"])).toEqual(["0644", "0755"]);
      }
    }
  });
});

const everything = topology({
  more: [
    "  electrum-server: { role: fulcrum, bitcoind: bitcoin-server }",
    "  electrum-client: { role: electrum-wallet, server: electrum-server }",
    "  joinmarket-server: { role: joinmarketd, netvm: sys-bitcoin }",
    "  joinmarket-client: { role: joinmarket-wallet, joinmarketd: joinmarket-server, bitcoind: bitcoin-server }",
    "  fetcher: { role: downloader, netvm: sys-bitcoin }",
  ].join("\n"),
});

// Whonix 16 is on Debian 11, 17 on 12, 18 on 13. apt itself says whether it could install what the templates ask for.
const aptTest = it.skipIf(!has("mmdebstrap"));
aptTest.each([
  ["Whonix 16", "bullseye", exampleText("seed-2022")],
  ["Whonix 17", "bookworm", everything.replace('"4.3", whonix: 18', '"4.2", whonix: 17')],
  ["Whonix 18", "trixie", everything],
])(
  judged("every package of every template is there in the Debian of %s (%s)", "mmdebstrap"),
  (_whonix, suite, text) => {
    const { tree } = compiled(text);
    const packages = [...tree].flatMap(([path, file]) =>
      path.includes("/template/")
        ? statesOf(file.text).flatMap((one) => (one["fun"] === "pkg.installed" ? (one["pkgs"] as string[]) : []))
        : [],
    );
    expect(packages).toContain(suite === "bullseye" ? "libsecp256k1-0" : "electrum");
    const root = mkdtempSync(path.join(tmpdir(), "packages-"));
    try {
      const words = ["--simulate", "--variant=extract", `--include=${[...new Set(packages)].join(",")}`, suite, root];
      const { status, output } = run("mmdebstrap", words, { timeout: 180_000 });
      expect(status, output.slice(-2000)).toBe(0);
    } finally {
      rmSync(root, { recursive: true });
    }
  },
);
