import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** MiB of heap that are left after a collection. */
export function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
