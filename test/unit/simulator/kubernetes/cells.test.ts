import { describe, expect, it } from "vitest";
import { describeDuration } from "../../../../src/simulator/kubernetes/kinds/age.ts";
import { endpointSliceKind } from "../../../../src/simulator/kubernetes/kinds/endpoint-slice.ts";
import { eventKind } from "../../../../src/simulator/kubernetes/kinds/event.ts";
import type { Kind } from "../../../../src/simulator/kubernetes/kinds/kind.ts";
import { leaseKind } from "../../../../src/simulator/kubernetes/kinds/lease.ts";
import { namespaceKind } from "../../../../src/simulator/kubernetes/kinds/namespace.ts";
import { nodeKind } from "../../../../src/simulator/kubernetes/kinds/node.ts";
import { serviceKind } from "../../../../src/simulator/kubernetes/kinds/service.ts";
import { table } from "../../../../src/simulator/kubernetes/serving/form.ts";

const nowMs = Date.UTC(2026, 0, 1, 1);
const created = "2026-01-01T00:00:00Z";
const service = serviceKind({ assign: (object) => ({ object, causes: [] }), settle: () => {} });

function row(kind: Kind, fields: object): readonly unknown[] {
  const object = { apiVersion: "v1", kind: kind.kind, metadata: { name: "x", creationTimestamp: created }, ...fields };
  return kind.cells(object, { nowMs });
}

describe("ages are written as kubectl writes them", () => {
  const second = 1000;
  const minute = 60 * second;
  const hour = 60 * minute;
  const day = 24 * hour;
  const cases: readonly [ms: number, text: string][] = [
    [-5 * second, "<invalid>"],
    [-second, "0s"],
    [0, "0s"],
    [119 * second, "119s"],
    [2 * minute, "2m"],
    [9 * minute + 59 * second, "9m59s"],
    [10 * minute + 59 * second, "10m"],
    [179 * minute, "179m"],
    [3 * hour, "3h"],
    [7 * hour + 59 * minute, "7h59m"],
    [8 * hour + 59 * minute, "8h"],
    [47 * hour, "47h"],
    [2 * day + 3 * hour, "2d3h"],
    [8 * day + 3 * hour, "8d"],
    [729 * day, "729d"],
    [730 * day, "2y"],
    [800 * day, "2y70d"],
    [8 * 365 * day + 5 * day, "8y"],
  ];
  for (const [ms, text] of cases) it(`${ms} ms is ${text}`, () => expect(describeDuration(ms)).toBe(text));
});

describe("the row of a Service", () => {
  const port = { port: 80, protocol: "TCP" };
  const ingress = (...list: object[]) => ({ status: { loadBalancer: { ingress: list } } });
  const cases: readonly { name: string; fields: object; cells: readonly string[] }[] = [
    {
      name: "with a cluster IP",
      fields: { spec: { type: "ClusterIP", clusterIPs: ["10.0.0.1"], ports: [port], selector: { b: "2", a: "1" } } },
      cells: ["ClusterIP", "10.0.0.1", "<none>", "80/TCP", "60m", "a=1,b=2"],
    },
    {
      name: "that waits for its address",
      fields: { spec: { type: "LoadBalancer", clusterIPs: ["10.0.0.1"], ports: [{ ...port, nodePort: 30000 }] } },
      cells: ["LoadBalancer", "10.0.0.1", "<pending>", "80:30000/TCP", "60m", "<none>"],
    },
    {
      name: "with addresses",
      fields: {
        spec: { type: "LoadBalancer", clusterIPs: ["None"], ports: [port, { port: 53, protocol: "UDP" }] },
        ...ingress({ ip: "2.2.2.2" }, { hostname: "a.example" }, { ip: "1.1.1.1" }),
      },
      cells: ["LoadBalancer", "None", "1.1.1.1,2.2.2.2,a.example", "80/TCP,53/UDP", "60m", "<none>"],
    },
    {
      name: "with external IPs beside its address",
      fields: { spec: { type: "LoadBalancer", ports: [], externalIPs: ["9.9.9.9"] }, ...ingress({ ip: "1.1.1.1" }) },
      cells: ["LoadBalancer", "<none>", "1.1.1.1,9.9.9.9", "<none>", "60m", "<none>"],
    },
    {
      name: "that is only a name",
      fields: { spec: { type: "ExternalName", externalName: "db.example" } },
      cells: ["ExternalName", "<none>", "db.example", "<none>", "60m", "<none>"],
    },
  ];
  for (const { name, fields, cells } of cases) it(name, () => expect(row(service, fields)).toEqual(["x", ...cells]));
});

