/** The lower part of the canvas: clients with the lines of their groups on the left, the ensemble on the right. */
import type { CanvasModel } from "./model.ts";
import type { Point } from "./path.ts";
import { clientHeight, margin, serverHeight, serverWidth, sessionRow, stackBelow } from "./sizes.ts";

export interface Bottom {
  readonly height: number;
  readonly clients: readonly { id: string; x: number; y: number; width: number }[];
  readonly servers: readonly { id: string; x: number; y: number }[];
  readonly groups: readonly { id: string; x: number; y: number; width: number }[];
  readonly label: Point | null;
}

export const emptyBottom: Bottom = { height: 0, clients: [], servers: [], groups: [], label: null };

/** `right` is where the ensemble ends: under the last broker. */
export function bottomRow(model: CanvasModel, width: number, right: number): Bottom {
  const inner = right - margin;
  const count = model.clients.length;
  const servers = model.servers.length;
  const sessionRows = Math.max(1, ...model.servers.map((server) => server.sessions.length));
  const boxes = servers === 0 ? 0 : servers * serverWidth + (servers - 1) * margin;
  const labelled = width >= stackBelow;
  const ensemble = boxes === 0 ? 0 : boxes + (labelled ? 84 : 0);
  // One row of clients beside the ensemble where it fits; else bricks, whose gaps let wires through; else above it.
  const beside = inner - ensemble - (ensemble > 0 ? 24 : 0);
  const own = width < stackBelow || beside < 2 * 108;
  const room = own ? inner : beside;
  const perRow = Math.max(1, Math.min(count, Math.floor((room + 12) / (108 + 12))));
  const rows = count === 0 ? 0 : Math.ceil(count / perRow);
  const gap = count > 3 ? 12 : 16;
  const even = count === 0 ? 1 : Math.ceil(count / Math.max(1, rows));
  // Two rows of bricks need room for half a brick more.
  const across = rows > 1 && labelled ? even + 0.5 : perRow;
  const box = Math.max(96, Math.min(120, Math.floor((room + gap) / across - gap)));
  const clients = model.clients.map((client, index) => {
    const row = Math.floor(index / even);
    const shift = labelled && row % 2 === 1 && (even + 0.5) * (box + gap) - gap <= room ? (box + gap) / 2 : 0;
    return {
      id: client.id,
      x: margin + (index % even) * (box + gap) + shift,
      y: row * (clientHeight + 12),
      width: box,
    };
  });
  const clientsHeight = rows === 0 ? 0 : rows * clientHeight + (rows - 1) * 12;

  const groups = model.groups.flatMap((group, index) => {
    const members = clients.filter((client) => group.members.includes(client.id));
    const last = Math.max(...members.map((client) => client.y));
    const row = members.filter((client) => client.y === last);
    const from = members.length > 0 ? Math.min(...row.map((client) => client.x)) : margin;
    const to = members.length > 0 ? Math.max(...row.map((client) => client.x + client.width)) : margin + box;
    const y = clientsHeight + 6 + (members.length > 0 ? 0 : index * 24);
    return [{ id: group.id, x: from, y, width: Math.max(to - from, Math.min(220, room)) }];
  });
  // Lines of groups whose words would run into each other go below one another.
  const stacked: { id: string; x: number; y: number; width: number }[] = [];
  for (const group of groups) {
    let y = group.y;
    while (stacked.some((other) => other.y === y && other.x < group.x + group.width && group.x < other.x + other.width))
      y += 24;
    stacked.push({ ...group, y });
  }
  const groupsHeight = stacked.length === 0 ? 0 : Math.max(...stacked.map((group) => group.y)) + 22 - clientsHeight;

  const below = own ? clientsHeight + groupsHeight + (count > 0 ? 24 : 0) : 0;
  const start = labelled ? right - boxes : margin;
  const placed = model.servers.map((server, index) => ({
    id: server.id,
    x: start + index * (serverWidth + margin),
    y: below,
  }));
  const serversHeight = servers === 0 ? 0 : serverHeight + 2 + sessionRows * sessionRow;
  return {
    height: Math.max(clientsHeight + groupsHeight, servers === 0 ? 0 : below + serversHeight),
    clients,
    servers: placed,
    groups: stacked,
    label: labelled && servers > 0 ? { x: start - 14, y: below } : null,
  };
}
