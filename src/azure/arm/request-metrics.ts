import type { Labels, Metrics } from "../../base/metrics.ts";
import { typeOfPath } from "./api-versions.ts";
import type { ObservedRequest } from "./policies/observe.ts";
import { groupOf } from "./resource-id.ts";
import { namesCollection } from "./throttle/ticket.ts";

const LABELS = ["subscription_id", "resource_group", "resource", "method"] as const;
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300, 600];

/** Counts and times every request to ARM, under the names of cloud-provider-azure's metrics. */
export function requestMetrics(metrics: Metrics): (request: ObservedRequest) => void {
  const duration = metrics.histogram({
    name: "arm_request_duration_seconds",
    help: "Seconds until ARM answered one request, failed ones included.",
    labels: LABELS,
    buckets: SECONDS,
  });
  const errors = metrics.counter({
    name: "arm_request_errors_counter_total",
    help: "Requests that ARM answered with an error, or not at all (status 0).",
    labels: [...LABELS, "status_code"],
  });
  const throttled = metrics.counter({
    name: "arm_request_throttle_counter_total",
    help: "Requests that ARM answered with 429.",
    labels: LABELS,
  });
  return (request) => {
    const labels = labelsOf(request);
    duration.observe(request.ms / 1000, labels);
    if (request.status === 429) throttled.add(labels);
    else if (request.status === 0 || request.status >= 400) {
      errors.add({ ...labels, status_code: String(request.status) });
    }
  };
}

/** What a request is about; names of resources are left out, for they would make a series each. */
function labelsOf({ method, path }: ObservedRequest): Labels {
  const type = typeOfPath(path).split("/").slice(1).join("/");
  const [, subscriptionId = ""] = /^\/subscriptions\/([^/]+)/i.exec(path) ?? [];
  return {
    subscription_id: subscriptionId,
    resource_group: groupOf(path)?.resourceGroup.toLowerCase() ?? "",
    resource: type.replace(/^locations\/.*/, "operations"),
    method: verbOf(method, path),
  };
}

function verbOf(method: string, path: string): string {
  switch (method) {
    case "GET":
      return namesCollection(path) ? "list" : "get";
    case "PUT":
      return "create_or_update";
    default:
      return method.toLowerCase();
  }
}
