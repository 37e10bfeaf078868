// SPDX-License-Identifier: GPL-3.0-or-later
import type { Model } from "../model/model.ts";
import type { Reading } from "./reading.ts";

/**
 * Policy files as qrexec reads them: one bad name or line, and every call on the machine is refused (qubes-core-qrexec qrexec/policy/parser.py).
 * In the file of the links no allow stands below a deny, which would win over it.
 */
export function* policyFiles({ tree }: Reading, model: Pick<Model, "formula">): Iterable<string> {
  const tag = `@tag:${model.formula}`;
  for (const [path, { text }] of tree) {
    if (!path.includes("/etc/qubes/policy.d/")) continue;
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (!/^[0-9a-z_.-]+\.policy$/.test(name)) yield `${path}: qrexec refuses a policy file of this name`;
    const [first, ...rest] = text.split("\n");
    if (first !== `# Managed by the ${model.formula} formula.`) yield `${path}: does not begin as the guard expects`;
    let denied = false;
    for (const line of rest) {
      if (line === "" || line.startsWith("#")) continue;
      const [service = "", argument = "", source = "", target = "", action = "", ...params] = line.split(/\s+/);
      if (line.includes("#") || line !== line.trim()) yield `${path}: qrexec has no comments behind a rule: ${line}`;
      if (!/^[A-Za-z0-9._-]+$/.test(service)) yield `${path}: not a service: ${line}`;
      if (!/^(?:\*|\+[A-Za-z0-9._+-]*)$/.test(argument)) yield `${path}: not an argument: ${line}`;
      if (source !== tag && !/^(?:@anyvm|[A-Za-z][A-Za-z0-9_-]{0,30})$/.test(source))
        yield `${path}: not a source: ${line}`;
      if (target !== tag && !/^(?:@anyvm|@default|[A-Za-z][A-Za-z0-9_-]{0,30})$/.test(target))
        yield `${path}: not a target: ${line}`;
      if (!/^(?:allow|deny)$/.test(action)) yield `${path}: not an action: ${line}`;
      const allowed = action === "allow" ? /^(?:target=[A-Za-z][A-Za-z0-9_-]*|autostart=no|notify=no)$/ : /^notify=no$/;
      if (action === "allow" && (source === tag || target === tag)) yield `${path}: an allow by tag: ${line}`;
      if (!params.every((param) => allowed.test(param))) yield `${path}: not a parameter of ${action}: ${line}`;
      if (target === "@default" && action === "allow" && !params.some((one) => one.startsWith("target="))) {
        yield `${path}: qrexec refuses an allow on @default without target=: ${line}`;
      }
      if (name.startsWith("80-") && action === "allow" && denied)
        yield `${path}: an allow stands below a deny: ${line}`;
      denied ||= action === "deny";
    }
  }
}
