import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { packageVersion } from "./version.ts";

/**
 * Every command of `azure-ccm` with its options; the reference page is made from it. What a command needs is imported
 * only when it runs, so that `--help` costs next to nothing.
 *
 * Parsing throws a CommanderError in place of ending the process; commands set `process.exitCode`.
 */
export function program(): Command {
  const root = new Command("azure-ccm")
    .description("The Azure cloud provider for Kubernetes: runs it, and shows it without Azure.")
    .version(packageVersion(), "-V, --version", "show the version")
    .helpOption("-h, --help", "show this")
    .helpCommand("help [command]", "show the options of a command")
    .exitOverride()
    .showHelpAfterError("(--help shows what is accepted)");
  addDemo(root);
  addRun(root);
  addPlan(root);
  addExplain(root);
  addSimulate(root);
  return root;
}

function addDemo(root: Command): void {
  root
    .command("demo")
    .description("Show a Service getting its address: simulated Azure, small API server, the real controller.")
    .option("-f, --filename <path...>", "manifests to apply: files, directories, or - for standard input")
    .option("--cluster <file>", "machines and network of the simulated cluster, as YAML; three nodes when absent")
    .option("--once", "end when every Service of type LoadBalancer has its address")
    .option("--stay", "stay up until Ctrl-C, also when standard output is no terminal")
    .option("--json", "print the result as one JSON document, and nothing else, on standard output")
    .option(
      "--latency <factor>",
      "speed of the simulated Azure: 1 is about a second per operation, 0 is at once",
      factor,
      1,
    )
    .option("--timeout <seconds>", "give up waiting for addresses after this long", seconds, 120)
    .addOption(
      new Option("--pool-type <type>", "how nodes join the balancer's pool")
        .choices(["nodeIP", "nodeIPConfiguration"])
        .default("nodeIP"),
    )
    .addOption(logLevel("warn"))
    .action(async (options: object) => {
      const { runDemo } = await import("./demo/command.ts");
      process.exitCode = await runDemo(options as Parameters<typeof runDemo>[0]);
    });
}

/** A command that needs a cluster and Azure, with the flags that say where they are. */
function connected(root: Command, name: string, kubeconfig = ""): Command {
  return root
    .command(name)
    .requiredOption("--cloud-config <file>", "azure.json: subscription, resource group, network, identity")
    .option("--kubeconfig <file>", `how to reach the API server; inside a cluster it is found by itself${kubeconfig}`)
    .option("--cluster-name <name>", "tells the clusters of one resource group apart", "kubernetes")
    .option("--ca-file <file>", "PEM of a CA to trust for the ARM endpoint");
}

function addRun(root: Command): void {
  connected(root, "run")
    .description("Run the controllers against Azure, or any endpoint that speaks its protocol.")
    .addOption(
      new Option(
        "--mode <mode>",
        "manage: keep Azure in line; observe: write nothing anywhere but events, and tell what differs",
      )
        .choices(["manage", "observe"])
        .default("manage"),
    )
    .option("--concurrent-service-syncs <count>", "Services worked on at once", count, 256)
    .option(
      "--metrics-port <port>",
      "loopback port of /healthz, /readyz and /metrics; 0 lets the system choose",
      port,
      10267,
    )
    .addOption(logLevel("info"))
    .action(async (options: object) => {
      const { runControllers } = await import("./run.ts");
      process.exitCode = await runControllers(options as Parameters<typeof runControllers>[0]);
    });
}

