// SPDX-License-Identifier: GPL-3.0-or-later
import type { Locate, Path } from "../parse/document.ts";
import type { Release } from "../software/program.ts";
import type { WhonixVersion } from "../software/platforms.ts";
import type { Value } from "../software/option.ts";
import type { TemplateParts } from "./parts.ts";
import type { Reference, Role } from "./role.ts";

/** A value with the reason for it and the document or source file behind the reason. */
export interface Explained<T> {
  readonly value: T;
  readonly why: string;
  readonly source: string;
}

/** What a template is made of: the two kinds of Whonix, and plain Debian, for what must not go through Tor. */
export type QubeOs = "gateway" | "workstation" | "debian";

/** A role's defaults for Qubes' settings; a topology's `vm:` overrides them one by one. */
export interface VmDefaults {
  readonly label: Explained<string>;
  readonly memory: Explained<number>;
  readonly maxmem: Explained<number>;
  readonly vcpus: Explained<number>;
  readonly include_in_backups: Explained<boolean>;
  readonly autostart?: Explained<boolean>;
  readonly qrexec_timeout?: Explained<number>;
  readonly shutdown_timeout?: Explained<number>;
  readonly private?: Explained<string>;
  /** How many old copies of the private volume Qubes keeps; not a topology's key. */
  readonly revisions_to_keep?: Explained<number>;
  readonly menu_items: Explained<readonly string[]>;
}

