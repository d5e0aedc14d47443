import assert from "node:assert/strict";
import type { Disk } from "../disks.ts";
import { endsOnAbort, frozen, patiently, rejects, writesNothing } from "./claims.ts";
import type { ContractCase } from "./contract.ts";
import type { DisksSubject } from "./disks-subject.ts";

/** Creates a disk of 8 GiB. */
export function createDisk({ disks }: DisksSubject, name: string, sizeGiB = 8): Promise<Disk> {
  return disks.createDisk(frozen({ name, sizeGiB }), patiently());
}

/** Obligations of creating, listing, growing and deleting disks. */
export const lifeCases: readonly ContractCase<DisksSubject>[] = [
  {
    name: "a disk is what was asked for",
    run: async (subject) => {
      const disk = await createDisk(subject, "data");
      assert.deepEqual([disk.name, disk.sizeGiB, disk.attachedTo], ["data", 8, []]);
      assert.deepEqual(await subject.disks.getDisk(disk.id, patiently()), disk);
    },
  },
  {
    name: "creating an equal disk again returns the first and writes nothing",
    run: async (subject) => {
      const first = await createDisk(subject, "data");
      const again = await writesNothing(
        () => subject.writes(),
        () => createDisk(subject, "data"),
      );
      assert.deepEqual(again, first);
    },
  },
  {
    name: "a name that a disk of another size has is AlreadyExists",
    run: async (subject) => {
      await createDisk(subject, "data", 8);
      await rejects(createDisk(subject, "data", 16), "AlreadyExists");
    },
  },
  {
    name: "all disks are listed",
    run: async (subject) => {
      const made = [await createDisk(subject, "a"), await createDisk(subject, "b")];
      const listed = await subject.disks.listDisks(patiently());
      assert.deepEqual(listed.map(({ id }) => id).toSorted(), made.map(({ id }) => id).toSorted());
    },
  },
  {
    name: "a disk that does not exist is NotFound",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      await subject.disks.deleteDisk(id, patiently());
      await rejects(subject.disks.getDisk(id, patiently()), "NotFound");
      assert.deepEqual(await subject.disks.listDisks(patiently()), []);
    },
  },
  {
    name: "deleting a disk twice writes nothing the second time",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      await subject.disks.deleteDisk(id, patiently());
      await writesNothing(
        () => subject.writes(),
        () => subject.disks.deleteDisk(id, patiently()),
      );
    },
  },
  {
    name: "a disk grows",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      const size = await subject.disks.expandDisk(id, 16, patiently());
      assert.ok(size >= 16, `${size} GiB`);
      assert.equal((await subject.disks.getDisk(id, patiently())).sizeGiB, size);
    },
  },
  {
    name: "a disk never shrinks",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      const size = await writesNothing(
        () => subject.writes(),
        () => subject.disks.expandDisk(id, 4, patiently()),
      );
      assert.equal(size, 8);
    },
  },
  {
    name: "calls about disks end when their signal aborts",
    run: async (subject) => {
      const { disks } = subject;
      const { id } = await createDisk(subject, "data");
      await endsOnAbort((signal) => disks.createDisk({ name: "other", sizeGiB: 8 }, signal));
      await endsOnAbort((signal) => disks.getDisk(id, signal));
      await endsOnAbort((signal) => disks.listDisks(signal));
      await endsOnAbort((signal) => disks.expandDisk(id, 16, signal));
      await endsOnAbort((signal) => disks.deleteDisk(id, signal));
    },
  },
];
