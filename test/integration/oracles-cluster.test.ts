import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { type Ask, type KubernetesObject, nodesOf } from "../../src/simulator/index.ts";
import { type ClusterRig, withCluster } from "../fixtures/cluster-rig.ts";

const SEED = {
  vmss: { name: "nodes", nodes: [{}, {}, {}] },
  securityGroup: { rules: [{ name: "ops", priority: 200, ports: "22", source: "192.0.2.0/24" }] },
};
const LATENCY = { answerMs: () => 0, operationMs: () => 5_000, retryAfterSeconds: () => undefined };
const NAME = "default/web";
const FRIEND = "198.51.100.7";
const STRANGER = "203.0.113.9";

const SERVICE = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", uid: "4c3a9b1e-7d52-4f0a-9c6e-2b8d1f3a5e70" },
  spec: { type: "LoadBalancer", ports: [{ name: "http", port: 80 }] },
};

/** Arms the oracles, and lets them hear of every status that the controllers publish. Returns how many it were. */
function listen(rig: ClusterRig): () => number {
  const { oracles } = rig.arm;
  let count = 0;
  oracles.arm();
  rig.kubernetes.intercept(({ stage, request }) => {
    const isStatus = request.url.pathname.endsWith("/services/web/status");
    const addresses = rig.addressesOf("web");
    if (stage !== "committed" || !isStatus || addresses.length === 0) return undefined;
    oracles.published(NAME, addresses);
    count++;
    return undefined;
  });
  return () => count;
}

function ask(rig: ClusterRig, wanted: Omit<Ask, "name">): void {
  rig.arm.oracles.ask({ name: NAME, ...wanted });
}

/** Changes the Service's spec, as `kubectl apply` does. */
function change(rig: ClusterRig, spec: object): void {
  const current = rig.kubernetes.get("Service", "default", "web") as KubernetesObject;
  const before = current["spec"] as object;
  rig.kubernetes.update({ ...current, spec: { ...before, ...spec } } as KubernetesObject);
}

function reaches(rig: ClusterRig, source: string, port: number): boolean {
  const [destination = ""] = rig.addressesOf("web");
  return nodesOf(rig.arm.reach({ source, destination, port })).length === SEED.vmss.nodes.length;
}

describe("with the controllers running and every oracle armed", () => {
  for (const poolType of ["nodeIP", "nodeIPConfiguration"]) {
    it(`a Service is made, changed and deleted through the API (${poolType})`, () =>
      withCluster(
        {
          seed: SEED,
          arm: { latency: LATENCY },
          azureJson: { loadBalancerBackendPoolConfigurationType: poolType },
        },
        async (rig) => {
          await rig.start();
          const publications = listen(rig);
          ask(rig, { ports: [{ port: 80 }] });
          rig.kubernetes.create(SERVICE);
          await rig.eventually(() => rig.addressesOf("web").length > 0);
          assert.ok(reaches(rig, "Internet", 80));
          assert.equal(publications(), 1);
          const [address = ""] = rig.addressesOf("web");

          ask(rig, { ports: [{ port: 80 }, { port: 443 }], from: [FRIEND], notFrom: [] });
          const ports = [
            { name: "http", port: 80 },
            { name: "https", port: 443 },
          ];
          change(rig, { ports, loadBalancerSourceRanges: ["198.51.100.0/24"] });
          await rig.eventually(() => reaches(rig, FRIEND, 443) && !reaches(rig, STRANGER, 80));
          ask(rig, { ports: [{ port: 80 }, { port: 443 }], from: [FRIEND], notFrom: [STRANGER] });

          rig.arm.oracles.release(NAME);
          rig.kubernetes.delete("Service", "default", "web");
          await rig.eventually(() => rig.kubernetes.get("Service", "default", "web") === undefined);
          assert.equal(
            rig.arm.reach({ source: "Internet", destination: address, port: 80 }).stop?.reason,
            "no-such-address",
          );
          rig.arm.oracles.assertSilent();
        },
      ));
  }
});
