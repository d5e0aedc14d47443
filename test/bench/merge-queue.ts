import { MergeQueue } from "../../src/azure/arm/merge-queue.ts";
import type { Edit, ResourcePort } from "../../src/azure/arm/port.ts";
import { rememberingView } from "../../src/azure/arm/queue/options.ts";
import { VirtualClock } from "../../src/base/virtual-clock.ts";
import { CloudError } from "../../src/cloudprovider/errors.ts";
import { type Bench, bestOf } from "./bench.ts";

const EDITS = 5000;

/** A resource that an edit can add to without copying it: copies would be the bench's cost, not the queue's. */
interface Chain {
  readonly owner: string;
  readonly length: number;
  readonly rest: Chain | undefined;
}

/** Edits that come while a write is in flight and ride together in the next one. */
export const mergeQueue: Bench = {
  name: "merge-queue",
  about: `${EDITS} edits of one resource at once`,
  async run() {
    let writes = 0;
    const times = await bestOf(7, async () => {
      writes = await burst();
    });
    return { counts: { writes }, times: { "from the first edit to the last answer": times } };
  },
};

async function burst(): Promise<number> {
  let stored: Chain = { owner: "nobody", length: 0, rest: undefined };
  let writes = 0;
  const port: ResourcePort<Chain> = {
    read: () => Promise.resolve({ value: stored, etag: String(writes) }),
    put: async (next) => {
      await new Promise((resolve) => setImmediate(resolve));
      stored = next;
      return { value: stored, etag: String(++writes) };
    },
    remove: () => Promise.reject(new Error("nothing is removed here")),
    classify: (error) => ({ outcome: "lost", error: CloudError.from(error, "bench") }),
  };
  const view = rememberingView<Chain>();
  view.learned({ value: stored, etag: "0" }, 0);
  const same = (a: Chain, b: Chain): boolean => a === b;
  const queue = new MergeQueue<Chain>({ port, view, same, clock: new VirtualClock(), random: () => 0 });
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: EDITS }, (_, n) => queue.submit(edit(`shop/web-${n}`), signal)));
  if (stored.length !== EDITS) throw new Error(`${EDITS - stored.length} edits are lost`);
  return writes;
}

function edit(owner: string): Edit<Chain> {
  return { owner, order: owner, apply: (rest) => ({ owner, length: (rest?.length ?? 0) + 1, rest }) };
}
