import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { CloudError } from "../../../src/cloudprovider/errors.ts";
import type { Answer } from "../../../src/simulator/http/exchange.ts";
import { noteWrites, type SentWrite, stateOf } from "../../fixtures/arm-state.ts";
import { type AzureRig, RIG_TOKEN, type RigOptions, withRig } from "../../fixtures/azure-rig.ts";
import { service } from "../../fixtures/service.ts";

const RULES = { rules: [{ name: "ops", priority: 200, ports: "22" }] };
const NIC = { loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration" };
const SCALE_SET: RigOptions = { seed: { vmss: { nodes: [{}, {}] }, securityGroup: RULES } };
const INTERFACES: RigOptions = { seed: { vmss: { nodes: [{}, {}] }, securityGroup: RULES }, azureJson: NIC };
const MACHINES: RigOptions = { seed: { vms: [{ name: "a" }, { name: "b" }], securityGroup: RULES }, azureJson: NIC };

const web = service({
  loadBalancerSourceRanges: ["198.51.100.0/24"],
  annotations: { "azure-deny-all-except-load-balancer-source-ranges": "true" },
});
const changed = service({ ports: ["80/30080", "UDP 53/30053"], loadBalancerSourceRanges: ["203.0.113.0/24"] });
const internal = service({ annotations: { "azure-load-balancer-internal": "true" } });

/** What is done to a Service, from a state that is reached without faults. */
interface Story {
  readonly name: string;
  readonly options: RigOptions;
  readonly before: (rig: AzureRig) => Promise<unknown>;
  readonly act: (rig: AzureRig) => Promise<unknown>;
  /** Only these writes go wrong: the others do in other stories. */
  readonly only?: RegExp;
  /** Only in these ways. */
  readonly mishaps?: readonly string[];
}

const nothing = (): Promise<void> => Promise.resolve();
const create = (rig: AzureRig): Promise<unknown> => rig.ensure(web);
const remove = (rig: AzureRig): Promise<unknown> => rig.delete(web);

const MEMBER = /Microsoft\.Compute|networkInterfaces/;
const FEW = ["429 with Retry-After", "reset after it is in", "operation fails", "403"];
const FEWER = ["operation fails", "403"];

const STORIES: readonly Story[] = [
  { name: "create", options: SCALE_SET, before: nothing, act: create },
  {
    name: "create, interfaces of a scale set",
    options: INTERFACES,
    before: nothing,
    act: create,
    only: MEMBER,
    mishaps: FEWER,
  },
  {
    name: "create, interfaces of machines",
    options: MACHINES,
    before: nothing,
    act: create,
    only: MEMBER,
    mishaps: FEWER,
  },
  { name: "update", options: SCALE_SET, before: create, act: (rig) => rig.ensure(changed), mishaps: FEWER },
  {
    name: "external to internal",
    options: SCALE_SET,
    before: create,
    act: (rig) => rig.ensure(internal),
    mishaps: FEW,
  },
  { name: "delete", options: SCALE_SET, before: create, act: remove },
  {
    name: "delete, interfaces of a scale set",
    options: INTERFACES,
    before: create,
    act: remove,
    only: MEMBER,
    mishaps: FEWER,
  },
  {
    name: "delete, interfaces of machines",
    options: MACHINES,
    before: create,
    act: remove,
    only: MEMBER,
    mishaps: FEWER,
  },
];

/** A way in which a write goes wrong once. */
interface Mishap {
  readonly name: string;
  readonly strike: (rig: AzureRig, write: SentWrite) => { fired(): number };
  /** What callers who wait for the write hear; undefined when the mishap is none of theirs. */
  readonly code?: string;
}

function answer(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: { error: { code, message: `${code} was scripted.` } } };
}

function answered(name: string, status: number, code: string, more: Partial<Answer> & { fails?: string } = {}): Mishap {
  const { fails, headers } = more;
  return {
    name,
    strike: (rig, write) => rig.arm.faults.script({ ...write, at: "received", with: answer(status, code, headers) }),
    ...(fails === undefined ? {} : { code: fails }),
  };
}

const MISHAPS: readonly Mishap[] = [
  answered("429 with Retry-After", 429, "TooManyRequests", { headers: { "retry-after": "7" } }),
  answered("500", 500, "InternalServerError"),
  answered("412", 412, "PreconditionFailed"),
  answered("another operation in progress", 409, "AnotherOperationInProgress"),
  {
    name: "reset before it arrives",
    strike: (rig, write) => rig.arm.faults.script({ ...write, at: "received", with: "reset" }),
  },
  {
    name: "reset after it is in",
    strike: (rig, write) => rig.arm.faults.script({ ...write, at: "committed", with: "reset" }),
  },
  {
    name: "operation fails",
    strike: (rig, write) => rig.arm.faults.failOperation({ ...write, status: "Failed", code: "InternalServerError" }),
  },
  {
    name: "operation is cancelled",
    strike: (rig, write) => rig.arm.faults.failOperation({ ...write, status: "Canceled", code: "Canceled" }),
  },
  answered("403", 403, "AuthorizationFailed", { fails: "PermissionDenied" }),
  answered("quota", 400, "QuotaExceeded", { fails: "QuotaExceeded" }),
  answered("lock", 409, "ScopeLocked", { fails: "Locked" }),
  answered("refused", 400, "InvalidRequestFormat", { fails: "InvalidArgument" }),
];

/** What a story writes and where it ends when nothing goes wrong. */
async function faultFree({ options, before, act }: Story): Promise<{ writes: readonly SentWrite[]; state: unknown }> {
  let result: { writes: readonly SentWrite[]; state: unknown } | undefined;
  await withRig(options, async (rig) => {
    await before(rig);
    const { writes } = noteWrites(rig);
    await act(rig);
    await rig.idle();
    result = { writes, state: stateOf(rig) };
  });
  assert.ok(result);
  return result;
}

function whatOf({ method, path, nth }: SentWrite): string {
  return `${method} ${path.split("/").slice(-2).join("/")}${nth === 1 ? "" : ` (${nth})`}`;
}

async function outcome(work: () => Promise<unknown>): Promise<CloudError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof CloudError, String(error));
    return error;
  }
}

for (const story of STORIES) {
  describe(`${story.name}, one write goes wrong`, async () => {
    const { writes, state } = await faultFree(story);
    const { only = /./ } = story;
    const mishaps = MISHAPS.filter(({ name }) => story.mishaps?.includes(name) ?? true);
    it("writes something", () => assert.ok(writes.length > 0));
    for (const write of writes.filter(({ path }) => only.test(path))) {
      for (const mishap of mishaps) {
        it(`${whatOf(write)}: ${mishap.name}`, () =>
          withRig(story.options, async (rig) => {
            await story.before(rig);
            const fault = mishap.strike(rig, write);
            const error = await outcome(() => story.act(rig));
            await rig.idle();
            assert.equal(fault.fired(), 1, "the write was sent");
            if (error === undefined) {
              assert.deepEqual(stateOf(rig), state, "success means that ARM has it");
            } else {
              assert.equal(error.code, mishap.code, error.message);
              await story.act(rig);
              await rig.idle();
              assert.deepEqual(stateOf(rig), state, "the next pass finishes it");
            }
            assert.ok(!`${JSON.stringify(rig.events)}${error?.stack}${error?.message}`.includes(RIG_TOKEN));
            if (!rig.services.has("shop/web")) return;
            const before = rig.writes();
            await story.act(rig);
            assert.equal(rig.writes(), before, "another pass has nothing to do");
          }));
      }
    }
  });
}
