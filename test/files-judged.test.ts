// SPDX-License-Identifier: GPL-3.0-or-later
/** The files of the tree, judged by the programs that will read them (or, for bash and Python, by what reads them there). */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { compiled, examples, exampleText, project, topology } from "./compiled.ts";
import { has, judged, landed, run } from "./judges.ts";

describe.each(examples)("the files of the example %s", (name) => {
  const { tree, model } = compiled(exampleText(name));
  const clones = model.templates.filter((template) => template.clone);

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
        const units = readdirSync(folder).filter((unit) => /\.(?:service|socket)$/.test(unit));
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
    judged(
      "services of %s: as good as a sandbox gets (systemd-analyze security at most 2.0, 1.0 for links)",
      "systemd-analyze",
    ),
    (clone) => {
      landed(tree, clone, (root) => {
        const folder = path.join(root, "usr/lib/systemd/system");
        for (const unit of readdirSync(folder).filter((one) => one.endsWith(".service"))) {
          const { output } = run("systemd-analyze", [
            "security",
            "--offline=true",
            "--no-pager",
            path.join(folder, unit),
          ]);
          const [, level = "10"] = /Overall exposure level for \S+: ([0-9.]+)/.exec(output) ?? [];
          // What carries a link needs no network, and is let see less. The rest is no gain: it writes nothing, so it needs no /tmp of its own.
          const carriesLink = unit.includes("@") && !unit.includes("-forward-");
          expect(Number(level), output.slice(-200)).toBeLessThanOrEqual(carriesLink ? 1 : 2);
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
