// SPDX-License-Identifier: GPL-3.0-or-later
import * as z from "zod";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { Outcome } from "../kernel/outcome.ts";
import type { Role } from "../model/role.ts";
import type { Document, Locate, Path } from "../parse/document.ts";
import * as say from "./messages.ts";
import { settingProblems } from "./settings-problems.ts";
import { topologySchema, type QubeEntry, type Topology } from "./topology.ts";
import { vm } from "./vm.ts";

// One compile uses each schema once: generating code for it (zod's default) costs more than it saves.
z.config({ jitless: true });

/** A topology whose shape was checked, and the names of what it declares, whole or broken. */
export interface Validated {
  readonly topology: Topology;
  /** The qubes that were declared but are too broken to be understood: nothing is said twice on their account. */
  readonly broken: ReadonlySet<string>;
  /** Whether nothing at all is broken. */
  readonly whole: boolean;
  readonly locate: Locate;
}

/** Document → Topology: shape, types and characters; all mistakes at once. Hands on the qubes that are whole even if others are not. */
export function validate(document: Document, roles: readonly Role[]): Outcome<Validated> {
  const schema = topologySchema(roles);
  const result = schema.safeParse(document.value);
  const found: Diagnostic[] = [];
  const bad = new Set<string>();
  let headless = false;

  for (const issue of result.error?.issues ?? []) {
    const path = issue.path.filter((step) => typeof step !== "symbol");
    const keys = issue.code === "unrecognized_keys" ? issue.keys : undefined;
    const setting = settingProblems(path, keys, kindOf(at(document.value, path)), document, roles);
    found.push(...(setting ?? explain(issue, path, document, schema)));
    if (path[0] === "qubes" && typeof path[1] === "string") bad.add(path[1]);
    else if (path.length < 2 || path[0] !== "external") headless = true;
  }

  const value = document.value as { qubes?: Record<string, unknown> };
  if (result.success && Object.keys(result.data.qubes).length === 0) {
    found.push(say.noQubes.at(document.locate(["qubes"], "key")));
  }
  if (result.success)
    return new Outcome({ topology: result.data as Topology, broken: bad, whole: true, locate: document.locate }, found);
  if (headless && !repairable(document.value)) return new Outcome<Validated>(undefined, found);

  // Read again what is whole, so that the later stages can report their mistakes in the same run.
  const whole = Object.fromEntries(Object.entries(value.qubes ?? {}).filter(([name]) => !bad.has(name)));
  const again = schema.safeParse({ ...skeleton(document.value, roles), qubes: whole });
  return new Outcome(
    again.success
      ? { topology: again.data as Topology, broken: bad, whole: false, locate: document.locate }
      : undefined,
    found,
  );
}

/** Whether the qubes can be looked at although the head of the file is broken. */
function repairable(value: unknown): value is { qubes: Record<string, QubeEntry> } {
  return (
    typeof value === "object" &&
    value !== null &&
    "qubes" in value &&
    typeof value.qubes === "object" &&
    value.qubes !== null
  );
}

/** The head of a topology with what is broken in it left out: good enough to check the references, never to build from. */
function skeleton(value: unknown, roles: readonly Role[]): object {
  const head = value as Record<string, unknown>;
  const { formula, platform, external, updates } = topologySchema(roles).shape;
  const kept = (part: z.ZodType, key: string) =>
    part.safeParse(head[key]).success && head[key] !== undefined ? { [key]: head[key] } : {};
  return {
    formula: "broken",
    platform: { qubes: "4.3", whonix: 18 },
    ...kept(formula, "formula"),
    ...kept(platform, "platform"),
    ...kept(external, "external"),
    ...kept(updates, "updates"),
  };
}

function explain(issue: z.core.$ZodIssue, path: Path, document: Document, schema: z.ZodType): Diagnostic[] {
  const { locate } = document;
  const value = at(document.value, path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysOf(schema, path, document.value);
      return issue.keys.map((key) => unknown(key, known, path, document));
    }
    case "invalid_key": {
      const key = String(path.at(-1));
      const expected = issue.issues[0]?.message ?? "expected another name";
      return [say.badForm.at(locate(path, "key"), show(key), expected)];
    }
    case "invalid_union":
      if ("discriminator" in issue && issue.discriminator === "role") {
        const qube = path.at(-1) === "role" ? path.slice(0, -1) : path;
        const entry = at(document.value, qube);
        if (typeof entry !== "object" || entry === null)
          return [say.wrongType.at(locate(qube), "expected a map of keys", kindOf(entry))];
        const given = (entry as Record<string, unknown>)["role"];
        if (given === undefined) return [say.missingKey.at(locate(qube, "key"), "role", placeName(qube))];
        if (typeof given !== "string")
          return [say.wrongType.at(locate([...qube, "role"]), "expected the name of a role", kindOf(given))];
        return [say.notOneOf.at(locate([...qube, "role"]), show(given), rolesOf(schema))];
      }
      return choices(issue, path, document, schema);
    case "invalid_value":
      if (value === undefined)
        return [say.missingKey.at(locate(path), String(path.at(-1)), placeName(path.slice(0, -1)))];
      if (issue.values.every((one) => typeof one === "number" && typeof value !== "number"))
        return [say.wrongType.at(locate(path), issue.message, kindOf(value))];
      return [
        say.notOneOf.at(
          locate(path),
          show(value),
          issue.values.map((one) => (typeof one === "string" && /^\d/.test(one) ? `"${one}"` : String(one))),
        ),
      ];
    case "invalid_type":
      return [missingOr(say.wrongType.at(locate(path), expectation(issue), kindOf(value)), value, path, document)];
    case "invalid_format":
      return [say.badForm.at(locate(path), show(value), issue.message)];
    case "too_small":
      return [say.outOfRange.at(locate(path), show(value), `less than ${issue.minimum}`)];
    case "too_big":
      return [say.outOfRange.at(locate(path), show(value), `more than ${issue.maximum}`)];
    default:
      return [say.badForm.at(locate(path), show(value), issue.message)];
  }
}

