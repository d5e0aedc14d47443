import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "vitest";
import { parseCloudConfig } from "../../../../src/azure/config/index.ts";
import { CONFIG_KEYS } from "../../../../src/azure/config/schema.ts";

const parse = (value: object): ReturnType<typeof parseCloudConfig> =>
  parseCloudConfig({ file: { name: "f", text: JSON.stringify(value) } });

const anyValue = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string()),
  fc.object(),
);
const anyKey = fc.constantFrom(...Object.keys(CONFIG_KEYS));

describe("laws of azure.json", () => {
  it("law: whatever is written, the answer is a configuration or a list of problems", () => {
    fc.assert(
      fc.property(fc.dictionary(anyKey, anyValue), (value) => {
        const parsed = parse(value);
        assert.ok(parsed.ok || parsed.problems.length > 0);
      }),
    );
  });

  it("law: the order of keys does not matter", () => {
    fc.assert(
      fc.property(fc.dictionary(anyKey, anyValue), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        assert.deepEqual(parse(reversed), parse(value));
      }),
    );
  });

  it("law: letter case of keys does not matter", () => {
    fc.assert(
      fc.property(fc.dictionary(anyKey, anyValue), (value) => {
        const shouted = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toUpperCase(), inner]));
        const [a, b] = [parse(shouted), parse(value)];
        assert.deepEqual(a.ok ? a.value.config : a.problems, b.ok ? b.value.config : b.problems);
      }),
    );
  });

  it("law: no problem and no remark shows a secret", () => {
    const secrets = Object.keys(CONFIG_KEYS).filter((key) => CONFIG_KEYS[key]?.secret === true);
    assert.ok(secrets.length > 0);
    fc.assert(
      fc.property(fc.constantFrom(...secrets), fc.boolean(), (key, wrongType) => {
        const parsed = parse({ [key]: wrongType ? { deep: "hunter2" } : "hunter2" });
        const shown = parsed.ok ? parsed.value.remarks : parsed.problems;
        assert.ok(!JSON.stringify(shown).includes("hunter2"));
      }),
    );
  });
});
