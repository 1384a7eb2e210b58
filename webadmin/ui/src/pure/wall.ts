/** The wall of channels: which tiles there are, which of them are wanted, and which of those can be seen. Pure. */
import type { Channel, LiveCall, Side } from "@/api/types";
import { SIDES } from "@/api/types";

export interface Tile {
  key: string;
  /** Of a bound extension; `null` for a party that no channel is bound to. */
  channel: number | null;
  number: string;
  name: string;
  department: string;
  /** `null` while the channel is idle. */
  call: LiveCall | null;
  /** Which end of the call this is. */
  side: Side | null;
  state: string;
}

export const IDLE = "idle";
export const STATES = [IDLE, "trying", "ringing", "up", "held"] as const;

export const stateOf = (call: LiveCall): string => call.call.state ?? "trying";

/** Bound extensions by channel, each with its newest call; then, oldest first, the calls in which none of them is. */
export function tilesOf(calls: Iterable<LiveCall>, channels: readonly Channel[]): Tile[] {
  const bound = new Map<string, { call: LiveCall; side: Side }>();
  const known = new Set(channels.map((one) => one.number));
  const free: LiveCall[] = [];
  for (const call of calls) {
    let isBound = false;
    for (const side of SIDES) {
      const number = call.call[side].number;
      if (!number || !known.has(number)) continue;
      isBound = true;
      const before = bound.get(number);
      if (!before || before.call.call.started_at < call.call.started_at) bound.set(number, { call, side });
    }
    if (!isBound) free.push(call);
  }
  const tiles: Tile[] = channels.map((one) => {
    const found = bound.get(one.number);
    return {
      key: `channel-${one.channel}-${one.number}`,
      channel: one.channel,
      number: one.number,
      name: one.name,
      department: one.department,
      call: found?.call ?? null,
      side: found?.side ?? null,
      state: found ? stateOf(found.call) : IDLE,
    };
  });
  free.sort((one, other) => (one.call.started_at < other.call.started_at ? -1 : one.call.started_at > other.call.started_at ? 1 : one.call.call_id < other.call.call_id ? -1 : 1));
  for (const call of free) {
    const caller = call.call.caller;
    tiles.push({
      key: call.call.call_id,
      channel: null,
      number: caller.number,
      name: caller.name || caller.display,
      department: caller.department || call.call.callee.department,
      call,
      side: "caller",
      state: stateOf(call),
    });
  }
  return tiles;
}

/** The other end of a tile's call. */
export function remoteOf(tile: Tile): LiveCall["call"]["caller"] | null {
  if (!tile.call || !tile.side) return null;
  return tile.call.call[tile.side === "caller" ? "callee" : "caller"];
}

export interface Wanted {
  state: string;
  text: string;
  department: string;
}

export function wantedTiles(tiles: readonly Tile[], wanted: Wanted): Tile[] {
  const text = wanted.text.trim().toLowerCase();
  return tiles.filter((tile) => {
    if (wanted.state && tile.state !== wanted.state) return false;
    if (wanted.department && tile.department !== wanted.department) return false;
    if (!text) return true;
    const remote = remoteOf(tile);
    return [tile.number, tile.name, String(tile.channel ?? ""), remote?.number, remote?.name, remote?.display].some((one) => one?.toLowerCase().includes(text));
  });
}

/** How many tiles stand in each state. */
export function countsOf(tiles: readonly Tile[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const tile of tiles) counts[tile.state] = (counts[tile.state] ?? 0) + 1;
  return counts;
}

export function departmentsOf(tiles: readonly Tile[]): string[] {
  return [...new Set(tiles.map((tile) => tile.department).filter(Boolean))].sort((one, other) => one.localeCompare(other));
}

export interface Window {
  columns: number;
  /** Of all rows, in pixels. */
  height: number;
  first: number;
  end: number;
  /** Where the first drawn row stands. */
  top: number;
}

/** The tiles that can be seen in a box scrolled to `top`, with `spare` rows around them. Units: pixels. */
export function windowOf(count: number, box: { width: number; height: number; top: number }, tile: { width: number; height: number }, spare = 2): Window {
  const columns = Math.max(1, Math.floor(box.width / tile.width));
  const rows = Math.ceil(count / columns);
  const top = Math.min(Math.max(0, box.top), Math.max(0, rows * tile.height - box.height));
  const firstRow = Math.max(0, Math.floor(top / tile.height) - spare);
  const endRow = Math.min(rows, Math.ceil((top + box.height) / tile.height) + spare);
  return { columns, height: rows * tile.height, first: firstRow * columns, end: Math.min(count, endRow * columns), top: firstRow * tile.height };
}

/** The tile that a key leads to from `at`; `null` for other keys. */
export function steppedTile(key: string, at: number, count: number, columns: number): number | null {
  if (count === 0) return null;
  const by = ({ ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns } as Record<string, number>)[key];
  if (by !== undefined) return at + by >= 0 && at + by < count ? at + by : at;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}
