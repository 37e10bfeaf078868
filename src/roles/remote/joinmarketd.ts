// SPDX-License-Identifier: GPL-3.0-or-later
import type { Qube } from "../../model/model.ts";
import type { Role } from "../../model/role.ts";
import { joinmarket } from "../../software/joinmarket.ts";
import { ended, PORTS } from "../joinmarketd/own.ts";
import { daemonHellos } from "../joinmarketd/probe.ts";
import { daemonAllows } from "../joinmarketd/trust.ts";
import { forwarder } from "./forwarder.ts";
import { placeOf } from "./own.ts";
import type { There } from "./runbook.ts";

/** A JoinMarket daemon elsewhere: as an onion service that asks for a key. */
export const joinmarketdElsewhere: NonNullable<Role["elsewhere"]> = {
  onion: forwarder("onion", {
    name: "joinmarketd",
    summary: "Stands for a JoinMarket daemon of yours elsewhere, which is an onion service with client authorisation.",
    ended,
    program: joinmarket,
    keys: {},
    hellos: () => daemonHellos,
    services: () => PORTS,
    there,
    allows: daemonAllows,
    alone: {
      key: "shared-gateway",
      why: "A daemon asks for no password. Its gateway's tor has the key to it and knows qubes by their port alone, so each qube behind that gateway may command it.",
    },
  }),
  lan: "its protocol has neither password nor encryption, so whoever is on the network could command it; make it an onion service with client authorisation where it runs",
};

/** What the daemon must be told: its loopback alone. */
function there(qube: Qube): There {
  return {
    what: "a JoinMarket daemon of yours",
    setUp: [
      {
        title: `The JoinMarket daemon that ${qube.name} stands for`,
        where: placeOf(qube),
        command: `python joinmarketd.py ${PORTS.daemon} 0 127.0.0.1`,
        text: "On its loopback alone, and behind client authorisation before its onion service is published: it has no password, and does what whoever reaches it says.",
      },
    ],
  };
}
