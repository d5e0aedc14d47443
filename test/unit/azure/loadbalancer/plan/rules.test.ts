import { describe, expect, it } from "vitest";
import { planRules } from "../../../../../src/azure/loadbalancer/plan/rules.ts";
import { resolveSettings } from "../../../../../src/azure/loadbalancer/settings.ts";
import { balancerIdOf, config } from "../../../../fixtures/azure-network.ts";
import { settingsOf } from "../../../../fixtures/balancer-wish.ts";
import { EXAMPLE_BASE as B, type ServiceWords, service } from "../../../../fixtures/service.ts";

const INTERNAL = { "azure-load-balancer-internal": "true" };

function rulesOf(words: ServiceWords, family: "IPv4" | "IPv6" = "IPv4", cluster = config()) {
  const site = { family, balancerId: balancerIdOf(), frontendId: `${balancerIdOf()}/frontendIPConfigurations/${B}` };
  return planRules(settingsOf(service(words), cluster), cluster, site);
}

function probeNames(words: ServiceWords): readonly (string | undefined)[] {
  return rulesOf(words).rules.map(({ probe }) => probe?.id?.split("/").at(-1));
}

describe("LB 53 reset of idle TCP flows", () => {
  it("is not written on the basic SKU", () => {
    const [rule] = rulesOf({}, "IPv4", config({ sku: "basic" })).rules;
    expect(rule).not.toHaveProperty("enableTcpReset");
  });
  it("is on with the standard SKU", () => expect(rulesOf({}).rules).toMatchObject([{ enableTcpReset: true }]));
  it("is off when the Service says so", () => {
    const annotations = { "azure-load-balancer-disable-tcp-reset": "true" };
    expect(rulesOf({ annotations }).rules).toMatchObject([{ enableTcpReset: false }]);
  });
  it("is not written for UDP", () => {
    expect(rulesOf({ ports: ["UDP 53/30053"] }).rules[0]).not.toHaveProperty("enableTcpReset");
  });
});

describe("LB 54 session affinity", () => {
  const cases = [
    { sessionAffinity: "ClientIP", loadDistribution: "SourceIP" },
    { sessionAffinity: "None", loadDistribution: "Default" },
  ] as const;
  for (const { sessionAffinity, loadDistribution } of cases) {
    it(`${sessionAffinity} is ${loadDistribution}`, () => {
      expect(rulesOf({ sessionAffinity }).rules).toMatchObject([{ loadDistribution }]);
    });
  }
});

describe("a rule", () => {
  it("LB 55 has the idle timeout on every port", () => {
    const words = { ports: ["80/1", "UDP 53/2"], annotations: { "azure-load-balancer-tcp-idle-timeout": "5" } };
    expect(rulesOf(words).rules.map(({ idleTimeoutInMinutes }) => idleTimeoutInMinutes)).toEqual([5, 5]);
  });
  it("LB 56 of an internal IPv6 address goes to the node port", () => {
    const words: ServiceWords = { ipFamilies: ["IPv6"], ports: ["80/10080"], annotations: INTERNAL };
    const { rules, probes } = rulesOf(words, "IPv6");
    expect(rules).toMatchObject([{ backendPort: 10080, enableFloatingIP: false }]);
    expect(probes).toMatchObject([{ port: 10080 }]);
  });
  it("LB 57 without floating IP goes to the node port in both families", () => {
    const words: ServiceWords = {
      ipFamilies: ["IPv4", "IPv6"],
      ports: ["80/10080"],
      annotations: { "azure-disable-load-balancer-floating-ip": "true" },
    };
    for (const family of ["IPv4", "IPv6"] as const) {
      expect(rulesOf(words, family).rules).toMatchObject([{ backendPort: 10080, enableFloatingIP: false }]);
    }
  });
  it("switches outbound NAT off when the cluster does", () => {
    const cluster = config({ disableOutboundSnat: true });
    expect(rulesOf({}, "IPv4", cluster).rules).toMatchObject([{ disableOutboundSnat: true }]);
    const basic = config({ disableOutboundSnat: true, sku: "basic" });
    expect(rulesOf({}, "IPv4", basic).rules).toMatchObject([{ disableOutboundSnat: false }]);
  });
});

