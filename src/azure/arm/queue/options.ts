import type { Clock } from "../../../base/clock.ts";
import type { CloudError } from "../../../cloudprovider/errors.ts";
import type { Document, Edit, ResourcePort, WriteFailure } from "../port.ts";

/** Where edits of one resource go: the real {@link MergeQueue}, or the {@link DryQueue} that `plan` uses. */
export interface EditQueue<T> {
  /**
   * Hands in one owner's wish.
   *
   * @param signal - withdraws the wish if no write carries it yet, and ends the waiting at once in any case.
   * @returns the resource as ARM confirmed it after the write that carried the edit, or as it already was when there was
   *   nothing to change; undefined when it is absent then.
   * @throws CloudError with the reason why no write carried the edit; `signal.reason` when aborted.
   */
  submit(edit: Edit<T>, signal: AbortSignal): Promise<Document<T> | undefined>;
}

/** What the inventory knows of one resource, and how the queue keeps it fresh. */
export interface ResourceView<T> {
  /** The newest known document; undefined when the resource is known to be absent. Synchronous and free. */
  cached(): Document<T> | undefined | "unknown";
  /**
   * Takes what a confirmed write or a direct read brought; undefined means absent.
   *
   * @param asOfMs - clock time from which on no older request may replace it: the start of a read, the end of a write.
   */
  learned(document: Document<T> | undefined, asOfMs: number): void;
  /** What is cached can no longer be trusted: a write was lost, broken or met a foreign one. */
  doubted?(): void;
  /** The present, on the counter that puts all requests into an order. */
  moment?(): number;
  /**
   * Whether a recent answer that many resources share proves as well as a direct read that the resource is absent; false
   * when only a direct read can tell, or is cheaper.
   *
   * @param since - the moment after which the request for that answer must have been sent.
   */
  isAbsent?(since: number, signal: AbortSignal): Promise<boolean>;
}

/** What a write about to be sent is, for the throttle gate to choose its lane. */
export interface WriteIntent {
  readonly verb: "put" | "remove";
  /** Edits that wait for it now; more may join until it is admitted. */
  readonly riders: number;
  /** What ARM shows may not be in effect, so the write is to bring traffic back. */
  readonly restores: boolean;
}

/** Why edits must be tried again. `unread`: the resource could not be read. */
export type Setback = "conflicted" | "lost" | "broken" | "busy" | "throttled" | "unprovisioned" | "unread";

/** How often one edit may meet each setback before its callers get the error, and how long it pauses in between. */
export interface Patience {
  /** Tries of one edit that may end in each setback; the last of them fails it. At least 1. */
  readonly tries: Readonly<Record<Setback, number>>;
  /** First pause that nobody told us, milliseconds; it doubles with every setback in a row, and half of it is random. */
  readonly pauseMs: number;
  /** Longest such pause, milliseconds. A pause that ARM asked for is kept whatever its length. */
  readonly longestPauseMs: number;
}

/** What the queue tells about one write or decision; `riders` are those on whose behalf it is done, in fold order. */
export type QueueEvent = { readonly riders: readonly string[] } & (
  | { readonly kind: "unchanged" }
  | { readonly kind: "writing"; readonly verb: "put" | "remove"; readonly attempt: number }
  | { readonly kind: "confirmed"; readonly verb: "put" | "remove"; readonly attempt: number; readonly ms: number }
  | {
      readonly kind: "failed";
      readonly verb: "put" | "remove";
      readonly attempt: number;
      readonly ms: number;
      readonly failure: WriteFailure;
    }
  /** They are tried again after `ms`, which may be 0. */
  | { readonly kind: "waiting"; readonly because: Setback; readonly ms: number; readonly error: CloudError }
  | { readonly kind: "parked"; readonly resourceId: string; readonly error: CloudError }
  | { readonly kind: "split"; readonly culprit: string | undefined }
  | { readonly kind: "rejected"; readonly error: unknown }
);

/** All that one {@link MergeQueue} is built from. */
export interface MergeQueueOptions<T> {
  readonly port: ResourcePort<T>;
  readonly clock: Clock;
  readonly view: ResourceView<T>;
  /** Deep equality of two models; without it only the identical object counts as unchanged. */
  readonly same?: (left: T, right: T) => boolean;
  /** Whether what is left after all edits may go; without it nothing is ever removed. Must hold the ownership rule. */
  readonly settle?: (value: T) => "keep" | "remove";
  /** False when ARM shows a body whose last operation failed: then "nothing to change" is no success. */
  readonly inEffect?: (value: T) => boolean;
  /**
   * The steps before a DELETE (private link out, members out); idempotent. The signal ends it when a newer edit may make
   * the removal needless. The resource is read again afterwards.
   */
  readonly prepareRemoval?: (document: Document<T>, signal: AbortSignal) => Promise<void>;
  /** Resolves when the throttle gate hands out the token of one write. Without it every write is admitted at once. */
  readonly admit?: (intent: WriteIntent, signal: AbortSignal) => Promise<void>;
  /** Called after every admission when its write has ended, or was not sent after all. */
  readonly release?: () => void;
  /** The fence: false when the lease does not outlive a write that is sent now. */
  readonly mayWrite?: () => boolean;
  /** Waits for, or mends, a resource that ARM calls not provisioned. Resolving only means that a retry makes sense. */
  readonly repair?: (resourceId: string, signal: AbortSignal) => Promise<void>;
  /** 0 (inclusive) to 1, for jitter. */
  readonly random?: () => number;
  /** Progress and metrics. What it throws is ignored. */
  readonly observe?: (event: QueueEvent) => void;
  readonly patience?: Patience;
  /** The end of the process: aborting it also gives up on a write that was sent. {@link MergeQueue.stop} does not. */
  readonly life?: AbortSignal;
}

/** What production uses: minutes of patience with ARM's own pauses, seconds with everything else. */
export const DEFAULT_PATIENCE: Patience = {
  tries: { conflicted: 8, lost: 3, broken: 3, busy: 20, throttled: 20, unprovisioned: 6, unread: 4 },
  pauseMs: 500,
  longestPauseMs: 30_000,
};

/** What an option that is left out means. */
export const DEFAULTS = {
  same: (): boolean => false,
  settle: (): "keep" | "remove" => "keep",
  inEffect: (): boolean => true,
  admit: (): Promise<void> => Promise.resolve(),
  release: (): void => {},
  mayWrite: (): boolean => true,
  random: Math.random,
  observe: (): void => {},
  patience: DEFAULT_PATIENCE,
} as const satisfies Partial<MergeQueueOptions<unknown>>;

/** Options with every default filled in. */
export type SettledOptions<T> = MergeQueueOptions<T> & Required<Pick<MergeQueueOptions<T>, keyof typeof DEFAULTS>>;

/** A view that remembers the last answer, for a queue without an inventory. */
export function rememberingView<T>(): ResourceView<T> {
  let last: Document<T> | undefined | "unknown" = "unknown";
  return {
    cached: () => last,
    learned: (document) => {
      last = document;
    },
    doubted: () => {
      last = "unknown";
    },
  };
}
