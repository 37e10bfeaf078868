// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * An apply in a qube where others were at work since the last one: what is theirs (wallets, chain data, logs, what Whonix rewrote, what the user wrote)
 * is left as it is to the byte, what is ours and was changed by hand is repaired, and that is reported.
 */
import { afterAll, describe, expect, it } from "vitest";
import { load } from "js-yaml";
import { remoteOf } from "../src/model/remote.ts";
import { compiled, examples, exampleText, type Compiled } from "./compiled.ts";
import { has } from "./judges.ts";
import { withQube, type Qube } from "./qube/qube.ts";
import { salts } from "./salts/salts.ts";
import { whyNoSandbox } from "./sandbox.ts";

const refused = whyNoSandbox();
const named = refused === undefined ? "" : ` (skipped: ${refused})`;

/** The qubes of all examples, one of each kind: what differs within a kind is names, figures and ports, and an apply costs seconds. */
function distinct(): { title: string; system: Compiled; name: string; role: string }[] {
  const found = new Map<string, { title: string; system: Compiled; name: string; role: string }>();
  for (const example of examples) {
    const system = compiled(exampleText(example));
    for (const qube of system.model.qubes) {
      const { name, role } = qube;
      const kind = [role.name, remoteOf(qube)?.over ?? "here", name === "sys-electrum" ? "exposes" : ""].join(" ");
      if (!found.has(kind)) found.set(kind, { title: `${name} of ${example}`, system, name, role: role.name });
    }
  }
  return [...found.values()];
}

function statesOf({ tree }: Compiled, name: string): string {
  return [...tree].find(([file]) => file.endsWith(`/qube/${name}.sls`))?.[1].text ?? "";
}

/** What others do in a qube of a role, as root would do it for them. Nothing of it may make a difference to us. */
const atWork: Readonly<Record<string, readonly string[]>> = {
  "whonix-gateway": [
    // tor's own, in folders that we may have made.
    "for f in $(find /var/lib/tor -mindepth 1 -maxdepth 1 -type d); do echo key >$f/hs_ed25519_secret_key; chown debian-tor $f/hs_ed25519_secret_key; chmod 600 $f/hs_ed25519_secret_key; done",
    "echo x >/var/lib/tor/state",
  ],
  bitcoind: [
    "[ -d /home/bitcoin ] || exit 0; mkdir -p /home/bitcoin/.bitcoin/blocks /home/bitcoin/.bitcoin/wallets/mine; echo chain >/home/bitcoin/.bitcoin/blocks/blk00000.dat",
    `[ -d /home/bitcoin ] || exit 0; echo '{"wallet": ["mine"]}' >/home/bitcoin/.bitcoin/settings.json; echo coins >/home/bitcoin/.bitcoin/wallets/mine/wallet.dat`,
    "[ -d /home/bitcoin ] || exit 0; echo __cookie__:x >/home/bitcoin/.bitcoin/.cookie; echo log >/home/bitcoin/.bitcoin/debug.log",
    "[ -d /home/bitcoin ] || exit 0; echo maxuploadtarget=500M >>/home/bitcoin/.bitcoin/bitcoin.conf.local; chown -R bitcoin: /home/bitcoin",
  ],
  fulcrum: [
    "[ -d /home/fulcrum ] || exit 0; mkdir -p /home/fulcrum/.fulcrum/database/scripthash; echo index >/home/fulcrum/.fulcrum/database/scripthash/1; chown -R fulcrum: /home/fulcrum",
  ],
  "electrum-wallet": [
    "runuser -u user -- sh -c 'echo seed >$(dirname $(find /home/user/.electrum -name config))/wallets/mine'",
    has("electrum")
      ? "config=$(find /home/user/.electrum -name config); word=$(basename $(dirname $config)); case $word in .electrum) flag= ;; *) flag=--$word ;; esac; runuser -u user -- env HOME=/home/user /usr/bin/electrum $flag --offline setconfig is_maximized true >/dev/null"
      : `runuser -u user -- python3 -c 'import glob,json; p=glob.glob("/home/user/.electrum/**/config",recursive=True)[0]; c=json.load(open(p)); c.update(is_maximized=True, recently_open=["x"], rpcpassword="y"); open(p,"w").write(json.dumps(c,indent=4,sort_keys=True))'`,
  ],
  joinmarketd: ["echo log >/home/joinmarket/joinmarketd/log 2>/dev/null || true"],
  "joinmarket-wallet": [
    "runuser -u user -- sh -c 'mkdir -p /home/user/.joinmarket/wallets /home/user/.joinmarket/logs /home/user/.joinmarket/cmtdata; echo keys >/home/user/.joinmarket/wallets/wallet.jmdat; echo log >/home/user/.joinmarket/logs/J5.log; echo 1 >/home/user/.joinmarket/cmtdata/commitmentlist'",
  ],
};
/** And in any: Whonix puts a qube's addresses into its own files (replace-ips), the user has files, and lines in ours. */
const everywhere = [
  "mkdir -p /usr/local/etc/whonix_firewall.d /usr/local/etc/torrc.d; echo 'X=10.137.0.50' >/usr/local/etc/whonix_firewall.d/50_user.conf",
  "echo 'SocksPort 10.137.0.50:9999' >/usr/local/etc/torrc.d/50_user.conf",
  "mkdir -p /home/user/Documents /home/user/QubesIncoming/x; echo mine >/home/user/Documents/mine; echo file >/home/user/QubesIncoming/x/f; chown -R user: /home/user/Documents /home/user/QubesIncoming",
  "if [ -e /home/user/.bashrc ]; then printf 'alias a=b\\n%s\\nalias c=d\\n' \"$(cat /home/user/.bashrc)\" >/home/user/.bashrc; fi",
  "mkdir -p /usr/local/lib/qwbtc-salt/x/1.0; echo program >/usr/local/lib/qwbtc-salt/x/1.0/x; ln -sfn 1.0 /usr/local/lib/qwbtc-salt/x/current",
];

