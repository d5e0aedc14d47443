import { describe, expect, it } from "vitest";
import { InPlace, type Placed } from "../../../../src/azure/loadbalancer/in-place.ts";
import { service } from "../../../fixtures/service.ts";

const web = service({ name: "web" });
const placed = {} as Placed; // only handed back

describe("a Service that a pass has brought in place", () => {
  const cases: readonly { name: string; now: typeof web; inPlace: boolean }[] = [
    { name: "is in place", now: web, inPlace: true },
    {
      name: "is in place when only its status has changed",
      now: { ...web, status: { loadBalancer: { ingress: [{ ip: "20.0.0.1" }] } } },
      inPlace: true,
    },
    {
      name: "is not when its annotations have changed",
      now: { ...web, metadata: { ...web.metadata, annotations: { a: "b" } } },
      inPlace: false,
    },
    { name: "is not when its ports have changed", now: { ...web, spec: { ...web.spec, ports: [] } }, inPlace: false },
    {
      name: "is not when another one has its name",
      now: { ...web, metadata: { ...web.metadata, uid: "another" } },
      inPlace: false,
    },
  ];
  for (const { name, now, inPlace } of cases) {
    it(name, () => {
      const known = new InPlace();
      known.note(web, placed);
      expect(known.of(now)).toBe(inPlace ? placed : undefined);
    });
  }

  it("is not once the next pass has begun", () => {
    const known = new InPlace();
    known.note(web, placed);
    known.forget(web);
    expect(known.of(web)).toBeUndefined();
  });
});
