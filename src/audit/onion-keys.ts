// SPDX-License-Identifier: GPL-3.0-or-later
import { clientsFolder, TOR_USER } from "../whonix/gateway.ts";
import type { Facts } from "./facts.ts";
import type { StateCall } from "./states.ts";

/** Who may use an onion service. tor takes one without a single readable key for one that is open to all (tor(1), CLIENT AUTHORIZATION). */
interface Keys {
  /** The names of the clients whose keys certainly lie there when tor reads the folder. */
  readonly clients: readonly string[];
  /** The states that lay those keys down, by their ids. */
  readonly ids: readonly string[];
  /** What is done in the service's folder and is none of the forms that a tree of this kind has, with why. */
  readonly odd: readonly { readonly at: StateCall; readonly why: string }[];
}

/** What a state that writes a key may say: nothing by which it would be skipped, kept from writing, or undone. */
const PLAIN_ARGUMENTS = new Set([
  "name",
  "source",
  "user",
  "group",
  "mode",
  "makedirs",
  "dir_mode",
  "follow_symlinks",
  "require",
]);

/** One line, and a line break: tor reads no comments here. */
const KEY = /^descriptor:x25519:[A-Z2-7]{52}\n$/;

const known = new WeakMap<Facts, Map<string, Keys>>();

/** The keys of one onion service of a gateway: the one place that says who may use it. */
export function keysOf(gateway: string, folder: string, facts: Facts): Keys {
  const of = known.get(facts) ?? new Map<string, Keys>();
  known.set(facts, of);
  const place = `${gateway} ${folder}`;
  const found = of.get(place) ?? read(gateway, folder, facts);
  of.set(place, found);
  return found;
}

function read(gateway: string, folder: string, { states, landedIn }: Facts): Keys {
  const keys = clientsFolder(folder);
  const texts = new Map((landedIn.get(gateway) ?? []).map(({ state, text }) => [state, text ?? ""]));
  const clients: string[] = [];
  const ids: string[] = [];
  const paths: string[] = [];
  const odd: { at: StateCall; why: string }[] = [];
  const touching = states.calls.filter(({ machine, name }) => machine === gateway && name.includes(folder));
  const here = touching.filter(({ name }) => name === folder || name.startsWith(`${folder}/`));
  for (const at of here) {
    if (at.fun === "file.managed") {
      const client = at.name.startsWith(`${keys}/`) ? /^([\w-]+)\.auth$/.exec(at.name.slice(keys.length + 1)) : null;
      const why = client ? whyNoKey(at, texts.get(at) ?? "") : "tor reads no such file there";
      if (why !== undefined) odd.push({ at, why });
      else {
        clients.push(client?.[1] ?? "");
        ids.push(at.id);
        paths.push(at.name);
      }
    } else if (at.fun !== "file.directory" || !isFolder(at, [folder, keys]))
      odd.push({ at, why: `${at.fun} does something there that no tree of this kind does` });
  }
  for (const at of touching)
    if (at.fun === "cmd.run" && !isPlainCommand(at, folder, paths))
      odd.push({ at, why: "a command changes what lies there" });
  return { clients, ids, odd };
}

function whyNoKey({ args }: StateCall, text: string): string | undefined {
  const strange = [...args.keys()].find((key) => !PLAIN_ARGUMENTS.has(key));
  if (strange !== undefined) return `with ${strange} it may be left out, or be another`;
  if (args.get("user") !== TOR_USER || !/^0?[46]00$/.test(String(args.get("mode")))) return "tor cannot read it";
  return KEY.test(text) ? undefined : "tor reads no key in it";
}

/** A folder as tor wants it: its own, and nobody else's (tor src/lib/fs/dir.c, check_private_dir). */
function isFolder({ name, args }: StateCall, folders: readonly string[]): boolean {
  const plain = [...args.keys()].every((key) => ["name", "user", "group", "mode", "makedirs", "require"].includes(key));
  return (
    plain && folders.includes(name) && args.get("user") === TOR_USER && /^0?700$/.test(String(args.get("mode") ?? ""))
  );
}

/** Commands that leave the clients' keys where they are: links in the place of a file go, files of others go, tor is told. */
function isPlainCommand({ name, args }: StateCall, folder: string, paths: readonly string[]): boolean {
  const keys = clientsFolder(folder);
  const unlinked = /^rm -f (\/\S+)$/.exec(name)?.[1];
  if (unlinked !== undefined) return args.get("onlyif") === `test -L ${unlinked}`;
  const pruned = `cd / && runuser -u ${TOR_USER} -- find ${keys} -mindepth 1`;
  if (name.startsWith(pruned)) {
    const kept = [...name.slice(pruned.length).matchAll(/ ! -path (\S+)/g)].map(([, path = ""]) => path);
    const whole = `${pruned}${kept.map((path) => ` ! -path ${path}`).join("")} -delete`;
    return name === whole && kept.length === paths.length && paths.every((path) => kept.includes(path));
  }
  return /^\{ systemctl --no-block reload-or-restart tor@default\.service; \} && \/usr\/local\/lib\/qwbtc-salt\/told reload-tor(?: [\w./@*'-]+)+$/.test(
    name,
  );
}
