import { describe, expect, it } from "vitest";
import { readProtobuf } from "../../../../src/simulator/kubernetes/serving/protobuf.ts";

/** A field of a message: numbers as varints, everything else with its length before it. */
function field(number: number, value: number | string | Buffer): Buffer {
  if (typeof value === "number") return Buffer.concat([varint(number * 8), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  return value < 128 ? Buffer.from([value]) : Buffer.concat([Buffer.from([(value & 127) | 128]), varint(value >> 7)]);
}

const message = (...fields: Buffer[]): Buffer => Buffer.concat(fields);

function body(apiVersion: string, kind: string, raw: Buffer): Buffer {
  const type = message(field(1, apiVersion), field(2, kind));
  return message(Buffer.from("k8s\u0000"), field(1, type), field(2, raw));
}

describe("a protobuf body", () => {
  it("reads as the Service it is", () => {
    const port = message(
      field(1, "http"),
      field(2, "TCP"),
      field(3, 80),
      field(4, message(field(1, 0), field(2, 8080), field(3, ""))),
      field(5, 30080),
    );
    const named = message(field(3, 443), field(4, message(field(1, 1), field(2, 0), field(3, "https"))));
    const selector = message(field(1, "app"), field(2, "wéb".repeat(60)));
    const spec = message(field(1, port), field(1, named), field(2, selector), field(4, "LoadBalancer"), field(20, 1));
    const raw = message(field(1, field(1, "web")), field(2, spec), field(3, field(1, "")));
    expect(readProtobuf(body("v1", "Service", raw))).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: {
        ports: [
          { name: "http", protocol: "TCP", port: 80, targetPort: 8080, nodePort: 30080 },
          { port: 443, targetPort: "https" },
        ],
        selector: { app: "wéb".repeat(60) },
        type: "LoadBalancer",
        allocateLoadBalancerNodePorts: true,
      },
    });
  });

  it("of another kind is refused", () => {
    expect(() => readProtobuf(body("batch/v1", "Job", Buffer.alloc(0)))).toThrow(
      "objects of kind Job of batch/v1 can only be sent as JSON or YAML",
    );
  });

  it("without the magic bytes is refused", () => {
    expect(() => readProtobuf(Buffer.from("{}{}{}"))).toThrow("the body is no protobuf object");
  });

  it("that ends too early is refused", () => {
    expect(() => readProtobuf(Buffer.from("k8s\u0000\u0080", "latin1"))).toThrow("ends too early");
  });
});
