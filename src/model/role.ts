// SPDX-License-Identifier: GPL-3.0-or-later
import type * as z from "zod";
import type { OptionSet } from "../software/option.ts";
import type { WhonixVersion } from "../software/platforms.ts";
import type { Program } from "../software/program.ts";
import type { Bringing } from "./bringing.ts";
import type { QubeParts, TemplateParts } from "./parts.ts";
import type { RoleProbe } from "./probe.ts";
import type { Explained, Model, OnionService, Qube, QubeOs, TorNeeds, VmDefaults } from "./model.ts";
import type { Finding } from "./finding.ts";
import type { Holds } from "./holds.ts";
import type { Lands } from "./lands.ts";
import type { Tree } from "../kernel/tree.ts";
import type { Seen, Trust } from "./trust.ts";

/** A key by which a qube of one role names the qube that serves it; it becomes a link for each service. */
export interface Reference {
  /** The role that the named qube must have. */
  readonly role: string;
  /** The services of that role that are used, always or by the client's own keys; each becomes a link. */
  readonly services: readonly string[] | ((own: Readonly<Record<string, unknown>>) => readonly string[]);
  /** What the server must be told for this client's sake, in the server role's own words (`txindex`, say). */
  readonly wants?: readonly string[];
  /** The methods that the client's program calls, where the server grants each by name. */
  readonly calls?: readonly string[] | ((client: Qube) => readonly string[]);
  /** How many connections the client keeps open to the server at most. */
  readonly connections?: (client: Qube) => number;
  readonly optional?: boolean;
  /**
   * Whether a topology may give the link another local port, for a client of two servers: `{ qube, port }` beside the plain name. Only for a
   * reference with one service whose address the client's program can be told.
   */
  readonly port?: boolean;
  /** A list of qubes instead of one, each with a local port of its own. */
  readonly many?: boolean;
  /** Whether a connection starts the server; links between daemons do not, so that nothing keeps waking a peer. */
  readonly autostart?: boolean;
  readonly description: string;
}

/** Which net qubes a role may have. Absent: a qube of that role never has one. */
interface NetvmKey {
  /** `uplink`: one that is not Whonix; `gateway`: a Whonix gateway of this topology. */
  readonly kind: "uplink" | "gateway";
  readonly default?: string;
  readonly description: string;
}

/** What a server offers through a gateway's onion service: the gateway becomes a client of it, over qrexec. */
export interface Exposure {
  readonly service: string;
  /** The gateway by name; absent: the qube's own net qube. */
  readonly gateway?: string;
  /** The key that declares it. */
  readonly key: string;
  readonly onion: OnionService;
}

/** A TCP port of a host. */
interface Address {
  readonly host: string;
  readonly port: number;
}

/** What the template of a role is made for. */
export interface TemplateNeeds {
  readonly formula: string;
  readonly whonix: WhonixVersion;
  /** The qubes that it is for, with their links. */
  readonly qubes: readonly Qube[];
}

/** A rule of the audit: looks at a model and changes nothing. */
export type Rule = (model: Model) => Iterable<Finding>;

/** A check on the finished tree: yields what the compiler itself did wrong. */
type TreeCheck = (tree: Tree, model: Model) => Iterable<string>;

/** One line of the runbook. */
export interface RunbookStep {
  readonly title: string;
  /** Commands, a line each, and where they are typed: `dom0` or a qube's name. */
  readonly command?: string;
  readonly where?: string;
  /** What it is about; of a step by hand in paragraphs, an empty line between them. */
  readonly text: string;
}

/** What a role has to say in the runbook of a topology. */
export interface RunbookParts {
  /** What its qube reaches beyond the gateway, for the diagram: `Bitcoin P2P`. */
  readonly beyond?: string;
  /** How long it takes until the qube is of use, where that is not minutes. */
  readonly takes?: string;
  /** What a user must know about its backup beyond whether Qubes makes one. */
  readonly backup?: string;
  /** How what was backed up comes back on another machine, after the first apply there. */
  readonly restore?: readonly RunbookStep[];
  /** What the user must do by hand, once, to get it going. */
  readonly byHand?: readonly RunbookStep[];
  /** What is done by hand when the time has come for it, or again and again. */
  readonly later?: readonly RunbookStep[];
  /** How to see that it works. */
  readonly checks?: readonly RunbookStep[];
  /** How to read its logs. */
  readonly logs?: readonly RunbookStep[];
}

