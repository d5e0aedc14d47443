import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { type CloudConfig, parseCloudConfig } from "../../../../src/azure/config/index.ts";
import { loadBalancerConfig } from "../../../../src/azure/loadbalancer/config.ts";

function configOf(value: object): CloudConfig {
  const parsed = parseCloudConfig({ file: { name: "f", text: JSON.stringify(value) } });
  assert.ok(parsed.ok);
  return parsed.value.config;
}

describe("the load balancers' view", () => {
  it("is what that room asks for", () => {
    const config = configOf({ subscriptionId: "s", vnetName: "v", loadBalancerSku: "basic", resourceGroup: "RG" });
    const view = loadBalancerConfig(config, { clusterName: "kubernetes", zones: ["1"] });
    assert.equal(view.sku, "basic");
    assert.equal(view.networkSubscriptionId, "s");
    assert.equal(view.loadBalancerResourceGroup, "rg");
    assert.equal(view.excludeControlPlane, false);
    assert.equal(view.preconfiguredPools, "none");
    assert.equal("loadBalancerName" in view, false);
  });
});
