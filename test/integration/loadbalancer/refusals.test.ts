import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { CloudError } from "../../../src/cloudprovider/errors.ts";
import type { Service } from "../../../src/cloudprovider/index.ts";
import type { JsonObject } from "../../../src/simulator/index.ts";
import { stateOf } from "../../fixtures/arm-state.ts";
import { type AzureRig, withRig } from "../../fixtures/azure-rig.ts";
import { plantPublicIp } from "../../fixtures/planted.ts";
import { EXAMPLE_BASE as B, service, uidOf } from "../../fixtures/service.ts";

const web = service();
const NSG = "kubernetes-nsg";

async function refusal(work: Promise<unknown>): Promise<CloudError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CloudError, `refused, not ${String(error)}`);
  return error;
}

/** Destinations of every managed security rule for a port. */
function openFor(rig: AzureRig, port: string): readonly unknown[] {
  const rules = (rig.properties("networkSecurityGroups", NSG)?.["securityRules"] ?? []) as unknown as readonly {
    properties: { destinationPortRanges?: readonly string[]; destinationAddressPrefix?: string };
  }[];
  return rules.flatMap(({ properties: { destinationPortRanges = [], destinationAddressPrefix } }) =>
    destinationPortRanges.includes(port) ? [destinationAddressPrefix] : [],
  );
}

