import { disksContract } from "../../../src/cloudprovider/contract-tests/index.ts";
import { CloudError, type Disk, type Disks } from "../../../src/cloudprovider/index.ts";
import { disksSubject } from "../../fixtures/memory-cloud.ts";
import { catches, type Fault, never } from "./fault.ts";

const faults: readonly Fault<Disks>[] = [
  {
    name: "returns any disk of that name",
    broken: (whole) => ({
      createDisk: async (request, signal) => {
        const all = await whole.listDisks(signal);
        return all.find(({ name }) => name === request.name) ?? whole.createDisk(request, signal);
      },
    }),
    caughtBy: "a name that a disk of another size has is AlreadyExists",
  },
  {
    name: "forgets a disk in the list",
    broken: (whole) => ({ listDisks: async (signal) => (await whole.listDisks(signal)).slice(1) }),
    caughtBy: "all disks are listed",
  },
  {
    name: "shrinks",
    broken: () => ({ expandDisk: async (_id, sizeGiB) => sizeGiB }),
    caughtBy: "a disk never shrinks",
  },
  {
    name: "gives every disk the same number",
    broken: (whole) => ({ attachDisk: async (...args) => Math.min(0, await whole.attachDisk(...args)) }),
    caughtBy: "disks attached to one node at once get a number each",
  },
  {
    name: "steals a disk from its node",
    broken: (whole) => ({
      attachDisk: async (request, signal) => {
        const { attachedTo } = await whole.getDisk(request.diskId, signal);
        for (const node of attachedTo) await whole.detachDisk(request.diskId, node, signal);
        return whole.attachDisk(request, signal);
      },
    }),
    caughtBy: "a disk that another node has is a Conflict",
  },
  {
    name: "detaches before it deletes",
    broken: (whole) => ({
      deleteDisk: async (id, signal) => {
        const { attachedTo } = await whole.getDisk(id, signal);
        for (const node of attachedTo) await whole.detachDisk(id, node, signal);
        await whole.deleteDisk(id, signal);
      },
    }),
    caughtBy: "an attached disk cannot be deleted",
  },
  {
    name: "detaches from wherever the disk is",
    broken: (whole) => ({
      detachDisk: async (id, _node, signal) => {
        const { attachedTo } = await whole.getDisk(id, signal);
        for (const node of attachedTo) await whole.detachDisk(id, node, signal);
      },
    }),
    caughtBy: "detaching from one node leaves the disk on another",
  },
  {
    name: "keeps snapshots it deleted",
    broken: () => ({ deleteSnapshot: async () => {} }),
    caughtBy: "deleting a snapshot twice writes nothing the second time",
  },
  {
    name: "deletes a disk's snapshots with it",
    broken: (whole) => ({
      deleteDisk: async (id, signal) => {
        for (const snapshot of await whole.listSnapshots(signal)) await whole.deleteSnapshot(snapshot.id, signal);
        await whole.deleteDisk(id, signal);
      },
      createDisk: async (request, signal) => {
        const all = await whole.listSnapshots(signal);
        if (request.sourceId !== undefined && !all.some(({ id }) => id === request.sourceId)) {
          throw new CloudError("NotFound", `there is no ${request.sourceId}`);
        }
        return whole.createDisk(request, signal);
      },
    }),
    caughtBy: "a snapshot outlives its disk and fills a new one",
  },
  {
    name: "rounds sizes up to the next one it sells",
    broken: (whole) => ({
      createDisk: (request, signal) => whole.createDisk({ ...request, sizeGiB: request.sizeGiB * 2 }, signal),
    }),
    caughtBy: "a disk is what was asked for",
  },
  {
    name: "makes a second disk of the same name",
    broken: (whole) => {
      let made = 0;
      return {
        createDisk: (request, signal) => whole.createDisk({ ...request, name: `${request.name}-${made++}` }, signal),
      };
    },
    caughtBy: "creating an equal disk again returns the first and writes nothing",
  },
  {
    name: "remembers disks that are gone",
    broken: (whole) => {
      const seen = new Map<string, Disk>();
      return {
        createDisk: async (request, signal) => {
          const disk = await whole.createDisk(request, signal);
          seen.set(disk.id, disk);
          return disk;
        },
        getDisk: async (id, signal) => seen.get(id) ?? whole.getDisk(id, signal),
      };
    },
    caughtBy: "a disk that does not exist is NotFound",
  },
  {
    name: "refuses to delete what is gone",
    broken: (whole) => ({
      deleteDisk: async (id, signal) => {
        await whole.getDisk(id, signal);
        await whole.deleteDisk(id, signal);
      },
    }),
    caughtBy: "deleting a disk twice writes nothing the second time",
  },
  {
    name: "never grows",
    broken: (whole) => ({ expandDisk: async (id, _sizeGiB, signal) => (await whole.getDisk(id, signal)).sizeGiB }),
    caughtBy: "a disk grows",
  },
  {
    name: "does not hear the signal of a disk call",
    broken: (whole) => ({ getDisk: (id) => whole.getDisk(id, never()) }),
    caughtBy: "calls about disks end when their signal aborts",
  },
  {
    name: "does not say where a disk is",
    broken: (whole) => ({ getDisk: async (...args) => ({ ...(await whole.getDisk(...args)), attachedTo: [] }) }),
    caughtBy: "an attached disk has a logical unit number from 0 to 63 and says where it is",
  },
  {
    name: "counts units from 64",
    broken: (whole) => ({ attachDisk: async (...args) => 64 + (await whole.attachDisk(...args)) }),
    caughtBy: "an attached disk has a logical unit number from 0 to 63 and says where it is",
  },
  {
    name: "attaches anew every time",
    broken: (whole) => ({
      attachDisk: async (request, signal) => {
        await whole.detachDisk(request.diskId, request.nodeName, signal);
        return whole.attachDisk(request, signal);
      },
    }),
    caughtBy: "attaching again gives the same number and writes nothing",
  },
  {
    name: "never detaches",
    broken: () => ({ detachDisk: async () => {} }),
    caughtBy: "a detached disk can go to another node",
  },
  {
    name: "attaches in order to detach",
    broken: (whole) => ({
      detachDisk: async (diskId, nodeName, signal) => {
        await whole.attachDisk({ diskId, nodeName, caching: "None" }, signal);
        await whole.detachDisk(diskId, nodeName, signal);
      },
    }),
    caughtBy: "detaching what is not attached does nothing",
  },
  {
    name: "refuses to detach from a node that is gone",
    broken: (whole) => ({
      detachDisk: async (diskId, nodeName, signal) => {
        if (nodeName === "node-z") throw new CloudError("NotFound", "no machine is called node-z");
        await whole.detachDisk(diskId, nodeName, signal);
      },
    }),
    caughtBy: "detaching from a node that is gone resolves",
  },
  {
    name: "says that it attached where nothing is",
    broken: (whole) => ({ attachDisk: (...args) => whole.attachDisk(...args).catch(() => 0) }),
    caughtBy: "attaching to a node that is gone is NotFound",
  },
  {
    name: "does not hear the signal when it attaches",
    broken: (whole) => ({ attachDisk: (request) => whole.attachDisk(request, never()) }),
    caughtBy: "attaching and detaching end when their signal aborts",
  },
  {
    name: "forgets which disk a snapshot is of",
    broken: (whole) => ({
      createSnapshot: async (...args) => ({ ...(await whole.createSnapshot(...args)), sourceDiskId: "" }),
    }),
    caughtBy: "a snapshot knows its disk and is listed",
  },
  {
    name: "makes a second snapshot of the same name",
    broken: (whole) => {
      let made = 0;
      return { createSnapshot: (name, id, signal) => whole.createSnapshot(`${name}-${made++}`, id, signal) };
    },
    caughtBy: "creating a snapshot again returns the first and writes nothing",
  },
  {
    name: "returns any snapshot of that name",
    broken: (whole) => ({
      createSnapshot: async (name, id, signal) => {
        const all = await whole.listSnapshots(signal);
        return all.find((snapshot) => snapshot.name === name) ?? whole.createSnapshot(name, id, signal);
      },
    }),
    caughtBy: "a name that another disk's snapshot has is AlreadyExists",
  },
  {
    name: "takes a snapshot of nothing",
    broken: (whole) => ({
      createSnapshot: (name, sourceDiskId, signal) =>
        whole.createSnapshot(name, sourceDiskId, signal).catch(() => ({
          id: `snapshot/${name}`,
          name,
          sourceDiskId,
          sizeGiB: 0,
          createdAt: "2026-01-01T00:00:00Z",
          ready: false,
        })),
    }),
    caughtBy: "a snapshot of a disk that does not exist is NotFound",
  },
  {
    name: "does not hear the signal of a snapshot call",
    broken: (whole) => ({ listSnapshots: () => whole.listSnapshots(never()) }),
    caughtBy: "calls about snapshots end when their signal aborts",
  },
];

catches("a Disks is caught that", {
  contract: disksContract,
  faults,
  subject: (broken) => {
    const subject = disksSubject();
    return { ...subject, disks: { ...subject.disks, ...broken(subject.disks) } };
  },
});
