import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { path } from "../../../scripts/steps.ts";
import { readManifests } from "../../../src/cli/demo/manifests.ts";
import { parseClusterSeed } from "../../../src/simulator/index.ts";

describe("examples", () => {
  it("that the demo applies by itself are Services and what they need; clusters are not among them", async () => {
    const kinds = (await readManifests([path("examples")])).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(["Service", "Namespace"]));
  });

  for (const name of readdirSync(path("examples/clusters"))) {
    it(`${name} is a cluster`, () => {
      const seed = parseClusterSeed(readFileSync(path(`examples/clusters/${name}`), "utf8"));
      expect(seed).toMatchObject({ ok: true });
    });
  }
});
