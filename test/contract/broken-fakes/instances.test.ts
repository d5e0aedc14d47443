import { instancesContract } from "../../../src/cloudprovider/contract-tests/index.ts";
import { CloudError, type Instances } from "../../../src/cloudprovider/index.ts";
import { instancesSubject } from "../../fixtures/memory-cloud.ts";
import { catches, type Fault, never } from "./fault.ts";

const faults: readonly Fault<Instances>[] = [
  {
    name: "takes a stopped machine for gone",
    broken: (whole) => ({
      instanceExists: async (node, signal) => !(await whole.instanceShutdown(node, signal)),
    }),
    caughtBy: "a stopped machine exists and is shut down",
  },
  {
    name: "throws for a machine that is gone",
    broken: (whole) => ({
      instanceExists: async (node, signal) => (await whole.instanceMetadata(node, signal)) !== undefined,
    }),
    caughtBy: "a deleted machine neither exists nor is shut down",
  },
  {
    name: "looks by name only",
    broken: (whole) => ({
      instanceExists: ({ spec: _spec, ...node }, signal) => whole.instanceExists({ ...node, spec: {} }, signal),
    }),
    caughtBy: "a machine is found by provider id when the node's name says nothing",
  },
  {
    name: "looks by provider id only",
    broken: (whole) => ({
      instanceExists: async (node, signal) => node.spec.providerID !== undefined && whole.instanceExists(node, signal),
    }),
    caughtBy: "a machine is found by name while the node has no provider id",
  },
  {
    name: "skips a node of ours",
    broken: () => ({ instanceMetadata: async () => undefined }),
    caughtBy: "metadata names the machine, its type and its addresses",
  },
  {
    name: "skips a machine that is gone",
    broken: () => ({ instanceMetadata: async () => undefined }),
    caughtBy: "metadata of a deleted machine is NotFound",
  },
  {
    name: "puts the scheme into the id",
    broken: (whole) => ({
      instanceIdByName: async (name, signal) => `memory://${await whole.instanceIdByName(name, signal)}`,
    }),
    caughtBy: "the instance id is the provider id without its scheme",
  },
  {
    name: "answers differently by provider id",
    broken: () => ({ instanceTypeByProviderId: async () => "other" }),
    caughtBy: "type and addresses are the same by name, by provider id and in metadata",
  },
  {
    name: "takes everything for running by provider id",
    broken: () => ({ instanceShutdownByProviderId: async () => false }),
    caughtBy: "existence and power are the same by provider id",
  },
  {
    name: "has empty addresses for a machine that is gone",
    broken: () => ({ nodeAddressesByProviderId: async () => [] }),
    caughtBy: "every look-up of a deleted machine is NotFound",
  },
  {
    name: "takes silence for absence",
    broken: (whole) => ({ instanceExists: (...args) => whole.instanceExists(...args).catch(() => false) }),
    caughtBy: "a cloud that does not answer is an error, never a missing machine",
  },
  {
    name: "does not hear the signal",
    broken: (whole) => ({ instanceMetadata: (node) => whole.instanceMetadata(node, never()) }),
    caughtBy: "every look-up ends when its signal aborts",
  },
  {
    name: "takes every machine for shut down",
    broken: () => ({ instanceShutdown: async () => true }),
    caughtBy: "a running machine exists and is not shut down",
  },
  {
    name: "has no id for a stopped machine",
    broken: (whole) => ({
      instanceIdByName: async (name, signal) => {
        const id = await whole.instanceIdByName(name, signal);
        if (!(await whole.instanceShutdownByProviderId(`memory://${id}`, signal))) return id;
        throw new CloudError("NotFound", `${name} is stopped`);
      },
    }),
    caughtBy: "a stopped machine still has an id",
  },
];

catches("an Instances is caught that", {
  contract: instancesContract,
  faults,
  subject: (broken) => {
    const subject = instancesSubject();
    return { ...subject, instances: { ...subject.instances, ...broken(subject.instances) } };
  },
});
