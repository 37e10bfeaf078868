// SPDX-License-Identifier: GPL-3.0-or-later
import { layersOf } from "./layers.ts";
import type { Node, Picture } from "./picture.ts";

/** Where callers stand of whom they call: left of it, or above it. */
export type Direction = "right" | "down";

/** A box and where it stands: its name, what it is, and a row for each port at which others reach it. Lengths in pixels at 100 %. */
export interface Box {
  readonly node: Node;
  /** Below its name. */
  readonly about: readonly string[];
  readonly ports: readonly string[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line between two boxes, from edge to edge. */
export interface Edge {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

/** The height of a row of text, and the room around texts. */
export const LINE = 19;
export const PAD = 12;

const CHAR = 7.2;
const BOLD = 8.2;
const GAPS = { right: { along: 64, across: 22 }, down: { along: 44, across: 14 } } as const;

/** Boxes for all ends of a picture, in layers. */
export function placed(picture: Picture, direction: Direction): Map<string, Box> {
  const nodes = new Map(picture.nodes.map((node) => [node.name, node]));
  const layers = layersOf(picture).map((layer) => layer.map((name) => sized(nodes.get(name) as Node, picture)));
  const gap = GAPS[direction];
  const [length, breadth] = direction === "right" ? (["width", "height"] as const) : (["height", "width"] as const);
  const across = (layer: readonly Sized[]) => layer.reduce((sum, box) => sum + box[breadth] + gap.across, -gap.across);
  const broadest = Math.max(...layers.map(across));
  const boxes = new Map<string, Box>();
  let along = PAD;
  for (const layer of layers) {
    const longest = Math.max(...layer.map((box) => box[length]));
    let side = PAD + (broadest - across(layer)) / 2;
    for (const box of layer) {
      const [x, y] = direction === "right" ? [along, side] : [side, along];
      // In a column all are as wide as the widest; in a row each keeps its height.
      const width = direction === "right" ? longest : box.width;
      boxes.set(box.node.name, { ...box, width, x: Math.round(x), y: Math.round(y) });
      side += box[breadth] + gap.across;
    }
    along += longest + gap.along;
  }
  return boxes;
}

type Sized = Omit<Box, "x" | "y">;

function sized(node: Node, { ways }: Picture): Sized {
  const ports = [
    ...new Set(ways.filter(({ to, kind }) => to === node.name && kind !== "network").map(({ what }) => portOf(what))),
  ];
  const about = [node.role, node.offline ? "no net qube" : ""].filter((one) => one !== "");
  const widest = Math.max(node.name.length * BOLD, ...[...about, ...ports].map((text) => text.length * CHAR));
  return {
    node,
    about,
    ports,
    width: Math.ceil(widest) + 2 * PAD,
    height: PAD * 1.5 + LINE * (1 + about.length + ports.length),
  };
}

/** What a row of a box says: the port, without who looks for it where. */
function portOf(what: string): string {
  return what
    .replace(/, at its own port [0-9]+$/, "")
    .replace(/^(port [0-9]+) of (?:the|an) onion service .*$/, "onion service, $1");
}

/** Where the line of a way begins and ends: at the row of its port, from the left; or at the upper edge, in the order of the ports. */
export function edgeOf(
  { from, to, kind, what }: Picture["ways"][number],
  boxes: ReadonlyMap<string, Box>,
  direction: Direction,
): Edge | undefined {
  const [a, b] = [boxes.get(from), boxes.get(to)];
  if (!a || !b) return undefined;
  const port = kind === "network" ? -1 : b.ports.indexOf(portOf(what));
  if (direction === "right") {
    const row = port === -1 ? 0.6 : 1 + b.about.length + port + 0.4;
    return { from: [a.x + a.width, a.y + PAD + LINE * 0.6], to: [b.x - 3, b.y + PAD + LINE * row] };
  }
  const part = port === -1 ? 0.5 : (port + 1) / (b.ports.length + 1);
  return { from: [a.x + a.width / 2, a.y + a.height], to: [b.x + b.width * part, b.y - 3] };
}