describe("the row of a Node", () => {
  const unknown = ["<none>", "<none>", "<unknown>", "<unknown>", "<unknown>"];
  const cases: readonly { name: string; fields: object; cells: readonly string[] }[] = [
    { name: "without conditions", fields: {}, cells: ["Unknown", "<none>", "60m", "", ...unknown] },
    {
      name: "that is cordoned",
      fields: { spec: { unschedulable: true }, status: { conditions: [{ type: "Ready", status: "True" }] } },
      cells: ["Ready,SchedulingDisabled", "<none>", "60m", "", ...unknown],
    },
    {
      name: "that is not ready and knows itself",
      fields: {
        metadata: {
          name: "x",
          creationTimestamp: created,
          labels: { "node-role.kubernetes.io/agent": "", "kubernetes.io/role": "b" },
        },
        status: {
          conditions: [{ type: "Ready", status: "Unknown" }],
          addresses: [
            { type: "InternalIP", address: "10.0.0.4" },
            { type: "ExternalIP", address: "1.1.1.1" },
          ],
          nodeInfo: {
            kubeletVersion: "v1.33.0",
            osImage: "Linux",
            kernelVersion: "6",
            containerRuntimeVersion: "c://1",
          },
        },
      },
      cells: ["NotReady", "agent,b", "60m", "v1.33.0", "10.0.0.4", "1.1.1.1", "Linux", "6", "c://1"],
    },
  ];
  for (const { name, fields, cells } of cases) it(name, () => expect(row(nodeKind, fields)).toEqual(["x", ...cells]));
});

describe("the row of", () => {
  it("an Event", () => {
    const fields = {
      involvedObject: { kind: "Service", name: "web" },
      type: "Normal",
      reason: "EnsuredLoadBalancer",
      message: " done\n",
      source: { component: "ccm", host: "h" },
      firstTimestamp: "2026-01-01T00:50:00Z",
      lastTimestamp: "2026-01-01T00:59:00Z",
      count: 3,
    };
    const cells = ["60s", "Normal", "EnsuredLoadBalancer", "service/web", "", "ccm, h", "done", "10m", 3, "x"];
    expect(row(eventKind, fields)).toEqual(cells);
  });

  it("an Event of the newer form", () => {
    const fields = { eventTime: "2026-01-01T00:59:00.000000Z", reportingComponent: "ccm", source: {} };
    expect(row(eventKind, fields)).toEqual(["60s", "", "", "/*", "", "ccm", "", "60s", 1, "x"]);
  });

  it("a Namespace", () => {
    expect(row(namespaceKind, { status: { phase: "Active" } })).toEqual(["x", "Active", "60m"]);
  });

  it("a Lease", () => {
    expect(row(leaseKind, { spec: { holderIdentity: "me" } })).toEqual(["x", "me", "60m"]);
  });

  it("an EndpointSlice", () => {
    const endpoints = ["1", "2", "3", "4", "5"].map((last) => ({ addresses: [`10.0.0.${last}`] }));
    const fields = { addressType: "IPv4", ports: [{ port: 80 }, { name: "x" }], endpoints };
    const cells = ["x", "IPv4", "80,x", "10.0.0.1,10.0.0.2,10.0.0.3 + 2 more...", "60m"];
    expect(row(endpointSliceKind, fields)).toEqual(cells);
    expect(row(endpointSliceKind, { addressType: "IPv4" })).toEqual(["x", "IPv4", "<unset>", "<unset>", "60m"]);
  });
});

describe("a table", () => {
  const kinds = [service, nodeKind, eventKind, namespaceKind, leaseKind, endpointSliceKind];
  for (const kind of kinds) {
    it(`of ${kind.plural} has a cell for every column`, () => {
      const object = { apiVersion: "v1", kind: kind.kind, metadata: { name: "x" } };
      const { columnDefinitions, rows } = table(kind, [object], {
        rowObject: "None",
        nowMs,
        metadata: { resourceVersion: "1" },
      }) as unknown as { columnDefinitions: object[]; rows: { cells: object[] }[] };
      expect(rows[0]?.cells).toHaveLength(columnDefinitions.length);
    });
  }
});