describe("LB 58 high-availability ports", () => {
  const annotations = { ...INTERNAL, "azure-load-balancer-enable-high-availability-ports": "true" };
  it("are one rule for all, with the first port's name and probe", () => {
    const { rules, probes } = rulesOf({ ports: ["80/30080", "8080/30081"], annotations });
    expect(rules).toMatchObject([
      {
        name: `${B}-TCP-80`,
        protocol: "All",
        frontendPort: 0,
        backendPort: 0,
        enableTcpReset: true,
        enableFloatingIP: true,
      },
    ]);
    expect(probes).toMatchObject([{ name: `${B}-TCP-80`, protocol: "Tcp", port: 30080 }]);
  });
  it("have no probe for SCTP", () => {
    const { rules, probes } = rulesOf({ ports: ["SCTP 80/30080"], annotations });
    expect(rules).toMatchObject([{ name: `${B}-SCTP-80`, probe: undefined }]);
    expect(probes).toEqual([]);
  });
  it("take the first probe that can be read", () => {
    const words = {
      ports: ["80/30080", "81/30081"],
      annotations: { ...annotations, "port_80_health-probe_port": "nope" },
    };
    expect(rulesOf(words).probes).toMatchObject([{ name: `${B}-TCP-80`, port: 30081 }]);
  });
  it("use the probe of externalTrafficPolicy Local", () => {
    const words: ServiceWords = { externalTrafficPolicy: "Local", healthCheckNodePort: 34567, annotations };
    expect(rulesOf(words).probes).toMatchObject([{ name: `${B}-TCP-34567` }]);
  });
  it("use that probe also when a port names a port to probe", () => {
    const words: ServiceWords = {
      externalTrafficPolicy: "Local",
      healthCheckNodePort: 34567,
      annotations: { ...annotations, "port_80_health-probe_port": "5080" },
    };
    expect(rulesOf(words).probes).toMatchObject([{ name: `${B}-TCP-34567` }]);
  });
  it("are for internal Services only", () => {
    const external = { "azure-load-balancer-enable-high-availability-ports": "true" };
    expect(rulesOf({ annotations: external }).rules).toMatchObject([{ protocol: "Tcp", frontendPort: 80 }]);
  });
});

describe("LB 59 SCTP", () => {
  it("is refused for external Services", () => {
    const result = resolveSettings(service({ ports: ["SCTP 7777/30777"] }), config());
    expect(result.ok ? [] : result.problems).toMatchObject([{ field: "spec.ports[0].protocol", got: "SCTP" }]);
  });
  it("is all protocols on one port for internal Services, without probe", () => {
    const { rules, probes } = rulesOf({ ports: ["SCTP 7777/30777"], annotations: INTERNAL });
    expect(rules).toMatchObject([{ protocol: "All", frontendPort: 7777, probe: undefined }]);
    expect(probes).toEqual([]);
  });
  it("is not looked at where the port has no rule", () => {
    const annotations = { port_7777_no_lb_rule: "true" };
    expect(rulesOf({ ports: ["80/1", "SCTP 7777/30777"], annotations }).rules).toHaveLength(1);
  });
});

describe("LB 60 ports without rule or probe", () => {
  const ports = ["80/10080", "8000/18000"];
  it("keep their rule when only the probe is off", () => {
    const { rules, probes } = rulesOf({ ports, annotations: { port_8000_no_probe_rule: "true" } });
    expect(rules.map(({ name }) => name)).toEqual([`${B}-TCP-80`, `${B}-TCP-8000`]);
    expect(probes.map(({ name }) => name)).toEqual([`${B}-TCP-80`]);
  });
  it("have neither when the rule is off", () => {
    const { rules, probes } = rulesOf({ ports, annotations: { port_8000_no_lb_rule: "true" } });
    expect([...rules, ...probes].map(({ name }) => name)).toEqual([`${B}-TCP-80`, `${B}-TCP-80`]);
  });
});

