// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A stand-in for one qube: the real Salt applies the qube's own states, twice, in a private root with the users that its template makes.
 * Stands for: what salt-ssh does in an AppVM. Does not model: starting units, Whonix' programs (each call is noted, and fails
 * while the test has put /tmp/fails there), what a reboot forgets.
 */
import { execFile, execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Compiled } from "../../src/compile.ts";
import { writePillar } from "../pillar.ts";
import { unusedStates, type Salt } from "../salts/salts.ts";

const run = promisify(execFile);
const sandbox = path.resolve(import.meta.dirname, "../sandbox.sh");

/** What one state came to. */
interface State {
  readonly id: string;
  readonly result: boolean;
  readonly comment: string;
  readonly changed: boolean;
}

export interface Qube {
  /** Applies the qube's states once. */
  apply(): Promise<readonly State[]>;
  /** A file in it: its text, mode and owner, or undefined. */
  read(file: string): { readonly text: string; readonly mode: string; readonly owner: string } | undefined;
  /** Writes a file in it, as its user would. */
  write(file: string, text: string): void;
  /** Another tree is installed in dom0. */
  use(later: Compiled): void;
  /** What its user or its programs do in it: a shell command of root's, whose output it gives. */
  shell(command: string): Promise<string>;
  /** Removes a file in it. */
  remove(file: string): void;
  /** All that the applies and Salt's log said. */
  said(): string;
  /** What was called of Whonix and systemd, a line each. */
  calls(): readonly string[];
}

// /usr/local is the private volume's in a qube; here a folder of the sandbox's.
const APPLY = `set -e
mkdir -p /srv/usrlocal/bin
mount --bind /srv/usrlocal /usr/local
for program in whonix_firewall systemctl; do
  printf '#!/bin/sh\\ncase $* in --version*) exec /usr/bin/systemctl "$@" ;; esac\\necho "$(basename "$0") $*" >>/tmp/calls\\n[ ! -e /tmp/fails ]\\n' >/usr/local/bin/$program
  chmod 755 /usr/local/bin/$program
done
export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
exec "$@"
`;

