// SPDX-License-Identifier: GPL-3.0-or-later
import type { Audit } from "../../audit/finding.ts";
import { visible } from "../../kernel/printable.ts";
import { pictureOf, type Node, type Picture } from "./picture.ts";
import { edgeOf, LINE, PAD, placed, type Box, type Direction } from "./placing.ts";

const STYLE = `
.sys{--ink:#1d232b;--faint:#56606d;--line:#7c8794;--box:#fff;--edge:#b9c1cb;--off:#e8f3ea;--offedge:#3f8f57;--out:#f4f1ea;--link:#2a62b8}
@media (prefers-color-scheme:dark){.sys{--ink:#e8ebef;--faint:#a9b3bf;--line:#8490a0;--box:#20262e;--edge:#4f5966;--off:#1d3325;--offedge:#63b97d;--out:#2c2a24;--link:#86b4f4}}
@media print{.sys{--ink:#000;--faint:#333;--line:#555;--box:#fff;--edge:#777;--off:#fff;--offedge:#000;--out:#fff;--link:#000}}
.sys text{font:13px ui-sans-serif,system-ui,sans-serif;fill:var(--ink)}.sys .name{font-weight:600}.sys .role{fill:var(--faint)}.sys .port{font-size:12px}
.sys rect{fill:var(--box);stroke:var(--edge);stroke-width:1.2}.sys .offline rect{fill:var(--off);stroke:var(--offedge)}.sys .outside rect{fill:var(--out);stroke-dasharray:4 3}
.sys path{fill:none;stroke:var(--line);stroke-width:1.5;stroke-dasharray:5 4}.sys path.link{stroke:var(--link);stroke-dasharray:none}.sys marker path{fill:var(--line);stroke:none}.sys marker.link path{fill:var(--link)}
`.trim();

/** How far a page may scale it down: below, its texts cannot be read, and it is better moved. */
const LEAST = 0.8;

/**
 * The system as an SVG of its own: no script, no font, no address beyond its namespace; light, dark and print. On one page two of them need
 * different directions, by which the marks inside are named.
 */
export function graphSvg(audit: Audit, direction: Direction = "right"): string {
  const picture = pictureOf(audit);
  const boxes = placed(picture, direction);
  const width = Math.ceil(Math.max(0, ...[...boxes.values()].map((box) => box.x + box.width)) + PAD);
  const height = Math.ceil(Math.max(0, ...[...boxes.values()].map((box) => box.y + box.height)) + PAD);
  const id = `sys-${direction}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="sys" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" style="min-width:${Math.round(width * LEAST)}px" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">Who reaches whom</title>`,
    `<desc id="${id}-desc">${escaped(picture.ways.map(({ from, to, what }) => `${from} reaches ${to}: ${what}.`).join(" "))}</desc>`,
    `<style>${STYLE}</style>`,
    `<defs>${arrow(`${id}-a`, "")}${arrow(`${id}-b`, "link")}</defs>`,
    ...picture.ways.map((way) => line(way, boxes, direction)).filter((one) => one !== ""),
    ...[...boxes.values()].map(drawn),
    "</svg>\n",
  ].join("\n");
}

function line(way: Picture["ways"][number], boxes: ReadonlyMap<string, Box>, direction: Direction): string {
  const edge = edgeOf(way, boxes, direction);
  if (!edge) return "";
  const [[x1, y1], [x2, y2]] = [edge.from, edge.to];
  const [dx, dy] = direction === "right" ? [Math.max(28, (x2 - x1) / 2), 0] : [0, Math.max(20, (y2 - y1) / 2)];
  const [from, bend, into, to] = [
    [x1, y1],
    [x1 + dx, y1 + dy],
    [x2 - dx, y2 - dy],
    [x2, y2],
  ].map((point) => point.map(round).join(" "));
  const look = way.kind === "network" ? { name: "", end: "a" } : { name: ' class="link"', end: "b" };
  const title = `${way.from} reaches ${way.to}: ${way.what}`;
  return `<path${look.name} d="M${from}C${bend} ${into} ${to}" marker-end="url(#sys-${direction}-${look.end})"><title>${escaped(title)}</title></path>`;
}

function drawn({ node, about, ports, x, y, width, height }: Box): string {
  const rows = [
    [node.name, "name"],
    ...about.map((one) => [one, "role"]),
    ...ports.map((one) => [one, "port"]),
  ] as const;
  return [
    `<g class="${look(node)}"><rect x="${x}" y="${y}" width="${width}" height="${round(height)}" rx="6"/>`,
    ...rows.map(
      ([words = "", name], at) =>
        `<text class="${name}" x="${x + PAD}" y="${round(y + PAD + LINE * (at + 0.4) + 5)}">${escaped(words)}</text>`,
    ),
    "</g>",
  ].join("");
}

function look({ offline, kind }: Node): string {
  return offline ? "offline" : kind;
}

function arrow(id: string, name: string): string {
  return `<marker id="${id}" class="${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Text inside of an SVG or HTML element or attribute. */
function escaped(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
}
