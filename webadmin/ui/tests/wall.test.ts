import { expect, test } from "vitest";

import type { Channel, LiveCall } from "@/api/types";
import { countsOf, departmentsOf, remoteOf, steppedTile, tilesOf, wantedTiles, windowOf } from "@/pure/wall";

const party = (number: string, department = ""): unknown => ({ number, number_raw: number, display: "", uri: "", address: "", name: "", company: "", department });
const call = (id: string, caller: string, callee: string, second = 0, state = "up"): LiveCall =>
  ({ call: { call_id: id, caller: party(caller), callee: party(callee), state, started_at: `2026-11-21T12:00:0${second}Z` } }) as unknown as LiveCall;
const channel = (number: string, at: number, department = ""): Channel => ({ number, channel: at, name: `N${number}`, company: "", department });

test("bound extensions stand there idle or busy, other calls follow", () => {
  const tiles = tilesOf([call("b", "555", "666", 2), call("a", "777", "1002")], [channel("1001", 1), channel("1002", 2)]);
  expect(tiles.map((tile) => [tile.number, tile.state])).toEqual([["1001", "idle"], ["1002", "up"], ["555", "up"]]);
  expect(tiles.map((tile) => remoteOf(tile)?.number)).toEqual([undefined, "777", "666"]);
});

test("a call between two bound extensions stands on both, the newest call on its extension", () => {
  const tiles = tilesOf([call("new", "1001", "1002", 5, "ringing"), call("old", "1001", "9", 1)], [channel("1001", 1), channel("1002", 2)]);
  expect(tiles.map((tile) => tile.call?.call.call_id)).toEqual(["new", "new"]);
  expect(countsOf(tiles)).toEqual({ ringing: 2 });
});

test("an anonymous caller is nobody's extension", () => {
  expect(tilesOf([call("a", "", "9")], [channel("", 1)]).map((tile) => tile.state)).toEqual(["idle", "up"]);
});

test("filters are of state, department and any text", () => {
  const tiles = tilesOf([call("a", "777", "1002")], [channel("1001", 1, "Sales"), channel("1002", 2, "Help")]);
  const numbers = (wanted: Partial<{ state: string; text: string; department: string }>): string[] =>
    wantedTiles(tiles, { state: "", text: "", department: "", ...wanted }).map((tile) => tile.number);
  expect(numbers({ state: "idle" })).toEqual(["1001"]);
  expect(numbers({ department: "Help" })).toEqual(["1002"]);
  expect(numbers({ text: "777" })).toEqual(["1002"]);
  expect(numbers({ text: "n1001" })).toEqual(["1001"]);
  expect(departmentsOf(tiles)).toEqual(["Help", "Sales"]);
});

test("two thousand tiles are counted, a screen of them is drawn", () => {
  const drawn = windowOf(2000, { width: 1000, height: 600, top: 3000 }, { width: 160, height: 60 });
  expect(drawn.columns).toBe(6);
  expect(drawn.height).toBe(334 * 60);
  expect(drawn.first).toBe(48 * 6);
  expect(drawn.end - drawn.first).toBeLessThanOrEqual(15 * 6);
});

test("a filter that leaves few tiles shows them wherever the box was scrolled to", () => {
  expect(windowOf(3, { width: 1000, height: 600, top: 9000 }, { width: 160, height: 60 })).toMatchObject({ first: 0, end: 3, top: 0 });
  expect(windowOf(0, { width: 0, height: 0, top: 0 }, { width: 160, height: 60 })).toMatchObject({ columns: 1, first: 0, end: 0, height: 0 });
});

test("the arrow keys stay inside", () => {
  expect(steppedTile("ArrowDown", 0, 10, 4)).toBe(4);
  expect(steppedTile("ArrowDown", 8, 10, 4)).toBe(8);
  expect(steppedTile("ArrowLeft", 0, 10, 4)).toBe(0);
  expect(steppedTile("End", 0, 10, 4)).toBe(9);
  expect(steppedTile("a", 0, 10, 4)).toBeNull();
});
