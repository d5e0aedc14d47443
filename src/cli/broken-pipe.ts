/**
 * Lets the program end as on SIGTERM when nobody reads its output any more (`azure-ccm demo | head`): it cleans up, and
 * prints no stack trace. Any other failure of standard output is thrown.
 */
export function endWithoutReader(): void {
  process.stdout.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.stdout.on("error", () => {}); // what is still written goes nowhere
    process.kill(process.pid, "SIGTERM");
  });
}