describe("LB 61 port to probe", () => {
  const ports = ["80/10080", "8000/18000"];
  const cases: readonly { raw: string; port: number }[] = [
    { raw: "port-tcp-80", port: 10080 },
    { raw: "PORT-TCP-80", port: 10080 },
    { raw: "80", port: 10080 },
    { raw: "5080", port: 5080 },
    { raw: "0", port: 0 },
    { raw: "65535", port: 65535 },
  ];
  for (const { raw, port } of cases) {
    it(`${raw} is ${port}`, () => {
      const { probes } = rulesOf({ ports, annotations: { "port_8000_health-probe_port": raw } });
      expect(probes.at(-1)).toMatchObject({ name: `${B}-TCP-8000`, port });
    });
  }
  for (const raw of ["65536", "nope", "-1"]) {
    it(`${raw} is refused`, () => {
      const annotations = { "port_8000_health-probe_port": raw };
      const result = resolveSettings(service({ ports, annotations }), config());
      expect(result.ok ? [] : result.problems).toMatchObject([{ got: raw }]);
    });
  }
});

describe("LB 62 externalTrafficPolicy Local", () => {
  const local: ServiceWords = { externalTrafficPolicy: "Local", healthCheckNodePort: 34567 };
  it("has one probe for all ports, whatever their annotations say", () => {
    const words = {
      ...local,
      ports: ["80/1", "443/2", "421/3"],
      annotations: {
        "port_80_health-probe_protocol": "tcp",
        "port_80_health-probe_request-path": "/x",
        "port_80_health-probe_interval": "20",
      },
    };
    expect(rulesOf(words).probes).toEqual([
      {
        name: `${B}-TCP-34567`,
        protocol: "Http",
        port: 34567,
        requestPath: "/healthz",
        intervalInSeconds: 5,
        probeThreshold: 2,
      },
    ]);
    expect(probeNames(words)).toEqual([`${B}-TCP-34567`, `${B}-TCP-34567`, `${B}-TCP-34567`]);
  });
  it("gives a port with a probe port of its own its own probe", () => {
    const words = { ...local, ports: ["80/1", "443/2"], annotations: { "port_80_health-probe_port": "5080" } };
    expect(probeNames(words)).toEqual([`${B}-TCP-80`, `${B}-TCP-34567`]);
  });
  it("LB 64 serves UDP too", () => {
    expect(probeNames({ ...local, ports: ["UDP 53/30053"] })).toEqual([`${B}-TCP-34567`]);
    expect(probeNames({ ports: ["UDP 53/30053"] })).toEqual([undefined]);
  });
  it("LB 63 is probed like Cluster behind a private link service with PROXY headers", () => {
    const pls = { "azure-pls-create": "true", "azure-pls-proxy-protocol": "true" };
    const probe = {
      "port_80_health-probe_protocol": "https",
      "port_80_health-probe_request-path": "/p",
      "port_80_health-probe_interval": "7",
      "port_80_health-probe_num-of-probe": "15",
    };
    const words = { ...local, ports: ["80/10080"], annotations: { ...pls, ...probe } };
    const wanted = { protocol: "Https", port: 10080, requestPath: "/p", intervalInSeconds: 7, probeThreshold: 15 };
    expect(rulesOf(words).probes).toEqual([{ name: `${B}-TCP-80`, ...wanted }]);
    const moved = { ...words, annotations: { ...words.annotations, "port_80_health-probe_port": "421" } };
    expect(rulesOf(moved).probes).toEqual([{ name: `${B}-TCP-80`, ...wanted, port: 421 }]);
  });
});

