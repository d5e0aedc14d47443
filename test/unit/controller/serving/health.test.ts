import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { type Check, healthReport } from "../../../../src/controller/serving/health.ts";

const well: Check = { name: "stores", ok: () => true };
const ill: Check = { name: "leader", ok: () => false };
const asked = { verbose: false, exclude: [] };

describe("the health report", () => {
  it("is ok in one word", () => assert.deepEqual(healthReport("healthz", [well], asked), { ok: true, text: "ok" }));

  it("names each check when asked", () => {
    assert.equal(
      healthReport("readyz", [well], { ...asked, verbose: true }).text,
      "[+]stores ok\nreadyz check passed\n",
    );
  });

  it("names what failed and keeps the reason to itself", () => {
    assert.deepEqual(healthReport("healthz", [well, ill], asked), {
      ok: false,
      text: "[+]stores ok\n[-]leader failed: reason withheld\nhealthz check failed\n",
    });
  });

  it("leaves out checks as asked, and says which it does not know", () => {
    assert.deepEqual(healthReport("healthz", [well, ill], { verbose: true, exclude: ["leader", "x"] }), {
      ok: true,
      text: '[+]stores ok\n[+]leader excluded: ok\nwarn: some health checks cannot be excluded: no matches for "x"\nhealthz check passed\n',
    });
  });

  it("without any check is about being there at all", () => {
    assert.equal(healthReport("livez", [], { ...asked, verbose: true }).text, "[+]ping ok\nlivez check passed\n");
  });
});
