import assert from "node:assert/strict";
import { CloudError } from "../errors.ts";
import type { InstanceMetadata, Instances } from "../instances.ts";
import type { Node } from "../objects.ts";
import { endsOnAbort, frozen, patiently, rejection, rejects } from "./claims.ts";
import type { ContractCase } from "./contract.ts";

/** Instances over a cloud of its own with three known nodes. */
export interface InstancesSubject {
  readonly instances: Instances;
  /** The provider's name, which its provider ids begin with. */
  readonly providerName: string;
  /** A node whose machine runs; its `spec.providerID` is set. */
  readonly running: Node;
  /** A node whose machine is shut down; its `spec.providerID` is set. */
  readonly stopped: Node;
  /** A node whose machine was deleted; its `spec.providerID` is what that machine had. */
  readonly gone: Node;
  /** Makes every following request to the cloud fail, and forgets what was read so far. */
  breakCloud(): void;
}

/** What every Instances must do. */
export const instancesContract: readonly ContractCase<InstancesSubject>[] = [
  {
    name: "a running machine exists and is not shut down",
    run: async ({ instances, running }) => {
      assert.equal(await instances.instanceExists(frozen(running), patiently()), true);
      assert.equal(await instances.instanceShutdown(frozen(running), patiently()), false);
    },
  },
  {
    name: "a stopped machine exists and is shut down",
    run: async ({ instances, stopped }) => {
      assert.equal(await instances.instanceExists(frozen(stopped), patiently()), true);
      assert.equal(await instances.instanceShutdown(frozen(stopped), patiently()), true);
    },
  },
  {
    name: "a deleted machine neither exists nor is shut down",
    run: async ({ instances, gone }) => {
      assert.equal(await instances.instanceExists(frozen(gone), patiently()), false);
      assert.equal(await instances.instanceShutdown(frozen(gone), patiently()), false);
    },
  },
  {
    name: "a machine is found by provider id when the node's name says nothing",
    run: async ({ instances, running }) => {
      const renamed = frozen({ ...running, metadata: { ...running.metadata, name: "no-such-machine" } });
      assert.equal(await instances.instanceExists(renamed, patiently()), true);
    },
  },
  {
    name: "a machine is found by name while the node has no provider id",
    run: async (subject) => {
      const { providerID: _named, ...spec } = subject.running.spec;
      const fresh = frozen({ ...subject.running, spec });
      assert.equal(await subject.instances.instanceExists(fresh, patiently()), true);
      assert.equal((await metadataOf(subject, fresh)).providerID, providerIdOf(subject.running));
    },
  },
  {
    name: "metadata names the machine, its type and its addresses",
    run: async (subject) => {
      const metadata = await metadataOf(subject, subject.running);
      assert.equal(metadata.providerID, providerIdOf(subject.running));
      assert.ok(metadata.providerID.startsWith(`${subject.providerName}://`), metadata.providerID);
      assert.notEqual(metadata.instanceType, "");
      assert.ok(
        metadata.nodeAddresses.some(({ type }) => type === "InternalIP"),
        "want an InternalIP",
      );
    },
  },
  {
    name: "metadata of a deleted machine is NotFound",
    run: ({ instances, gone }) => rejects(instances.instanceMetadata(gone, patiently()), "NotFound"),
  },
  {
    name: "the instance id is the provider id without its scheme",
    run: async ({ instances, providerName, running }) => {
      const id = await instances.instanceIdByName(running.metadata.name, patiently());
      assert.equal(`${providerName}://${id}`, providerIdOf(running));
    },
  },
  {
    name: "a stopped machine still has an id",
    run: async ({ instances, providerName, stopped }) => {
      const id = await instances.instanceIdByName(stopped.metadata.name, patiently());
      assert.equal(`${providerName}://${id}`, providerIdOf(stopped));
    },
  },
  {
    name: "type and addresses are the same by name, by provider id and in metadata",
    run: async (subject) => {
      const { instances, running } = subject;
      const { instanceType, nodeAddresses } = await metadataOf(subject, running);
      const [name, id] = [running.metadata.name, providerIdOf(running)];
      assert.equal(await instances.instanceTypeByName(name, patiently()), instanceType);
      assert.equal(await instances.instanceTypeByProviderId(id, patiently()), instanceType);
      assert.deepEqual(await instances.nodeAddressesByName(name, patiently()), nodeAddresses);
      assert.deepEqual(await instances.nodeAddressesByProviderId(id, patiently()), nodeAddresses);
    },
  },
  {
    name: "existence and power are the same by provider id",
    run: async ({ instances, running, stopped, gone }) => {
      for (const node of [running, stopped, gone]) {
        const id = providerIdOf(node);
        const [exists, shutdown] = [await instances.instanceExists(node, patiently()), node === stopped];
        assert.equal(await instances.instanceExistsByProviderId(id, patiently()), exists);
        assert.equal(await instances.instanceShutdownByProviderId(id, patiently()), shutdown);
      }
    },
  },
  {
    name: "every look-up of a deleted machine is NotFound",
    run: async ({ instances, gone }) => {
      const [name, id] = [gone.metadata.name, providerIdOf(gone)];
      await rejects(instances.instanceIdByName(name, patiently()), "NotFound");
      await rejects(instances.instanceTypeByName(name, patiently()), "NotFound");
      await rejects(instances.instanceTypeByProviderId(id, patiently()), "NotFound");
      await rejects(instances.nodeAddressesByName(name, patiently()), "NotFound");
      await rejects(instances.nodeAddressesByProviderId(id, patiently()), "NotFound");
    },
  },
  {
    name: "a cloud that does not answer is an error, never a missing machine",
    run: async (subject) => {
      subject.breakCloud();
      const { instances, running } = subject;
      const answers = [
        instances.instanceExists(running, patiently()),
        instances.instanceExistsByProviderId(providerIdOf(running), patiently()),
        instances.instanceShutdown(running, patiently()),
        instances.instanceMetadata(running, patiently()),
      ];
      for (const reason of await Promise.all(answers.map(rejection))) {
        assert.ok(reason instanceof CloudError, `want a CloudError, got ${String(reason)}`);
        assert.notEqual(reason.code, "NotFound");
      }
    },
  },
  {
    name: "every look-up ends when its signal aborts",
    run: async ({ instances, running }) => {
      const [name, id] = [running.metadata.name, providerIdOf(running)];
      await endsOnAbort((signal) => instances.instanceExists(running, signal));
      await endsOnAbort((signal) => instances.instanceShutdown(running, signal));
      await endsOnAbort((signal) => instances.instanceMetadata(running, signal));
      await endsOnAbort((signal) => instances.instanceIdByName(name, signal));
      await endsOnAbort((signal) => instances.nodeAddressesByProviderId(id, signal));
    },
  },
];

async function metadataOf({ instances }: InstancesSubject, node: Node): Promise<InstanceMetadata> {
  const metadata = await instances.instanceMetadata(frozen(node), patiently());
  assert.ok(metadata !== undefined, "a machine of ours must not be skipped");
  return metadata;
}

function providerIdOf({ spec }: Node): string {
  assert.ok(spec.providerID !== undefined, "the subject's nodes have provider ids");
  return spec.providerID;
}
