import assert from "node:assert/strict";
import { endsOnAbort, writesNothing } from "./claims.ts";
import type { ContractCase } from "./contract.ts";
import type { LoadBalancerSubject } from "./load-balancer-subject.ts";
import { contractService, ensure, factsOf, goingAway, lookUp, update } from "./services.ts";

/** Obligations of `updateLoadBalancer`. */
export const updateCases: readonly ContractCase<LoadBalancerSubject>[] = [
  {
    name: "updating adds and removes members",
    run: async (subject) => {
      const [first, second, third] = subject.nodes;
      assert.ok(first !== undefined && second !== undefined && third !== undefined, "the subject needs three nodes");
      await ensure(subject, contractService(), [first, second]);
      await update(subject, contractService(), [second, third]);
      assert.deepEqual(await subject.observe(contractService()), factsOf([second, third], ["TCP/80"]));
    },
  },
  {
    name: "updating keeps the address",
    run: async (subject) => {
      const status = await ensure(subject, contractService());
      await update(subject, contractService(), subject.nodes.slice(1));
      assert.deepEqual(await lookUp(subject, contractService()), { status });
    },
  },
  {
    name: "updating to the members that are there writes nothing",
    run: async (subject) => {
      await ensure(subject, contractService());
      await writesNothing(
        () => subject.writes(),
        () => update(subject, contractService(), subject.nodes.toReversed()),
      );
    },
  },
  {
    name: "updating a Service without balancer does nothing",
    run: async (subject) => {
      await writesNothing(
        () => subject.writes(),
        () => update(subject, contractService(), subject.nodes),
      );
      assert.equal(await lookUp(subject, contractService()), undefined);
    },
  },
  {
    name: "updating a Service that is being deleted does nothing",
    run: async (subject) => {
      await ensure(subject, contractService());
      await writesNothing(
        () => subject.writes(),
        () => update(subject, goingAway(contractService()), subject.nodes.slice(1)),
      );
    },
  },
  {
    name: "updating a Service that wants no balancer any more does nothing",
    run: async (subject) => {
      await ensure(subject, contractService());
      await writesNothing(
        () => subject.writes(),
        () => update(subject, contractService(0, { type: "ClusterIP" }), subject.nodes.slice(1)),
      );
    },
  },
  {
    name: "updating during an ensure of the same Service spoils nothing",
    run: async (subject) => {
      const status = await ensure(subject, contractService());
      await Promise.all([ensure(subject, contractService()), update(subject, contractService(), subject.nodes)]);
      assert.deepEqual(await lookUp(subject, contractService()), { status });
      assert.deepEqual(await subject.observe(contractService()), factsOf(subject.nodes, ["TCP/80"]));
    },
  },
  {
    name: "updating ends when its signal aborts",
    run: async (subject) => {
      await ensure(subject, contractService());
      const { balancer, clusterName } = subject;
      await endsOnAbort((signal) => balancer.updateLoadBalancer(clusterName, contractService(), [], signal));
    },
  },
];
