import assert from "node:assert/strict";
import type { Node } from "../objects.ts";
import type { Route, Routes } from "../routes.ts";
import { endsOnAbort, frozen, patiently, writesNothing } from "./claims.ts";
import type { ContractCase } from "./contract.ts";

/** Routes over a cloud of its own, which holds no route of the cluster yet. */
export interface RoutesSubject {
  readonly routes: Routes;
  readonly clusterName: string;
  /** At least two nodes whose machines the cloud has. */
  readonly nodes: readonly Node[];
  /** As many pod ranges, none of which contains another; one per node. */
  readonly podCidrs: readonly string[];
  /** Changes that the cloud has accepted so far. */
  writes(): number;
}

/** What every Routes must do. */
export const routesContract: readonly ContractCase<RoutesSubject>[] = [
  {
    name: "a route that was created is listed",
    run: async (subject) => {
      await create(subject, 0);
      assert.deepEqual(await listed(subject), [wanted(subject, 0)]);
    },
  },
  {
    name: "the name of a new route is the cloud's business",
    run: async (subject) => {
      const { routes, clusterName } = subject;
      await routes.createRoute(clusterName, "uid-0", frozen({ ...routeOf(subject, 0), name: "mine" }), patiently());
      await writesNothing(
        () => subject.writes(),
        () => create(subject, 0),
      );
      assert.deepEqual(await listed(subject), [wanted(subject, 0)]);
    },
  },
  {
    name: "creating an equal route again writes nothing",
    run: async (subject) => {
      await create(subject, 0);
      await writesNothing(
        () => subject.writes(),
        () => create(subject, 0),
      );
      assert.deepEqual(await listed(subject), [wanted(subject, 0)]);
    },
  },
  {
    name: "routes created at once are all there",
    run: async (subject) => {
      const indexes = [...subject.nodes.keys()];
      await Promise.all(indexes.map((index) => create(subject, index)));
      assert.deepEqual(await listed(subject), indexes.map((index) => wanted(subject, index)).toSorted(byCidr));
    },
  },
  {
    name: "listing writes nothing",
    run: async (subject) => {
      await create(subject, 0);
      await writesNothing(
        () => subject.writes(),
        () => listed(subject),
      );
    },
  },
  {
    name: "a route that was deleted is listed no more, and the others are",
    run: async (subject) => {
      await create(subject, 0);
      await create(subject, 1);
      await remove(subject, await find(subject, 0));
      assert.deepEqual(await listed(subject), [wanted(subject, 1)]);
    },
  },
  {
    name: "deleting a route that is gone does nothing",
    run: async (subject) => {
      await create(subject, 0);
      const route = await find(subject, 0);
      await remove(subject, route);
      await writesNothing(
        () => subject.writes(),
        () => remove(subject, route),
      );
    },
  },
  {
    name: "a deleted route can come back",
    run: async (subject) => {
      await create(subject, 0);
      await remove(subject, await find(subject, 0));
      await create(subject, 0);
      assert.deepEqual(await listed(subject), [wanted(subject, 0)]);
    },
  },
  {
    name: "every call ends when its signal aborts",
    run: async (subject) => {
      const { routes, clusterName } = subject;
      await endsOnAbort((signal) => routes.listRoutes(clusterName, signal));
      await endsOnAbort((signal) => routes.createRoute(clusterName, "uid-0", routeOf(subject, 0), signal));
      await create(subject, 0);
      const route = await find(subject, 0);
      await endsOnAbort((signal) => routes.deleteRoute(clusterName, route, signal));
    },
  },
];

type Wanted = Pick<Route, "targetNode" | "destinationCIDR" | "blackhole">;

function wanted({ nodes, podCidrs }: RoutesSubject, index: number): Wanted {
  const [node, destinationCIDR] = [nodes[index], podCidrs[index]];
  assert.ok(node !== undefined && destinationCIDR !== undefined, `the subject needs a node and a range ${index}`);
  return { targetNode: node.metadata.name, destinationCIDR, blackhole: false };
}

function routeOf(subject: RoutesSubject, index: number): Route {
  return frozen({ name: "", ...wanted(subject, index) });
}

function create(subject: RoutesSubject, index: number): Promise<void> {
  return subject.routes.createRoute(subject.clusterName, `uid-${index}`, routeOf(subject, index), patiently());
}

function remove({ routes, clusterName }: RoutesSubject, route: Route): Promise<void> {
  return routes.deleteRoute(clusterName, frozen(route), patiently());
}

/** The listed routes for the subject's ranges, sorted; a cloud may list others. */
async function listed({ routes, clusterName, podCidrs }: RoutesSubject): Promise<readonly Wanted[]> {
  const all = await routes.listRoutes(clusterName, patiently());
  return all
    .filter(({ destinationCIDR }) => podCidrs.includes(destinationCIDR))
    .map(({ targetNode, destinationCIDR, blackhole }) => ({ targetNode, destinationCIDR, blackhole }))
    .toSorted(byCidr);
}

async function find(subject: RoutesSubject, index: number): Promise<Route> {
  const all = await subject.routes.listRoutes(subject.clusterName, patiently());
  const route = all.find(({ destinationCIDR }) => destinationCIDR === subject.podCidrs[index]);
  assert.ok(route !== undefined, "the route was created and is not listed");
  return route;
}

function byCidr(a: Wanted, b: Wanted): number {
  return a.destinationCIDR < b.destinationCIDR ? -1 : 1;
}
