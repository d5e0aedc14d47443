import { readFileSync, writeFileSync } from "node:fs";
import { configurationReference } from "../../src/azure/config/reference.ts";
import { annotationsReference } from "../../src/azure/loadbalancer/annotations/reference.ts";
import { path } from "../steps.ts";
import { errorsReference } from "./errors.ts";
import { eventsReference } from "./events.ts";
import { flagsReference } from "./flags.ts";
import { metricsReference } from "./metrics.ts";
import { performancePage } from "./performance/page.ts";
import { performancePlot } from "./performance/plot.ts";
import { permissionsReference } from "./permissions.ts";

/** A generated page and what makes its text. */
export interface Page {
  /** Below the project's root. */
  readonly file: string;
  readonly render: () => string;
}

/** Every generated page. A new one is one row. */
export const PAGES: readonly Page[] = [
  { file: "docs/explanation/performance.md", render: performancePage },
  { file: "docs/explanation/performance.svg", render: performancePlot },
  { file: "docs/reference/annotations.md", render: annotationsReference },
  { file: "docs/reference/configuration.md", render: configurationReference },
  { file: "docs/reference/errors.md", render: errorsReference },
  { file: "docs/reference/events.md", render: eventsReference },
  { file: "docs/reference/flags.md", render: flagsReference },
  { file: "docs/reference/metrics.md", render: metricsReference },
  { file: "docs/reference/permissions.md", render: permissionsReference },
];

/** Pages whose file is missing or says something else than their source. */
export function stalePages(pages: readonly Page[] = PAGES): readonly Page[] {
  return pages.filter(({ file, render }) => textOf(file) !== render());
}

/** Writes a page. */
export function writePage({ file, render }: Page): void {
  writeFileSync(path(file), render());
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(path(file), "utf8");
  } catch {
    return undefined; // not written yet
  }
}
