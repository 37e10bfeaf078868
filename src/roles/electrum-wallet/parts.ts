// SPDX-License-Identifier: GPL-3.0-or-later
import type { Link, Qube } from "../../model/model.ts";
import { electrumProtocol } from "../remote/own.ts";
import type { MergedJson, QubeParts, TemplateParts } from "../../model/parts.ts";

const FOLDER = "/home/user/.electrum";

/** What the wallets' template clone holds: Electrum itself, from the template's Debian, which checks what it installs. */
export function walletTemplate(): TemplateParts {
  return {
    packages: [
      { name: "electrum", why: "The wallet; it comes with its menu entry." },
      { name: "python3-pyqt5", why: "Its window; Debian only recommends it." },
    ],
    menu: ["electrum.desktop"],
  };
}

/** What a wallet qube holds: Electrum's keys that keep it on its one server. All else in Electrum's file is Electrum's. */
export function walletParts(qube: Qube): QubeParts {
  const own = { user: "user", group: "user", mode: "0700" };
  return {
    directories: [
      { ...own, path: FOLDER, why: "Electrum's folder; nobody else in the qube reads it." },
      {
        ...own,
        path: `${FOLDER}/wallets`,
        why: "Electrum ends with an error where it shall make a wallet in a folder that is not there.",
      },
    ],
    merged: [config(mainServer(qube), qube.uses.length > 1)],
  };
}

/** The link to the server that a wallet uses unless its user switches. */
export function mainServer(qube: Qube): Link {
  return qube.uses.find((link) => link.key === "server") as Link;
}

function config(server: Link, choice: boolean): MergedJson {
  const simple = "Electrum electrum/simple_config.py";
  const { letter, fingerprint } = electrumProtocol(server.server);
  const spoken =
    letter === "t" ? "t is plain TCP, which over qrexec is no network." : "s is TLS, which ends on its own machine.";
  return {
    path: `${FOLDER}/config`,
    wanted: "/usr/local/lib/qwbtc-salt/electrum/config.json",
    user: "user",
    why: "Electrum's own settings, which it rewrites itself: only these keys are ours. An open Electrum would write its own back; the next apply sets them again.",
    keys: [
      {
        key: "config_version",
        value: 3,
        why: "Without it Electrum takes the file for one of its first version and turns :t into :s, TLS to a server that speaks none.",
        source: `${simple}, upgrade`,
      },
      {
        key: "server",
        value: `127.0.0.1:${server.local}:${letter}`,
        unlessSet: choice,
        why: `This end of the link to ${server.server.name}. ${spoken}${choice ? " Set only where no server is set: you may switch to the others." : ""}`,
        source: "Electrum electrum/interface.py, ServerAddr",
      },
      ...(fingerprint === undefined
        ? []
        : [
            {
              key: "serverfingerprint",
              value: fingerprint,
              why: `The SHA-256 of the certificate that ${server.server.name} must show. Without it Electrum would trust whatever it is shown at first.`,
              source: "Electrum electrum/interface.py, _verify_certificate_fingerprint",
            },
          ]),
      {
        key: "oneserver",
        value: true,
        why: "No other server, not even to compare block headers.",
        source: "Electrum electrum/network.py, oneserver",
      },
      {
        key: "auto_connect",
        value: false,
        why: 'Never picks another server by itself. A truth value: the text "false" would be taken for yes.',
        source: "Electrum electrum/network.py, auto_connect",
      },
      {
        key: "check_updates",
        value: false,
        why: "No question to electrum.org about newer versions, which would fail here; Debian's updates bring them.",
        source: "Electrum electrum/gui/qt/update_checker.py",
      },
      {
        key: "use_exchange_rate",
        value: false,
        why: "No exchange rates from the web.",
        source: "Electrum electrum/exchange_rate.py",
      },
      {
        key: "proxy",
        value: "none",
        why: "No SOCKS proxy. For a server on the loopback Electrum would use none anyway; said outright.",
        source: "Electrum electrum/interface.py, looks like localhost",
      },
    ],
  };
}
