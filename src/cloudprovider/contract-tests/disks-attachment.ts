import assert from "node:assert/strict";
import { endsOnAbort, frozen, patiently, rejects, writesNothing } from "./claims.ts";
import type { ContractCase } from "./contract.ts";
import { createDisk } from "./disks-life.ts";
import type { DisksSubject } from "./disks-subject.ts";

/** Obligations of attaching and detaching. */
export const attachmentCases: readonly ContractCase<DisksSubject>[] = [
  {
    name: "an attached disk has a logical unit number from 0 to 63 and says where it is",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      const lun = await attach(subject, id, 0);
      assert.ok(Number.isInteger(lun) && lun >= 0 && lun <= 63, `lun ${lun}`);
      assert.equal((await subject.disks.getDisk(id, patiently())).attachedTo.length, 1);
    },
  },
  {
    name: "attaching again gives the same number and writes nothing",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      const first = await attach(subject, id, 0);
      const again = await writesNothing(
        () => subject.writes(),
        () => attach(subject, id, 0),
      );
      assert.equal(again, first);
    },
  },
  {
    name: "disks attached to one node at once get a number each",
    run: async (subject) => {
      const names = ["a", "b", "c", "d"];
      const made = await Promise.all(names.map((name) => createDisk(subject, name)));
      const luns = await Promise.all(made.map(({ id }) => attach(subject, id, 0)));
      assert.equal(new Set(luns).size, names.length, `luns ${luns.join(", ")}`);
    },
  },
  {
    name: "a disk that another node has is a Conflict",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      await attach(subject, id, 0);
      await rejects(attach(subject, id, 1), "Conflict");
    },
  },
  {
    name: "an attached disk cannot be deleted",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      await attach(subject, id, 0);
      await rejects(subject.disks.deleteDisk(id, patiently()), "Conflict");
      assert.equal((await subject.disks.getDisk(id, patiently())).id, id);
    },
  },
  {
    name: "a detached disk can go to another node",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      await attach(subject, id, 0);
      await detach(subject, id, 0);
      assert.deepEqual((await subject.disks.getDisk(id, patiently())).attachedTo, []);
      await attach(subject, id, 1);
    },
  },
  {
    name: "detaching what is not attached does nothing",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      await writesNothing(
        () => subject.writes(),
        () => detach(subject, id, 0),
      );
    },
  },
  {
    name: "detaching from one node leaves the disk on another",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      await attach(subject, id, 0);
      await detach(subject, id, 1);
      assert.equal((await subject.disks.getDisk(id, patiently())).attachedTo.length, 1);
    },
  },
  {
    name: "detaching from a node that is gone resolves",
    run: async (subject) => {
      const { id } = await createDisk(subject, "data");
      await subject.disks.detachDisk(id, subject.goneNodeName, patiently());
    },
  },
  {
    name: "attaching to a node that is gone is NotFound",
    run: async (subject) => {
      const { id: diskId } = await createDisk(subject, "data");
      const request = frozen({ diskId, nodeName: subject.goneNodeName, caching: "None" } as const);
      await rejects(subject.disks.attachDisk(request, patiently()), "NotFound");
    },
  },
  {
    name: "attaching and detaching end when their signal aborts",
    run: async (subject) => {
      const { id: diskId } = await createDisk(subject, "data");
      const nodeName = nodeAt(subject, 0);
      await endsOnAbort((signal) => subject.disks.attachDisk({ diskId, nodeName, caching: "None" }, signal));
      await attach(subject, diskId, 0);
      await endsOnAbort((signal) => subject.disks.detachDisk(diskId, nodeName, signal));
    },
  },
];

function attach(subject: DisksSubject, diskId: string, node: number): Promise<number> {
  return subject.disks.attachDisk(
    frozen({ diskId, nodeName: nodeAt(subject, node), caching: "None" } as const),
    patiently(),
  );
}

function detach(subject: DisksSubject, diskId: string, node: number): Promise<void> {
  return subject.disks.detachDisk(diskId, nodeAt(subject, node), patiently());
}

function nodeAt({ nodeNames }: DisksSubject, index: number): string {
  const name = nodeNames[index];
  assert.ok(name !== undefined, `the subject needs a node ${index}`);
  return name;
}