/**
 * All there is to know about one role. The rest of `src/` knows no role by name: a new role is a folder below `src/roles/` and a line in its
 * index.
 */
export interface Role {
  readonly name: string;
  /** One sentence for the JSON Schema and `explain`. */
  readonly summary: string;
  /** Where upstream has given up the software: in which words, with what follows from it and who says so. */
  readonly ended?: Explained<string>;
  /** The program that its qubes run; its releases are what `version` may say. */
  readonly program?: Program;
  /** How the program gets into a qube and where it lies; nothing where Debian provides it. */
  readonly brings?: (qube: Qube, formula: string) => Bringing | undefined;
  /** The program's settings: those that a topology may choose, and what becomes of the others. */
  readonly options?: OptionSet;
  /** The same server elsewhere: what this role is where the topology says `remote`, by the way there; a text says why a way is refused. */
  readonly elsewhere?: { readonly onion: Role | string; readonly lan: Role | string };
  /** The Whonix template that its qubes run on. */
  readonly os: QubeOs;
  readonly netvm?: NetvmKey;
  readonly providesNetwork?: boolean;
  readonly references?: Readonly<Record<string, Reference>>;
  /** The keys of its qubes beyond `role`, `netvm`, `vm` and the references. */
  readonly keys: z.ZodRawShape;
  /** Qubes' settings for its qubes, each with its reason. */
  readonly vm: VmDefaults | ((qube: Pick<Qube, "own" | "settings" | "version" | "serves" | "uses">) => VmDefaults);
  /** The loopback ports that its qubes serve over qrexec, by service name. */
  readonly services?: (qube: Qube) => Readonly<Record<string, number>>;
  /** Other loopback or network ports that its daemon takes in the qube; no link may use them at the client's end. */
  readonly ports?: (qube: Qube) => readonly number[];
  /** What it offers to the outside through a gateway's onion service. */
  readonly exposes?: (qube: Qube) => readonly Exposure[];
  /** What its qubes need of their Whonix gateway. */
  readonly tor?: (qube: Qube) => TorNeeds;
  /** The address that its qube shall keep, where something names it. */
  readonly pinnedIp?: (qube: Qube) => Explained<string> | undefined;
  /** The one address beyond the machine that its qubes may reach without Tor; dom0's firewall holds them to it. */
  readonly reaches?: (qube: Qube) => Explained<Address>;
  /** Whether net qube and start are left to the user (a gateway behind bridges): why, or nothing. */
  readonly leftToUser?: (qube: Qube) => Explained<string> | undefined;
  /** Its template clone. A role without one runs on the stock template, which is never changed. */
  readonly template?: {
    /** The clone's name is `<formula>-<os>-<this>`, the os as gw, ws or vm. Roles with the same suffix share a clone. */
    readonly suffix: string;
    /** What it is for, where that is not said by the role's name. */
    readonly purpose?: string;
    /** Whether a qube needs the clone; absent: all do. */
    readonly needed?: (qube: Qube) => boolean;
    readonly parts: (needs: TemplateNeeds) => TemplateParts;
  };
  /** Whether its qubes run for others by themselves; the dom0 command `start` then brings them up. */
  readonly daemon?: boolean;
  /** Where its states write, and what its template gets: all that the audit of a finished tree takes for known. */
  readonly lands?: Lands;
  /** What of worth is lost with one of its qubes. */
  readonly holds: (qube: Qube, model: Model) => Holds;
  /** What one of its qubes is trusted with and learns, told from a finished tree. */
  readonly trust: (qube: Seen) => Trust;
  /** What its qubes hold. */
  readonly qube?: (qube: Qube, model: Model) => QubeParts;
  readonly rules?: readonly Rule[];
  readonly checks?: readonly TreeCheck[];
  readonly runbook?: (qube: Qube, model: Model) => RunbookParts;
  /** How one sees from dom0 that its qubes do what they should. */
  readonly probe?: (qube: Qube, model: Model) => RoleProbe;
}
