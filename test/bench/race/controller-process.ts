import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { path } from "../../../scripts/steps.ts";
import { FIGURES, type ProcessFigures } from "./process-watch.ts";
import type { Scene } from "./scene.ts";

/** This project's controller in a process of its own: `azure-ccm run`, watched from inside. */
export class ControllerProcess {
  readonly #child: ChildProcess;
  readonly #figures: string;
  #printed = "";

  constructor(scene: Scene, workers: number) {
    this.#figures = join(scene.folder, "figures.json");
    const args = ["run", "--metrics-port", "0", "--concurrent-service-syncs", String(workers), ...scene.args];
    const probe = path("test/bench/race/probe.ts");
    this.#child = spawn(process.execPath, ["--import", probe, path("bin/azure-ccm.js"), ...args], {
      env: { ...process.env, ...scene.env, [FIGURES]: this.#figures },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#printed += chunk.toString();
    });
  }

  /** Resolves when its first lists are in. @throws Error with what it has printed when it ends before. */
  async running(): Promise<void> {
    while (!this.#printed.includes('"running"')) {
      if (this.#ended) throw new Error(`azure-ccm run has ended:\n${this.#printed}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Forgets how long the event loop stood still until now: programs load their files. */
  forgetStart(): void {
    this.#child.kill("SIGUSR2");
  }

  /** Ends it, and tells what it has taken. */
  async stop(): Promise<ProcessFigures> {
    if (!this.#ended) {
      this.#child.kill("SIGTERM");
      await once(this.#child, "exit");
    }
    return JSON.parse(await readFile(this.#figures, "utf8")) as ProcessFigures;
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