/** Qubes' settings of one qube, complete; figures in MiB, bytes and seconds. */
export interface Vm {
  readonly label: Explained<string>;
  readonly memory: Explained<number>;
  readonly maxmem: Explained<number>;
  readonly vcpus: Explained<number>;
  readonly include_in_backups: Explained<boolean>;
  readonly autostart: Explained<boolean>;
  readonly qrexec_timeout?: Explained<number> | undefined;
  readonly shutdown_timeout?: Explained<number> | undefined;
  readonly privateBytes?: Explained<number> | undefined;
  readonly revisions_to_keep?: Explained<number> | undefined;
  readonly pool?: string | undefined;
  readonly menu_items: Explained<readonly string[]>;
  readonly features: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

/** A net qube: one of ours, or one that exists already. */
export type Netvm =
  | { readonly name: string; readonly qube: Qube }
  | { readonly name: string; readonly external: ExternalQube };

/** A qube that is not made here. */
export interface ExternalQube {
  readonly name: string;
  readonly kind: "net" | "whonix-gateway";
}

/** A TemplateVM: a stock one, or a clone of ours that the qubes of one kind share. */
export interface Template {
  readonly name: string;
  readonly os: QubeOs;
  /** The stock template that this is, or is cloned from. */
  readonly stock: string;
  readonly clone: boolean;
  /** What a clone is for: the name of its qubes' role, or what several roles use it for. */
  readonly purpose: string;
  /** What a clone holds. */
  readonly parts: TemplateParts;
  readonly usedBy: Qube[];
}

/** A qube that the tree makes. */
export interface Qube {
  readonly name: string;
  readonly role: Role;
  /** The values of its role's own keys, as the role's schema read them. */
  readonly own: Readonly<Record<string, unknown>>;
  /** The release of its role's program that it runs, and the version that this comes to on its Whonix; absent for a role without a program. */
  readonly release: Release | undefined;
  readonly version: string;
  /** The settings of its program that the topology chose. */
  readonly settings: Readonly<Record<string, Value | readonly Value[]>>;
  /** Why it departs from a safe default, by the name of what it overrides. */
  readonly because: Readonly<Record<string, string>>;
  readonly path: Path;
  readonly template: Template;
  readonly netvm: Netvm | undefined;
  readonly vm: Vm;
  /** The qubes that use it as their net qube. */
  readonly behind: Qube[];
  /** Links in which it is the client, and the server. */
  readonly uses: Link[];
  readonly serves: Link[];
}

/** One TCP connection between two qubes over qrexec. All that both ends need to know comes from here. */
export interface Link {
  readonly client: Qube;
  readonly server: Qube;
  readonly service: string;
  /** The port on the server's loopback. */
  readonly port: number;
  /** The port on the client's loopback; the same, unless the topology chose another. */
  readonly local: number;
  /** The client names the server (the topology chose a local port); otherwise it names nobody, and the policy says who answers. */
  readonly named: boolean;
  /** The key that declares it, and the qube that has the key: the client, but for what a server exposes through a gateway. */
  readonly key: string;
  readonly declaredBy: Qube;
  readonly reference: Reference;
  /** The onion service of the client, a gateway, that ends in this link. */
  readonly onion?: OnionService;
}

/** An onion service whose key lies on a gateway and whose address stays. */
export interface OnionService {
  /** Names its folder below /var/lib/tor. */
  readonly name: string;
  /** The port at which others dial it. */
  readonly port: number;
  /** The public keys of those who may: base32 of x25519, by the names that the topology gives them. Absent: whoever knows the address. */
  readonly clients?: Readonly<Record<string, string>>;
  /** Whether callers must work for a circuit while many call (tor's proof of work). */
  readonly pow: boolean;
  /** Where it ends, when not in a link: an address of a workstation behind this gateway. */
  readonly target?: string;
  readonly why: string;
}

/** What a workstation needs of its Whonix gateway. */
export interface TorNeeds {
  /** SocksPorts that stock Whonix does not have. */
  readonly socksPorts?: readonly SocksPort[];
  /** What the daemon may say to Tor's control port, through onion-grater. */
  readonly onionGrater?: readonly GraterRule[];
  /** Onion services that it calls and that ask for client authorisation. */
  readonly clientAuth?: readonly ClientAuth[];
  /** Onion services that end at the workstation's own address. */
  readonly onionServices?: readonly OnionService[];
  /** Ports of the workstation that the gateway's tor dials for an onion service. */
  readonly inbound?: readonly Explained<number>[];
}

/** An onion service that answers only those who have a key; the key lies on the gateway, for its tor does the asking. */
interface ClientAuth {
  /** Names the key's file: the qube that calls. */
  readonly name: string;
  /** Its address, without `.onion`. */
  readonly address: string;
}

/** A flag of tor's SocksPort. A closed set: tor only warns of an unknown one and goes on without the isolation (tor(1)). */
type SocksFlag = "IsolateDestAddr" | "IsolateDestPort" | "OnionTrafficOnly";

/** A SocksPort of our own on a gateway. */
export interface SocksPort extends Explained<number> {
  readonly flags: readonly SocksFlag[];
}

/** A control command that onion-grater lets through, and what it becomes (onion-grater(8): both are matched whole). */
export interface GraterRule {
  readonly command: "ADD_ONION";
  readonly pattern: string;
  readonly replacement: string;
  readonly why: string;
  readonly source: string;
}

/** The machine, as the topology describes it. */
export interface Platform {
  readonly qubes: "4.2" | "4.3";
  readonly whonix: WhonixVersion;
  readonly memory?: string | undefined;
  /** Sizes of storage pools, by name. */
  readonly pools?: Readonly<Record<string, string>> | undefined;
}

/** What a topology means: names have become references, defaults have landed, and each thing stands once. */
export interface Model {
  readonly formula: string;
  readonly platform: Platform;
  readonly externals: readonly ExternalQube[];
  /** A net qube stands before the qubes behind it, otherwise in the order of their names. */
  readonly qubes: readonly Qube[];
  readonly templates: readonly Template[];
  readonly links: readonly Link[];
  /** The gateway that serves our clones' updates, where the topology chose one. */
  readonly updates: Qube | undefined;
  /** Whether every declared qube is in it; false while mistakes are being gathered, when what seems to be missing may only be broken. */
  readonly complete: boolean;
  readonly locate: Locate;
}
