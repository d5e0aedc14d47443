import { it } from "vitest";
import { loadBalancerContract } from "../../../src/cloudprovider/contract-tests/index.ts";
import { CloudError, type LoadBalancer, type Service } from "../../../src/cloudprovider/index.ts";
import { loadBalancerSubject } from "../../fixtures/memory-cloud.ts";
import { catches, type Fault, never, wantFailure } from "./fault.ts";

const faults: readonly Fault<LoadBalancer>[] = [
  {
    name: "finds a balancer where there is none",
    broken: () => ({ getLoadBalancer: async () => ({ status: { ingress: [] } }) }),
    caughtBy: "looking for the balancer of an unknown Service finds nothing and writes nothing",
  },
  {
    name: "makes a balancer by looking",
    broken: (whole) => ({
      getLoadBalancer: async (cluster, service, signal) => {
        await whole.ensureLoadBalancer(cluster, service, [], signal);
        return undefined;
      },
    }),
    caughtBy: "looking for the balancer of an unknown Service finds nothing and writes nothing",
  },
  {
    name: "forgets the address when asked",
    broken: () => ({ getLoadBalancer: async () => ({ status: undefined }) }),
    caughtBy: "looking finds the status that ensuring returned",
  },
  {
    name: "writes when it looks",
    broken: (whole) => ({
      getLoadBalancer: async (cluster, service, signal) => {
        await whole.updateLoadBalancer(cluster, service, [], signal);
        return whole.getLoadBalancer(cluster, service, signal);
      },
    }),
    caughtBy: "looking writes nothing",
  },
  {
    name: "does not hear the signal when it looks",
    broken: (whole) => ({ getLoadBalancer: (cluster, service) => whole.getLoadBalancer(cluster, service, never()) }),
    caughtBy: "looking ends when its signal aborts",
  },
  {
    name: "asks the cloud for a name",
    broken: (whole) => ({
      getLoadBalancerName: (cluster, service) => {
        void whole.getLoadBalancer(cluster, service, never());
        return "name";
      },
    }),
    caughtBy: "a balancer's name is known without a request",
  },
  {
    name: "puts a setting into the name",
    broken: () => ({ getLoadBalancerName: (_cluster, { spec }) => `lb-${spec.externalTrafficPolicy}` }),
    caughtBy: "a balancer's name stays when its Service changes",
  },
  {
    name: "has one name for all",
    broken: () => ({ getLoadBalancerName: (cluster) => cluster }),
    caughtBy: "balancers of two Services have two names",
  },
  {
    name: "returns no address",
    broken: () => ({ ensureLoadBalancer: async () => ({ ingress: [] }) }),
    caughtBy: "ensuring returns an address under which the balancer is reached",
  },
  {
    name: "forgets the second port",
    broken: (whole) => ({
      ensureLoadBalancer: (cluster, service, nodes, signal) => {
        const narrow = { ...service, spec: { ...service.spec, ports: service.spec.ports.slice(0, 1) } };
        return whole.ensureLoadBalancer(cluster, narrow, nodes, signal);
      },
    }),
    caughtBy: "ensuring sends traffic of each port to each node",
  },
  {
    name: "starts from scratch every time",
    broken: (whole) => ({
      ensureLoadBalancer: async (cluster, service, nodes, signal) => {
        await whole.ensureLoadBalancerDeleted(cluster, service, signal);
        return whole.ensureLoadBalancer(cluster, service, nodes, signal);
      },
    }),
    caughtBy: "ensuring an unchanged Service writes nothing and returns the same",
  },
  {
    name: "writes nodes in the order they come",
    broken: (whole) => {
      let last = "";
      return {
        ensureLoadBalancer: async (cluster, service, nodes, signal) => {
          const order = nodes.map(({ metadata }) => metadata.name).join();
          if (last !== "" && order !== last) await whole.ensureLoadBalancerDeleted(cluster, service, signal);
          last = order;
          return whole.ensureLoadBalancer(cluster, service, nodes, signal);
        },
      };
    },
    caughtBy: "the order of nodes does not matter",
  },
  {
    name: "never changes what it has made",
    broken: (whole) => ({
      ensureLoadBalancer: async (cluster, service, nodes, signal) => {
        const found = await whole.getLoadBalancer(cluster, service, signal);
        return found?.status ?? whole.ensureLoadBalancer(cluster, service, nodes, signal);
      },
    }),
    caughtBy: "ensuring a changed Service changes its balancer and keeps its address",
  },
  {
    name: "empties the pool when there are no nodes just now",
    broken: (whole) => ({
      ensureLoadBalancer: async (cluster, service, nodes, signal) => {
        const status = await whole.ensureLoadBalancer(cluster, service, nodes, signal);
        await whole.updateLoadBalancer(cluster, service, nodes, signal);
        return status;
      },
    }),
    caughtBy: "ensuring without nodes keeps the members that are there",
  },
  {
    name: "throws something else than a CloudError",
    broken: (whole) => ({
      ensureLoadBalancer: (...args) =>
        whole.ensureLoadBalancer(...args).catch((reason: unknown) => {
          throw new Error("no", { cause: reason });
        }),
    }),
    caughtBy: "an impossible Service is refused as InvalidArgument and gets nothing",
  },
  {
    name: "takes down what works when settings become impossible",
    broken: (whole) => ({
      ensureLoadBalancer: (cluster, service, nodes, signal) =>
        whole.ensureLoadBalancer(cluster, service, nodes, signal).catch(async (reason: unknown) => {
          await whole.ensureLoadBalancerDeleted(cluster, service, signal);
          throw reason;
        }),
    }),
    caughtBy: "a change to something impossible is refused and changes nothing that works",
  },
  {
    name: "drops a request when another is in flight",
    broken: (whole) => {
      let busy = false;
      return {
        ensureLoadBalancer: async (cluster, service, nodes, signal) => {
          if (busy) return { ingress: [{ ip: "192.0.2.1" }] };
          busy = true;
          const status = await whole.ensureLoadBalancer(cluster, service, nodes, signal);
          busy = false;
          return status;
        },
      };
    },
    caughtBy: "many Services ensured at once get a balancer each",
  },
  {
    name: "does not hear the signal when it ensures",
    broken: (whole) => ({
      ensureLoadBalancer: (cluster, service, nodes) => whole.ensureLoadBalancer(cluster, service, nodes, never()),
    }),
    caughtBy: "ensuring ends when its signal aborts",
  },
  {
    name: "changes its argument",
    broken: (whole) => ({
      ensureLoadBalancer: (cluster, service, nodes, signal) => {
        Object.assign(service.metadata, { uid: "mine" });
        return whole.ensureLoadBalancer(cluster, service, nodes, signal);
      },
    }),
    caughtBy: "ensuring returns an address under which the balancer is reached",
  },
  {
    name: "only adds members",
    broken: () => ({ updateLoadBalancer: async () => {} }),
    caughtBy: "updating adds and removes members",
  },
  {
    name: "makes a balancer by updating",
    broken: (whole) => ({
      updateLoadBalancer: async (cluster, service, nodes, signal) => {
        await whole.ensureLoadBalancer(cluster, service, nodes, signal);
      },
    }),
    caughtBy: "updating a Service without balancer does nothing",
  },
  {
    name: "updates what is being deleted",
    broken: (whole) => ({
      updateLoadBalancer: async (cluster, service, nodes, signal) => {
        const { deletionTimestamp: _at, ...metadata } = service.metadata;
        await whole.updateLoadBalancer(cluster, { ...service, metadata }, nodes, signal);
      },
    }),
    caughtBy: "updating a Service that is being deleted does nothing",
  },
  {
    name: "updates a Service of another type",
    broken: (whole) => ({
      updateLoadBalancer: async (cluster, service, nodes, signal) => {
        const spec = { ...service.spec, type: "LoadBalancer" as const };
        await whole.updateLoadBalancer(cluster, { ...service, spec }, nodes, signal);
      },
    }),
    caughtBy: "updating a Service that wants no balancer any more does nothing",
  },
  {
    name: "deletes nothing",
    broken: () => ({ ensureLoadBalancerDeleted: async () => {} }),
    caughtBy: "deleting leaves nothing",
  },
  {
    name: "refuses to delete what is gone",
    broken: (whole) => ({
      ensureLoadBalancerDeleted: async (cluster, service, signal) => {
        if ((await whole.getLoadBalancer(cluster, service, signal)) === undefined) {
          throw new CloudError("NotFound", "there is no such balancer");
        }
        await whole.ensureLoadBalancerDeleted(cluster, service, signal);
      },
    }),
    caughtBy: "deleting twice writes nothing the second time",
  },
  {
    name: "checks settings before it deletes",
    broken: (whole) => ({
      ensureLoadBalancerDeleted: async (cluster, service, signal) => {
        await whole.ensureLoadBalancer(cluster, service, [], signal);
        await whole.ensureLoadBalancerDeleted(cluster, service, signal);
      },
    }),
    caughtBy: "a Service with impossible settings can be deleted",
  },
  {
    name: "deletes only what this process made",
    broken: (whole) => ({
      ensureLoadBalancerDeleted: async () => {},
      getLoadBalancer: (...args) => whole.getLoadBalancer(...args),
    }),
    caughtBy: "another process can delete what this one made",
  },
  {
    name: "deletes the neighbour too",
    broken: (whole) => ({
      ensureLoadBalancerDeleted: async (cluster, service, signal) => {
        const uid = service.metadata.uid.replace("c0ffee00", "c0ffee01");
        await whole.ensureLoadBalancerDeleted(cluster, service, signal);
        await whole.ensureLoadBalancerDeleted(cluster, { ...service, metadata: { ...service.metadata, uid } }, signal);
      },
    }),
    caughtBy: "deleting one Service leaves another's balancer as it is",
  },
  {
    name: "disturbs its neighbour when it ensures",
    broken: (whole) => ({
      ensureLoadBalancer: async (cluster, service, nodes, signal) => {
        if (service.metadata.uid !== neighbourOf(service).metadata.uid) {
          await whole.ensureLoadBalancerDeleted(cluster, neighbourOf(service), signal);
        }
        return whole.ensureLoadBalancer(cluster, service, nodes, signal);
      },
    }),
    caughtBy: "ensuring one Service leaves another's balancer as it is",
  },
  {
    name: "stays locked after an aborted call",
    broken: (whole) => {
      let locked = false;
      return {
        ensureLoadBalancer: async (...args) => {
          if (locked) throw new CloudError("Conflict", "somebody is at it");
          locked = true;
          const status = await whole.ensureLoadBalancer(...args);
          locked = false;
          return status;
        },
      };
    },
    caughtBy: "what an aborted call has begun is found and finished by the next",
  },
  {
    name: "takes the balancer down when members change",
    broken: (whole) => ({
      updateLoadBalancer: (cluster, service, _nodes, signal) =>
        whole.ensureLoadBalancerDeleted(cluster, service, signal),
    }),
    caughtBy: "updating keeps the address",
  },
  {
    name: "lets an update undo what an ensure does",
    broken: (whole) => ({
      updateLoadBalancer: (cluster, service, _nodes, signal) => whole.updateLoadBalancer(cluster, service, [], signal),
    }),
    caughtBy: "updating during an ensure of the same Service spoils nothing",
  },
  {
    name: "rebuilds the balancer for every update",
    broken: (whole) => ({
      updateLoadBalancer: async (cluster, service, nodes, signal) => {
        await whole.ensureLoadBalancerDeleted(cluster, service, signal);
        await whole.ensureLoadBalancer(cluster, service, nodes, signal);
      },
    }),
    caughtBy: "updating to the members that are there writes nothing",
  },
  {
    name: "does not hear the signal when it updates",
    broken: (whole) => ({
      updateLoadBalancer: (cluster, service, nodes) => whole.updateLoadBalancer(cluster, service, nodes, never()),
    }),
    caughtBy: "updating ends when its signal aborts",
  },
  {
    name: "makes a balancer in order to delete it",
    broken: (whole) => ({
      ensureLoadBalancerDeleted: async (cluster, service, signal) => {
        await whole.ensureLoadBalancer(cluster, service, [], signal);
        await whole.ensureLoadBalancerDeleted(cluster, service, signal);
      },
    }),
    caughtBy: "deleting what was never made does nothing",
  },
  {
    name: "never makes again what it has deleted",
    broken: (whole) => {
      const buried = new Set<string>();
      return {
        ensureLoadBalancerDeleted: async (cluster, service, signal) => {
          buried.add(service.metadata.uid);
          await whole.ensureLoadBalancerDeleted(cluster, service, signal);
        },
        ensureLoadBalancer: async (cluster, service, nodes, signal) =>
          buried.has(service.metadata.uid)
            ? { ingress: [{ ip: "192.0.2.1" }] }
            : whole.ensureLoadBalancer(cluster, service, nodes, signal),
      };
    },
    caughtBy: "a deleted Service can come back",
  },
  {
    name: "does not hear the signal when it deletes",
    broken: (whole) => ({
      ensureLoadBalancerDeleted: (cluster, service) => whole.ensureLoadBalancerDeleted(cluster, service, never()),
    }),
    caughtBy: "deleting ends when its signal aborts",
  },
];

