// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { Role, RunbookStep } from "../../model/role.ts";
import { fulcrum as program } from "../../software/fulcrum.ts";
import { ELECTRUM_HELLO } from "../../whonix/probe.ts";
import { ELECTRUM_PORT } from "../fulcrum/own.ts";
import { electrumHello } from "../fulcrum/probe.ts";
import { serverAllows } from "../fulcrum/trust.ts";
import { forwarder } from "./forwarder.ts";
import { elsewhereOf, placeOf } from "./own.ts";
import type { There } from "./runbook.ts";

/** The port that wallets find by default where the server speaks TLS (Electrum, DEFAULT_PORTS). */
const TLS_PORT = 50002;

const server = {
  name: "fulcrum",
  program,
  keys: {},
  services: (qube: Pick<Qube, "own">) => ({ electrum: elsewhereOf(qube).tls ? TLS_PORT : ELECTRUM_PORT }),
  hellos: (qube: Pick<Qube, "own">) => ({ electrum: { ...electrumHello, ...certificateOf(qube) } }),
  there,
  allows: serverAllows,
};

/** The one certificate that the server may show, where it speaks TLS. */
function certificateOf(qube: Pick<Qube, "own">): { readonly certificate?: string } {
  const { tls } = elsewhereOf(qube);
  return tls ? { certificate: tls.fingerprint } : {};
}

/** An Electrum server elsewhere: as an onion service, or on your network with TLS. */
export const fulcrumElsewhere: NonNullable<Role["elsewhere"]> = {
  onion: forwarder("onion", {
    ...server,
    summary: "Stands for an Electrum server of yours elsewhere, which is an onion service there.",
  }),
  lan: forwarder("lan", {
    ...server,
    summary: "Stands for an Electrum server of yours on your network, which shows one certificate.",
  }),
};

/** What the server must be told: where it listens, and with which certificate. */
function there(qube: Qube): There {
  const { over, host, port, tls } = elsewhereOf(qube);
  const listens = over === "lan" ? `${host}:${port}` : `127.0.0.1:${tls ? TLS_PORT : ELECTRUM_PORT}`;
  const conf = (line: string): string =>
    ["# in its fulcrum.conf", line, "peering = false", "announce = false"].join("\n");
  const plain: RunbookStep = {
    title: `The Electrum server that ${qube.name} stands for`,
    where: placeOf(qube),
    command: conf(`tcp = ${listens}`),
    text: "On its loopback alone: its tor brings the wallets.",
  };
  const withTls: RunbookStep[] = [
    {
      title: `The certificate of the server that ${qube.name} stands for`,
      where: placeOf(qube),
      command: [
        "openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj /CN=electrum -keyout key.pem -out cert.pem",
        "openssl x509 -in cert.pem -noout -fingerprint -sha256 | cut -d= -f2 | tr -d : | tr A-F a-f",
      ].join("\n"),
      text: `Once. The last line is the fingerprint, which is ${tls?.fingerprint ?? ""} in the topology; if it is another, change the topology. Carry it here by a way that nobody in between can change, your own eyes for one. The certificate must be self-signed: Electrum pins no fingerprint where an authority has signed. A new certificate means a new fingerprint in the topology, and in each wallet \`rm ~/.electrum/certs/127.0.0.1\`.`,
    },
    {
      title: `The Electrum server that ${qube.name} stands for`,
      where: placeOf(qube),
      command: conf(`ssl = ${listens}\ncert = /etc/fulcrum/cert.pem\nkey = /etc/fulcrum/key.pem`),
      text: "The two files lie where you put them, the key readable to the server alone. Its plain port stays on its loopback: tcp = 127.0.0.1:50001.",
    },
  ];
  return {
    what: "an Electrum server of yours",
    hello: { line: ELECTRUM_HELLO, answer: "A line with Fulcrum's version." },
    setUp: tls ? withTls : [plain],
  };
}
