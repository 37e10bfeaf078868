// SPDX-License-Identifier: GPL-3.0-or-later
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import { message } from "../../kernel/message.ts";
import { checkCommand } from "../../render/secrets.ts";
import type { Landed } from "../facts.ts";
import { placeIn, type Audit } from "../finding.ts";
import { HELD_FILES } from "../held-settings.ts";

const loose = message("QB847", {
  severity: "error",
  title: "A file that comes from the pillar and is no secret of a known shape",
  say: (machine: string, path: string) =>
    `${path} in ${machine} is written from the pillar, and the audit cannot tell what it will say`,
  why: "The pillar is not in the tree. A secret is safe to write unseen only where its whole text must match a pattern that leaves it one meaning: a client's password, its hash, a key to an onion service.",
  fix: "Write it from a file of the tree; or, if it is a secret, with the check_cmd that the compiler gives it.",
  source: "Salt's documentation, file.managed; Bitcoin Core src/httprpc.cpp; tor(1), CLIENT AUTHORIZATION",
});

const unread = message("QB848", {
  severity: "error",
  title: "Settings whose text is not in the tree",
  say: (machine: string, path: string) => `${path} in ${machine} is read as settings, and its text is not in this tree`,
  why: "The audit does not know what it will say, so it does not call it safe.",
  fix: "Write it from a file of the tree.",
  source: "Salt's documentation, file.managed",
});

/** A kind of secret: where it lies, its key in the pillar, and the pattern that its whole text must match. */
interface Kind {
  readonly path: RegExp;
  readonly pillar: RegExp;
  readonly check: (found: RegExpExecArray, machine: string) => string;
}

/** The kinds of secrets of a tree of this kind, by the patterns that the compiler gives them. */
const KINDS: readonly Kind[] = [
  {
    path: /^\/home\/[a-z]+\/\.bitcoin\/rpcauth-([\w-]+)\.conf$/,
    pillar: /^[\w-]+:rpcauth:[\w-]+$/,
    check: ([, client = ""]) => `rpcauth=${client}:[0-9a-f]+[$][0-9a-f]{64}`,
  },
  {
    path: /^\/home\/[a-z]+\/\.\w+\/rpc-cookie$/,
    pillar: /^[\w-]+:rpc:[\w-]+$/,
    check: (_found, machine) => `${machine}:[A-Za-z0-9_-]+`,
  },
];

/** The address in a key's pattern; whose it is follows from where its forwarder leads. */
const ONION_KEY = { path: /^\/var\/lib\/tor\/authdir\/[\w-]+\.auth_private$/, pillar: /^[\w-]+:onion_auth:[\w-]+$/ };

/** Files whose text must be known, for something runs by it or listens by it. */
const READ =
  /\/(?:torrc\.d|whonix_firewall\.d|onion-grater-merger\.d|authorized_clients|systemd\/system)\/|\.(?:env|local)$/;

/** What the tree does not show is a secret of a known shape, and never settings. */
export function* knownSecrets({ facts }: Audit): Iterable<Diagnostic> {
  for (const landed of facts.landed) {
    const place = () => placeIn(facts.tree, landed.state);
    if (landed.state.args.has("contents_pillar")) {
      if (!isKnown(landed)) yield loose.at(place(), landed.machine, landed.path);
    } else if (
      landed.text === undefined &&
      (READ.test(landed.path) || HELD_FILES.some(({ path }) => path.test(landed.path)))
    )
      yield unread.at(place(), landed.machine, landed.path);
  }
}

function isKnown({ path, machine, state: { args } }: Landed): boolean {
  const pillar = String(args.get("contents_pillar"));
  const command = String(args.get("check_cmd"));
  if (ONION_KEY.path.test(path)) {
    const [, address = ""] = / '([a-z2-7]{56}):descriptor:x25519:/.exec(command) ?? [];
    const check = `${address}:descriptor:x25519:[A-Z2-7]{52}`;
    return ONION_KEY.pillar.test(pillar) && address !== "" && command === checkCommand({ check, pillar });
  }
  return KINDS.some((kind) => {
    const found = kind.path.exec(path);
    return (
      found !== null &&
      kind.pillar.test(pillar) &&
      command === checkCommand({ check: kind.check(found, machine), pillar })
    );
  });
}
