import { describe, expect, it } from "vitest";

import type { Row } from "@/api/types";
import { cell, chosen, COLUMNS, further, toKeep, USUAL } from "@/pure/columns";

describe("columns of the list of calls", () => {
  it("are the usual ones until somebody has chosen", () => {
    expect(chosen([])).toEqual(USUAL);
  });
  it("can all be left out, which is kept as a choice", () => {
    expect(chosen(toKeep([]))).toEqual([]);
  });
  it("come back as they were kept, in the order of the list", () => {
    expect(chosen(toKeep(["codecs", "bytes", "direction"]))).toEqual(["direction", "bytes", "codecs"]);
    expect(chosen(toKeep(COLUMNS))).toEqual(COLUMNS);
  });
  it("that are not known any more are left out", () => {
    expect(chosen(["started_at", "colour", "bytes"])).toEqual(["bytes"]);
  });
  it("show a dash for what a call has not", () => {
    const row = { caller: { number: "1" }, callee: { number: "2", company: "Acme" }, file: "", length_s: 0, bytes: 0, ended_at: null, verdict_text: "", packets: 1200, lost: 0, sip_call_id: "x@y" } as unknown as Row;
    expect(cell(row, "caller_company", "en")).toBe("–");
    expect(cell(row, "callee_company", "en")).toBe("Acme");
    expect(cell(row, "bytes", "en")).toBe("–");
    expect(cell(row, "ended_at", "en")).toBe("–");
    expect(cell(row, "packets", "en")).toBe("1,200");
    expect(further(COLUMNS).every((column) => cell(row, column, "en") !== "")).toBe(true);
  });
});
