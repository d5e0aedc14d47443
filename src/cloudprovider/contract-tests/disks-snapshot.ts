import assert from "node:assert/strict";
import { endsOnAbort, frozen, patiently, rejects, writesNothing } from "./claims.ts";
import type { ContractCase } from "./contract.ts";
import { createDisk } from "./disks-life.ts";
import type { DisksSubject } from "./disks-subject.ts";

/** Obligations of snapshots. */
export const snapshotCases: readonly ContractCase<DisksSubject>[] = [
  {
    name: "a snapshot knows its disk and is listed",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      const snapshot = await subject.disks.createSnapshot("before", id, patiently());
      assert.deepEqual([snapshot.name, snapshot.sourceDiskId, snapshot.sizeGiB], ["before", id, 8]);
      assert.ok(!Number.isNaN(Date.parse(snapshot.createdAt)), snapshot.createdAt);
      assert.deepEqual(await subject.disks.listSnapshots(patiently()), [snapshot]);
    },
  },
  {
    name: "creating a snapshot again returns the first and writes nothing",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      const first = await subject.disks.createSnapshot("before", id, patiently());
      const again = await writesNothing(
        () => subject.writes(),
        () => subject.disks.createSnapshot("before", id, patiently()),
      );
      assert.equal(again.id, first.id);
    },
  },
  {
    name: "a name that another disk's snapshot has is AlreadyExists",
    run: async (subject) => {
      const [a, b] = [await createDisk(subject, "a"), await createDisk(subject, "b")];
      await subject.disks.createSnapshot("before", a.id, patiently());
      await rejects(subject.disks.createSnapshot("before", b.id, patiently()), "AlreadyExists");
    },
  },
  {
    name: "a snapshot outlives its disk and fills a new one",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      const { id: sourceId } = await subject.disks.createSnapshot("before", id, patiently());
      await subject.disks.deleteDisk(id, patiently());
      const restored = await subject.disks.createDisk(frozen({ name: "new", sizeGiB: 8, sourceId }), patiently());
      assert.equal(restored.sizeGiB, 8);
    },
  },
  {
    name: "a snapshot of a disk that does not exist is NotFound",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      await subject.disks.deleteDisk(id, patiently());
      await rejects(subject.disks.createSnapshot("before", id, patiently()), "NotFound");
    },
  },
  {
    name: "deleting a snapshot twice writes nothing the second time",
    run: async (subject) => {
      const { id: diskId } = await createDisk(subject, "data");
      const { id } = await subject.disks.createSnapshot("before", diskId, patiently());
      await subject.disks.deleteSnapshot(id, patiently());
      await writesNothing(
        () => subject.writes(),
        () => subject.disks.deleteSnapshot(id, patiently()),
      );
      assert.deepEqual(await subject.disks.listSnapshots(patiently()), []);
    },
  },
  {
    name: "calls about snapshots end when their signal aborts",
    run: async (subject) => {
      const { disks } = subject;
      const { id: diskId } = await createDisk(subject, "data");
      await endsOnAbort((signal) => disks.createSnapshot("before", diskId, signal));
      const { id } = await disks.createSnapshot("before", diskId, patiently());
      await endsOnAbort((signal) => disks.listSnapshots(signal));
      await endsOnAbort((signal) => disks.deleteSnapshot(id, signal));
    },
  },
];
