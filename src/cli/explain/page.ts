import type { CallLog, RecordedCall } from "../../azure/index.ts";
import type { Page, ServiceJournal, ServiceRecord } from "../../controller/index.ts";

/** What a running controller remembers of one Service. Plain JSON, no secrets. */
export interface Remembered extends ServiceRecord {
  /** Its last calls to ARM, oldest first. */
  readonly calls: readonly RecordedCall[];
}

/** Where a controller serves {@link Remembered}: `/explain/services/<namespace>/<name>`. */
export const EXPLAIN_PATH = "/explain/services/";

/** The page on the serving port. A Service that this process has not worked on has none. */
export function explainPage({ calls, journal }: { readonly calls: CallLog; readonly journal: ServiceJournal }): Page {
  return {
    below: EXPLAIN_PATH,
    read: (key): Remembered | undefined => {
      const record = journal.of(key);
      const made = calls.of(key);
      return record === undefined && made.length === 0 ? undefined : { ...record, calls: made };
    },
  };
}
