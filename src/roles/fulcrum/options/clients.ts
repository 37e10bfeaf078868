// SPDX-License-Identifier: GPL-3.0-or-later
import type { Option, OptionGroup } from "../../../software/option.ts";
import { ownersFor } from "../../../software/owners.ts";
import type { ServerFacts } from "../facts.ts";
import { ELECTRUM_PORT } from "../own.ts";
import { EXAMPLE } from "./node.ts";

const { follows, never } = ownersFor<ServerFacts>(EXAMPLE);

const noTls = "wallets come over qrexec, which is no network: there is nobody from whom TLS would hide anything";
const alone = "it tells nobody that it exists: wallets find it by the topology";
const tor = "its onion service, where it has one, is the gateway's; the server itself knows no Tor";

/** A port for people in the qube itself, on its loopback. */
const loopback = (name: string, what: string): Option<ServerFacts> => ({
  name,
  what,
  kind: {
    is: "text",
    pattern: /^127\.0\.0\.1:(?:[1-9][0-9]{3}|[1-5][0-9]{4}|6[0-4][0-9]{3})$/,
    what: "127.0.0.1: and a port from 1000 on; it may listen nowhere else",
  },
  default: "none",
  owner: "user",
  refused: "it asks nobody for a password",
  source: EXAMPLE,
});

const limit = (name: string, what: string, min: number, max: number, standard: string, since?: string) =>
  ({
    name,
    what,
    kind: { is: "number", min, max },
    default: standard,
    ...(since !== undefined && { since }),
    owner: "user",
    source: EXAMPLE,
  }) satisfies Option<ServerFacts>;

/** What it offers, to whom, and what it tells of itself. */
export const clients: OptionGroup<ServerFacts> = {
  heading: "Wallets: this qube's loopback only; qrexec delivers their connections there, as the policy in dom0 allows",
  options: [
    follows("tcp", "nothing: the port is the same in every server", "Where wallets are served.", {
      default: "0.0.0.0:50001",
      ours: () => `127.0.0.1:${ELECTRUM_PORT}`,
      why: "Said outright: left out, Fulcrum would listen on every address. Plain TCP, since qrexec is no network.",
      says: ["Bad interface address: localhost"],
      source: `${EXAMPLE}, DEFAULT: 0.0.0.0:50001`,
    }),
    ...["ssl", "ws", "wss"].map((name) => never(name, noTls)),
    ...["cert", "key"].map((name) =>
      never(name, noTls, { says: ["SSL option requires both -c/--cert and -k/--key options be specified"] }),
    ),
    ...["wss_cert", "wss_key"].map((name) => never(name, noTls, { since: "1.11.0" })),
    ...["wss-cert", "wss-key"].map((name) => never(name, noTls)),
    never("tls_disallow_deprecated", noTls, { since: "1.11.0" }),
    never("tls-disallow-deprecated", noTls),
    loopback("admin", "Commands to the server (FulcrumAdmin), for whoever is in its qube."),
    loopback("stats", "Figures of the server over HTTP, for whoever is in its qube."),
    never("daemon_passthrough_subnets", "every wallet could give the node commands past its list of methods", {
      since: "1.9.6",
    }),
    {
      name: "peering",
      what: "Looks for other servers.",
      kind: { is: "flag" },
      default: "true",
      owner: "never",
      refused: alone,
      ours: () => false,
      why: "Talks to no other server; by default it would look for them.",
      source: EXAMPLE,
    },
    {
      name: "announce",
      what: "Tells other servers of itself.",
      kind: { is: "flag" },
      default: "true with a hostname",
      owner: "never",
      refused: alone,
      ours: () => false,
      why: "Tells nobody that it exists.",
      source: EXAMPLE,
    },
    ...[
      "peering_enforce_unique_ip",
      "hostname",
      "public_tcp_port",
      "public_ssl_port",
      "public_ws_port",
      "public_wss_port",
    ].map((name) => never(name, alone)),
    ...["tor_hostname", "tor_tcp_port", "tor_ssl_port", "tor_ws_port", "tor_wss_port", "tor_proxy", "tor_user"].map(
      (name) => never(name, tor),
    ),
    never("tor_pass", tor, {
      says: ["Fulcrum takes what tor_pass says for tor_user (src/App.cpp): a password could not be given at all."],
    }),
    never("tor_banner", tor),
    never("donation", "it would show wallets an address to pay to"),
    never("banner", "wallets are your own; they need no greeting"),
    {
      name: "anon_logs",
      what: "Leaves addresses and transactions out of the log.",
      kind: { is: "flag" },
      default: "false",
      since: "1.9.1",
      owner: "guarded",
      ours: () => true,
      why: "No addresses and transactions in the log: they are somebody's, yours.",
      source: EXAMPLE,
    },
    follows("ts_format", "nothing: the journal has its own times", "Times in the log.", {
      kind: { is: "choice", of: ["none", "uptime", "localtime", "utc"] },
      default: "localtime",
      since: "1.1.1",
      ours: () => "none",
      why: "The journal has its own times; a second one would show this machine's time zone.",
    }),
    {
      name: "debug",
      what: "Writes more into the log: what wallets ask for, among others.",
      kind: { is: "flag" },
      default: "false",
      owner: "guarded",
      source: EXAMPLE,
    },
    {
      name: "quiet",
      what: "Writes less into the log.",
      kind: { is: "flag" },
      default: "false",
      owner: "user",
      source: EXAMPLE,
    },
    never("syslog", "the log goes to the journal"),
    limit("max_clients_per_ip", "Wallets at once; all come from the loopback, which is exempt.", 1, 100_000, "12"),
    limit("max_pending_connections", "Connections that wait to be taken.", 10, 9999, "60"),
    limit("max_subs", "Addresses that are watched, of all wallets.", 5000, 1_000_000_000, "10000000", "1.0.5"),
    limit(
      "max_subs_per_ip",
      "Addresses that are watched, of one address's wallets.",
      500,
      1_000_000_000,
      "75000",
      "1.0.5",
    ),
    never("subnets_to_exclude_from_per_ip_limits", "all wallets come from the loopback, which is exempt"),
    limit("max_batch", "Requests in one; 0 for none.", 0, 100_000, "345", "1.6.0"),
    limit("max_buffer", "Bytes of one request or answer.", 64_000, 100_000_000, "8000000"),
    limit("max_history", "Transactions of one address that are told.", 1000, 25_000_000, "125000"),
  ],
};
