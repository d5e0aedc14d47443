import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { Claims, wantsBalancer } from "../../../../src/azure/loadbalancer/claims.ts";
import { accessClaim } from "../../../../src/azure/loadbalancer/plan/access-rules.ts";
import type { Service } from "../../../../src/cloudprovider/index.ts";
import { config } from "../../../fixtures/azure-network.ts";
import { settingsOf } from "../../../fixtures/balancer-wish.ts";
import { EXAMPLE_BASE, service, uidOf } from "../../../fixtures/service.ts";

const NODES = ["10.240.0.4", "10.240.0.5"];
const web = service({ ingress: ["20.0.0.1"] });
const api = service({ name: "api", uid: uidOf(2), ingress: ["20.0.0.1"], ports: ["443/30443"] });
const bare = service({
  name: "bare",
  uid: uidOf(3),
  annotations: { "azure-disable-load-balancer-floating-ip": "true" },
});

function claims(list: readonly Service[], synced = true): Claims {
  return new Claims(
    config(),
    () => ({ list: () => list, synced }),
    () => NODES,
  );
}

const claimOf = (what: Service, ...addresses: string[]) => accessClaim(settingsOf(what), addresses);
const keys = (of: Claims, address: string): readonly string[] => of.on(address).map(({ key }) => key);

describe("claims on an address", () => {
  it("are those of the Services whose status shows it", () => {
    assert.deepEqual(keys(claims([web, api]), "20.0.0.1"), ["shop/web", "shop/api"]);
    assert.deepEqual(keys(claims([web, api]), "20.0.0.2"), []);
  });

  it("are on the nodes for Services without floating IP, once they have an address", () => {
    const shown = { ...bare, status: { loadBalancer: { ingress: [{ ip: "20.0.0.3" }] } } };
    assert.deepEqual(keys(claims([shown]), "10.240.0.5"), ["shop/bare"]);
    assert.deepEqual(keys(claims([bare]), "10.240.0.5"), []);
  });

  it("are what a pass under way says, whatever the status shows", () => {
    const of = claims([web, api]);
    of.set(claimOf(web, "20.0.0.9"));
    assert.deepEqual(keys(of, "20.0.0.1"), ["shop/api"]);
    assert.deepEqual(keys(of, "20.0.0.9"), ["shop/web"]);
  });

  it("end with the deletion of a Service whose status still shows it, and come back with another one of its name", () => {
    const of = claims([web]);
    of.drop("shop/web");
    assert.deepEqual(keys(of, "20.0.0.1"), []);
    of.forget("shop/web");
    assert.deepEqual(keys(of, "20.0.0.1"), ["shop/web"]);
  });

  for (const { name, change } of [
    { name: "is being deleted", change: { metadata: { ...web.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } } },
    { name: "is of another type", change: { spec: { ...web.spec, type: "ClusterIP" as const } } },
    { name: "is another controller's", change: { spec: { ...web.spec, loadBalancerClass: "example.com/other" } } },
  ]) {
    it(`are none of a Service that ${name}`, () => {
      const other = { ...web, ...change };
      assert.equal(wantsBalancer(other), false);
      assert.deepEqual(keys(claims([other]), "20.0.0.1"), []);
    });
  }
});

describe("addresses held", () => {
  it("are not known before this process has opened any", () => {
    assert.equal(claims([web]).held("shop/web"), undefined);
  });

  it("add up until ARM has confirmed a claim", () => {
    const of = claims([web]);
    of.hold("shop/web", ["20.0.0.1"]);
    of.set(claimOf(web, "20.0.0.2"));
    const last = claimOf(web, "20.0.0.3");
    of.set(last);
    assert.deepEqual(of.held("shop/web"), ["20.0.0.1", "20.0.0.2", "20.0.0.3"]);
    of.confirmed(last, ["20.0.0.1"]);
    assert.deepEqual(of.held("shop/web"), ["20.0.0.3", "20.0.0.1"].toSorted());
  });

  it("are not settled by an older claim's confirmation", () => {
    const of = claims([web]);
    const first = claimOf(web, "20.0.0.1");
    of.set(first);
    of.set(claimOf(web, "20.0.0.2"));
    of.confirmed(first, []);
    assert.deepEqual(of.held("shop/web"), ["20.0.0.1", "20.0.0.2"]);
  });

  it("are remembered while a Service is being deleted, and forgotten with it", () => {
    const of = claims([web]);
    of.set(claimOf(web, "20.0.0.1"));
    of.drop("shop/web");
    assert.deepEqual(of.held("shop/web"), ["20.0.0.1"]);
    of.forget("shop/web");
    assert.equal(of.held("shop/web"), undefined);
  });
});

describe("live bases", () => {
  it("are those of Services that want a balancer", () => {
    assert.equal(claims([web]).isLive(EXAMPLE_BASE, false), true);
    assert.equal(claims([api]).isLive(EXAMPLE_BASE, false), false);
  });

  it("are those on the kind of balancer that the Service wants now", () => {
    const inside = service({ annotations: { "azure-load-balancer-internal": "true" } });
    assert.equal(claims([inside]).isLive(EXAMPLE_BASE, false), false);
    assert.equal(claims([inside]).isLive(EXAMPLE_BASE, true), true);
  });

  it("may be any before the list of Services has arrived", () => {
    assert.equal(claims([], false).isLive(EXAMPLE_BASE, true), true);
  });
});
