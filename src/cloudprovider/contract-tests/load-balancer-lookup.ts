import assert from "node:assert/strict";
import { endsOnAbort, writesNothing } from "./claims.ts";
import type { ContractCase } from "./contract.ts";
import type { LoadBalancerSubject } from "./load-balancer-subject.ts";
import { contractService, ensure, lookUp } from "./services.ts";

/** Obligations of `getLoadBalancer` and `getLoadBalancerName`. */
export const lookupCases: readonly ContractCase<LoadBalancerSubject>[] = [
  {
    name: "looking for the balancer of an unknown Service finds nothing and writes nothing",
    run: async (subject) => {
      const found = await writesNothing(
        () => subject.writes(),
        () => lookUp(subject, contractService()),
      );
      assert.equal(found, undefined);
    },
  },
  {
    name: "looking finds the status that ensuring returned",
    run: async (subject) => {
      const status = await ensure(subject, contractService());
      assert.deepEqual(await lookUp(subject, contractService()), { status });
    },
  },
  {
    name: "looking writes nothing",
    run: async (subject) => {
      await ensure(subject, contractService());
      await writesNothing(
        () => subject.writes(),
        () => lookUp(subject, contractService()),
      );
    },
  },
  {
    name: "looking ends when its signal aborts",
    run: ({ balancer, clusterName }) =>
      endsOnAbort((signal) => balancer.getLoadBalancer(clusterName, contractService(), signal)),
  },
  {
    name: "a balancer's name is known without a request",
    run: async (subject) => {
      const before = subject.requests();
      assert.notEqual(subject.balancer.getLoadBalancerName(subject.clusterName, contractService()), "");
      assert.equal(subject.requests(), before);
    },
  },
  {
    name: "a balancer's name stays when its Service changes",
    run: async ({ balancer, clusterName }) => {
      const changed = contractService(0, { externalTrafficPolicy: "Local", ports: [] });
      const [before, after] = [contractService(), changed].map((s) => balancer.getLoadBalancerName(clusterName, s));
      assert.equal(after, before);
    },
  },
  {
    name: "balancers of two Services have two names",
    run: async ({ balancer, clusterName }) => {
      const names = [contractService(0), contractService(1)].map((s) => balancer.getLoadBalancerName(clusterName, s));
      assert.notEqual(names[0], names[1]);
    },
  },
];
