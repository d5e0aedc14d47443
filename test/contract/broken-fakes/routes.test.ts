import { routesContract } from "../../../src/cloudprovider/contract-tests/index.ts";
import { CloudError, type Routes } from "../../../src/cloudprovider/index.ts";
import { routesSubject } from "../../fixtures/memory-cloud.ts";
import { catches, type Fault, never } from "./fault.ts";

const faults: readonly Fault<Routes>[] = [
  {
    name: "creates nothing",
    broken: () => ({ createRoute: async () => {} }),
    caughtBy: "a route that was created is listed",
  },
  {
    name: "writes equal routes again",
    broken: (whole) => ({
      createRoute: async (cluster, hint, route, signal) => {
        for (const known of await whole.listRoutes(cluster, signal)) await whole.deleteRoute(cluster, known, signal);
        await whole.createRoute(cluster, hint, route, signal);
      },
    }),
    caughtBy: "creating an equal route again writes nothing",
  },
  {
    name: "loses one of two concurrent creations",
    broken: (whole) => {
      let busy = false;
      return {
        createRoute: async (...args) => {
          if (busy) return;
          busy = true;
          await whole.createRoute(...args);
          busy = false;
        },
      };
    },
    caughtBy: "routes created at once are all there",
  },
  {
    name: "takes every route for a black hole",
    broken: (whole) => ({
      listRoutes: async (...args) => (await whole.listRoutes(...args)).map((route) => ({ ...route, blackhole: true })),
    }),
    caughtBy: "a route that was created is listed",
  },
  {
    name: "deletes all routes",
    broken: (whole) => ({
      deleteRoute: async (cluster, _route, signal) => {
        for (const known of await whole.listRoutes(cluster, signal)) await whole.deleteRoute(cluster, known, signal);
      },
    }),
    caughtBy: "a route that was deleted is listed no more, and the others are",
  },
  {
    name: "refuses to delete what is gone",
    broken: (whole) => ({
      deleteRoute: async (cluster, route, signal) => {
        const all = await whole.listRoutes(cluster, signal);
        if (!all.some(({ name }) => name === route.name)) throw new CloudError("NotFound", "no such route");
        await whole.deleteRoute(cluster, route, signal);
      },
    }),
    caughtBy: "deleting a route that is gone does nothing",
  },
  {
    name: "does not hear the signal",
    broken: (whole) => ({ deleteRoute: (cluster, route) => whole.deleteRoute(cluster, route, never()) }),
    caughtBy: "every call ends when its signal aborts",
  },
  {
    name: "takes the name it is told for a node",
    broken: (whole) => ({
      createRoute: (cluster, hint, route, signal) =>
        whole.createRoute(cluster, hint, { ...route, targetNode: route.name || route.targetNode }, signal),
    }),
    caughtBy: "the name of a new route is the cloud's business",
  },
  {
    name: "repairs routes when it lists them",
    broken: (whole) => ({
      listRoutes: async (cluster, signal) => {
        const missing = { name: "", targetNode: "node-c", destinationCIDR: "10.9.0.0/24", blackhole: false };
        await whole.createRoute(cluster, "uid", missing, signal);
        return whole.listRoutes(cluster, signal);
      },
    }),
    caughtBy: "listing writes nothing",
  },
  {
    name: "never makes again what it has deleted",
    broken: (whole) => {
      const buried = new Set<string>();
      return {
        deleteRoute: async (cluster, route, signal) => {
          buried.add(route.destinationCIDR);
          await whole.deleteRoute(cluster, route, signal);
        },
        createRoute: async (cluster, hint, route, signal) => {
          if (!buried.has(route.destinationCIDR)) await whole.createRoute(cluster, hint, route, signal);
        },
      };
    },
    caughtBy: "a deleted route can come back",
  },
];

catches("a Routes is caught that", {
  contract: routesContract,
  faults,
  subject: (broken) => {
    const subject = routesSubject();
    return { ...subject, routes: { ...subject.routes, ...broken(subject.routes) } };
  },
});
