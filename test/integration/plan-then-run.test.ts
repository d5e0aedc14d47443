import { describe, expect, it } from "vitest";
import { planServices } from "../../src/azure/index.ts";
import { projectNode, projectService } from "../../src/controller/index.ts";
import { type ClusterRig, withCluster } from "../fixtures/cluster-rig.ts";

const service = (name: string, port: number, more: { annotations?: object; spec?: object } = {}): object => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "default", annotations: more.annotations ?? {} },
  spec: { type: "LoadBalancer", selector: { app: name }, ports: [{ port }], ...more.spec },
});
const INTERNAL = { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" };

/** What becomes of which resource, by plan. */
async function planned(rig: ClusterRig): Promise<readonly string[]> {
  const services = rig.kubernetes.list("Service").map((each) => projectService(each));
  const nodes = rig.kubernetes.list("Node").map((each) => projectNode(each));
  const { resources } = await planServices(rig.cloudOptions(), { services, nodes }, new AbortController().signal);
  return resources.map(({ verb, id }) => `${verb === "remove" ? "DELETE" : "PUT"} ${id.toLowerCase()}`).toSorted();
}

/** Which resources were written since, each once. */
function written(rig: ClusterRig, since: number): readonly string[] {
  const writes = rig.arm.journal.writes().slice(since);
  return [...new Set(writes.map(({ method, path }) => `${method} ${path.toLowerCase()}`))].toSorted();
}

describe("what is planned is what the controller then does", () => {
  it("for new Services and for those that go", async () => {
    await withCluster({}, async (rig) => {
      rig.kubernetes.create(service("web", 80));
      rig.kubernetes.create(service("api", 8080, { annotations: INTERNAL }));
      const first = await planned(rig);
      expect(first.length).toBe(4);
      await runUntil(rig, () => rig.addressesOf("web").length > 0 && rig.addressesOf("api").length > 0);
      expect(written(rig, 0)).toEqual(first);
      expect(await planned(rig)).toEqual([]);

      const since = rig.arm.journal.writes().length;
      const path = `${rig.kubernetes.httpUrl}/api/v1/namespaces/default/services`;
      await fetch(`${path}/api`, { method: "DELETE" });
      rig.kubernetes.create(service("late", 443, { spec: { loadBalancerSourceRanges: ["198.51.100.0/24"] } }));
      const second = await planned(rig);
      expect(second.map((line) => line.split(" ")[0])).toContain("DELETE");
      await runUntil(
        rig,
        () => rig.addressesOf("late").length > 0 && rig.kubernetes.get("Service", "default", "api") === undefined,
      );
      expect(written(rig, since)).toEqual(second);
      expect(await planned(rig)).toEqual([]);
    });
  });
});

async function runUntil(rig: ClusterRig, isSo: () => boolean): Promise<void> {
  await rig.start();
  await rig.eventually(isSo);
  await rig.stop();
}
