// SPDX-License-Identifier: GPL-3.0-or-later
/** The files of the tree, judged by the programs that will read them (or, for bash and Python, by what reads them there). */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { compiled, examples, exampleText, project, topology } from "./compiled.ts";
import { has, judged, landed, run } from "./judges.ts";

describe.each(examples)("the files of the example %s", (name) => {
  const { tree, model } = compiled(exampleText(name));
  const gateways = model.qubes.filter((qube) => qube.role.providesNetwork);
  const clones = model.templates.filter((template) => template.clone);

  const torTest = it.skipIf(!has("tor") || process.getuid?.() !== 0);
  torTest.each(gateways.map((one) => one.name))(
    judged("torrc of %s: a started tor accepts every line and warns of nothing but 0.0.0.0", "tor", "unshare"),
    (gateway) => {
      landed(tree, gateway, (root) => {
        const folder = path.join(root, "usr/local/etc/torrc.d");
        const data = path.join(root, "data");
        mkdirSync(data, { mode: 0o700 });
        const torrc = path.join(root, "torrc");
        writeFileSync(torrc, `DataDirectory ${data}\nLog notice stdout\n%include ${folder}/*.conf\n`);
        // tor(1): --verify-config does not open the ports, and some warnings come only when they are opened.
        const { output } = run("unshare", [
          "-n",
          "sh",
          "-c",
          `ip link set lo up 2>/dev/null; exec timeout 4 tor -f ${torrc}`,
        ]);
        const warnings = output.split("\n").filter((line) => /\[(?:warn|err)\]/.test(line));
        // Not of our lines: this tor runs as root and without a network.
        const excused =
          /public address '0\.0\.0\.0:9401' for SocksPort|You are running Tor as root|Problem bootstrapping/;
        expect(warnings.filter((line) => !excused.test(line))).toEqual([]);
        expect(
          warnings.some((line) => line.includes("'0.0.0.0:9401' for SocksPort")),
          output,
        ).toBe(true); // the file explains it
        expect(output).toContain("Opened Socks listener connection (ready) on 0.0.0.0:9401");
      });
    },
  );

  it.each(model.qubes.filter((one) => one.netvm && one.role.os !== "debian").map((one) => one.name))(
    "whonix_firewall.d of %s: bash under set -eu reads it as Whonix does, with or without a net qube",
    (qube) => {
      landed(tree, qube, (root) => {
        const folder = path.join(root, "usr/local/etc/whonix_firewall.d");
        for (const file of readdirSync(folder)) {
          expect(run("bash", ["-n", path.join(folder, file)])).toEqual({ status: 0, output: "" });
          for (const address of ["echo 10.137.0.50", "return 1"]) {
            const script = `qubesdb-read() { ${address}; }; export -f qubesdb-read; set -eu; source ${path.join(folder, file)}; set | grep -E '^(INTERNAL|EXTERNAL|WORKSTATION|outgoing)'`;
            const { status, output } = run("env", ["-i", "PATH=/usr/bin:/bin", "bash", "--norc", "-c", script]);
            expect(status, output).toBe(0);
            expect(output).toMatch(
              /^(?:(?:INTERNAL_OPEN_PORTS|EXTERNAL_OPEN_PORTS|outgoing_allow_ip_list)='? .* '|WORKSTATION_TRANSPARENT_(?:TCP|DNS)=0|\n)+$/m,
            );
          }
        }
      });
    },
  );

  const systemdTest = it.skipIf(!has("systemd-analyze"));
  systemdTest.each(clones.map((one) => one.name))(
    judged("units of %s: systemd-analyze verify has nothing to say", "systemd-analyze"),
    (clone) => {
      landed(tree, clone, (root) => {
        // The programs exist in the qube, not here: stand-ins at the same paths below a root of our own.
        const folder = path.join(root, "usr/lib/systemd/system");
        for (const unit of readdirSync(folder)) {
          for (const [, program = ""] of readFileSync(path.join(folder, unit), "utf8").matchAll(/^ExecStart=(\S+)/gm)) {
            mkdirSync(path.dirname(path.join(root, program)), { recursive: true });
            writeFileSync(path.join(root, program), "#!/bin/sh\n", { mode: 0o755 });
          }
        }
        for (const target of ["multi-user", "sysinit", "basic", "shutdown", "sockets"]) {
          writeFileSync(path.join(folder, `${target}.target`), "[Unit]\nDescription=Stands for systemd's own\n");
        }
        const units = readdirSync(folder).filter((unit) => /\.(?:service|socket)$/.test(unit) && !unit.includes("@"));
        const { status, output } = run("systemd-analyze", [
          "verify",
          `--root=${root}`,
          "--man=no",
          "--recursive-errors=no",
          ...units.map((unit) => path.join(folder, unit)),
        ]);
        const ours = output
          .split("\n")
          .filter((line) => line !== "" && !/Failed to (?:open|create)|\.(?:slice|mount|target):|-\.slice/.test(line));
        expect(ours).toEqual([]);
        expect(status).toBe(0);
      });
    },
  );

  systemdTest.each(clones.map((one) => one.name))(
    judged("services of %s: as good as a sandbox gets (systemd-analyze security at most 2.0)", "systemd-analyze"),
    (clone) => {
      landed(tree, clone, (root) => {
        const folder = path.join(root, "usr/lib/systemd/system");
        // The daemons. What carries a link runs for one connection and needs qrexec's own device.
        for (const unit of readdirSync(folder).filter((one) => one.endsWith(".service") && !one.includes("@"))) {
          const { output } = run("systemd-analyze", [
            "security",
            "--offline=true",
            "--no-pager",
            path.join(folder, unit),
          ]);
          const [, level = "10"] = /Overall exposure level for \S+: ([0-9.]+)/.exec(output) ?? [];
          expect(Number(level), output.slice(-200)).toBeLessThanOrEqual(2);
        }
      });
    },
  );

  it.skipIf(!has("desktop-file-validate"))(judged("menu entries are valid", "desktop-file-validate"), () => {
    for (const { name: clone } of clones) {
      landed(tree, clone, (root) => {
        const { output } = run("sh", ["-c", `find ${root} -name '*.desktop' -exec desktop-file-validate {} +`]);
        expect(output).toBe("");
      });
    }
  });

  it.skipIf(!has("shellcheck"))(
    judged("scripts that land in qubes and in dom0 are shellcheck-clean", "shellcheck"),
    () => {
      const scripts = [...tree].filter(([, { text }]) => /^#(?:!\/bin\/|.*shellcheck shell=)/.test(text));
      expect(scripts.length).toBeGreaterThan(2);
      for (const [file, { text }] of scripts)
        expect(run("shellcheck", ["-"], { input: text }), file).toEqual({ status: 0, output: "" });
    },
  );
});

const grater =
  'import re,sys\npattern,*lines=sys.stdin.read().splitlines()\nprint([bool(re.match(pattern+"$",line)) for line in lines])';

it.skipIf(!has("python3"))(
  "onion-grater's own matching (Python re, anchored at the end) lets bitcoind's command through and nothing else",
  () => {
    const { tree } = compiled(topology({ node: "onion: { p2p: ephemeral }" }));
    const profile = [...tree].find(([path]) => path.endsWith("onion-grater-merger.d/40_qwbtc.yml"))?.[1].text ?? "";
    const pattern = /pattern: '(.*)'/.exec(profile)?.[1] ?? "";
    const good = ["NEW:ED25519-V3 Port=8333,0.0.0.0:8334"]; // what bitcoind 28 to 31 sends for bind=0.0.0.0:8334=onion
    const bad = [
      "NEW:ED25519-V3 Port=8333,127.0.0.1:8334",
      "NEW:ED25519-V3 Port=8333,0.0.0.0:8333",
      "NEW:ED25519-V3 Port=8333,0a0a0a0:8334",
      "NEW:ED25519-V3 Port=8333,0.0.0.0:83340",
      "NEW:ED25519-V3 Flags=Detach Port=8333,0.0.0.0:8334",
      "NEW:ED25519-V3 Port=22,10.137.0.99:22",
      "ED25519-V3:abc Port=8333,0.0.0.0:8334",
    ];
    const { output } = run("python3", ["-c", grater], { input: [pattern, ...good, ...bad].join("\n") });
    expect(output.trim()).toBe(`[${[...good.map(() => "True"), ...bad.map(() => "False")].join(", ")}]`);
    expect(/replacement: '(.*)'/.exec(profile)?.[1]).toBe(
      "NEW:ED25519-V3 Port=8333,{client-address}:8334 Flags=DiscardPK",
    );
  },
);

it("a node that does not listen opens nothing", () => {
  const { tree } = compiled(topology());
  const texts = [...tree].filter(([path]) => path.includes("/files/")).map(([path, { text }]) => `${path}\n${text}`);
  expect(texts.filter((text) => /onion-grater-merger/.test(text))).toEqual([]);
  expect(texts.filter((text) => /^EXTERNAL_OPEN_PORTS/m.test(text))).toEqual([]);
  expect(texts.filter((text) => /^listen=0\n/m.test(text) && /^listenonion=0\n/m.test(text))).toHaveLength(1);
});

it.skipIf(!has("shellcheck"))(judged("the test sandbox is shellcheck-clean", "shellcheck"), () => {
  expect(run("shellcheck", [path.join(project, "test/sandbox.sh")])).toEqual({ status: 0, output: "" });
});
