/** The network settings of the form: a port's own part of them, and where the panel is found afterwards. Pure. */
import type { Value, Values } from "@/form/schema";

export interface Route {
  to: string;
  via: string;
}

const FRESH: Values = { role: "management", addressing: { kind: "automatic" }, vlan: 0, routes: [] };

export function rowsOf(network: Values, name: string): Values[] {
  const rows = network[name];
  return Array.isArray(rows) ? (rows as Values[]) : [];
}

/** What the settings say of a port; for one they do not name, what it is now. */
export function portOf(network: Values, port: { name: string; role: string }): Values {
  return rowsOf(network, "ports").find((one) => one["name"] === port.name) ?? { ...FRESH, name: port.name, role: port.role };
}

/** The settings with this port in them, in the place where it stood. */
export function withPort(network: Values, port: Values): Values {
  const ports = rowsOf(network, "ports");
  const known = ports.some((one) => one["name"] === port["name"]);
  return { ...network, ports: known ? ports.map((one) => (one["name"] === port["name"] ? port : one)) : [...ports, port] };
}

export function manages(port: Values): boolean {
  return port["role"] === "management" || port["role"] === "both";
}

/** The addresses under which the panel will be found, without the one it is found under now. */
export function homesOf(network: Values, host: string): string[] {
  const found: string[] = [];
  for (const port of rowsOf(network, "ports").filter(manages)) {
    const addressing = port["addressing"];
    const given: Value | undefined = typeof addressing === "object" && addressing !== null && !Array.isArray(addressing) ? addressing["addresses"] : [];
    for (const one of Array.isArray(given) ? given : []) {
      const address = String(one).split("/")[0] ?? "";
      const shown = address.includes(":") ? `[${address}]` : address;
      if (shown && shown !== host) found.push(shown);
    }
  }
  return found;
}

/** The next free name of a joined port. */
export function freeBond(network: Values): string {
  const taken = new Set(rowsOf(network, "bonds").map((one) => one["name"]));
  for (let number = 0; ; number += 1) if (!taken.has(`bond${number}`)) return `bond${number}`;
}
