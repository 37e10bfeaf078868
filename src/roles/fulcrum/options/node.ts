// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup } from "../../../software/option.ts";
import { ownersFor } from "../../../software/owners.ts";
import type { ServerFacts } from "../facts.ts";
import { COOKIE } from "../own.ts";

export const EXAMPLE = "Fulcrum doc/fulcrum-example-config.conf";
const { follows, never } = ownersFor<ServerFacts>(EXAMPLE);

const secret = "the password lies in a file of its own, so that this one holds no secret";
const excluded =
  "Option may not be specified along with the -K/--rpccookie option: -u (--rpcuser)\nUse the -h option to show help.";

/** How it reaches its node. */
export const node: OptionGroup<ServerFacts> = {
  heading: (facts) => `The node: ${facts.node}, over qrexec`,
  options: [
    follows("bitcoind", "the key `bitcoind`", "Where the node answers RPC.", {
      ours: ({ rpcPort }) => `127.0.0.1:${rpcPort}`,
      why: (facts) =>
        `This end of the link to the RPC of ${facts.node}. Where the node says it publishes new blocks, the other link listens here on the same port.`,
      source: `${EXAMPLE}; Fulcrum src/BitcoinD.cpp, getzmqnotifications`,
    }),
    follows("rpccookie", "dom0's pillar, from which the file comes", "The file with name and password for the RPC.", {
      since: "1.5.3",
      ours: () => COOKIE,
      why: "Name and password for the node's RPC, in a file of their own so that this one holds no secret.",
    }),
    never("rpcuser", secret, { says: [excluded] }),
    never("rpcpassword", secret, {
      says: [excluded, "What stands behind a # is dropped in silence, of a password as well."],
    }),
    never("bitcoind_tls", "the link to the node is qrexec, and bitcoind speaks no TLS", { since: "1.11.0" }),
    never("bitcoind-tls", "the link to the node is qrexec, and bitcoind speaks no TLS"),
    {
      name: "bitcoind_clients",
      what: "Connections to the node that stay open; the node answers so many at once and one more.",
      kind: { is: "number", min: 1, max: 1024 },
      default: "3",
      since: "1.3.2",
      owner: "user",
      ours: () => 3,
      why: "Connections to the node; each is a qrexec call that stays open. More would not sync faster.",
      source: EXAMPLE,
    },
    {
      name: "bitcoind_timeout",
      what: "How long it waits for an answer of the node.",
      kind: { is: "number", min: 5, max: 600, unit: "seconds" },
      default: "30",
      since: "1.3.0",
      owner: "user",
      ours: () => 600,
      why: "Seconds. During the first sync an answer over qrexec may take minutes; a shorter patience would start the block over.",
      source: "Fulcrum src/Options.h, bdTimeoutMax",
    },
    {
      name: "bitcoind_throttle",
      what: "From how many waiting requests on it slows clients down, below how many it stops to, and how fast.",
      kind: {
        is: "text",
        pattern: /^(?:[5-9]|[1-9][0-9]{1,3}|10000),[1-9][0-9]{0,3},[1-9][0-9]{0,3}$/,
        what: "three numbers such as 50,20,5: from 5 to 10000, then two from 1 to 9999",
      },
      default: "50,20,5",
      since: "1.0.4",
      owner: "user",
      says: [
        'Failed to parse "bitcoind_throttle" -- out of range or invalid format. Please specify 3 positive integers in range.',
      ],
      source: `${EXAMPLE}; Fulcrum src/Options.h, BdReqThrottleParams`,
    },
    {
      name: "polltime",
      what: "How often it asks the node for news.",
      kind: { is: "number", min: 0.5, max: 30, decimals: true, unit: "seconds" },
      default: "2.0",
      owner: "user",
      source: "Fulcrum src/Options.h, minPollTimeSecs",
    },
    {
      name: "zmq_allow_hashtx",
      what: "Also takes the node's word of single transactions, where the node publishes them.",
      kind: { is: "flag" },
      default: "false",
      since: "1.12.0",
      owner: "user",
      source: EXAMPLE,
    },
  ],
};
