import assert from "node:assert/strict";
import type { ArmSimulator } from "../../../src/simulator/index.ts";
import { type ClusterRig, withCluster } from "../../fixtures/cluster-rig.ts";
import { rigOptions } from "../race/virtual-run.ts";
import { Witness } from "../race/witness.ts";

/** Services that are created at once. */
export const SERVICES = 20;
/** The one whose public IP is in trouble. */
export const VICTIM = "web-7";
/** Services that come later. */
const NEWCOMERS = 5;
const RUN = {
  services: SERVICES,
  nodes: 3,
  poolType: "nodeIP",
  profile: "P1",
  workers: 256,
  seed: "isolation",
} as const;

/** Long enough for the victim to be held up for a minute, and to come after all. */
const LONG_MS = 300_000;

/** Milliseconds that each Service has waited, by name. */
export type Waits = ReadonlyMap<string, number>;

/** Puts one public IP into trouble; `path` matches its own. */
type Trouble = (arm: ArmSimulator, path: RegExp) => void;

/** One way in which a public IP is in trouble. */
export interface TroubleCase {
  /** Completes "when". */
  readonly name: string;
  readonly trouble: Trouble;
  /** How long it is held up itself; for good when absent. */
  readonly heldUpMs?: number;
}

const TOO_MANY = {
  status: 429,
  headers: { "retry-after": "60" },
  body: { error: { code: "TooManyRequests", message: "Too many requests.", details: [] } },
} as const;

/** All of them. */
export const TROUBLES: readonly TroubleCase[] = [
  {
    name: "its first write is answered 429 with Retry-After: 60",
    trouble: (arm, path) => void arm.faults.script({ method: "PUT", path, at: "received", with: TOO_MANY }),
    heldUpMs: 60_000,
  },
  {
    name: "it stays Updating for good",
    trouble: (arm, path) => void arm.faults.catalogue("F48", { method: "PUT", path, nth: "every" }),
  },
  {
    name: "every operation on it ends Failed",
    trouble: (arm, path) =>
      void arm.faults.failOperation({
        method: "PUT",
        path,
        nth: "every",
        status: "Failed",
        code: "InternalServerError",
      }),
  },
];

/** How long each waits when nothing is wrong. */
export function usually(): Promise<Waits> {
  return createdIn(() => {});
}

/** Creates the Services, one of them in trouble from the start, and tells how long each has waited after minutes. */
export async function createdIn(trouble: Trouble): Promise<Waits> {
  let result: Waits = new Map();
  await withCluster(rigOptions(RUN), async (rig) => {
    const witness = watch(rig);
    await rig.start();
    witness.apply(SERVICES, RUN.seed);
    trouble(rig.arm, addressOf(rig, VICTIM));
    await rig.clock.sleep(LONG_MS);
    result = new Map(witness.waitedMs);
    witness.close();
  });
  return result;
}

/** How long a later wave of Services waits, perhaps after the public IP of an earlier one has failed. */
export async function newcomers({ failed }: { readonly failed: boolean }): Promise<Waits> {
  let result: Waits = new Map();
  await withCluster(rigOptions(RUN), async (rig) => {
    const witness = watch(rig);
    await rig.start();
    witness.apply(SERVICES, RUN.seed);
    await witness.ready;
    if (failed) await failAddress(rig);
    witness.apply(NEWCOMERS, RUN.seed);
    await rig.clock.sleep(LONG_MS);
    result = new Map([...witness.waitedMs].slice(SERVICES));
    witness.close();
  });
  return result;
}

/** A read finds it in state Failed. */
async function failAddress(rig: ClusterRig): Promise<void> {
  const path = addressOf(rig, VICTIM);
  const broken = rig.arm.faults.catalogue("F13", { path });
  const all = rig.arm.resources.list("Microsoft.Network/publicIPAddresses");
  const id = all.map((address) => address["id"] as string).find((each) => path.test(each));
  await rig.clock.during(
    fetch(`${rig.arm.endpoint}${id}?api-version=2024-05-01`, { headers: { authorization: "Bearer t" } }),
  );
  assert.equal(broken.fired(), 1);
}

function watch({ kubernetes, arm, clock }: ClusterRig): Witness {
  return new Witness({ kubernetes, oracles: arm.oracles, now: () => clock.now() }, {});
}

/** Paths of a Service's public address: its name ends with the uid. */
function addressOf({ kubernetes }: ClusterRig, name: string): RegExp {
  const { uid = "" } = kubernetes.get("Service", "default", name)?.metadata ?? {};
  return new RegExp(`/publicIPAddresses/[^/]*a${uid.replaceAll("-", "").slice(0, 31)}$`, "i");
}
