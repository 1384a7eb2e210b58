import { expect, test } from "vitest";

import { base64, pieces } from "@/pure/pieces";

test("the pieces are the whole file, in order and without holes", () => {
  expect([...pieces(10, 0, 4)]).toEqual([{ start: 0, stop: 4 }, { start: 4, stop: 8 }, { start: 8, stop: 10 }]);
});

test("an upload that broke goes on where it stopped", () => {
  expect([...pieces(10, 8, 4)]).toEqual([{ start: 8, stop: 10 }]);
  expect([...pieces(10, 10, 4)]).toEqual([]);
});

test("bytes of any value survive", async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
  expect(atob(await base64(new Blob([bytes])))).toEqual(String.fromCharCode(...bytes));
});
