import assert from "node:assert/strict";
import { keyOf } from "../objects.ts";
import { endsOnAbort, rejection, rejects, writesNothing } from "./claims.ts";
import type { ContractCase } from "./contract.ts";
import type { LoadBalancerSubject } from "./load-balancer-subject.ts";
import { contractService, ensure, factsOf, lookUp, SECOND_PORT } from "./services.ts";

const twoPorts = contractService(0, { ports: [...contractService().spec.ports, SECOND_PORT] });

/** Obligations of `ensureLoadBalancer`. */
export const ensureCases: readonly ContractCase<LoadBalancerSubject>[] = [
  {
    name: "ensuring returns an address under which the balancer is reached",
    run: async (subject) => {
      const { ingress } = await ensure(subject, contractService());
      assert.ok(ingress.length > 0, "want at least one ingress");
      for (const { ip = "", hostname = "" } of ingress) assert.notEqual(`${ip}${hostname}`, "");
    },
  },
  {
    name: "ensuring sends traffic of each port to each node",
    run: async (subject) => {
      await ensure(subject, twoPorts);
      assert.deepEqual(await subject.observe(twoPorts), factsOf(subject.nodes, ["TCP/80", "TCP/443"]));
    },
  },
  {
    name: "ensuring an unchanged Service writes nothing and returns the same",
    run: async (subject) => {
      const first = await ensure(subject, contractService());
      const second = await writesNothing(
        () => subject.writes(),
        () => ensure(subject, contractService()),
      );
      assert.deepEqual(second, first);
    },
  },
  {
    name: "ensuring an unchanged Service writes nothing after a restart",
    run: async (subject) => {
      const first = await ensure(subject, contractService());
      await subject.restart();
      const second = await writesNothing(
        () => subject.writes(),
        () => ensure(subject, contractService()),
      );
      assert.deepEqual(second, first);
    },
  },
  {
    name: "the order of nodes does not matter",
    run: async (subject) => {
      await ensure(subject, contractService());
      await writesNothing(
        () => subject.writes(),
        () => ensure(subject, contractService(), subject.nodes.toReversed()),
      );
    },
  },
  {
    name: "ensuring a changed Service changes its balancer and keeps its address",
    run: async (subject) => {
      const first = await ensure(subject, contractService());
      assert.deepEqual(await ensure(subject, twoPorts), first);
      assert.deepEqual(await subject.observe(twoPorts), factsOf(subject.nodes, ["TCP/80", "TCP/443"]));
      await ensure(subject, contractService());
      assert.deepEqual(await subject.observe(contractService()), factsOf(subject.nodes, ["TCP/80"]));
    },
  },
  {
    name: "ensuring without nodes keeps the members that are there",
    run: async (subject) => {
      await ensure(subject, contractService());
      await ensure(subject, contractService(), []);
      assert.deepEqual(await subject.observe(contractService()), factsOf(subject.nodes, ["TCP/80"]));
    },
  },
  {
    name: "an impossible Service is refused as InvalidArgument and gets nothing",
    run: async (subject) => {
      const service = subject.impossible(contractService());
      await rejects(ensure(subject, service), "InvalidArgument");
      assert.equal(await lookUp(subject, contractService()), undefined);
    },
  },
  {
    name: "a change to something impossible is refused and changes nothing that works",
    run: async (subject) => {
      const status = await ensure(subject, contractService());
      const refused = ensure(subject, subject.impossible(contractService()));
      await writesNothing(
        () => subject.writes(),
        () => rejects(refused, "InvalidArgument"),
      );
      assert.deepEqual(await lookUp(subject, contractService()), { status });
      assert.deepEqual(await subject.observe(contractService()), factsOf(subject.nodes, ["TCP/80"]));
    },
  },
  {
    name: "many Services ensured at once get a balancer each",
    run: async (subject) => {
      const services = Array.from({ length: 5 }, (_, index) => contractService(index, portsOf(index)));
      const statuses = await Promise.all(services.map((service) => ensure(subject, service)));
      for (const [index, service] of services.entries()) {
        assert.deepEqual(await lookUp(subject, service), { status: statuses[index] });
        assert.deepEqual(await subject.observe(service), factsOf(subject.nodes, [`TCP/${8000 + index}`]));
      }
    },
  },
  {
    name: "ensuring one Service leaves another's balancer as it is",
    run: async (subject) => {
      const status = await ensure(subject, contractService(0));
      await ensure(subject, contractService(1, portsOf(1)), subject.nodes.slice(0, 1));
      assert.deepEqual(await lookUp(subject, contractService(0)), { status });
      assert.deepEqual((await subject.observe(contractService(0)))?.ports, ["TCP/80"]);
    },
  },
  {
    name: "ensuring ends when its signal aborts",
    run: async ({ balancer, clusterName, nodes, publish }) => {
      publish(keyOf(contractService()), contractService());
      await endsOnAbort((signal) => balancer.ensureLoadBalancer(clusterName, contractService(), nodes, signal));
    },
  },
  {
    name: "what an aborted call has begun is found and finished by the next",
    run: async (subject) => {
      const controller = new AbortController();
      const service = contractService();
      subject.publish(keyOf(service), service);
      const begun = subject.balancer.ensureLoadBalancer(subject.clusterName, service, subject.nodes, controller.signal);
      const ended = rejection(begun).catch(() => "it had finished already");
      await new Promise((resolve) => setImmediate(resolve)); // lets the first request leave
      controller.abort();
      await ended;
      const status = await ensure(subject, service);
      assert.deepEqual(await lookUp(subject, service), { status });
    },
  },
];

function portsOf(index: number): { readonly ports: readonly [{ protocol: "TCP"; port: number; nodePort: number }] } {
  return { ports: [{ protocol: "TCP", port: 8000 + index, nodePort: 31_000 + index }] };
}
