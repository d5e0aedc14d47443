import { describe, expect, it } from "vitest";
import type { Document } from "../../../../../src/azure/arm/port.ts";
import { Sight } from "../../../../../src/azure/arm/queue/sight.ts";
import { VirtualClock } from "../../../../../src/base/virtual-clock.ts";

type Doc = Document<string> | undefined;

interface Facts {
  readonly cached: Doc | "unknown";
  /** What a shared answer says; nobody shares one when it is absent. */
  readonly isAbsent?: boolean;
}

const V1: Doc = { value: "one", etag: "v1" };
const UNVERSIONED: Doc = { value: "one", etag: undefined };

async function lookForWriting({ cached, isAbsent }: Facts) {
  let reads = 0;
  const never = (): never => expect.unreachable();
  const port = {
    read: (): Promise<Doc> => {
      reads++;
      return Promise.resolve({ value: "read", etag: "v9" });
    },
    put: never,
    remove: never,
    classify: never,
  };
  const view = {
    cached: () => cached,
    learned: () => {},
    ...(isAbsent !== undefined && { isAbsent: (since: number) => Promise.resolve(isAbsent && since === 7) }),
  };
  const sight = new Sight<string>(port, view, new VirtualClock());
  const { signal } = new AbortController();
  const seen = await sight.lookForWriting({ document: undefined, direct: false, at: 7 }, signal);
  return { value: seen.document?.value, direct: seen.direct, reads };
}

describe("what a write rests on", () => {
  const cases: readonly [name: string, facts: Facts, seen: Awaited<ReturnType<typeof lookForWriting>>][] = [
    [
      "is what is known, when an etag guards it",
      { cached: V1, isAbsent: true },
      { value: "one", direct: false, reads: 0 },
    ],
    [
      "is a direct read, when nothing is known",
      { cached: "unknown", isAbsent: true },
      { value: "read", direct: true, reads: 1 },
    ],
    [
      "is a direct read, when no etag guards it",
      { cached: UNVERSIONED, isAbsent: true },
      { value: "read", direct: true, reads: 1 },
    ],
    [
      "is a direct read of what is thought to be absent",
      { cached: undefined },
      { value: "read", direct: true, reads: 1 },
    ],
    [
      "is a direct read, when a shared answer does not prove absence",
      { cached: undefined, isAbsent: false },
      { value: "read", direct: true, reads: 1 },
    ],
    [
      "is a shared answer, when it proves absence",
      { cached: undefined, isAbsent: true },
      { value: undefined, direct: true, reads: 0 },
    ],
  ];
  for (const [name, facts, seen] of cases) {
    it(name, async () => {
      expect(await lookForWriting(facts)).toEqual(seen);
    });
  }
});

describe("a first look", () => {
  /** What the view knows before and after an answer that many share. */
  async function look(before: Doc | "unknown", after: Doc | "unknown", isAbsent: boolean) {
    let reads = 0;
    let isAsked = false;
    const never = (): never => expect.unreachable();
    const read = (): Promise<Doc> => {
      reads++;
      return Promise.resolve({ value: "read", etag: "v9" });
    };
    const view = {
      cached: () => (isAsked ? after : before),
      learned: () => {},
      isAbsent: () => {
        isAsked = true;
        return Promise.resolve(isAbsent);
      },
    };
    const sight = new Sight<string>({ read, put: never, remove: never, classify: never }, view, new VirtualClock());
    const { document, direct } = await sight.look(new AbortController().signal);
    return { value: document?.value, direct, reads };
  }

  const cases: readonly [name: string, given: Parameters<typeof look>, seen: Awaited<ReturnType<typeof look>>][] = [
    ["believes what is known", [V1, "unknown", false], { value: "one", direct: false, reads: 0 }],
    ["takes absence from a shared answer", ["unknown", undefined, true], { value: undefined, direct: true, reads: 0 }],
    ["takes what the shared answer has shown", ["unknown", V1, false], { value: "one", direct: false, reads: 0 }],
    ["reads when nobody shares", ["unknown", "unknown", false], { value: "read", direct: true, reads: 1 }],
  ];
  for (const [name, given, seen] of cases) {
    it(name, async () => {
      expect(await look(...given)).toEqual(seen);
    });
  }
});