/** Gives a qube of a system, not yet applied, to the work, and removes it afterwards. */
export async function withQube<T>(
  { model, tree }: Compiled,
  name: string,
  salt: Salt,
  work: (qube: Qube) => Promise<T>,
  { pillar = true }: { pillar?: boolean | string } = {},
): Promise<T> {
  const state = mkdtempSync(path.join(tmpdir(), "qube-"));
  const at = (file: string) => path.join(state, file);
  try {
    execFileSync("sh", [sandbox, state, "true"]);
    const users = Object.fromEntries([
      ["user", 1000],
      // Stock Whonix: tor runs as this user on gateways, and its folder is a bind-dir.
      ...(isGateway(model, name) ? [["debian-tor", 102] as const] : []),
      ...templateUsers(model, name).map((one, index) => [one, 900 + index]),
    ]);
    for (const [user, id] of Object.entries(users)) {
      appendFileSync(at("etc/passwd"), `${user}:x:${id}:${id}::/home/${user}:/bin/sh\n`);
      appendFileSync(at("etc/group"), `${user}:x:${id}:\n`);
    }
    mkdirSync(at("home/user"));
    execFileSync("chown", ["1000:1000", at("home/user")]);
    if (isGateway(model, name)) {
      mkdirSync(at("var/lib/tor"), { recursive: true });
      execFileSync("sh", ["-c", 'chown 102:102 "$0" && chmod 2700 "$0"', at("var/lib/tor")]);
    }
    // As Debian has it: root becomes anybody without being asked.
    mkdirSync(at("etc/pam.d"), { recursive: true });
    writeFileSync(
      at("etc/pam.d/runuser"),
      "auth sufficient pam_rootok.so\nsession required pam_permit.so\naccount required pam_permit.so\n",
    );
    const bring = (brought: Compiled["tree"]) => {
      for (const [file, { text }] of brought) {
        if (!file.startsWith("srv/")) continue;
        mkdirSync(path.dirname(at(file)), { recursive: true });
        writeFileSync(at(file), text);
      }
    };
    bring(tree);
    // Made up, none, or a folder's.
    if (typeof pillar === "string") cpSync(pillar, at(`srv/pillar/${model.formula}`), { recursive: true });
    else if (pillar) writePillar(model, at(`srv/pillar/${model.formula}`));
    // What qubesctl brings along for one qube: its own pillar, and nobody else's.
    const own = at(`srv/pillar/${model.formula}/${name}.sls`);
    mkdirSync(at("srv/pillar"), { recursive: true });
    if (existsSync(own)) {
      cpSync(own, at("srv/pillar/own.sls"));
      writeFileSync(at("srv/pillar/top.sls"), `base: {"*": [own]}\n`);
    }
    mkdirSync(at("etc/salt"), { recursive: true });
    writeFileSync(
      at("etc/salt/minion"),
      `id: ${name}\nfile_client: local\nfile_roots: {base: [/srv/formulas/base/${model.formula}-formula]}\npillar_roots: {base: [/srv/pillar]}\nfeatures: {x509_v2: true}\nenable_fqdns_grains: false\nenable_gpu_grains: false\ndisable_states: ${JSON.stringify(unusedStates(salt).disable_states)}\n`,
    );
    writeFileSync(at("tmp/apply.sh"), APPLY);
    const call = [salt.python, path.join(path.dirname(salt.python), "salt-call")];
    const resolve = (file: string) =>
      at(file.startsWith("/usr/local/") ? `srv/usrlocal/${file.slice(11)}` : file.slice(1));
    const outputs: string[] = [];
    const logs = at("var/log/salt");
    return await work({
      apply: async () => {
        const words = [
          ...call,
          "--local",
          "--out=json",
          "--log-level=quiet",
          "state.apply",
          `${model.formula}.qube.${name}`,
        ];
        const { stdout, stderr } = await run("sh", [sandbox, state, "sh", "/tmp/apply.sh", ...words], {
          maxBuffer: 1 << 26,
        }).catch((failed: { stdout: string; stderr: string }) => failed);
        outputs.push(stdout, stderr);
        return statesOf(stdout);
      },
      read: (file) => {
        if (!existsSync(resolve(file))) return undefined;
        const [mode = "", owner = ""] = execFileSync("stat", ["-c", "%a %u", resolve(file)], { encoding: "utf8" })
          .trim()
          .split(" ");
        const name =
          Object.keys(users).find((user) => String(users[user]) === owner) ?? (owner === "0" ? "root" : owner);
        return { text: readFileSync(resolve(file), "utf8"), mode, owner: name };
      },
      write: (file, text) => writeFileSync(resolve(file), text),
      use: (later) => {
        rmSync(at("srv/formulas"), { recursive: true });
        bring(later.tree);
      },
      shell: async (command) => {
        const { stdout } = await run("sh", [sandbox, state, "sh", "/tmp/apply.sh", "sh", "-euc", command], {
          maxBuffer: 1 << 26,
        });
        return stdout;
      },
      remove: (file) => rmSync(resolve(file)),
      said: () =>
        [
          ...outputs,
          ...(existsSync(logs) ? readdirSync(logs) : []).map((log) => readFileSync(path.join(logs, log), "utf8")),
        ].join("\n"),
      calls: () => (existsSync(at("tmp/calls")) ? readFileSync(at("tmp/calls"), "utf8").trim().split("\n") : []),
    });
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

function isGateway(model: Compiled["model"], name: string): boolean {
  return model.qubes.find((qube) => qube.name === name)?.role.os === "gateway";
}

function templateUsers(model: Compiled["model"], name: string): string[] {
  const { template } = model.qubes.find((qube) => qube.name === name) ?? {};
  return (template?.parts.users ?? []).map((user) => user.name);
}

interface Raw {
  readonly __id__?: string;
  readonly result: boolean;
  readonly comment: string;
  readonly changes: object;
}

function statesOf(stdout: string): State[] {
  const { local } = JSON.parse(stdout) as { local: Record<string, Raw> | string[] };
  if (Array.isArray(local)) throw new Error(local.join("\n"));
  return Object.entries(local).map(([tag, { __id__, result, comment, changes }]) => ({
    id: __id__ ?? tag,
    result,
    comment: String(comment),
    changed: Object.keys(changes).length > 0,
  }));
}
