import { describe, expect, it } from "vitest";
import { fillOf, percent, shareOf, shortMs, slowest, timeOf, totalMs } from "../../graph/profile/profile";

const PROFILE = {
  nodes: { "1": 0.5, "6": 14, "7/2": 4, "7/3": 1.5 },
  wires: [
    { source: "1", target: "6", capacity: 1, fill: 0.25 },
    { source: "6", target: "7/2", capacity: 1, fill: 0.5 },
    { source: "6", target: "7/3", capacity: 2, fill: 0.9 },
  ],
};

describe("times on nodes", () => {
  it("are the node's own, and for an instance those of all nodes inside", () => {
    expect(timeOf(PROFILE, "6")).toBe(14);
    expect(timeOf(PROFILE, "7")).toBe(5.5);
    expect(timeOf(PROFILE, "7/3")).toBe(1.5);
  });

  it("are unknown for a node that takes no part", () => {
    expect(timeOf(PROFILE, "70")).toBeNull();
    expect(timeOf(PROFILE, "9")).toBeNull();
  });

  it("have shares that add up to one", () => {
    expect(totalMs(PROFILE)).toBe(20);
    const shares = slowest(PROFILE, 9).map((row) => row.share);
    expect(shares[0]).toBeCloseTo(0.7);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(shareOf({ nodes: {}, wires: [] }, 0)).toBe(0);
  });

  it("come slowest first", () => {
    expect(slowest(PROFILE, 2).map((row) => row.node)).toEqual(["6", "7/2"]);
  });

  it("are written with the digits that matter", () => {
    expect([0.042, 1.44, 9.96, 13.6, 166.67].map(shortMs)).toEqual(["0.04", "1.4", "10.0", "14", "167"]);
    expect(percent(0.126)).toBe("13");
  });
});

describe("fill of wires", () => {
  it("is that of the channel, and of the fullest one where several lead into an instance", () => {
    expect(fillOf(PROFILE, "1", "6")?.fill).toBe(0.25);
    expect(fillOf(PROFILE, "6", "7")?.fill).toBe(0.9);
  });

  it("is unknown where nothing flows every tick", () => {
    expect(fillOf(PROFILE, "1", "7")).toBeNull();
  });
});
