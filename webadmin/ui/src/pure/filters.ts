/** The filters of the call list and their two other forms: the page's URL and the API's query. Pure. */

export const RANGES = ["today", "week", "month", "all"] as const;
/** Ranges that only the query line and links name; all but `all` and `custom` are the backend's words too. */
export const NAMED_RANGES = ["today", "yesterday", "week", "last_week", "month", "last_month", "year"] as const;
export const MATCHES = ["contains", "prefix", "suffix", "exact", "pattern"] as const;
export const SORTS = ["-started_at", "started_at", "-duration", "duration", "caller", "-caller", "callee", "-callee", "mos", "-mos"] as const;
export const VERDICTS = ["clean", "network", "copy", "both", "unknown"] as const;
export const CALL_TYPES = ["incoming", "outgoing", "missed", "internal", "automatic"] as const;
export const DATA_TYPES = ["ip", "siprec", "analog", "e1"] as const;
export const PAGE_SIZES = [10, 25, 50, 100] as const;

export type Range = (typeof NAMED_RANGES)[number] | "all" | "custom";
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
  extension: string;
  name: string;
  company: string;
  department: number | null;
  data_type: string;
  call_type: string;
  conference: "" | "yes" | "no";
  encrypted: "" | "yes" | "no";
  reviewed: "" | "yes" | "no";
  trunk: string;
  tag: string;
  note: string;
  without_number: string;
  without_mark: string;
  without_reason: string;
  without_tag: string;
  min_s: number | null;
  max_s: number | null;
  /** Calls whose worse side sounded no better than this. */
  max_mos: number | null;
  verdict: string;
  interaction_id: string;
  sort: Sort;
  page: number;
  page_size: number;
  /** Where the page begins, as an earlier answer said; `page` then only tells the reader. */
  cursor: string;
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
  extension: "",
  name: "",
  company: "",
  department: null,
  data_type: "",
  call_type: "",
  conference: "",
  encrypted: "",
  reviewed: "",
  trunk: "",
  tag: "",
  note: "",
  without_number: "",
  without_mark: "",
  without_reason: "",
  without_tag: "",
  min_s: null,
  max_s: null,
  max_mos: null,
  verdict: "",
  interaction_id: "",
  sort: "-started_at",
  page: 1,
  page_size: 25,
  cursor: "",
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
  const range = pick<Range>(text("range"), [...NAMED_RANGES, "all", "custom"], from || to ? "custom" : "all");
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
    extension: text("extension"),
    name: text("name"),
    company: text("company"),
    department: /^\d{1,9}$/.test(text("department")) ? Number(text("department")) : null,
    data_type: pick(text("data_type"), [...DATA_TYPES, ""], ""),
    call_type: pick(text("call_type"), [...CALL_TYPES, ""], ""),
    conference: pick(text("conference"), ["yes", "no", ""] as const, ""),
    encrypted: pick(text("encrypted"), ["yes", "no", ""] as const, ""),
    reviewed: pick(text("reviewed"), ["yes", "no", ""] as const, ""),
    trunk: text("trunk"),
    tag: text("tag"),
    note: text("note"),
    without_number: text("without_number"),
    without_mark: text("without_mark"),
    without_reason: text("without_reason"),
    without_tag: text("without_tag"),
    min_s: seconds(text("min_s")),
    max_s: seconds(text("max_s")),
    max_mos: mos(text("max_mos")),
    verdict: pick(text("verdict"), [...VERDICTS, ""], ""),
    interaction_id: text("interaction_id"),
    sort: pick(text("sort"), SORTS, "-started_at"),
    page: Number.isInteger(page) && page > 0 ? page : 1,
    page_size: (PAGE_SIZES as readonly number[]).includes(pageSize) ? pageSize : 25,
    cursor: /^(last|[ab](_[-+.e\d]+){2,3})$/.test(text("cursor")) ? text("cursor") : "",
  };
}

/** What the API is asked; a range goes as a word with the reader's time zone, whose calendar the backend knows best. */
export function toQuery(filters: Filters, zone: string): Record<string, string | number> {
  const query: Record<string, string | number> = {};
  const { range, from, to, match, page, page_size: pageSize, sort, ...rest } = filters;
  for (const [name, value] of Object.entries(rest)) {
    if (value !== "" && value !== null) query[name] = value;
  }
  if (range === "custom") {
    if (from) query["from"] = from;
    if (to) query["to"] = to;
  } else if (range !== "all") {
    query["range"] = range;
    query["tz"] = zone;
  }
  if (filters.number || filters.caller || filters.callee) query["match"] = wildcard(filters) ? "pattern" : match;
  return { ...query, sort, page, page_size: pageSize };
}

/** Stars typed into the form mean what they mean everywhere: `5039*`, `*5039*`. */
function wildcard(filters: Filters): boolean {
  return filters.match === "contains" && [filters.number, filters.caller, filters.callee].some((one) => /^\*[^*]|[^*]\*$/.test(one));
}

/** The filters as the query line's reader and writer know them. */
export function toLine(filters: Filters): Record<string, string | number> {
  const left = new Set(["tz", "page", "page_size", "cursor", ...(filters.sort === NO_FILTERS.sort ? ["sort"] : [])]);
  return Object.fromEntries(Object.entries(toQuery(filters, "UTC")).filter(([name]) => !left.has(name)));
}

/** What a line asks, as the list's filters; what the line does not say is as if never asked. */
export function fromLine(asked: Record<string, string | number>, pageSize: number): Filters {
  const given = Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, String(value)]));
  return { ...fromUrl(given), page_size: pageSize };
}

/** How many filters narrow the list, apart from order and paging. */
export function narrowing(filters: Filters): (keyof Filters)[] {
  const names: (keyof Filters)[] = [
    "number", "caller", "callee", "direction", "recorded", "reason", "mark", "codec", "min_s", "max_s", "max_mos", "verdict", "interaction_id",
    "extension", "name", "company", "department", "data_type", "call_type", "conference", "encrypted", "reviewed", "trunk", "tag", "note",
    "without_number", "without_mark", "without_reason", "without_tag",
  ];
  return names.filter((name) => filters[name] !== NO_FILTERS[name]);
}
