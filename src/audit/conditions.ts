// SPDX-License-Identifier: GPL-3.0-or-later
import type { StateCall } from "./states.ts";

/** That the run is no preview: qvm.prefs would write even then (qubes-mgmt-salt-dom0-qvm ext_module_qvm.py). */
const NO_TEST = JSON.stringify([{ fun: "config.get", args: ["test"] }]);

const WORD = String.raw`[A-Za-z0-9_.:@+][\w.:@+-]*`;
const PATH = String.raw`(?:\/[\w.@:+-]+)+`;

/** What a state asks under a key, as a list; each is a shell command of root's, or a map that names a function (Salt's documentation, requisites). */
function asksOf({ args }: StateCall, key: "unless" | "onlyif"): readonly unknown[] | undefined {
  const said = args.get(key);
  return said === undefined ? undefined : Array.isArray(said) ? said : [said];
}

/** Whether a qvm state acts in every run that is no preview: it asks at most whether its own qube is there. */
export function isSure(state: StateCall): boolean {
  return (
    is(asksOf(state, "onlyif"), [`qvm-check -q -- ${state.name}`]) &&
    isOneOf(asksOf(state, "unless"), [undefined, NO_TEST])
  );
}

function is(said: readonly unknown[] | undefined, wanted: readonly string[]): boolean {
  return said === undefined || JSON.stringify(said) === JSON.stringify(wanted);
}

function isOneOf(said: readonly unknown[] | undefined, wanted: readonly (string | undefined)[]): boolean {
  return wanted.includes(said === undefined ? undefined : JSON.stringify(said));
}

/** What a guard may ask, as patterns of whole texts: each looks and changes nothing. Whether it is the right question is asked elsewhere. */
const GUARD_ASKS = new RegExp(
  `^(?:${[
    `qvm-check -q -- ${WORD}`,
    `! qvm-tags -- ${WORD} list \\| grep -qx ${WORD}`,
    `(?:! )?test -e ${PATH}`,
    `test "\\$\\(qvm-prefs --get -- ${WORD} klass\\)" = AppVM`,
    `qvm-prefs --get -- ${WORD} template \\| grep -Eq '[^'\\\\]*'`,
    `! test "\\$\\(qvm-prefs --get -- ${WORD} klass\\)" = AppVM \\|\\| ! qvm-prefs --get -- ${WORD} template \\| grep -Eq '[^'\\\\]*'`,
    `test "\\$\\(qvm-features -- ${WORD} ${WORD} \\|\\| echo ${WORD}\\)" != ${WORD}`,
    `! head -n 1 ${PATH} \\| grep -qx '[\\w #.-]*'`,
  ].join("|")})$`,
);

/** What stands before a command: the very question whether it is needed, made from the command itself. Undefined: its command is not known. */
function askedBefore(command: string): { readonly unless?: string; readonly onlyif?: string } | undefined {
  const noted = /^\{ .*; \} && (\/usr\/local\/lib\/qwbtc-salt\/told) (.*)$/.exec(command);
  if (noted) return { unless: `${noted[1]} --check ${noted[2]}` };
  const [head = "", ...rest] = command.split(" ");
  const last = rest.at(-1) ?? "";
  switch (head) {
    case "qvm-check":
    case "qvm-create":
      return { unless: `qvm-check -q -- ${last}` };
    case "qvm-prefs":
      return { unless: `test "$(qvm-prefs --get ${rest.slice(0, -1).join(" ")})" = ${last}` };
    case "qvm-volume": {
      const [action, dashes, volume, ...named] = rest;
      const [what, by] = action === "resize" ? ["size", "-ge"] : [named[0], "="];
      return { unless: `test "$(qvm-volume info ${dashes} ${volume} ${what})" ${by} ${last}` };
    }
    case "rm":
      return command.startsWith("rm -f /run/qwbtc-salt/told/") ? {} : { onlyif: `test -L ${last}` };
    case "systemctl":
      return command === "systemctl daemon-reload" ? {} : undefined;
    default:
      return askedOfOwn(command);
  }
}

/** The same for tools of ours, which look instead with --check, and for a folder that is cleared of what nobody wants. */
function askedOfOwn(command: string): { readonly unless: string } | undefined {
  const find = /^(cd \/ && runuser -u [\w-]+ -- find (\/\S+) .*) -delete$/.exec(command);
  if (find) return { unless: `test ! -e ${find[2]} || { found=$(${find[1]}) && test -z "$found"; }` };
  const tool = /^((?:cd \/ && )?(?:runuser -u [\w-]+ -- )?\/usr\/local\/lib\/qwbtc-salt\/[\w-]+) (.*)$/.exec(command);
  return tool ? { unless: `${tool[1]} --check ${tool[2]}` } : undefined;
}

/** Whether a state's conditions are whole texts that are known for what it does. */
export function knowsConditions(state: StateCall, formula: string | undefined): boolean {
  const { fun, name, machine } = state;
  const [unless, onlyif] = [asksOf(state, "unless"), asksOf(state, "onlyif")];
  if (unless === undefined && onlyif === undefined) return true;
  switch (fun) {
    case "test.fail_without_changes":
      return unless === undefined && (onlyif ?? []).every((one) => typeof one === "string" && GUARD_ASKS.test(one));
    case "cmd.run": {
      const asked = askedBefore(name);
      const fits = (said: readonly unknown[] | undefined, wanted: string | undefined) =>
        said === undefined || (wanted !== undefined && is(said, [wanted]));
      return asked !== undefined && fits(unless, asked.unless) && fits(onlyif, asked.onlyif);
    }
    case "file.managed":
    case "file.absent": {
      // A marker of a creation: made only while its qube is not there, taken away if it never came.
      const [, of] = /^\/var\/lib\/qwbtc-salt\/[\w-]+\/creating\/([\w.-]+)$/.exec(name) ?? [];
      return machine === "dom0" && onlyif === undefined && of !== undefined && is(unless, [`qvm-check -q -- ${of}`]);
    }
    case "qvm.start":
      return is(onlyif, [`qvm-check -q -- ${name}`]) && is(unless, [`qvm-check -q --running -- ${name}`]);
    default:
      return fun.startsWith("qvm.") && (isSure(state) || isFirstOnly(state, formula));
  }
}

/** Whether a state of qvm's acts only while its qube is being made: of a net qube that is left to the user afterwards. */
export function isFirstOnly(state: StateCall, formula: string | undefined): boolean {
  const asks = [`qvm-check -q -- ${state.name}`, `test -e /var/lib/qwbtc-salt/${formula}/creating/${state.name}`];
  return (
    asksOf(state, "onlyif") !== undefined &&
    is(asksOf(state, "onlyif"), asks) &&
    isOneOf(asksOf(state, "unless"), [NO_TEST])
  );
}
