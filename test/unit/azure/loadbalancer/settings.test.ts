import { describe, expect, it } from "vitest";
import { resolveForDeletion, resolveSettings } from "../../../../src/azure/loadbalancer/settings.ts";
import { config } from "../../../fixtures/azure-network.ts";
import { settingsOf } from "../../../fixtures/balancer-wish.ts";
import { type ServiceWords, service } from "../../../fixtures/service.ts";

const PREFIX = "service.beta.kubernetes.io/";

function problemsOf(words: ServiceWords, cluster = config()): readonly { field: string; got: string | undefined }[] {
  const result = resolveSettings(service(words), cluster);
  return result.ok ? [] : result.problems.map(({ field, got }) => ({ field: field.replace(PREFIX, ""), got }));
}

describe("switches", () => {
  const cases: readonly { raw: string; on: boolean; remarked: boolean }[] = [
    { raw: "true", on: true, remarked: false },
    { raw: "True", on: true, remarked: false },
    { raw: " TRUE ", on: true, remarked: false },
    { raw: "false", on: false, remarked: false },
    { raw: "yes", on: false, remarked: true },
    { raw: "1", on: false, remarked: true },
    { raw: "", on: false, remarked: true },
  ];
  for (const { raw, on, remarked } of cases) {
    it(`read ${JSON.stringify(raw)} as ${on}${remarked ? ", with a remark" : ""}`, () => {
      const settings = settingsOf(service({ annotations: { "azure-load-balancer-internal": raw } }));
      expect(settings.internal).toBe(on);
      expect(settings.remarks.map(({ reason }) => reason)).toEqual(remarked ? ["UnusualAnnotation"] : []);
    });
  }
});

describe("LB 55 idle timeout annotation", () => {
  const key = "azure-load-balancer-tcp-idle-timeout";
  const cases: readonly { name: string; raw?: string; minutes?: number }[] = [
    { name: "is 4 minutes when absent", minutes: 4 },
    { name: "takes what is written", raw: "5", minutes: 5 },
    { name: "takes the highest value Azure allows", raw: "100", minutes: 100 },
    { name: "forgives surrounding blanks", raw: " 15 ", minutes: 15 },
    { name: "refuses one below the lowest", raw: "3" },
    { name: "refuses one above the highest", raw: "101" },
    { name: "refuses a word", raw: "abc" },
    { name: "refuses a unit", raw: "15m" },
    { name: "refuses a fraction", raw: "5.0" },
    { name: "refuses the empty string", raw: "" },
  ];
  for (const { name, raw, minutes } of cases) {
    it(name, () => {
      const annotations = raw === undefined ? {} : { [key]: raw };
      const result = resolveSettings(service({ annotations }), config());
      if (minutes === undefined) {
        expect(result).toEqual({
          ok: false,
          problems: [{ field: `${PREFIX}${key}`, got: raw, want: "whole minutes, 4 to 100" }],
        });
      } else expect(result.ok && result.value.idleTimeoutMinutes).toBe(minutes);
    });
  }
});

describe("families", () => {
  const cases: readonly { name: string; ipFamilies: ("IPv4" | "IPv6")[]; families: string[]; dualStack: boolean }[] = [
    { name: "are IPv4 when none is given", ipFamilies: [], families: ["IPv4"], dualStack: false },
    { name: "put IPv4 first", ipFamilies: ["IPv6", "IPv4"], families: ["IPv4", "IPv6"], dualStack: true },
    { name: "may be IPv6 alone", ipFamilies: ["IPv6"], families: ["IPv6"], dualStack: false },
  ];
  for (const { name, ipFamilies, families, dualStack } of cases) {
    it(name, () => expect(settingsOf(service({ ipFamilies }))).toMatchObject({ families, dualStack }));
  }
});

describe("wanted addresses", () => {
  it("come from the annotation before spec.loadBalancerIP", () => {
    const asked = service({ loadBalancerIP: "20.1.2.3", annotations: { "azure-load-balancer-ipv4": "20.1.2.4" } });
    expect(settingsOf(asked).addresses).toEqual({ IPv4: "20.1.2.4" });
  });
  it("come from spec.loadBalancerIP for the family it is of", () => {
    const asked = service({ loadBalancerIP: "2001:DB8::0:1", ipFamilies: ["IPv4", "IPv6"] });
    expect(settingsOf(asked).addresses).toEqual({ IPv6: "2001:db8::1" });
  });
  it("leave out a family that is not enabled", () => {
    expect(settingsOf(service({ annotations: { "azure-load-balancer-ipv6": "2603::1" } })).addresses).toEqual({});
  });
  it("may be private for internal Services", () => {
    const asked = service({ loadBalancerIP: "10.0.0.5", annotations: { "azure-load-balancer-internal": "true" } });
    expect(settingsOf(asked).addresses).toEqual({ IPv4: "10.0.0.5" });
  });
  for (const address of [
    "10.0.0.5",
    "192.168.1.1",
    "127.0.0.1",
    "169.254.1.1",
    "100.64.0.1",
    "168.63.129.16",
    "224.0.0.1",
  ]) {
    it(`LB 28 refuse ${address} for an external Service`, () => {
      expect(problemsOf({ loadBalancerIP: address })).toEqual([{ field: "spec.loadBalancerIP", got: address }]);
    });
  }
  it("refuse what is no address, and the other family's address", () => {
    const annotations = { "azure-load-balancer-ipv4": "2603::1" };
    expect(problemsOf({ loadBalancerIP: "garbage", annotations })).toEqual([
      { field: "azure-load-balancer-ipv4", got: "2603::1" },
      { field: "spec.loadBalancerIP", got: "garbage" },
    ]);
  });
});

