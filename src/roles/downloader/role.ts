// SPDX-License-Identifier: GPL-3.0-or-later
import fetchProgram from "../../../formulas/downloader/fetch-program.sh";
import type { Model, Qube } from "../../model/model.ts";
import type { QubeParts } from "../../model/parts.ts";
import type { Role } from "../../model/role.ts";
import { bringTool, recipeFile } from "../../whonix/bring-files.ts";
import { LIBRARY } from "../../software/recipe.ts";
import { recipeOf } from "../../whonix/bringing.ts";
import { downloaderLands } from "./lands.ts";
import { downloaderTrust } from "./trust.ts";

/** Its command, and what the other qubes of the system need: a recipe for each that has no network of its own, and for the others too. */
function downloaderParts(qube: Qube, { qubes, formula }: Model): QubeParts {
  const recipes = qubes.flatMap((one) => {
    const recipe = recipeOf(one, formula, qube);
    return recipe ? [recipeFile(`${LIBRARY}/recipes/${one.name}.json`, recipe)] : [];
  });
  const root = { user: "root", group: "root", dirMode: "0755" };
  return {
    directories: [
      {
        path: `${LIBRARY}/recipes`,
        user: "root",
        group: "root",
        mode: "0755",
        why: "What the other qubes ask for, and nothing else: what a topology gives up is removed.",
        only: recipes.map(({ path }) => path),
      },
    ],
    files: [
      bringTool,
      {
        ...root,
        path: "/usr/local/bin/fetch-program",
        content: { verbatim: fetchProgram },
        mode: "0755",
        why: "Fetches what other qubes need, checks it, and says how to send it.",
      },
      ...recipes,
    ],
  };
}

/** A qube that fetches files over Tor for the qubes that have no network. It is trusted with nothing. */
export const downloader: Role = {
  name: "downloader",
  summary:
    "Fetches files over Tor for qubes without network. Trusted with nothing: what it brings is checked where it is used.",
  os: "workstation",
  netvm: { kind: "gateway", description: "The Whonix gateway of this topology through which it downloads." },
  keys: {},
  vm: {
    label: {
      value: "red",
      why: "The guides' colour for what is not trusted; labels carry no function.",
      source: "ben-grande/qubes-bitcoin, bitcoin-untrusted",
    },
    memory: { value: 400, why: "Enough to start.", source: "ben-grande/qubes-bitcoin: 500" },
    maxmem: { value: 800, why: "It only moves files.", source: "ben-grande/qubes-bitcoin: 500" },
    vcpus: { value: 1, why: "The network is the limit.", source: "ben-grande/qubes-bitcoin" },
    include_in_backups: {
      value: false,
      why: "It holds nothing that could not be fetched again.",
      source: "Qubes documentation, backups",
    },
    private: {
      value: "10GiB",
      why: "Room for a few releases; Qubes' default is 2 GiB.",
      source: "Qubes documentation, resizing volumes",
    },
    menu_items: {
      value: ["qubes-run-terminal.desktop", "thunar.desktop"],
      why: "A terminal to fetch with, and the files that it fetched.",
      source: "qubes-core-agent-linux qubes-run-terminal.desktop; Debian thunar, usr/share/applications",
    },
  },
  holds: () => ({ what: "nothing", words: "Downloads, if you left some in it." }),
  lands: downloaderLands,
  trust: downloaderTrust,
  qube: downloaderParts,
  runbook: ({ name }) => ({
    beyond: "downloads",
    later: [
      {
        title: `Bring a file from ${name} to a qube without network`,
        where: name,
        command: "qvm-copy FILE",
        text: `dom0 asks which qube shall have it; it lands there in ~/QubesIncoming/${name}/. A program of this system is fetched with \`fetch-program\`, and the qube that will run it checks it by itself: ${name} talks to the network, so its own word that all is well is worth nothing. Any other file you check there yourself.`,
      },
    ],
    checks: [],
    backup: "Nothing in it is worth a backup.",
  }),
};
