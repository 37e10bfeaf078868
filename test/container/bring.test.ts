// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The units that bring a program, under a real systemd, with the recipe that the compiler wrote: the boot does not wait for them, what arrives is
 * taken, checked and put in place, and the daemon starts. On the Debians of both Whonix versions.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { DAEMONS, IN_FORCE_TOOL } from "../../src/render/in-force.ts";
import { digest, tar } from "../bring/yard.ts";
import { compiled, topology } from "../compiled.ts";
import { suites, whyNoContainer, withContainer, type Box, type Content } from "./container.ts";
import { templateFiles } from "./template.ts";

const why = whyNoContainer();
const named = why === undefined ? "" : ` (skipped: ${why})`;
const file = "bitcoin-31.1-x86_64-linux-gnu.tar.gz";
const library = "/usr/local/lib/qwbtc-salt";
const folder = `${library}/bitcoin-core`;

/** A release whose bitcoind says that it is ready, and then waits to be stopped. */
const release = (version: string) =>
  tar([
    {
      name: `bitcoin-${version}/bin/bitcoind`,
      mode: 0o755,
      text: `#!/bin/sh\n# ${version}\nsystemd-notify --ready\nexec sleep 1000\n`,
    },
  ]);

/** The node's qube with a pin of the test's own, so that the recipe is the compiler's word for word. */
function qube(pinned: Buffer) {
  const own = `version: "31.1"\n    software: { sha256: ${digest(pinned)} }\n    because: { software: made for this test }`;
  const { tree, model } = compiled(topology({ node: own }));
  const node = model.qubes.find(({ name }) => name === "bitcoin-server");
  const units = templateFiles(tree, node?.template.name ?? "", (one) => /\/qwbtc-(?!tcp)[^/]*\.service$/.test(one));
  const files = new Map<string, Content>(units);
  let reload = "";
  for (const [name, { text }] of tree) {
    const at = name.split("/files/bitcoin-server")[1];
    const runs = [`${library}/bring-program`, `${library}/told`, IN_FORCE_TOOL].includes(at ?? "");
    if (at?.startsWith(library) || at === DAEMONS) files.set(at, { text, mode: runs ? 0o755 : 0o644 });
    if (name.endsWith("/qube/bitcoin-server.sls"))
      reload = JSON.parse(/"name": ("\{ if systemctl cat .*")/.exec(text)?.[1] ?? '""') as string;
  }
  files.set("/usr/lib/systemd/system/qubes-sysinit.service", {
    text: "[Unit]\nDefaultDependencies=no\nBefore=sysinit.target\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c 'mkdir -p /run/qubes-service && touch /run/qubes-service/qwbtc-bitcoind /run/qubes-service/qwbtc-bring'\n",
  });
  files.set("/etc/systemd/system/sysinit.target.wants/qubes-sysinit.service", {
    link: "/usr/lib/systemd/system/qubes-sysinit.service",
  });
  const before = [
    "useradd --uid 1000 --create-home user",
    "useradd --system --user-group --home-dir /home/bitcoin bitcoin",
    "install -d -o bitcoin -g bitcoin -m 0700 /home/bitcoin /home/bitcoin/.bitcoin",
    "touch /home/bitcoin/.bitcoin/bitcoin.conf",
    "install -d /rw/config",
    "echo secret >/rw/config/secret",
  ];
  if (reload === "") throw new Error("no state has the services read another recipe");
  return { files, before, reload };
}

/** Sends a file as qubes.Filecopy does: as the user, under its name only when it is whole. */
async function send(box: Box, name: string, bytes: Buffer): Promise<void> {
  const at = `/home/user/QubesIncoming/downloader`;
  await box.out(`runuser -u user -- mkdir -p ${at}`);
  for (const part of bytes.toString("base64").match(/.{1,60000}/g) ?? [])
    await box.out(`printf %s '${part}' | base64 -d >>/home/user/part`);
  await box.out(`chown user: /home/user/part && mv /home/user/part '${at}/${name}'`);
}

const until = (test: string) =>
  `for i in $(seq 300); do if ${test}; then exit 0; fi; sleep 0.1; done; ${library}/bring-program status; journalctl -b -u 'qwbtc-*'; exit 1`;

