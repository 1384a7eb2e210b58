/** The filters of the call list and their two other forms: the page's URL and the API's query. Pure. */

export const RANGES = ["today", "week", "month", "all"] as const;
export const MATCHES = ["contains", "prefix", "suffix", "exact"] as const;
export const SORTS = ["-started_at", "started_at", "-duration", "duration"] as const;
export const VERDICTS = ["clean", "network", "copy", "both", "unknown"] as const;
export const PAGE_SIZES = [10, 25, 50, 100] as const;

export type Range = (typeof RANGES)[number] | "custom";
export type Match = (typeof MATCHES)[number];
export type Sort = (typeof SORTS)[number];

export interface Filters {
  range: Range;
  /** RFC 3339 UTC, only with the range `custom`. */
  from: string;
  to: string;
  number: string;
  caller: string;
  callee: string;
  match: Match;
  direction: string;
  recorded: "" | "yes" | "no";
  reason: string;
  mark: string;
  codec: string;
  min_s: number | null;
  max_s: number | null;
  /** Calls whose worse side sounded no better than this. */
  max_mos: number | null;
  verdict: string;
  interaction_id: string;
  sort: Sort;
  page: number;
  page_size: number;
}

export const NO_FILTERS: Readonly<Filters> = {
  range: "all",
  from: "",
  to: "",
  number: "",
  caller: "",
  callee: "",
  match: "contains",
  direction: "",
  recorded: "",
  reason: "",
  mark: "",
  codec: "",
  min_s: null,
  max_s: null,
  max_mos: null,
  verdict: "",
  interaction_id: "",
  sort: "-started_at",
  page: 1,
  page_size: 25,
};

type Search = Record<string, string>;
type Given = Record<string, string | null | (string | null)[] | undefined>;

function pick<Value extends string>(given: string, allowed: readonly Value[], fallback: Value): Value {
  return allowed.includes(given as Value) ? (given as Value) : fallback;
}

function seconds(given: string): number | null {
  const value = Number(given);
  return given !== "" && Number.isFinite(value) && value >= 0 ? value : null;
}

function mos(given: string): number | null {
  const value = seconds(given);
  return value !== null && value >= 1 && value <= 5 ? value : null;
}

function moment(given: string): string {
  const at = Date.parse(given);
  return Number.isNaN(at) ? "" : new Date(at).toISOString();
}

/** Only what differs from the defaults, so that a link says what was asked and no more. */
export function toUrl(filters: Filters): Search {
  const search: Search = {};
  for (const [name, value] of Object.entries(filters) as [keyof Filters, Filters[keyof Filters]][]) {
    if ((name === "from" || name === "to") && filters.range !== "custom") continue;
    if (value !== NO_FILTERS[name] && value !== null && value !== "") search[name] = String(value);
  }
  return search;
}

/** Read a URL that anybody may have typed: what cannot be understood is as if it were not there. */
export function fromUrl(given: Given): Filters {
  const text = (name: string): string => {
    const value = given[name];
    return ((Array.isArray(value) ? value[0] : value) ?? "").trim();
  };
  const from = moment(text("from"));
  const to = moment(text("to"));
  const range = pick<Range>(text("range"), [...RANGES, "custom"], from || to ? "custom" : "all");
  const page = Number(text("page"));
  const pageSize = Number(text("page_size"));
  return {
    range: range === "custom" && !from && !to ? "all" : range,
    from: range === "custom" ? from : "",
    to: range === "custom" ? to : "",
    number: text("number"),
    caller: text("caller"),
    callee: text("callee"),
    match: pick(text("match"), MATCHES, "contains"),
    direction: text("direction"),
    recorded: pick(text("recorded"), ["yes", "no", ""] as const, ""),
    reason: text("reason"),
    mark: text("mark"),
    codec: text("codec"),
    min_s: seconds(text("min_s")),
    max_s: seconds(text("max_s")),
    max_mos: mos(text("max_mos")),
    verdict: pick(text("verdict"), [...VERDICTS, ""], ""),
    interaction_id: text("interaction_id"),
    sort: pick(text("sort"), SORTS, "-started_at"),
    page: Number.isInteger(page) && page > 0 ? page : 1,
    page_size: (PAGE_SIZES as readonly number[]).includes(pageSize) ? pageSize : 25,
  };
}

/** The first moment of a quick range in the reader's own time zone; weeks begin on Monday (ISO 8601). */
export function rangeStart(range: Range, now: Date): Date | null {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  if (range === "today") return midnight;
  if (range === "week") {
    midnight.setDate(midnight.getDate() - ((midnight.getDay() + 6) % 7));
    return midnight;
  }
  if (range === "month") return new Date(now.getFullYear(), now.getMonth(), 1);
  return null;
}

/** What the API is asked: ranges become times, `match` goes along only when there is a number to match. */
export function toQuery(filters: Filters, now: Date): Record<string, string | number> {
  const query: Record<string, string | number> = {};
  const { range, from, to, match, page, page_size: pageSize, sort, ...rest } = filters;
  for (const [name, value] of Object.entries(rest)) {
    if (value !== "" && value !== null) query[name] = value;
  }
  if (range === "custom") {
    if (from) query["from"] = from;
    if (to) query["to"] = to;
  } else {
    const start = rangeStart(range, now);
    if (start) query["from"] = start.toISOString();
  }
  if (filters.number || filters.caller || filters.callee) query["match"] = match;
  return { ...query, sort, page, page_size: pageSize };
}

/** How many filters narrow the list, apart from order and paging. */
export function narrowing(filters: Filters): (keyof Filters)[] {
  const names: (keyof Filters)[] = [
    "number", "caller", "callee", "direction", "recorded", "reason", "mark", "codec", "min_s", "max_s", "max_mos", "verdict", "interaction_id",
  ];
  return names.filter((name) => filters[name] !== NO_FILTERS[name]);
}
