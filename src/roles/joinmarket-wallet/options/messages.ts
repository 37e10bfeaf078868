// SPDX-License-Identifier: GPL-3.0-or-later
import type { Option, OptionGroup, Value } from "../../../software/option.ts";
import { ownersFor } from "../../../software/owners.ts";
import { CONTROL_PORT } from "../../../whonix/gateway.ts";
import type { WalletFacts } from "../facts.ts";
import { DEFAULTS } from "./daemon.ts";

const { follows, never } = ownersFor<WalletFacts>(DEFAULTS);
const [controlHost = "", controlPort = ""] = CONTROL_PORT.split(":");
const gatewayPort = ({ onionOnly, far }: WalletFacts) =>
  far
    ? "tor's own port there; whoever set it up may have another."
    : onionOnly
      ? "The gateway's port for onion services only."
      : "The gateway's stock port with the same isolation.";

/** A key of the section for onion services, which is left out with all the others where the chain has no directory. */
function onionKey(
  name: string,
  instead: string,
  value: (facts: WalletFacts) => Value,
  why: NonNullable<Option<WalletFacts>["why"]>,
  source = DEFAULTS,
): Option<WalletFacts> {
  const ours = (facts: WalletFacts) => (facts.directories.length === 0 ? undefined : value(facts));
  return follows(name, instead, "A part of the way over onion services.", { ours, why, source });
}

const itself = "nothing: the daemon's qube and its gateway say it";

/** The way over onion services. Sections for messages are not merged with the defaults: no key may be missing. */
export const onion: OptionGroup<WalletFacts> = {
  heading: (facts) =>
    `Messages over onion services. The wallet hands these addresses to the daemon, so they are those of ${facts.daemon}. No key may be missing here.`,
  section: "MESSAGING:onion",
  options: [
    onionKey("type", itself, () => "onion", "What makes this section the one for onion services."),
    onionKey(
      "MESSAGING:onion.socks5_host",
      itself,
      ({ socksHost }) => socksHost,
      (facts) =>
        facts.far
          ? `As seen from the machine that ${facts.daemon} stands for, whose daemon dials it: the Tor beside it.`
          : `As seen from ${facts.daemon}, whose daemon dials it: its gateway. This qube has none.`,
      "Whonix/whonix-firewall, WORKSTATION_DEST_SOCKSIFIED",
    ),
    onionKey(
      "MESSAGING:onion.socks5_port",
      itself,
      ({ socksPort }) => socksPort,
      gatewayPort,
      "the gateway's torrc in this tree",
    ),
    onionKey(
      "tor_control_host",
      itself,
      () => controlHost,
      "A taker never uses it, yet JoinMarket ends without the key.",
      "JoinMarket src/jmclient/configure.py, get_mchannels",
    ),
    onionKey("tor_control_port", itself, () => controlPort, "The same."),
    onionKey(
      "onion_serving_host",
      itself,
      () => "127.0.0.1",
      "Where a maker would be served. A taker serves nobody; the loopback lets nobody in.",
    ),
    onionKey("onion_serving_port", itself, () => 8080, "The same."),
    {
      ...onionKey(
        "hidden_service_dir",
        itself,
        () => "",
        "Must stay empty: anything else would let JoinMarket start a Tor of its own, Tor over Tor.",
        "JoinMarket src/jmdaemon/onionmc.py",
      ),
      owner: "never",
      refused: "anything but nothing would let JoinMarket start a Tor of its own, Tor over Tor",
      says: ["ParsingError: Source contains parsing errors (a line without an = sign)"],
    },
    {
      name: "directory_nodes",
      what: "Where traders find each other: directories that you trust to know them all.",
      kind: {
        is: "list",
        pattern: /^[a-z2-7]{55}d\.onion:[1-9][0-9]{0,4}$/,
        what: "an onion address and a port: ADDRESS.onion:5222",
      },
      default: "those of the version",
      owner: "guarded",
      refused: "whoever keeps a directory chooses which traders you see",
      ours: ({ directories }) => (directories.length === 0 ? undefined : directories),
      why: ({ chain, version }) =>
        chain !== "main"
          ? "Where traders of this chain find each other: a list that upstream keeps as a comment."
          : version === "0.9.12"
            ? "Where traders find each other: the list of this version."
            : "Where traders find each other: the list of this version. Version 0.9.12 has another; these may not answer any more.",
      source: DEFAULTS,
    },
    onionKey("regtest_count", itself, () => "0,0", "For developers; the key must be there."),
  ],
};

function irc(
  key: string,
  value: (facts: WalletFacts) => Value,
  why: NonNullable<Option<WalletFacts>["why"]>,
  source = DEFAULTS,
): Option<WalletFacts> {
  const what = "A part of the way over IRC.";
  return follows(`MESSAGING:hackint.${key}`, itself, what, { ours: value, why, source });
}

/** The way over IRC: one server, of which upstream's last version is left, over its onion service alone. */
export const hackint: OptionGroup<WalletFacts> = {
  heading: ({ version }) =>
    `A second way for messages, in case the directories are down: IRC, over its onion service only.${version === "0.9.12" ? "" : " This version's own servers, DarkScience and Ilita, are gone; it names this one as a spare."}`,
  section: "MESSAGING:hackint",
  options: [
    irc(
      "channel",
      () => "joinmarket-pit",
      "The room of all traders; JoinMarket adds the chain's name where it is not the main one.",
      "JoinMarket src/jmdaemon/irc.py",
    ),
    irc(
      "host",
      () => "ncwkrwxpq2ikcngxq3dy2xctuheniggtqeibvgofixpzvrwpa77tozqd.onion",
      "hackint's onion service; its address in the clear net is not used.",
    ),
    irc("port", () => 6667, "The port of that service."),
    irc("usessl", () => "false", "An onion service is encrypted already."),
    irc("socks5", () => "true", "Through Tor."),
    irc(
      "socks5_host",
      ({ socksHost }) => socksHost,
      "The daemon dials it, not this qube.",
      "Whonix/whonix-firewall, WORKSTATION_DEST_SOCKSIFIED",
    ),
    irc(
      "socks5_port",
      ({ socksPort }) => socksPort,
      (facts) => `${gatewayPort(facts)} IRC and directories share no circuit there.`,
      "tor(1), IsolateDestAddr",
    ),
  ],
};

/** What an old file may still have: no version here reads it as one would think. */
export const oldMessages: OptionGroup<WalletFacts> = {
  heading: "The old section for all servers",
  section: "MESSAGING",
  options: [
    never("MESSAGING.host", "servers have sections of their own", {
      says: [
        "Old IRC configuration detected. Please adopt your joinmarket.cfg as documented in 'docs/config-irc-update.md'.",
      ],
    }),
  ],
};
