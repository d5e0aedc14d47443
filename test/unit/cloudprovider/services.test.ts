import { describe, expect, it } from "vitest";
import {
  defaultLoadBalancerName,
  FINALIZER,
  hasFinalizer,
  healthCheckPathPort,
  isAllowAll,
  type LoadBalancerStatus,
  loadBalancerStatusEqual,
  needsHealthCheck,
  requestsOnlyLocalTraffic,
  type Service,
  type ServiceSpec,
  SOURCE_RANGES_ANNOTATION,
  sourceRanges,
} from "../../../src/cloudprovider/index.ts";

function service(spec: Partial<ServiceSpec> = {}, metadata: Partial<Service["metadata"]> = {}): Service {
  return {
    metadata: { name: "web", namespace: "shop", uid: "9f86d081-884c-4d65-9a2f-eaa0c55ad015", ...metadata },
    spec: { type: "LoadBalancer", ports: [], ...spec },
    status: { loadBalancer: { ingress: [] } },
  };
}

describe("the default balancer name", () => {
  it("is an a and the uid without dashes, cut to 32 characters", () => {
    expect(defaultLoadBalancerName(service())).toBe("a9f86d081884c4d659a2feaa0c55ad01");
  });

  it("is short for a short uid", () => {
    expect(defaultLoadBalancerName(service({}, { uid: "uid-1" }))).toBe("auid1");
  });
});

describe("CTL S35 source ranges", () => {
  const annotated = (value: string) => service({}, { annotations: { [SOURCE_RANGES_ANNOTATION]: value } });
  const good: readonly { name: string; service: Service; want: readonly string[] }[] = [
    { name: "are everybody without spec and annotation", service: service(), want: ["0.0.0.0/0"] },
    { name: "are everybody with an empty annotation", service: annotated(""), want: ["0.0.0.0/0"] },
    { name: "are everybody with a blank annotation", service: annotated("  "), want: ["0.0.0.0/0"] },
    {
      name: "are each named once",
      service: annotated("192.168.0.1/32,192.168.0.1/32"),
      want: ["192.168.0.1/32"],
    },
    {
      name: "may stand between blanks",
      service: annotated("  192.168.0.1/32 , 192.168.0.2/32   "),
      want: ["192.168.0.1/32", "192.168.0.2/32"],
    },
    { name: "become networks", service: annotated("192.168.0.1/24"), want: ["192.168.0.0/24"] },
    { name: "are everybody as any network of 0 bits", service: annotated("192.168.0.0/0"), want: ["0.0.0.0/0"] },
    {
      name: "come from the spec when it has some",
      service: service(
        { loadBalancerSourceRanges: [" 10.0.0.0/8", "2001:DB8::/32"] },
        { annotations: { [SOURCE_RANGES_ANNOTATION]: "nonsense" } },
      ),
      want: ["10.0.0.0/8", "2001:db8::/32"],
    },
  ];
  for (const { name, service: subject, want } of good) {
    it(name, () => {
      expect(sourceRanges(subject)).toEqual({ ok: true, value: want });
    });
  }

  const bad: readonly { raw: string; got: readonly string[] }[] = [
    { raw: "10.0.0.1/33", got: ["10.0.0.1/33"] },
    { raw: "foo.bar", got: ["foo.bar"] },
    { raw: "10.0.0.1/32,*", got: ["*"] },
    { raw: "10.0.0.1/32,", got: [""] },
    { raw: "10.0.0.1/32, ,x", got: [" ", "x"] },
    { raw: "10.0.0.1", got: ["10.0.0.1"] },
  ];
  const want = "a comma-separated list of source IP ranges, for example 10.0.0.0/24,192.168.2.0/24";
  for (const { raw, got } of bad) {
    it(`refuse the annotation ${JSON.stringify(raw)}`, () => {
      const problems = got.map((item) => ({ field: SOURCE_RANGES_ANNOTATION, got: item, want }));
      expect(sourceRanges(annotated(raw))).toEqual({ ok: false, problems });
    });
  }

  it("refuse every bad range of the spec, by index", () => {
    expect(sourceRanges(service({ loadBalancerSourceRanges: ["10.0.0.1", "10.0.0.0/8", ""] }))).toEqual({
      ok: false,
      problems: [
        { field: "spec.loadBalancerSourceRanges[0]", got: "10.0.0.1", want: "an IP range, for example 10.0.0.0/24" },
        { field: "spec.loadBalancerSourceRanges[2]", got: "", want: "an IP range, for example 10.0.0.0/24" },
      ],
    });
  });

  it("allow all only when they are exactly everybody on IPv4", () => {
    expect(isAllowAll(["0.0.0.0/0"])).toBe(true);
    expect(isAllowAll(["::/0"])).toBe(false);
    expect(isAllowAll(["0.0.0.0/0", "10.0.0.0/8"])).toBe(false);
    expect(isAllowAll([])).toBe(false);
  });
});

