import { beforeAll, beforeEach, expect, test } from "vitest";

interface Processor {
  port: { onmessage: (event: { data: [Float32Array, Float32Array] }) => void };
  process: (inputs: Float32Array[][], outputs: Float32Array[][]) => boolean;
}

const RATE = 8000;
const QUANTUM = 128;
let make: new () => Processor;
let playback: Processor;

beforeAll(async () => {
  // The names an audio thread offers.
  Object.assign(globalThis, {
    sampleRate: RATE,
    AudioWorkletProcessor: class {
      port = { onmessage: () => undefined };
    },
    registerProcessor: (_name: string, processor: new () => Processor) => (make = processor),
  });
  await import("@/live/playback.worklet");
});
beforeEach(() => (playback = new make()));

function feed(first: number, samples: number): void {
  const block = Float32Array.from({ length: samples }, (_, index) => first + index);
  playback.port.onmessage({ data: [block, block.map((value) => -value)] });
}
function pull(): [Float32Array, Float32Array] {
  const out: [Float32Array, Float32Array] = [new Float32Array(QUANTUM), new Float32Array(QUANTUM)];
  expect(playback.process([], [out])).toBe(true);
  return out;
}

test("nothing sounds before enough is stored", () => {
  feed(1, 160);
  expect([...pull()[0]]).toEqual(new Array(QUANTUM).fill(0));
});

test("blocks are joined without a gap, side by side", () => {
  feed(1, 500);
  feed(501, 700);
  const heard = Array.from({ length: 9 }, pull);
  expect(heard.flatMap(([left]) => [...left])).toEqual(Array.from({ length: 9 * QUANTUM }, (_, index) => index + 1));
  expect(heard[0]?.[1][4]).toBe(-5);
});

test("after running dry it stores anew before it goes on", () => {
  feed(1, 1000);
  for (let times = 0; times < 8; times += 1) pull();
  feed(1, 160);
  expect(pull()[0].every((value) => value === 0)).toBe(true);
  feed(161, 900);
  expect(pull()[0][0]).toBe(1);
});

test("what is too old is let go, so that listening stays live", () => {
  for (let block = 0; block < 50; block += 1) feed(1 + block * 800, 800);
  expect(pull()[0][0]).toBeGreaterThan(50 * 800 - 0.6 * RATE - 1);
});
