// SPDX-License-Identifier: GPL-3.0-or-later
import type { OptionGroup } from "../../../software/option.ts";
import type { NodeFacts } from "../facts.ts";
import { atLeast } from "../../../software/program.ts";
import { ZMQ_PORT } from "../own.ts";
import { closed, follows } from "./kind.ts";

const secret =
  "a secret does not belong in a topology: passwords are made in dom0, and the node gets their hashes alone";
const off =
  "anyone who reaches the qube could command the node: RPC and ZMQ stay on the loopback, where qrexec delivers";

/** Threads that answer RPC: by default 4, and 16 since version 29 (src/httpserver.h). */
const threads = ({ version, connections }: NodeFacts) => Math.max(atLeast(version, "29") ? 16 : 4, connections);

/** What others may ask of the node: on its loopback, each client what its program calls. */
export const rpc: OptionGroup<NodeFacts> = {
  heading: "RPC: this qube's loopback only; other qubes reach it over qrexec, as the policy in dom0 allows",
  options: [
    follows("rpcbind", `nothing: ${off}`, {
      what: "Where RPC listens.",
      ours: () => "127.0.0.1",
      why: "RPC is plain HTTP with a password: never off the loopback. qrexec delivers its connections there.",
      source: "bitcoind -help, -rpcbind; qubes-core-agent-linux qubes-rpc/Makefile, qubes.ConnectTCP",
      says: [
        "WARNING: option -rpcbind was ignored because -rpcallowip was not specified, refusing to allow everyone to connect",
        "WARNING: the RPC server is not safe to expose to untrusted networks such as the public internet",
        "Error: Unable to start HTTP server. See debug log for details.",
      ],
    }),
    follows("rpcallowip", `nothing: ${off}`, {
      what: "Who may use RPC, by address.",
      ours: () => "127.0.0.1",
      why: "Belongs to rpcbind: without it rpcbind is ignored with a line in the log.",
      source: "Bitcoin Core src/httpserver.cpp",
      says: [
        "Error: Invalid -rpcallowip subnet specification: foo. Valid values are a single IP (e.g. 1.2.3.4), a network/netmask (e.g. 1.2.3.4/255.255.255.0), a network/CIDR (e.g. 1.2.3.4/24), ...",
        "WARNING: option -rpcallowip was specified without -rpcbind; this doesn't usually make sense",
      ],
    }),
    follows("rpcport", "the node's key `chain`", {
      what: "The port of RPC.",
      ours: ({ ports }) => ports.rpc,
      why: "The port of the chain, which the links carry. Said outright, so that nothing else can move it.",
      source: "Bitcoin Core src/chainparamsbase.cpp",
    }),
    follows("rpcwhitelistdefault", "nothing: it belongs to the clients' lists", {
      what: "Whether users without a list may call nothing.",
      ours: ({ clients }) => (clients.length > 0 ? false : undefined),
      why: "A user without a list may call everything. There is one such user, the cookie's, who owns this node: each client whose file is read above has its list below, and the states lay down no file that names another user. A user that you add in bitcoin.conf.local needs a list there. Without this line the lists would lock bitcoin-cli out.",
      source: "Bitcoin Core src/httprpc.cpp, rpcwhitelistdefault",
    }),
    follows("rpcwhitelist", "nothing: a client's list follows from its program and version", {
      what: "What a user may call.",
      ours: ({ clients }) => clients.map(({ name, methods }) => `${name}:${methods.join(",")}`),
      why: (_facts, line) =>
        `What the program in ${String(line).split(":")[0]} calls, in the version that it runs, and nothing else. One line a user: bitcoind would allow only what is in all of several lines.`,
      source: "bitcoind -help, -rpcwhitelist; the program's sources",
    }),
    {
      name: "rpcthreads",
      what: "Threads that answer RPC; each open connection of a client may hold one.",
      kind: { is: "number", min: 1, max: 256, unit: "threads" },
      default: "4, since version 29 16",
      owner: "user",
      ours: (facts) => (facts.clients.length > 0 ? threads(facts) : undefined),
      why: ({ connections, clients }) =>
        `Its clients (${clients.map(({ name }) => name).join(", ")}) and bitcoin-cli keep up to ${connections} connections: each has a thread, so that none waits for another.`,
      source: "bitcoind -help-debug, -rpcthreads; Bitcoin Core src/httpserver.cpp",
    },
    {
      name: "rpcworkqueue",
      what: "Calls that may wait for a thread; more are refused.",
      kind: { is: "number", min: 16, max: 4096, unit: "calls" },
      default: "16, since version 29 64",
      owner: "user",
      ours: ({ clients, version }) => (clients.length > 0 && !atLeast(version, "29") ? 64 : undefined),
      why: "As newer versions have it: an Electrum server asks for many things at once, and a refused call makes it start over.",
      source: "bitcoind -help-debug, -rpcworkqueue; Bitcoin Core 29.0 release notes",
    },
    {
      name: "rpcservertimeout",
      what: "How long a call may take to arrive.",
      kind: { is: "number", min: 5, max: 3600, unit: "s" },
      default: "30",
      owner: "user",
      source: "bitcoind -help-debug, -rpcservertimeout",
    },
    closed("rpcauth", secret, { says: ["Invalid -rpcauth argument."] }),
    closed("rpcuser", secret),
    closed("rpcpassword", secret, {
      says: ["parse error on line 3, using # in rpcpassword can be ambiguous and should be avoided"],
    }),
    closed("rpccookiefile", "bitcoin-cli and the states know where the cookie is"),
    closed("rpccookieperms", "others in the qube would read the password of the one user who may call everything", {
      since: "28",
      says: ["Invalid -rpccookieperms=640; must be one of 'owner', 'group', or 'all'."],
    }),
    closed("rest", "it answers without any password"),
    ...["alertnotify", "blocknotify", "walletnotify"].map((name) => closed(name, "it runs a command of a shell")),
  ],
};

/** How the Electrum server learns of new blocks. */
export const zmq: OptionGroup<NodeFacts> = {
  heading: "ZMQ",
  options: [
    follows("zmqpubhashblock", `nothing: ${off}`, {
      what: "Where new blocks are announced.",
      ours: ({ zmq: used }) => (used ? `tcp://127.0.0.1:${ZMQ_PORT}` : undefined),
      why: "Tells the Electrum server of new blocks. Without a password by design, so on the loopback only; the client dials the very address that is written here, so the port is the same at both ends.",
      source: "Bitcoin Core doc/zmq.md; Fulcrum src/BitcoinD.cpp, getzmqnotifications",
      says: ["Error: Invalid port specified in -zmqpubhashblock: 'tcp://127.0.0.1'"],
    }),
    ...["zmqpubhashtx", "zmqpubrawblock", "zmqpubrawtx", "zmqpubsequence"].map((name) =>
      closed(name, "no program here reads it, and it asks nobody for a password"),
    ),
  ],
};
