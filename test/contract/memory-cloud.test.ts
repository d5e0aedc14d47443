import { describe, it } from "vitest";
import {
  bindContract,
  type ContractCase,
  disksContract,
  instancesContract,
  loadBalancerContract,
  routesContract,
} from "../../src/cloudprovider/contract-tests/index.ts";
import { disksSubject, instancesSubject, loadBalancerSubject, routesSubject } from "../fixtures/memory-cloud.ts";

function bind<Subject>(name: string, cases: readonly ContractCase<Subject>[], make: () => Subject): void {
  describe(`${name} contract: the memory cloud`, () => {
    for (const { name: obligation, run } of bindContract(cases, [])) it(obligation, () => run(make()));
  });
}

bind("LoadBalancer", loadBalancerContract, loadBalancerSubject);
bind("Instances", instancesContract, instancesSubject);
bind("Routes", routesContract, routesSubject);
bind("Disks", disksContract, disksSubject);
