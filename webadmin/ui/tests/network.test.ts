import { describe, expect, it } from "vitest";

import { freeBond, homesOf, portOf, withPort } from "@/pure/network";

const fixed = (name: string, role: string, ...addresses: string[]) => ({ name, role, addressing: { kind: "fixed", addresses }, vlan: 0, routes: [] });

describe("a port's part of the settings", () => {
  it("is what it is now while the settings do not name it", () => {
    expect(portOf({ ports: [] }, { name: "enp2", role: "mirror" })).toMatchObject({ name: "enp2", role: "mirror", vlan: 0 });
  });
  it("stays in its place when it changes and comes last when it is new", () => {
    const network = { ports: [fixed("a", "management", "10.0.0.1/24"), fixed("b", "off", "10.0.1.1/24")] };
    expect(withPort(network, { ...portOf(network, { name: "a", role: "x" }), vlan: 7 })["ports"]).toMatchObject([{ name: "a", vlan: 7 }, { name: "b" }]);
    expect(withPort(network, { name: "c" })["ports"]).toHaveLength(3);
    expect(network.ports).toHaveLength(2);
  });
});

describe("where the panel is found afterwards", () => {
  it("is at every fixed address of a managing port but the present one", () => {
    const network = { ports: [fixed("a", "management", "10.0.0.1/24", "2001:db8::1/64"), fixed("b", "mirror", "10.0.1.1/24"), fixed("c", "both", "10.0.2.1/24")] };
    expect(homesOf(network, "10.0.0.1")).toEqual(["[2001:db8::1]", "10.0.2.1"]);
  });
  it("is nowhere else when addresses come by themselves", () => {
    expect(homesOf({ ports: [{ name: "a", role: "management", addressing: { kind: "automatic" } }] }, "x")).toEqual([]);
    expect(homesOf({}, "x")).toEqual([]);
  });
});

it("a joined port gets the first free name", () => {
  expect(freeBond({ bonds: [{ name: "bond0" }, { name: "bond2" }] })).toBe("bond1");
});