describe("public IP settings", () => {
  it("fall back to the plain keys for IPv6 alone", () => {
    const asked = service({ ipFamilies: ["IPv6"], annotations: { "azure-pip-name": "byo" } });
    expect(settingsOf(asked).publicIp.names).toEqual({ IPv6: "byo" });
  });
  it("prefer the IPv6 key for IPv6 alone", () => {
    const annotations = { "azure-pip-name": "byo", "azure-pip-name-ipv6": "byo6" };
    expect(settingsOf(service({ ipFamilies: ["IPv6"], annotations })).publicIp.names).toEqual({ IPv6: "byo6" });
    expect(settingsOf(service({ annotations })).publicIp.names).toEqual({ IPv4: "byo" });
  });
  it("never fall back in a dual-stack Service", () => {
    const asked = service({ ipFamilies: ["IPv4", "IPv6"], annotations: { "azure-pip-name": "byo" } });
    expect(settingsOf(asked).publicIp.names).toEqual({ IPv4: "byo" });
  });
  it("pass over what is no pair, with a remark", () => {
    const { publicIp, remarks } = settingsOf(service({ annotations: { "azure-pip-tags": "a=b, c = d ,e,=f,g=h=i" } }));
    expect(publicIp.tags).toEqual({ a: "b", c: "d" });
    expect(remarks).toHaveLength(1);
  });
  it("tell an empty list of IP tags from none", () => {
    expect(settingsOf(service()).publicIp.ipTags).toBeUndefined();
    expect(settingsOf(service({ annotations: { "azure-pip-ip-tags": "" } })).publicIp.ipTags).toEqual([]);
    const asked = service({ annotations: { "azure-pip-ip-tags": "RoutingPreference=Internet,A=1,A=2" } });
    expect(settingsOf(asked).publicIp.ipTags).toEqual([
      { ipTagType: "A", tag: "2" },
      { ipTagType: "RoutingPreference", tag: "Internet" },
    ]);
  });
});

describe("additional addresses", () => {
  it("may have blanks around them", () => {
    const asked = service({ annotations: { "azure-additional-public-ips": "1.2.3.4, 2001:DB8::1" } });
    expect(settingsOf(asked).additionalAddresses).toEqual(["1.2.3.4", "2001:db8::1"]);
  });
  it("are refused whole when one is none, and do not block deletion", () => {
    const words = { annotations: { "azure-additional-public-ips": "1.2.3.4,x" } };
    expect(problemsOf(words)).toEqual([{ field: "azure-additional-public-ips", got: "1.2.3.4,x" }]);
    expect(resolveForDeletion(service(words), config()).additionalAddresses).toEqual([]);
  });
});

describe("bad input", () => {
  it("is reported all at once, each thing once", () => {
    const problems = problemsOf({
      ports: ["80/30080", "443/30443"],
      loadBalancerIP: "10.0.0.1",
      annotations: {
        "azure-load-balancer-tcp-idle-timeout": "1",
        "azure-load-balancer-health-probe-interval": "x",
        "port_80_health-probe_num-of-probe": "1",
      },
    });
    expect(problems.map(({ field }) => field).toSorted()).toEqual([
      "azure-load-balancer-health-probe-interval",
      "azure-load-balancer-tcp-idle-timeout",
      "port_80_health-probe_num-of-probe",
      "spec.loadBalancerIP",
    ]);
  });
  it("never keeps a Service from being deleted", () => {
    const annotations = { "azure-load-balancer-tcp-idle-timeout": "x", "azure-load-balancer-internal": "true" };
    const settings = resolveForDeletion(service({ annotations, ports: ["SCTP 1/2"] }), config());
    expect(settings).toMatchObject({ internal: true, idleTimeoutMinutes: 4 });
  });
});

describe("annotations nobody reads", () => {
  const cases: readonly { name: string; key: string; text: string | undefined }[] = [
    { name: "get a remark", key: "azure-load-balancer-colour", text: "no such annotation" },
    { name: "get a hint when only the case is wrong", key: "azure-PIP-name", text: "did you mean" },
    { name: "get a remark when they are about another port", key: "port_81_no_lb_rule", text: "has no port 81" },
    { name: "get a remark when they were read once", key: "azure-shared-securityrule", text: "any more" },
    { name: "of other tools get none", key: "aws-load-balancer-type", text: undefined },
    { name: "do not include those of ports", key: "port_80_no_probe_rule", text: undefined },
    { name: "do not include those of other features", key: "azure-pls-visibility", text: undefined },
  ];
  for (const { name, key, text } of cases) {
    it(name, () => {
      const { remarks } = settingsOf(service({ annotations: { [key]: "false" } }));
      expect(remarks.map((remark) => remark.text).join()).toContain(text ?? "");
      expect(remarks).toHaveLength(text === undefined ? 0 : 1);
    });
  }
  it("do not include those about the port of kube-proxy's health endpoint", () => {
    const annotations = { "port_34567_health-probe_interval": "10" };
    const asked = service({ externalTrafficPolicy: "Local", healthCheckNodePort: 34567, annotations });
    expect(settingsOf(asked)).toMatchObject({ remarks: [], serviceProbe: { intervalSeconds: 10 } });
  });
});
