import { describe, expect, it } from "vitest";
import { costLine, lookAround, resourcesTable, servicesTable } from "../../../../src/cli/demo/report.ts";
import type { DemoResult, ServiceResult } from "../../../../src/cli/demo/result.ts";
import type { JsonObject } from "../../../../src/simulator/index.ts";

const web: ServiceResult = {
  namespace: "shop",
  name: "web",
  ip: "20.0.0.1",
  ips: ["20.0.0.1", "fd00::1"],
  seconds: 2,
  error: null,
};
const late: ServiceResult = { ...web, name: "late", ip: null, ips: [], seconds: null, error: "no address" };
const writes = { loadBalancers: 1, networkSecurityGroups: 2, publicIPAddresses: 3 };

function result(...services: readonly ServiceResult[]): DemoResult {
  return { services, arm: { requests: 12, writes } };
}

describe("the report", () => {
  it("lists Services as kubectl does, and below them what went wrong", () => {
    expect(servicesTable(result(web, late)).split("\n")).toEqual([
      "  NAMESPACE  NAME  EXTERNAL-IP       READY AFTER",
      "  shop       web   20.0.0.1,fd00::1  2.0 s",
      "  shop       late  <pending>         -",
      "",
      "  shop/late has no address: no address",
    ]);
  });

  it("says in a line each what stands behind them in ARM", () => {
    const pool = { properties: { loadBalancerBackendAddresses: [{}, {}, {}] } };
    const rule = { properties: { priority: 500, access: "Allow", protocol: "Tcp" } };
    const children = { frontendIPConfigurations: [{}], loadBalancingRules: [{}, {}], backendAddressPools: [pool] };
    const held: Readonly<Record<string, readonly JsonObject[]>> = {
      loadBalancers: [{ name: "kubernetes", properties: { ...children, probes: [] } }],
      publicIPAddresses: [{ name: "ip", properties: { ipAddress: "20.0.0.1" } }, { name: "new" }],
      networkSecurityGroups: [{ name: "nsg", properties: { securityRules: [rule] } }, { name: "empty" }],
    };
    expect(resourcesTable((type) => held[type.replace("Microsoft.Network/", "")] ?? []).split("\n")).toEqual([
      "  load balancer   kubernetes  1 frontend, 2 rules, 0 probes, 3 pool members",
      "  public IP       ip          20.0.0.1",
      "  public IP       new         no address yet",
      "  security group  nsg         1 rule (500 Allow Tcp)",
      "  security group  empty       no rules",
    ]);
  });

  it("says so when there is nothing in ARM", () => expect(resourcesTable(() => [])).toBe("  none"));

  it("says what it cost", () => {
    expect(costLine(result())).toBe(
      "  12 ARM requests, polls included. Accepted writes: 1 to load balancers, 2 to security groups, 3 to public IPs.",
    );
  });

  it("ends with commands that can be copied", () => {
    const [kubeconfigPath, armEndpoint] = ["/tmp/kubeconfig", "http://127.0.0.1:1"];
    const resourceGroupId = "/subscriptions/s/resourceGroups/g";
    const text = lookAround({ kubeconfigPath, cloudConfigPath: "/tmp/azure.json", armEndpoint, resourceGroupId });
    expect(text).toMatch(
      /HOST=http:\/\/127\.0\.0\.1:1 npx azure-ccm plan --kubeconfig \S+ --cloud-config \/tmp\/azure.json -f FILE\n/,
    );
    expect(text).toContain("  kubectl --kubeconfig /tmp/kubeconfig get services -A -w\n");
    expect(text).toMatch(
      /curl -s -H 'Authorization: Bearer \w+' 'http:\/\/127\.0\.0\.1:1\/subscriptions\/s\/resourceGroups\/g\/providers\/Microsoft\.Network\/loadBalancers\?api-version=[\d-]+'$/,
    );
  });
});
