import { describe, expect, it } from "vitest";
import { decode } from "../../../../src/simulator/kubernetes/decode.ts";
import type { JsonObject } from "../../../../src/simulator/kubernetes/json.ts";
import { leaseKind } from "../../../../src/simulator/kubernetes/kinds/lease.ts";
import { serviceKind } from "../../../../src/simulator/kubernetes/kinds/service.ts";

const service = serviceKind({ assign: (object) => ({ object, causes: [] }), settle: () => {} }).schema;
const lease = leaseKind.schema;

describe("reading a body", () => {
  const cases: readonly { name: string; body: JsonObject; value: JsonObject; unknown?: readonly string[] }[] = [
    { name: "drops nulls", body: { metadata: { name: "a", labels: null } }, value: { metadata: { name: "a" } } },
    {
      name: "drops empty text, lists, maps and zeros that Go omits",
      body: {
        spec: { clusterIP: "", externalIPs: [], selector: {}, healthCheckNodePort: 0, publishNotReadyAddresses: false },
      },
      value: { spec: {} },
    },
    {
      name: "keeps what is a pointer in Go",
      body: { spec: { allocateLoadBalancerNodePorts: false, ipFamilyPolicy: "" } },
      value: { spec: { allocateLoadBalancerNodePorts: false, ipFamilyPolicy: "" } },
    },
    {
      name: "drops unknown fields and says where they were",
      body: { spec: { typo: 1, ports: [{ port: 80 }, { port: 81, prot: "TCP" }] }, extra: {} },
      value: { spec: { ports: [{ port: 80 }, { port: 81 }] } },
      unknown: ["spec.typo", "spec.ports[1].prot", "extra"],
    },
    {
      name: "reads a null label as the empty one",
      body: { metadata: { labels: { a: null } } },
      value: { metadata: { labels: { a: "" } } },
    },
    {
      name: "writes times in UTC and whole seconds",
      body: { metadata: { creationTimestamp: "2026-01-01T02:00:00.5+02:00" } },
      value: { metadata: { creationTimestamp: "2026-01-01T00:00:00Z" } },
    },
    {
      name: "takes target ports by number",
      body: { spec: { ports: [{ port: 1, targetPort: 80 }] } },
      value: { spec: { ports: [{ port: 1, targetPort: 80 }] } },
    },
  ];
  for (const { name, body, value, unknown = [] } of cases) {
    it(name, () => expect(decode(service, body)).toEqual({ value, unknown }));
  }
});

describe("a value of a wrong type is refused in Go's words", () => {
  const cases: readonly { name: string; body: JsonObject; says: string }[] = [
    {
      name: "text for a port",
      body: { spec: { ports: [{ port: "http" }] } },
      says: "json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32",
    },
    {
      name: "a number for a label",
      body: { metadata: { labels: { a: 1 } } },
      says: "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
    },
    {
      name: "an object for a list",
      body: { spec: { ports: {} } },
      says: "json: cannot unmarshal object into Go struct field ServiceSpec.spec.ports of type []ServicePort",
    },
    {
      name: "a fraction for a port",
      body: { spec: { ports: [{ port: 1.5 }] } },
      says: "json: cannot unmarshal number 1.5 into Go struct field ServicePort.spec.ports.port of type int32",
    },
    {
      name: "text for a switch",
      body: { spec: { allocateLoadBalancerNodePorts: "yes" } },
      says: "json: cannot unmarshal string into Go struct field ServiceSpec.spec.allocateLoadBalancerNodePorts of type bool",
    },
  ];
  for (const { name, body, says } of cases) {
    it(name, () => expect(decode(service, body).mismatch).toBe(says));
  }
});

describe("times of a lease", () => {
  it("have six digits of fraction and keep them", () => {
    const spec = { renewTime: "2026-01-01T00:00:00.123456Z", holderIdentity: "" };
    expect(decode(lease, { spec })).toEqual({ value: { spec }, unknown: [] });
  });

  it("with three digits are refused, as by the real server", () => {
    const { mismatch } = decode(lease, { spec: { renewTime: "2026-01-01T00:00:00.123Z" } });
    expect(mismatch).toBe(
      'parsing time "2026-01-01T00:00:00.123Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse',
    );
  });
});