function addPlan(root: Command): void {
  connected(root, "plan", ", and manifests that bring Nodes along need none")
    .description("Show what would change in Azure, by Service, resource and field, and why. Writes nothing.")
    .addHelpText("after", "\nExit code: 0 nothing would change, 2 something would, 1 something could not be planned.")
    .option(
      "-f, --filename <path...>",
      "plan as if these manifests were applied, for their Services: files, directories, or -",
    )
    .option("-n, --namespace <name>", "plan for the Services of this namespace")
    .addOption(
      new Option(
        "--all",
        "plan for all Services, also when manifests are given; without -f and -n it is so anyway",
      ).conflicts("namespace"),
    )
    .option("--json", "print the plan as one JSON document, and nothing else, on standard output")
    .action(async (options: object) => {
      const { runPlan } = await import("./plan/command.ts");
      process.exitCode = await runPlan(options as Parameters<typeof runPlan>[0]);
    });
}

function addExplain(root: Command): void {
  connected(root, "explain")
    .description(
      "Say why something is as it is: asked, planned, actual, what is in the way, the last calls. Writes nothing.",
    )
    .addArgument(new Argument("<kind>", "kind of the object").choices(["service"]))
    .argument("<name>", "NAMESPACE/NAME")
    .option(
      "--controller <url>",
      "serving port of the running controller, for its last calls",
      url,
      "http://127.0.0.1:10267",
    )
    .option("--json", "print all of it as one JSON document")
    .action(async (_kind: string, name: string, options: object) => {
      const { runExplain } = await import("./explain/command.ts");
      process.exitCode = await runExplain(name, options as Parameters<typeof runExplain>[1]);
    });
}

function addSimulate(root: Command): void {
  root
    .command("simulate")
    .description("Run the simulated Azure by itself, for any client that speaks its protocol. Loopback only.")
    .option("--cluster <file>", "machines and network that exist from the start, as YAML; nothing when absent")
    .option("--scenario <file>", "cluster, timing, limits, faults and switches, as YAML; flags count more")
    .addOption(
      new Option("--profile <name>", "timing, limits and faults that go together").choices([
        "P1",
        "P2",
        "P3",
        "P4",
        "P5",
      ]),
    )
    .option("--latency <factor>", "speed: 1 is Azure's, 0 is at once; at once when absent", factor)
    .addOption(
      new Option(
        "--clock <kind>",
        "system; manual: time moves only by POST /simulator/clock/advance; auto: by itself, for programs that take part",
      ).choices(["system", "manual", "auto"]),
    )
    .option("--participants <count>", "with --clock auto: time stands until so many take part; 1 when absent", count)
    .option("--port <port>", "port of http; 0 lets the system choose", port, 0)
    .option("--https-port <port>", "port of https; 0 lets the system choose", port, 0)
    .option("--ca-file <file>", "write the CA to trust for https here")
    .option("--journal <file>", "append each request as a JSON line")
    .option("--state <file>", "go on from this dump if it is there, and write it at the end")
    .option("--json", "print where it is as one line of JSON, for scripts")
    .action(async (options: object) => {
      const { runSimulate } = await import("./simulate/command.ts");
      process.exitCode = await runSimulate(options as Parameters<typeof runSimulate>[0]);
    });
}

function logLevel(fallback: string): Option {
  return new Option("--log-level <level>", "least severe log line that is written, to standard error")
    .choices(["debug", "info", "warn", "error", "silent"])
    .default(fallback);
}

function factor(text: string): number {
  return numberBetween(text, 0, 100, "a number from 0 to 100");
}

function seconds(text: string): number {
  return numberBetween(text, 1, 86_400, "seconds from 1 to 86400");
}

function count(text: string): number {
  return wholeNumberBetween(text, 1, 4_096, "a whole number from 1 to 4096");
}

function port(text: string): number {
  return wholeNumberBetween(text, 0, 65_535, "a port from 0 to 65535");
}

function url(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) throw new InvalidArgumentError("Accepted is a URL of http.");
  return text;
}

function wholeNumberBetween(text: string, min: number, max: number, accepted: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(`Accepted is ${accepted}.`);
  return numberBetween(text, min, max, accepted);
}

function numberBetween(text: string, min: number, max: number, accepted: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isNaN(value) || value < min || value > max) throw new InvalidArgumentError(`Accepted is ${accepted}.`);
  return value;
}
