/** Builds `dist` from `src`. Runs as npm's `prepare`, so it uses nothing but Node and the compiler. */
import { rmSync } from "node:fs";
import { path, run } from "./steps.ts";

rmSync(path("dist"), { recursive: true, force: true });
process.exitCode = run({ name: "compile", command: "tsc", args: ["-p", "tsconfig.build.json"] }) ? 0 : 1;
