// SPDX-License-Identifier: GPL-3.0-or-later
import type { Audit } from "../../audit/finding.ts";
import { layersOf } from "./layers.ts";
import { pictureOf, type Node, type Picture } from "./picture.ts";

/** Lengths in pixels at 100 %. */
const CHAR = 7.4;
const BOLD = 8.4;
const LINE = 19;
const PAD = 12;
const GAP = { x: 96, y: 26 } as const;

/** A box and where it stands: its name, its role, and a row for each port at which others reach it. */
interface Box {
  readonly node: Node;
  readonly rows: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const STYLE = `
.sys{--ink:#1d232b;--faint:#5d6875;--line:#8a95a3;--box:#fff;--edge:#c3cad3;--off:#e8f3ea;--offedge:#3f8f57;--out:#f4f1ea;--link:#2a62b8}
@media (prefers-color-scheme:dark){.sys{--ink:#e8ebef;--faint:#a5afbb;--line:#77828f;--box:#20262e;--edge:#4a5461;--off:#1d3325;--offedge:#63b97d;--out:#2c2a24;--link:#86b4f4}}
@media print{.sys{--ink:#000;--faint:#333;--line:#555;--box:#fff;--edge:#777;--off:#fff;--offedge:#000;--out:#fff;--link:#000}}
.sys text{font:13px ui-sans-serif,system-ui,sans-serif;fill:var(--ink)}.sys .name{font-weight:600}.sys .role{fill:var(--faint)}.sys .port{font-size:12px}
.sys rect{fill:var(--box);stroke:var(--edge);stroke-width:1.2}.sys .offline rect{fill:var(--off);stroke:var(--offedge)}.sys .outside rect{fill:var(--out);stroke-dasharray:4 3}
.sys path{fill:none;stroke:var(--line);stroke-width:1.5;stroke-dasharray:5 4}.sys path.link{stroke:var(--link);stroke-dasharray:none}.sys marker path{fill:var(--line);stroke:none}.sys marker.link path{fill:var(--link)}
`.trim();

/** The system as an SVG of its own: no script, no font, no address beyond its namespace; light, dark and print. */
export function graphSvg(audit: Audit): string {
  const picture = pictureOf(audit);
  const boxes = placed(picture);
  const width = Math.max(...[...boxes.values()].map((box) => box.x + box.width)) + PAD;
  const height = Math.max(...[...boxes.values()].map((box) => box.y + box.height)) + PAD;
  const edges = picture.ways.map((way) => edge(way, boxes)).filter((one) => one !== "");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="sys" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="sys-title sys-desc">`,
    `<title id="sys-title">Who reaches whom</title>`,
    `<desc id="sys-desc">${escaped(picture.ways.map(({ from, to, what }) => `${from} reaches ${to}: ${what}.`).join(" "))}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs>${arrow("a", "")}${arrow("b", "link")}</defs>`,
    ...edges,
    ...[...boxes.values()].map(drawn),
    "</svg>\n",
  ].join("\n");
}

function placed(picture: Picture): Map<string, Box> {
  const nodes = new Map(picture.nodes.map((node) => [node.name, node]));
  const rowsOf = (name: string) => [
    ...new Set(picture.ways.filter(({ to, kind }) => to === name && kind !== "network").map(({ what }) => row(what))),
  ];
  const sized = layersOf(picture).map((column) =>
    column.map((name) => {
      const node = nodes.get(name) as Node;
      const rows = rowsOf(name);
      const texts = [roleOf(node), ...rows];
      return {
        node,
        rows,
        width: Math.ceil(Math.max(name.length * BOLD, ...texts.map((text) => text.length * CHAR))) + 2 * PAD,
        height: PAD + LINE * ((node.role === "" ? 1 : 2) + rows.length) + PAD / 2,
      };
    }),
  );
  const tall = (column: readonly { height: number }[]) =>
    column.reduce((sum, { height }) => sum + height + GAP.y, -GAP.y);
  const tallest = Math.max(...sized.map(tall));
  const boxes = new Map<string, Box>();
  let x = PAD;
  for (const column of sized) {
    const widest = Math.max(...column.map(({ width }) => width));
    let y = PAD + (tallest - tall(column)) / 2;
    for (const box of column) {
      boxes.set(box.node.name, { ...box, width: widest, x: Math.round(x), y: Math.round(y) });
      y += box.height + GAP.y;
    }
    x += widest + GAP.x;
  }
  return boxes;
}

function roleOf({ role, offline }: Node): string {
  return offline ? `${role}, no net qube` : role;
}

/** What a row of a box says: the port, without who looks for it where. */
function row(what: string): string {
  return what
    .replace(/, at its own port [0-9]+$/, "")
    .replace(/^(port [0-9]+) of the onion service .*$/, "onion service, $1");
}

function edge({ from, to, kind, what }: Picture["ways"][number], boxes: ReadonlyMap<string, Box>): string {
  const [a, b] = [boxes.get(from), boxes.get(to)];
  if (!a || !b) return "";
  const head = b.node.role === "" ? 1 : 2;
  const at = kind === "network" ? -1 : b.rows.indexOf(row(what));
  const y1 = a.y + PAD + LINE * 0.6;
  const y2 = at === -1 ? b.y + PAD + LINE * 0.6 : b.y + PAD + LINE * (head + at + 0.4);
  const [x1, x2] = [a.x + a.width, b.x];
  const bend = Math.max(40, (x2 - x1) / 2);
  const line = kind === "network" ? { name: "", end: "a" } : { name: ' class="link"', end: "b" };
  return `<path${line.name} d="M${x1} ${round(y1)}C${round(x1 + bend)} ${round(y1)} ${round(x2 - bend)} ${round(y2)} ${x2 - 3} ${round(y2)}" marker-end="url(#${line.end})"><title>${escaped(`${from} reaches ${to}: ${what}`)}</title></path>`;
}

function drawn({ node, rows, x, y, width, height }: Box): string {
  const text = (words: string, name: string, at: number) =>
    `<text class="${name}" x="${x + PAD}" y="${round(y + PAD + LINE * at + 5)}">${escaped(words)}</text>`;
  const head = node.role === "" ? 1 : 2;
  return [
    `<g class="${node.offline ? "offline" : node.kind}"><rect x="${x}" y="${y}" width="${width}" height="${round(height)}" rx="6"/>`,
    text(node.name, "name", 0.4),
    node.role === "" ? "" : text(roleOf(node), "role", 1.4),
    ...rows.map((one, at) => text(one, "port", head + at + 0.4)),
    "</g>",
  ].join("");
}

function arrow(id: string, name: string): string {
  return `<marker id="${id}" class="${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Text inside of an SVG or HTML element or attribute. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
}