describe("a Service that ARM or we refuse", () => {
  const others = [2, 3, 4].map((n) =>
    service({ name: `other-${n}`, uid: uidOf(n), ports: [`${8000 + n}/${31000 + n}`] }),
  );

  for (const { name, plant, bad, says } of [
    {
      name: "names a public IP of another region",
      plant: (rig: AzureRig) => plantPublicIp(rig, "elsewhere", { location: "northeurope" }),
      bad: service({ annotations: { "azure-pip-name": "elsewhere" } }),
      says: /elsewhere/i,
    },
    {
      name: "names a public IP that a machine uses",
      plant: (rig: AzureRig) => {
        plantPublicIp(rig, "taken");
        const { location } = rig.facts;
        const publicIPAddress = { id: rig.id("publicIPAddresses", "taken") };
        rig.arm.put(rig.id("loadBalancers", "somebody-elses"), {
          location,
          sku: { name: "Standard" },
          properties: { frontendIPConfigurations: [{ name: "f", properties: { publicIPAddress } }] },
        });
      },
      bad: service({ annotations: { "azure-pip-name": "taken" } }),
      says: /taken/i,
    },
  ]) {
    it(`${name}: those that are created with it are not harmed`, () =>
      withRig({}, async (rig) => {
        plant(rig);
        const before = stateOf(rig);
        const [refused] = await Promise.all([refusal(rig.ensure(bad)), ...others.map((each) => rig.ensure(each))]);
        assert.match(refused.message, says);
        assert.ok(["InvalidArgument", "NotFound", "AlreadyExists", "Conflict"].includes(refused.code), refused.code);
        const frontends = rig.children("loadBalancers", "kubernetes", "frontendIPConfigurations");
        assert.equal(frontends.length, others.length);
        await rig.delete(bad);
        for (const each of others) await rig.delete(each);
        assert.deepEqual(stateOf(rig), before);
      }));
  }

  it("LB 46 wants a port that the other Service on the address has: nothing of it is written", () =>
    withRig({}, async (rig) => {
      const [address = ""] = await rig.ensure(service({ loadBalancerSourceRanges: ["198.51.100.0/24"] }));
      const before = stateOf(rig);
      const annotations = { "azure-load-balancer-ipv4": address };
      const rival = service({ name: "rival", uid: uidOf(2), annotations });
      const error = await refusal(rig.ensure(rival));
      assert.equal(error.code, "Conflict");
      assert.match(error.message, new RegExp(`loadBalancing rule ${B}-TCP-80`));
      assert.deepEqual(stateOf(rig), before, "the port stays closed to those whom its owner keeps out");
    }));

  it("LB 46 that wants it at the same moment does not open it either", () =>
    withRig({}, async (rig) => {
      const address = plantPublicIp(rig, "byo");
      const annotations = { "azure-pip-name": "byo" };
      const narrow = service({ annotations, loadBalancerSourceRanges: ["198.51.100.0/24"] });
      const rival = service({
        name: "zz-rival",
        uid: uidOf(2),
        creationTimestamp: "2026-01-02T00:00:00Z",
        annotations,
      });
      const [, error] = await Promise.all([rig.ensure(narrow), refusal(rig.ensure(rival))]);
      assert.equal(error.code, "Conflict");
      assert.deepEqual(openFor(rig, "80"), [address], "one rule, the owner's");
    }));

  it("LB 47 wants a port inside an inbound NAT pool: refused; for another protocol: taken", () =>
    withRig({}, async (rig) => {
      await rig.ensure(web);
      const id = rig.id("loadBalancers", "kubernetes");
      const body = rig.arm.resources.get(id) as JsonObject;
      const frontendIPConfiguration = { id: `${id}/frontendIPConfigurations/${B}` };
      const range = { protocol: "Tcp", frontendPortRangeStart: 50000, frontendPortRangeEnd: 50119, backendPort: 22 };
      const inboundNatPools = [{ name: "ssh", properties: { ...range, frontendIPConfiguration } }];
      rig.arm.put(id, { ...body, properties: { ...(body["properties"] as JsonObject), inboundNatPools } } as never);
      await rig.restart();
      const error = await refusal(rig.ensure(service({ ports: ["80/30080", "50005/30505"] })));
      assert.match(error.message, /in the range \(50000-50119\) of an existing inbound NAT pool ssh/);
      await rig.ensure(service({ ports: ["80/30080", "UDP 50005/30505"] }));
      assert.deepEqual(rig.children("loadBalancers", "kubernetes", "inboundNatPools"), ["ssh"]);
    }));

  it("LB 15 (differs: an error instead of a new balancer) finds a balancer of the SKU Basic: nothing is written", () =>
    withRig({}, async (rig) => {
      rig.arm.put(rig.id("loadBalancers", "kubernetes"), {
        location: rig.facts.location,
        sku: { name: "Basic" },
        properties: {},
      });
      const error = await refusal(rig.ensure(web));
      assert.equal(error.code, "Conflict");
      assert.match(`${error.message} ${error.advice}`, /SKU Basic.*Upgrade/);
      assert.equal(rig.writes(), 0);
      await rig.delete(web);
    }));

  it("names a resource group that does not exist: refused, and can be deleted all the same", () =>
    withRig({}, async (rig) => {
      const lost = service({ annotations: { "azure-load-balancer-resource-group": "nowhere" } });
      assert.equal((await refusal(rig.ensure(lost))).code, "NotFound");
      const signal = new AbortController().signal;
      assert.equal(await rig.balancer.getLoadBalancer("kubernetes", lost, signal), undefined);
      await rig.delete(lost);
      assert.equal(rig.writes(), 0);
    }));

  it("LB 44 has a public IP that ARM does not delete: a Warning, and the Service goes", () =>
    withRig({}, async (rig) => {
      await rig.ensure(web);
      const body = { error: { code: "PublicIPAddressCannotBeDeleted", message: "Still allocated." } };
      rig.arm.faults.script({
        method: "DELETE",
        path: "publicIPAddresses",
        nth: "every",
        at: "received",
        with: { status: 400, body },
      });
      await rig.delete(web);
      assert.deepEqual(
        rig.events.map(({ reason }) => reason),
        ["DeletePublicIPAddress"],
      );
      assert.deepEqual(rig.names("publicIPAddresses"), [`kubernetes-${B}`]);
    }));

  it("meets a public IP whose last change failed: it is written again, then the balancer", () =>
    withRig({}, async (rig) => {
      const state = await fresh(web);
      rig.arm.faults.failOperation({
        method: "PUT",
        path: "publicIPAddresses",
        status: "Failed",
        code: "InternalServerError",
      });
      const id = rig.id("publicIPAddresses", `kubernetes-${B}`);
      const message = `Cannot proceed with operation because resource ${id} used by resource x is not in Succeeded state. Resource is in Failed state and the last operation that updated/is updating the resource is PutPublicIpAddressOperation.`;
      const body = {
        error: {
          code: "RetryableError",
          message: "x",
          details: [{ code: "ReferencedResourceNotProvisioned", message }],
        },
      };
      const refused = rig.arm.faults.script({
        method: "PUT",
        path: "loadBalancers",
        at: "received",
        with: { status: 429, headers: { "retry-after": "10" }, body },
      });
      await rig.ensure(web);
      assert.equal(refused.fired(), 1);
      assert.deepEqual(stateOf(rig), state);
    }));
});

async function fresh(what: Service): Promise<unknown> {
  let state: unknown;
  await withRig({}, async (rig) => {
    await rig.ensure(what);
    state = stateOf(rig);
  });
  return state;
}