describe("CTL S36 local traffic", () => {
  const local = { externalTrafficPolicy: "Local" } as const;
  const cases: readonly { name: string; spec: Partial<ServiceSpec>; local: boolean; check: boolean; port?: number }[] =
    [
      {
        name: "NodePort may be local and needs no probe",
        spec: { type: "NodePort", ...local },
        local: true,
        check: false,
      },
      { name: "ClusterIP is never local", spec: { type: "ClusterIP", ...local }, local: false, check: false },
      { name: "policy Cluster is not local", spec: { externalTrafficPolicy: "Cluster" }, local: false, check: false },
      { name: "no policy is not local", spec: { healthCheckNodePort: 34012 }, local: false, check: false },
      {
        name: "a local balancer probes the health port",
        spec: { ...local, healthCheckNodePort: 34012 },
        local: true,
        check: true,
        port: 34012,
      },
      { name: "a local balancer without health port probes nothing there", spec: local, local: true, check: true },
      { name: "port 0 is no port", spec: { ...local, healthCheckNodePort: 0 }, local: true, check: true },
    ];
  for (const { name, spec, local: wantLocal, check, port } of cases) {
    it(name, () => {
      const subject = service(spec);
      expect([requestsOnlyLocalTraffic(subject), needsHealthCheck(subject)]).toEqual([wantLocal, check]);
      expect(healthCheckPathPort(subject)).toEqual(port === undefined ? undefined : { path: "/healthz", port });
    });
  }
});

describe("the finalizer", () => {
  it("is found among others, and only by its full name", () => {
    expect(hasFinalizer(service({}, { finalizers: ["other", FINALIZER] }))).toBe(true);
    expect(hasFinalizer(service({}, { finalizers: ["load-balancer-cleanup"] }))).toBe(false);
    expect(hasFinalizer(service())).toBe(false);
  });
});

describe("two statuses", () => {
  const ports = [{ port: 80, protocol: "TCP" }] as const;
  const cases: readonly { name: string; a?: LoadBalancerStatus; b?: LoadBalancerStatus; equal: boolean }[] = [
    { name: "are equal when both are absent", equal: true },
    { name: "are equal when one is absent and one empty", a: { ingress: [] }, equal: true },
    { name: "differ when one has an address", a: { ingress: [{ ip: "1.2.3.4" }] }, b: { ingress: [] }, equal: false },
    {
      name: "differ by address",
      a: { ingress: [{ ip: "1.2.3.4" }] },
      b: { ingress: [{ ip: "1.2.3.5" }] },
      equal: false,
    },
    {
      name: "differ by host name",
      a: { ingress: [{ hostname: "a" }] },
      b: { ingress: [{ hostname: "b" }] },
      equal: false,
    },
    {
      name: "differ by mode",
      a: { ingress: [{ ip: "1.2.3.4", ipMode: "VIP" }] },
      b: { ingress: [{ ip: "1.2.3.4" }] },
      equal: false,
    },
    {
      name: "differ by order",
      a: { ingress: [{ ip: "1" }, { ip: "2" }] },
      b: { ingress: [{ ip: "2" }, { ip: "1" }] },
      equal: false,
    },
    {
      name: "are equal with empty and absent ports",
      a: { ingress: [{ ip: "1", ports: [] }] },
      b: { ingress: [{ ip: "1" }] },
      equal: true,
    },
    { name: "differ by a port", a: { ingress: [{ ip: "1", ports }] }, b: { ingress: [{ ip: "1" }] }, equal: false },
    {
      name: "differ by a port's error",
      a: { ingress: [{ ip: "1", ports: [{ ...ports[0], error: "taken" }] }] },
      b: { ingress: [{ ip: "1", ports }] },
      equal: false,
    },
  ];
  for (const { name, a, b, equal } of cases) {
    it(name, () => {
      expect([loadBalancerStatusEqual(a, b), loadBalancerStatusEqual(b, a)]).toEqual([equal, equal]);
    });
  }
});