/** A key that does not belong here: where it does belong, if it is one of those that people misplace. */
function unknown(key: string, known: readonly string[], path: Path, document: Document): Diagnostic {
  const place = document.locate([...path, key], "key");
  const role = at(document.value, [...path, "role"]);
  if (key === "netvm" && path.length === 2 && typeof role === "string") return say.noNetQube.at(place, role);
  const belongs =
    path.length === 2 && key in vm.shape
      ? `Write it below vm: vm: { ${key}: … }.`
      : path.at(-1) === "vm" && ["netvm", "template"].includes(key)
        ? key === "netvm"
          ? "Write netvm beside role, not below vm."
          : "Remove it: the template follows from the role."
        : undefined;
  return say.unknownKey.at(place, key, known, placeName(path), belongs);
}

/** A value that may be written in several ways: what is wrong with the way that was meant, told by its kind. */
function choices(issue: z.core.$ZodIssueInvalidUnion, path: Path, document: Document, schema: z.ZodType): Diagnostic[] {
  const value = at(document.value, path);
  const meant = issue.errors.find(
    (option) => option.length > 0 && option.every((one) => one.path.length > 0 || one.code !== "invalid_type"),
  );
  const named = issue.errors.find((option) => option.some((one) => one.code === "invalid_type"));
  if (meant && named)
    return meant.flatMap((one) =>
      explain(one, [...path, ...one.path.filter((step) => typeof step !== "symbol")], document, schema),
    );
  return [missingOr(say.wrongType.at(document.locate(path), issue.message, kindOf(value)), value, path, document)];
}

function missingOr(otherwise: Diagnostic, value: unknown, path: Path, document: Document): Diagnostic {
  if (value !== undefined || path.length === 0) return otherwise;
  return say.missingKey.at(document.locate(path), String(path.at(-1)), placeName(path.slice(0, -1)));
}

function expectation(issue: z.core.$ZodIssueInvalidType): string {
  if (issue.message.startsWith("expected")) return issue.message;
  const kinds: Record<string, string> = {
    boolean: "true or false",
    string: "a text",
    int: "a whole number",
    number: "a whole number",
    array: "a list",
    object: "a map of keys",
    record: "a map of names",
  };
  return `expected ${kinds[issue.expected] ?? issue.expected}`;
}

function at(value: unknown, path: Path): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

function placeName(path: Path): string {
  if (path.length === 0) return "a topology";
  if (path[0] === "qubes" && path.length === 2) return `the qube "${String(path[1])}"`;
  return `"${path.join(".")}"`;
}

/** A value for a message: short, and with nothing that a terminal would act on. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string") return `text ${show(value)}`;
  return `${typeof value === "number" ? "the number" : "the value"} ${show(value)}`;
}

type Shape = z.core.$ZodShape;

function rolesOf(schema: z.ZodType): string[] {
  const options = (schema as ReturnType<typeof topologySchema>).shape.qubes.valueType.options as readonly z.ZodObject[];
  return options.map((option) => String((option.shape["role"] as z.ZodLiteral).value));
}

/** The keys that the schema knows at a path. */
function keysOf(schema: z.ZodType, path: Path, value: unknown): string[] {
  let here: z.ZodType = schema;
  for (const [depth, step] of path.entries()) {
    here = unwrap(here);
    if (here instanceof z.ZodObject) here = (here.shape as Shape)[step] as z.ZodType;
    else if (here instanceof z.ZodRecord) here = here.valueType as z.ZodType;
    else if (here instanceof z.ZodArray) here = here.element as z.ZodType;
    here = unwrap(here);
    if (here instanceof z.ZodUnion && !(here instanceof z.ZodDiscriminatedUnion))
      here = (here.options as z.ZodType[]).find((option) => option instanceof z.ZodObject) ?? here;
    if (here instanceof z.ZodDiscriminatedUnion) {
      const role = (at(value, path.slice(0, depth + 1)) as QubeEntry | undefined)?.role;
      here =
        (here.options as z.ZodObject[]).find((option) => (option.shape["role"] as z.ZodLiteral).value === role) ?? here;
    }
  }
  here = unwrap(here);
  return here instanceof z.ZodObject ? Object.keys(here.shape as Shape) : [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  let here = schema;
  while (here instanceof z.ZodOptional || here instanceof z.ZodDefault) here = here.unwrap() as z.ZodType;
  return here;
}
