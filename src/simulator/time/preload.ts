/**
 * `node --import azure-cloud-provider/simulator/virtual-time program.js` runs a program in the time of the simulator that
 * AZURE_SIMULATOR_TIME names, its http endpoint: docs/explanation/time.md. Without that variable nothing changes.
 */
import { installTime } from "./global-time.ts";
import { joinTime } from "./shared-time.ts";

const endpoint = process.env["AZURE_SIMULATOR_TIME"];
if (endpoint !== undefined && endpoint !== "") {
  const name = process.env["AZURE_SIMULATOR_PARTICIPANT"];
  const time = await joinTime({ endpoint, ...(name !== undefined && { name }) });
  time.keepAlive(false);
  installTime(time.clock, (alive) => time.keepAlive(alive));
  time.lost.addEventListener("abort", () => {
    process.stderr.write(`virtual time: ${(time.lost.reason as Error).message}; nothing can wait any more\n`);
    process.exit(1);
  });
}