/** Everything that a qube keeps: mode, owner and digest of each file, folder and link. */
async function snapshot(qube: Qube): Promise<string[]> {
  const all = "find /home /usr/local/etc /usr/local/lib /usr/local/bin /var/lib/tor -mindepth 1 2>/dev/null";
  const said = await qube.shell(
    `{ ${all} -printf '%p %y %m %u %l\\n'; ${all} -type f -exec sha256sum {} +; } | grep -v '/usr/local/bin/\\(whonix_firewall\\|systemctl\\)' | LC_ALL=C sort`,
  );
  return said.split("\n");
}

interface Managed {
  readonly id: string;
  readonly path: string;
  readonly once: boolean;
  readonly folder: boolean;
}

/** The files and folders that a qube's states look after, by the state that does. */
function managed(system: Compiled, name: string): Managed[] {
  const all = load(statesOf(system, name)) as Record<string, Record<string, Record<string, unknown>[]>>;
  return Object.entries(all).flatMap(([id, state]) =>
    ["file.managed", "file.directory"].flatMap((fun) => {
      const words = Object.assign({}, ...(state[fun] ?? [])) as Record<string, unknown>;
      if (state[fun] === undefined) return [];
      return [{ id, path: String(words["name"]), once: words["replace"] === false, folder: fun === "file.directory" }];
    }),
  );
}

/** Files to which links may lead; not beside ours, for in some folders nothing else may lie. */
const THEIRS = "/var/tmp/theirs";
const theirsOf = (path: string) => `${THEIRS}/${path.slice(1).replaceAll("/", ".")}`;

/** What a hand may do to a file of ours. Not to the content of one that is the user's, which is no matter of ours. */
const hands: readonly {
  does: (path: string, at: number) => [kind: string, command: string];
  to: (one: Managed) => boolean;
}[] = [
  { does: (path) => ["another content", `echo '# x' >>${path}`], to: ({ once, folder }) => !once && !folder },
  { does: (path) => ["another mode and owner", `chown 12345:12345 ${path}; chmod 0777 ${path}`], to: () => true },
  {
    // A link that is written through lets whoever owns the folder have root write, and give away, any file.
    does: (path, at) =>
      at % 2 === 1
        ? ["gone", `rm ${path}; mkdir -p ${THEIRS}; echo theirs >${theirsOf(path)}`]
        : [
            "a link to another file in its place",
            `mkdir -p ${THEIRS}; echo theirs >${theirsOf(path)}; ln -sfn ${theirsOf(path)} ${path}`,
          ],
    to: ({ once, folder }) => !once && !folder,
  },
];

const tried = new Map<string, number>();
afterAll(() => {
  if (tried.size > 0) console.log(`drift by hand: ${[...tried].map(([kind, many]) => `${kind} ${many}`).join(", ")}`);
});

describe.skipIf(refused !== undefined)(
  `what others did since the last apply${named}`,
  { concurrent: true },
  async () => {
    const [salt] = (refused === undefined ? await salts() : []) as [Awaited<ReturnType<typeof salts>>[number]];

    it.each(distinct())("$title: theirs stays, ours is repaired and reported", { timeout: 600_000 }, async (one) => {
      const { system, name, role } = one;
      await withQube(system, name, salt, async (qube) => {
        expect((await qube.apply()).filter(({ result }) => !result)).toEqual([]);
        for (const command of [...everywhere, ...(atWork[role] ?? [])]) await qube.shell(command);
        const before = await snapshot(qube);
        expect((await qube.apply()).filter(({ result, changed }) => !result || changed)).toEqual([]);
        expect(await snapshot(qube)).toEqual(before);
        for (const { does, to } of hands) {
          const drifted = managed(system, name).filter(to);
          const done = drifted.map(({ path }, at) => does(path, at));
          const kinds = [...new Set(done.map(([kind]) => kind))].join(", ");
          await qube.shell(done.map(([, command]) => command).join("\n"));
          const mended = await qube.apply();
          expect([kinds, mended.filter(({ result }) => !result)]).toEqual([kinds, []]);
          const reported = new Set(mended.filter(({ changed }) => changed).map(({ id }) => id));
          const silent = drifted.map(({ id }) => id).filter((id) => !reported.has(id));
          expect([kinds, silent]).toEqual([kinds, []]);
          if (done.some(([, command]) => command.includes(THEIRS))) {
            const theirs = drifted.map(({ path }) => theirsOf(path)).join(" ");
            const left = await qube.shell(`stat -c %u ${theirs} | sort -u; cat ${theirs} | sort -u; rm ${theirs}`);
            expect(left).toBe("0\ntheirs\n");
          }
          expect([kinds, await snapshot(qube)]).toEqual([kinds, before]);
          for (const [kind] of done) tried.set(kind, (tried.get(kind) ?? 0) + 1);
        }
        expect((await qube.apply()).filter(({ result, changed }) => !result || changed)).toEqual([]);
      });
    });
  },
);