const RESTARTED = "ensuring an unchanged Service writes nothing after a restart";

catches("a LoadBalancer is caught that", {
  contract: loadBalancerContract,
  faults,
  subject: (broken) => {
    const subject = loadBalancerSubject();
    return { ...subject, balancer: { ...subject.balancer, ...broken(subject.balancer) } };
  },
  elsewhere: [RESTARTED],
});

it("a LoadBalancer is caught that knows what it has made only until it is restarted", async () => {
  const subject = loadBalancerSubject();
  const whole = subject.balancer;
  let forgotten = false;
  const ensureLoadBalancer: LoadBalancer["ensureLoadBalancer"] = async (cluster, service, nodes, signal) => {
    if (forgotten) await whole.ensureLoadBalancerDeleted(cluster, service, signal);
    return whole.ensureLoadBalancer(cluster, service, nodes, signal);
  };
  const restart = async (): Promise<void> => {
    forgotten = true;
  };
  await wantFailure(loadBalancerContract, RESTARTED, {
    ...subject,
    balancer: { ...whole, ensureLoadBalancer },
    restart,
  });
});

/** The other one of the contract's first two Services. */
function neighbourOf(service: Service): Service {
  const uid = service.metadata.uid.replace(/^c0ffee0(.)/, (_, index) => `c0ffee0${index === "0" ? 1 : 0}`);
  return { ...service, metadata: { ...service.metadata, uid } };
}
