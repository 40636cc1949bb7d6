import { describe, expect, it } from "vitest";
import type { Job, JobOutput, Workflow } from "../protocol/messages.gen";
import { durationS, galleryItems } from "./outputs";
import { sketch } from "./sketch";

function output(filename: string, media_type: string): JobOutput {
  return { filename, subfolder: "", type: "output", media_type, url: `/view?filename=${filename}` };
}

function job(id: string, outputs: JobOutput[], change: Partial<Job> = {}): Job {
  const times = { created_at: 0, started_at: 1000, finished_at: 3500 };
  return { prompt_id: id, name: id, status: "succeeded", outputs, ...times, ...change };
}

describe("galleryItems", () => {
  const jobs = [
    job("b", [output("b.png", "image/png"), output("b.mp4", "video/mp4"), output("b.json", "application/json")]),
    job("a", [output("a.png", "image/png")]),
  ];

  it("lists pictures and videos in the jobs' order, videos of a job first, and nothing else", () => {
    expect(galleryItems(jobs, "all").map(({ output: { filename } }) => filename)).toEqual(["b.mp4", "b.png", "a.png"]);
  });

  it("filters by kind", () => {
    expect(galleryItems(jobs, "video")).toHaveLength(1);
    expect(galleryItems(jobs, "image").map(({ job: { name } }) => name)).toEqual(["b", "a"]);
  });
});

it("gives the time a job took, once it ended", () => {
  expect(durationS(job("a", []))).toBe(2.5);
  expect(durationS(job("a", [], { finished_at: null }))).toBeNull();
  expect(durationS(job("a", [], { started_at: null }))).toBeNull();
});

describe("sketch", () => {
  const nodes: Workflow["nodes"] = [
    { id: "1", type: "prompt.text", version: 1, inputs: {}, pos: [0, 0] },
    { id: "2", type: "view.preview", version: 1, inputs: {}, pos: [400, 100], size: [300, 200] },
  ];

  it("frames every node and joins them by their wires", () => {
    const drawn = sketch({ nodes, edges: [{ from: ["1", "prompt"], to: ["2", "frames"] }] });
    expect(drawn.viewBox).toBe("-40 -40 780 380");
    expect(drawn.boxes.map(({ category }) => category)).toEqual(["prompt", "output"]);
    expect(drawn.wires[0]?.path).toMatch(/^M220 60C.* 400 200$/);
  });

  it("leaves out wires to nodes that are not there, and draws an empty graph", () => {
    expect(sketch({ nodes, edges: [{ from: ["9", "x"], to: ["2", "frames"] }] }).wires).toEqual([]);
    expect(sketch({ nodes: [], edges: [] }).boxes).toEqual([]);
  });
});