describe.each(suites)(`a program that is brought, in %s${named}`, { concurrent: true }, (suite) => {
  const test = it.skipIf(why !== undefined);

  test("the boot does not wait; what comes is checked and started; a bad one changes nothing; another version restarts it", async () => {
    const good = release("31.1");
    const { files, before, reload } = qube(good);
    await withContainer({ suite, files, before }, async (box) => {
      // The boot is over, and what it is missing is no failure.
      expect((await box.run("systemctl is-system-running")).stdout).toBe("running\n");
      expect((await box.run("systemctl is-active qwbtc-bring qwbtc-bitcoind")).stdout).toBe("active\ninactive\n");
      // A file that is not the right one, then the right one into the same folder.
      await send(box, file, release("6.6"));
      await box.out(until(`${library}/bring-program status | grep -q refused`));
      expect((await box.run("systemctl is-active qwbtc-bitcoind")).stdout).toBe("inactive\n");
      const pid = (await box.out("systemctl show -p MainPID --value qwbtc-bring")).trim();
      const ticks = async () =>
        Number(
          (await box.out(`cut -d ' ' -f 14,15 /proc/${pid}/stat | tr ' ' +`))
            .trim()
            .split("+")
            .reduce((sum, one) => sum + Number(one), 0),
        );
      const start = await ticks();
      await box.out("sleep 8");
      const idle = ((await ticks()) - start) / 100;
      expect(idle, "seconds of a processor while it waits for eight").toBeLessThan(0.3);
      await send(box, file, good);
      await box.out(until("systemctl is-active --quiet qwbtc-bitcoind"));
      await box.out(until("! systemctl is-active --quiet qwbtc-bring"));
      expect(await box.out(`readlink ${folder}/current; ls /home/user/QubesIncoming/downloader`)).toBe("31.1\n");
      expect(await box.out("systemctl show -p Result --value qwbtc-bring")).toBe("success\n");
      const first = await box.out("systemctl show -p MainPID --value qwbtc-bitcoind");

      // Another version, as an apply writes it, with a last touch that says what the sandbox lets it do.
      const next = release("32.0");
      const finish = `${library}/finish-test`;
      const look = `#!/bin/sh\n{ ls /sys/class/net; cat /rw/config/secret; touch /etc/x; touch /usr/lib/x; mkdir /sys/fs/cgroup/x; id -u; } >"$1/said" 2>&1\n`;
      const recipe = JSON.parse((files.get(`${folder}/recipe.json`) as { text: string }).text) as Record<
        string,
        unknown
      >;
      const apply = async (version: string, bytes: Buffer, more: object = {}) => {
        const artifacts = { any: { file: "next.tar.gz", sha256: digest(bytes) } };
        const text = JSON.stringify({ ...recipe, version, artifacts, ...more });
        await box.out(`cat >${folder}/recipe.json <<'END'\n${text}\nEND`);
        await box.out(reload);
      };
      await box.out(`cat >${finish} <<'END'\n${look}END\nchmod 755 ${finish}`);
      await apply("32.0", next, { finish });
      await box.out(until("systemctl is-active --quiet qwbtc-bring"));
      await send(box, "next.tar.gz", release("6.6"));
      await box.out(until(`test "$(${library}/bring-program status | grep -c refused:)" = 2`));
      expect(await box.out(`systemctl show -p MainPID --value qwbtc-bitcoind; readlink ${folder}/current`)).toBe(
        `${first}31.1\n`,
      );
      await send(box, "next.tar.gz", next);
      await box.out(
        until(
          `test "$(systemctl show -p MainPID --value qwbtc-bitcoind)" != ${first.trim()} && systemctl is-active --quiet qwbtc-bitcoind`,
        ),
      );
      expect(await box.out(`readlink ${folder}/current; tail -n +2 ${folder}/current/bin/bitcoind | head -n 1`)).toBe(
        "32.0\n# 32.0\n",
      );
      const said = await box.out(`cat ${folder}/32.0/said`);
      expect(said).toMatch(
        /^lo\n.*secret.*(?:Permission denied|No such file).*\n.*\/etc\/x.*Read-only.*\n.*\/usr\/lib\/x.*Read-only.*\n.*Read-only.*\n0\n$/s,
      );
      expect(await box.out(`ls ${folder}`)).toMatch(/^31\.1\n32\.0\n/);

      // What the user stopped stays stopped, whatever comes.
      await box.out("systemctl stop qwbtc-bitcoind");
      const last = release("33.0");
      await apply("33.0", last);
      await send(box, "next.tar.gz", last);
      await box.out(until(`test "$(readlink ${folder}/current)" = 33.0 && ! systemctl is-active --quiet qwbtc-bring`));
      await box.out("sleep 1");
      expect((await box.run("systemctl is-active qwbtc-bitcoind")).stdout).toBe("inactive\n");
      expect(await box.out("journalctl -b -u qwbtc-bring -o cat")).not.toContain("left as it is");

      // Another digest under the same name replaces what runs; the daemon that runs is started again with it.
      await box.out("systemctl start qwbtc-bitcoind");
      const pid33 = (await box.out("systemctl show -p MainPID --value qwbtc-bitcoind")).trim();
      const rebuilt = release("33.0 rebuilt");
      await apply("33.0", rebuilt);
      await send(box, "next.tar.gz", rebuilt);
      await box.out(
        until(
          `test "$(systemctl show -p MainPID --value qwbtc-bitcoind)" != ${pid33} && systemctl is-active --quiet qwbtc-bitcoind`,
        ),
      );
      expect(await box.out(`sed -n 2p ${folder}/current/bin/bitcoind`)).toBe("# 33.0 rebuilt\n");
      expect(await box.out("systemctl list-units --failed --plain --no-legend")).toBe("");
    });
  });

  test("where the qube has a net qube, it is fetched by nobody, who reaches the gateway and nothing else", async () => {
    const good = release("31.1");
    const { files, before } = qube(good);
    // From a tree that had no such command yet: what waits for its program is started all the same.
    files.delete(IN_FORCE_TOOL);
    files.set("/usr/bin/curl", {
      text: readFileSync(path.join(import.meta.dirname, "standin/curl.py"), "utf8"),
      mode: 0o755,
    });
    // By this name Whonix keeps the real one; the other is a wrapper, which must not be asked.
    const wrapped = [
      ...before,
      "mv /usr/bin/curl /usr/bin/curl.anondist-orig",
      "printf '#!/bin/sh\\nexit 99\\n' >/usr/bin/curl; chmod 755 /usr/bin/curl",
      `mkdir -p /srv/mirror; base64 -d /good >/srv/mirror/${file}`,
    ];
    files.set("/good", { text: good.toString("base64") });
    await withContainer({ suite, files, before: wrapped }, async (box) => {
      await box.out(
        "ip addr add 10.152.152.10/32 dev lo && ip addr add 10.9.9.9/32 dev lo && systemd-run --quiet python3 -m http.server 9180 && sleep 1",
      );
      await box.out("touch /run/qubes-service/qwbtc-fetch && systemctl start qwbtc-fetch");
      await box.out(until("systemctl is-active --quiet qwbtc-bitcoind"));
      expect(await box.out(`readlink ${folder}/current`)).toBe("31.1\n");
      const said = await box.out("cat /var/cache/private/qwbtc-salt-fetch/*.report");
      expect(said).toContain("user True\n");
      // The same listener has both addresses.
      expect(said).toMatch(/^gateway open$/m);
      expect(said).toMatch(/^elsewhere (?!open)/m);
      for (const one of [`${folder}/x`, "/home/user/x", "/etc/x", "/tmp/x"])
        expect(said).toMatch(new RegExp(`^write ${one} (?!yes)`, "m"));
      expect(said).not.toContain("home yes");
    });
  });

  test("systemd's own path units do not see a file that comes into a folder below a star, which is why a service looks itself", async () => {
    const unit = (name: string, text: string): [string, Content] => [`/etc/systemd/system/${name}`, { text }];
    const files = new Map<string, Content>([
      unit("seen.path", "[Path]\nPathExistsGlob=/home/user/QubesIncoming/*/file\n"),
      unit("seen.service", "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n"),
    ]);
    await withContainer({ suite, files, before: ["mkdir -p /home/user/QubesIncoming/downloader"] }, async (box) => {
      await box.out("systemctl start seen.path && touch /home/user/QubesIncoming/downloader/file && sleep 2");
      expect((await box.run("systemctl is-active seen.service")).stdout).toBe("inactive\n");
      // Only something new beside that folder makes it look.
      await box.out("mkdir /home/user/QubesIncoming/other && sleep 1");
      expect((await box.run("systemctl is-active seen.service")).stdout).toBe("active\n");
    });
  });
});