describe("LB 65 shared mode", () => {
  const cluster = config({ probeMode: "shared" });
  it("has one probe for all ports of all Services", () => {
    const { rules, probes } = rulesOf({ ports: ["80/1", "UDP 81/2"] }, "IPv4", cluster);
    expect(probes).toMatchObject([
      { name: "cluster-service-shared-health-probe", protocol: "Http", port: 10256, requestPath: "/healthz" },
    ]);
    expect(rules.map(({ probe }) => probe?.id?.split("/").at(-1))).toEqual(
      Array(2).fill("cluster-service-shared-health-probe"),
    );
  });
  it("ignores probe annotations, bad ones too, but not the one for no probe", () => {
    const annotations = {
      "port_80_health-probe_interval": "x",
      "port_81_health-probe_port": "5",
      port_80_no_probe_rule: "true",
    };
    const { rules } = rulesOf({ ports: ["80/1", "81/2"], annotations }, "IPv4", cluster);
    expect(rules.map(({ probe }) => probe?.id?.split("/").at(-1))).toEqual([
      undefined,
      "cluster-service-shared-health-probe",
    ]);
  });
});

describe("probe of a port (reference 4.4)", () => {
  const cases: readonly {
    name: string;
    appProtocol?: string;
    annotations?: Record<string, string>;
    probe: object;
    sku?: "basic";
  }[] = [
    { name: "nothing", probe: { protocol: "Tcp", port: 30080, intervalInSeconds: 5, probeThreshold: 2 } },
    { name: "appProtocol HTTP", appProtocol: "HTTP", probe: { protocol: "Http", requestPath: "/" } },
    {
      name: "appProtocol https and a path for all",
      appProtocol: "https",
      annotations: { "azure-load-balancer-health-probe-request-path": "/healthy1" },
      probe: { protocol: "Https", requestPath: "/healthy1" },
    },
    {
      name: "appProtocol before the Service's protocol",
      appProtocol: "tcp",
      annotations: { "azure-load-balancer-health-probe-protocol": "https" },
      probe: { protocol: "Tcp", requestPath: undefined },
    },
    {
      name: "the port's protocol before appProtocol",
      appProtocol: "Mongodb",
      annotations: { "port_80_health-probe_protocol": "HtTp" },
      probe: { protocol: "Http", requestPath: "/" },
    },
    {
      name: "an unrelated appProtocol hides the Service's protocol",
      appProtocol: "kubernetes.io/h2c",
      annotations: { "azure-load-balancer-health-probe-protocol": "http" },
      probe: { protocol: "Tcp" },
    },
    {
      name: "the Service's protocol",
      annotations: { "azure-load-balancer-health-probe-protocol": " Http " },
      probe: { protocol: "Http" },
    },
    { name: "https on the basic SKU", appProtocol: "https", sku: "basic", probe: { protocol: "Tcp" } },
    {
      name: "interval and number",
      annotations: { "port_80_health-probe_interval": "20", "port_80_health-probe_num-of-probe": "5" },
      probe: { intervalInSeconds: 20, probeThreshold: 5 },
    },
    {
      name: "the port's interval before the Service's",
      annotations: { "port_80_health-probe_interval": "7", "azure-load-balancer-health-probe-interval": "9" },
      probe: { intervalInSeconds: 7 },
    },
    {
      name: "the Service's interval and number",
      annotations: {
        "azure-load-balancer-health-probe-interval": "9",
        "azure-load-balancer-health-probe-num-of-probe": "3",
      },
      probe: { intervalInSeconds: 9, probeThreshold: 3 },
    },
    {
      name: "119 seconds in all",
      annotations: { "port_80_health-probe_interval": "7", "port_80_health-probe_num-of-probe": "17" },
      probe: { intervalInSeconds: 7, probeThreshold: 17 },
    },
  ];
  for (const { name, appProtocol, annotations = {}, probe, sku = "standard" } of cases) {
    it(name, () => {
      const port = {
        name: "http",
        protocol: "TCP",
        port: 80,
        nodePort: 30080,
        ...(appProtocol === undefined ? {} : { appProtocol }),
      } as const;
      expect(rulesOf({ ports: [port], annotations }, "IPv4", config({ sku })).probes).toMatchObject([probe]);
    });
  }
  it("refuses 120 seconds in all, naming what was written", () => {
    const annotations = { "port_80_health-probe_interval": "10", "port_80_health-probe_num-of-probe": "12" };
    const result = resolveSettings(service({ annotations }), config());
    expect(result.ok ? [] : result.problems).toMatchObject([
      { got: "10", want: expect.stringContaining("less than 120") },
    ]);
  });
});
