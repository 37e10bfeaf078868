// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup } from "../../../software/option.ts";
import { ownersFor } from "../../../software/owners.ts";
import type { WalletFacts } from "../facts.ts";

export const SIMPLE = "Electrum electrum/simple_config.py";
const { follows, never } = ownersFor<WalletFacts>(SIMPLE);

const alone = "it would reach for somebody other than your own server";
const own = "Electrum writes it itself, for the command line to find the window";

/** Whom it talks to. */
export const network: OptionGroup<WalletFacts> = {
  heading: "Its one server",
  options: [
    follows("config_version", "nothing: it is Electrum's own", "The form of the file.", {
      ours: () => 3,
      why: "Without it Electrum takes the file for one of its first version and turns :t into :s, TLS to a server that speaks none.",
      source: `${SIMPLE}, upgrade`,
    }),
    follows("server", "the key `server`", "The server.", {
      ours: ({ port, letter }) => `127.0.0.1:${port}:${letter}`,
      why: ({ server, choice, letter }) =>
        `This end of the link to ${server}. ${letter === "t" ? "t is plain TCP, which over qrexec is no network." : "s is TLS, which ends on the server's own machine."}${choice ? " Set only where no server is set: you may switch to the others." : ""}`,
      says: ["Where it cannot read the server it tries localhost:1:s (version 4.3) or picks a stranger's."],
      source: "Electrum electrum/interface.py, ServerAddr",
    }),
    follows(
      "serverfingerprint",
      "remote: { tls: { fingerprint } } at the server",
      "The certificate that the server must show.",
      {
        ours: ({ fingerprint }) => fingerprint,
        why: ({ server }) =>
          `The SHA-256 of the certificate that ${server} must show. Without it Electrum would trust whatever it is shown at first.`,
        source: "Electrum electrum/interface.py, _verify_certificate_fingerprint",
      },
    ),
    follows("oneserver", "nothing: it has no other server", "Whether it uses one server only.", {
      ours: () => true,
      why: "No other server, not even to compare block headers.",
      source: "Electrum electrum/network.py, oneserver",
    }),
    follows("auto_connect", "nothing: it has no other server", "Whether it picks its servers.", {
      default: "true",
      ours: () => false,
      why: 'Never picks another server by itself. A truth value: the text "false" would be taken for yes.',
      source: "Electrum electrum/network.py, auto_connect",
    }),
    never("check_updates", "it would ask electrum.org, which this qube cannot reach", {
      ours: () => false,
      why: ({ packaged }) =>
        `No question to electrum.org about newer versions, which would fail here; ${packaged ? "Debian's updates bring them" : "look for them yourself, where you have network"}.`,
      source: "Electrum electrum/gui/qt/update_checker.py",
    }),
    never("use_exchange_rate", "rates come from the web, which this qube cannot reach", {
      ours: () => false,
      why: "No exchange rates from the web.",
      source: "Electrum electrum/exchange_rate.py",
    }),
    never("proxy", "the server is on the loopback, where qrexec is", {
      ours: () => "none",
      why: "No SOCKS proxy. For a server on the loopback Electrum would use none anyway; said outright.",
      source: "Electrum electrum/interface.py, looks like localhost",
    }),
    never("enable_proxy", "the server is on the loopback, where qrexec is", {
      since: "4.6",
      ours: () => false,
      why: "The same, in the words of this version.",
      source: `${SIMPLE}, NETWORK_PROXY_ENABLED`,
    }),
    ...["proxy_user", "proxy_password"].map((name) =>
      never(name, "the server is on the loopback, where qrexec is", { since: "4.5" }),
    ),
    never("noonion", "the server is on the loopback"),
    never("offline", "start it as electrum --offline where you want that"),
    never("skipmerklecheck", "it would believe its server that a payment is in the chain"),
    ...["use_gossip", "lightning_listen", "lightning_peers", "watchtower_url"].map((name) => never(name, alone)),
    never("run_watchtower", alone, { until: "4.6" }),
    ...["use_exchange", "currency", "history_rates"].map((name) =>
      never(name, "rates come from the web, which this qube cannot reach"),
    ),
    ...["rpcuser", "rpcpassword", "rpcport", "rpcsock"].map((name) => never(name, own)),
    never("terms_of_use_accepted", "it is set already", {
      since: "4.6",
      ours: () => 1,
      why: "This version asks for its terms of use before its first window, and again after each apply if it were not written here. Read them in its menu: Help.",
      source: `${SIMPLE}, TERMS_OF_USE_ACCEPTED`,
    }),
    follows("dont_show_testnet_warning", "the node's key `chain`", "No word at the start that coins are worthless.", {
      ours: ({ chain }) => (chain === "main" ? undefined : true),
      why: ({ chain }) => `You chose ${chain} in the topology, whose coins are worth nothing.`,
      source: `${SIMPLE}, DONT_SHOW_TESTNET_WARNING`,
    }),
  ],
};
