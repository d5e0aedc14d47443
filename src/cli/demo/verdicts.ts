import type { CloudConfig } from "../../azure/index.ts";
import { checkService } from "../../azure/index.ts";
import { describeProblem, type Problem } from "../../base/checked.ts";
import { projectService } from "../../controller/index.ts";
import type { Applied } from "./apply.ts";
import type { Manifest } from "./manifests.ts";
import type { Verdicts } from "./witness.ts";

/** The Services that ask for something that no waiting can bring; each reason names file, line, field and value. */
export function verdictsOn({ created }: Applied, config: CloudConfig): Verdicts {
  const verdicts = new Map<string, string>();
  for (const { manifest, object } of created) {
    if (manifest.kind !== "Service") continue;
    const problems = checkService(projectService(object), config);
    if (problems.length === 0) continue;
    const key = `${manifest.namespace ?? "default"}/${manifest.name}`;
    verdicts.set(
      key,
      problems.map((problem) => `${placeOf(manifest, problem)}: ${describeProblem(problem)}`).join("; "),
    );
  }
  return verdicts;
}

function placeOf({ object, locate }: Manifest, { field }: Problem): string {
  const annotations = (object["metadata"] as { annotations?: object } | undefined)?.annotations ?? {};
  if (field in annotations) return locate(["metadata", "annotations", field]);
  return locate(
    field
      .split(/[.[\]]+/)
      .filter((step) => step !== "")
      .map((step) => (/^\d+$/.test(step) ? Number(step) : step)),
  );
}
