import assert from "node:assert/strict";
import { endsOnAbort, writesNothing } from "./claims.ts";
import type { ContractCase } from "./contract.ts";
import type { LoadBalancerSubject } from "./load-balancer-subject.ts";
import { contractService, ensure, factsOf, lookUp, remove, SECOND_PORT } from "./services.ts";

/** Obligations of `ensureLoadBalancerDeleted`. */
export const deletionCases: readonly ContractCase<LoadBalancerSubject>[] = [
  {
    name: "deleting leaves nothing",
    run: async (subject) => {
      await ensure(subject, contractService());
      await remove(subject, contractService());
      assert.equal(await lookUp(subject, contractService()), undefined);
      assert.equal(await subject.observe(contractService()), undefined);
    },
  },
  {
    name: "deleting what was never made does nothing",
    run: async (subject) => {
      await writesNothing(
        () => subject.writes(),
        () => remove(subject, contractService()),
      );
    },
  },
  {
    name: "deleting twice writes nothing the second time",
    run: async (subject) => {
      await ensure(subject, contractService());
      await remove(subject, contractService());
      await writesNothing(
        () => subject.writes(),
        () => remove(subject, contractService()),
      );
    },
  },
  {
    name: "a Service with impossible settings can be deleted",
    run: async (subject) => {
      await ensure(subject, contractService());
      await remove(subject, subject.impossible(contractService()));
      assert.equal(await lookUp(subject, contractService()), undefined);
    },
  },
  {
    name: "another process can delete what this one made",
    run: async (subject) => {
      await ensure(subject, contractService());
      await subject.restart();
      await remove(subject, contractService());
      assert.equal(await lookUp(subject, contractService()), undefined);
    },
  },
  {
    name: "deleting one Service leaves another's balancer as it is",
    run: async (subject) => {
      const stays = contractService(1, { ports: [SECOND_PORT] });
      await ensure(subject, contractService(0));
      const status = await ensure(subject, stays);
      await remove(subject, contractService(0));
      assert.deepEqual(await lookUp(subject, stays), { status });
      assert.deepEqual(await subject.observe(stays), factsOf(subject.nodes, ["TCP/443"]));
    },
  },
  {
    name: "a deleted Service can come back",
    run: async (subject) => {
      await ensure(subject, contractService());
      await remove(subject, contractService());
      const status = await ensure(subject, contractService());
      assert.deepEqual(await lookUp(subject, contractService()), { status });
      assert.deepEqual(await subject.observe(contractService()), factsOf(subject.nodes, ["TCP/80"]));
    },
  },
  {
    name: "deleting ends when its signal aborts",
    run: async (subject) => {
      await ensure(subject, contractService());
      const { balancer, clusterName } = subject;
      await endsOnAbort((signal) => balancer.ensureLoadBalancerDeleted(clusterName, contractService(), signal));
    },
  },
];
