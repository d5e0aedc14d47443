import { describe, expect, it } from "vitest";
import { accept, CloudError } from "../../../src/cloudprovider/index.ts";

describe("a CloudError", () => {
  it("passes a door untouched", () => {
    const error = new CloudError("Locked", "the group is locked");
    expect(CloudError.from(error, "writing")).toBe(error);
  });

  it("made of an abort is Aborted", () => {
    const controller = new AbortController();
    controller.abort();
    expect(CloudError.from(controller.signal.reason, "writing")).toMatchObject({ code: "Aborted" });
  });

  it("made of anything else is Internal, and keeps it as its cause", () => {
    const reason = new TypeError("x is undefined");
    expect(CloudError.from(reason, "writing")).toMatchObject({
      code: "Internal",
      message: "writing: x is undefined",
      cause: reason,
    });
    expect(CloudError.from("text", "writing")).toMatchObject({ code: "Internal", message: "writing: text" });
  });
});

describe("accepting a check", () => {
  it("gives the value", () => {
    expect(accept({ ok: true, value: 4 })).toBe(4);
  });

  it("names every problem in one sentence each", () => {
    const problems = [
      { field: "spec.ports", got: undefined, want: "at least one port" },
      { field: "spec.type", got: 'a "b"', want: "LoadBalancer" },
    ];
    expect(() => accept({ ok: false, problems })).toThrow(
      expect.objectContaining({
        code: "InvalidArgument",
        message: 'spec.ports is missing, want at least one port; spec.type: got "a \\"b\\"", want LoadBalancer',
      }),
    );
  });
});
