import { describe, it } from "vitest";
import {
  bindContract,
  type LoadBalancerSubject,
  loadBalancerContract,
} from "../../src/cloudprovider/contract-tests/index.ts";
import type { Service } from "../../src/cloudprovider/index.ts";
import { AzureRig, type RigOptions } from "../fixtures/azure-rig.ts";
import { membersOf, portsOf } from "../fixtures/balancer-facts.ts";

const SETUPS: readonly { readonly name: string; readonly options: RigOptions }[] = [
  { name: "IP-based pools", options: {} },
  {
    name: "NIC-based pools of a scale set",
    options: { azureJson: { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" } },
  },
  {
    name: "NIC-based pools of standalone machines",
    options: {
      seed: { vms: [{ name: "vm-a" }, { name: "vm-b" }, { name: "vm-c" }] },
      azureJson: { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" },
    },
  },
];

for (const { name, options } of SETUPS) {
  describe(`LoadBalancer contract: Azure on the simulator, ${name}`, () => {
    for (const { name: obligation, run } of bindContract(loadBalancerContract, [])) {
      it(obligation, async () => {
        const rig = await AzureRig.open(options);
        try {
          await run(subjectOf(rig));
        } finally {
          await rig.close();
        }
      });
    }
  });
}

function subjectOf(rig: AzureRig): LoadBalancerSubject {
  return {
    get balancer() {
      return rig.balancer;
    },
    clusterName: "kubernetes",
    nodes: rig.nodes,
    publish: (key, service) => {
      if (service === undefined) rig.services.delete(key);
      else rig.services.set(key, service);
    },
    impossible: (service) => ({
      ...service,
      metadata: {
        ...service.metadata,
        annotations: { "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout": "3" },
      },
    }),
    observe: (service: Service) => {
      const ports = portsOf(rig, service);
      return Promise.resolve(ports.length === 0 ? undefined : { members: membersOf(rig), ports });
    },
    requests: () => rig.arm.journal.count(),
    writes: () => rig.writes(),
    restart: () => rig.restart(),
  };
}
