import assert from "node:assert/strict";
import { describe, it } from "vitest";
import {
  type CloudConfig,
  type ConfigInput,
  checkForController,
  parseCloudConfig,
} from "../../../../src/azure/config/index.ts";
import { describeProblem, type Problem } from "../../../../src/base/checked.ts";

const file = (value: unknown): ConfigInput => ({
  file: { name: "azure.json", text: typeof value === "string" ? value : JSON.stringify(value) },
});

function configOf(input: ConfigInput): CloudConfig {
  const parsed = parseCloudConfig(input);
  assert.ok(parsed.ok, parsed.ok ? "" : parsed.problems.map(describeProblem).join("; "));
  return parsed.value.config;
}

function problemsOf(input: ConfigInput): readonly Problem[] {
  const parsed = parseCloudConfig(input);
  assert.ok(!parsed.ok, "accepted");
  return parsed.problems;
}

function remarksOf(input: ConfigInput): readonly string[] {
  const parsed = parseCloudConfig(input);
  assert.ok(parsed.ok);
  return parsed.value.remarks.map(({ field, text }) => `${field} ${text}`);
}

const workload = { aadClientId: "c", tenantId: "t", aadFederatedTokenFile: "/t" };

describe("azure.json is accepted", () => {
  const cases: readonly { name: string; input: ConfigInput; want: Partial<CloudConfig> }[] = [
    {
      name: "INS 1 a key in another letter case is the same key",
      input: file({ cloudProviderRatelimit: true, cloudProviderRateLimitQPS: 0.5 }),
      want: { cloudProviderRateLimit: true, cloudProviderRateLimitQPS: 0.5 },
    },
    {
      name: "INS 3 YAML 1.1 reads 0123 as 83",
      input: file("resourceGroup: 0123\n"),
      want: { resourceGroup: "83" },
    },
    {
      name: "INS 4 a resource group of a file is kept in lower case",
      input: file({ resourceGroup: "MyRG" }),
      want: { resourceGroup: "myrg", securityGroupResourceGroup: "myrg", vnetResourceGroup: "myrg" },
    },
    {
      // The original keeps the case here and then compares it with other spellings.
      name: "INS 4 a resource group of a Secret is kept in lower case too",
      input: { secret: { name: "Secret", text: "resourceGroup: MyRG" } },
      want: { resourceGroup: "myrg" },
    },
    {
      name: "INS 5 a federated token file in the environment turns workload identity on",
      input: {
        ...file({ tenantId: "t", aadClientId: "c", aadClientSecret: "s" }),
        env: { AZURE_FEDERATED_TOKEN_FILE: "/t" },
      },
      want: { useFederatedWorkloadIdentityExtension: true, aadFederatedTokenFile: "/t" },
    },
    {
      name: "the environment wins over tenant, client and secret",
      input: {
        ...file({ tenantId: "t", aadClientId: "c", aadClientSecret: "s" }),
        env: { AZURE_TENANT_ID: "T", AZURE_CLIENT_ID: "C", AZURE_CLIENT_SECRET: "S", AZURE_FEDERATED_TOKEN_FILE: "" },
      },
      want: {
        tenantId: "T",
        aadClientId: "C",
        aadClientSecret: "S",
        useFederatedWorkloadIdentityExtension: false,
      },
    },
    { name: "INS 9 no credentials are needed without cloudConfigType", input: file({}), want: {} },
    {
      name: "INS 10 an empty object means all defaults",
      input: file({}),
      want: {
        vmType: "vmss",
        loadBalancerSku: "standard",
        loadBalancerBackendPoolConfigurationType: "nodeIPConfiguration",
        excludeMasterFromStandardLB: true,
        disableOutboundSNAT: false,
        maximumLoadBalancerRuleCount: 250,
        routeUpdateWaitingInSeconds: 30,
        clusterServiceLoadBalancerHealthProbeMode: "servicenodeport",
        clusterServiceSharedLoadBalancerHealthProbePort: 10_256,
        clusterServiceSharedLoadBalancerHealthProbePath: "/healthz",
        vmssCacheTTLInSeconds: 600,
        vmCacheTTLInSeconds: 60,
        cloudConfigType: "merge",
        tags: {},
        systemTags: [],
      },
    },
    { name: "an empty file means all defaults", input: file(""), want: { vmType: "vmss" } },
    { name: "no file and no Secret mean all defaults", input: {}, want: { vmType: "vmss" } },
    {
      name: "control-plane nodes may be in on a basic balancer",
      input: file({ loadBalancerSku: "Basic" }),
      want: { loadBalancerSku: "basic", excludeMasterFromStandardLB: false },
    },
    {
      name: "INS 15 the network's subscription is its own, or else the machines'",
      input: file({ subscriptionId: "comp-sub", networkResourceSubscriptionID: "net-sub" }),
      want: { subscriptionId: "comp-sub", networkResourceSubscriptionID: "net-sub" },
    },
    {
      name: "the network's subscription is the machines' when none is named",
      input: file({ subscriptionId: "comp-sub", networkResourceSubscriptionID: "" }),
      want: { networkResourceSubscriptionID: "comp-sub" },
    },
    {
      name: "fixed words are accepted in any letter case",
      input: file({ loadBalancerSku: "Standard", clusterServiceLoadBalancerHealthProbeMode: "Shared", vmType: "VMSS" }),
      want: { loadBalancerSku: "standard", clusterServiceLoadBalancerHealthProbeMode: "shared", vmType: "vmss" },
    },
    {
      name: "0 selects a default and less than 0 stays",
      input: file({ vmssCacheTTLInSeconds: 0, vmCacheTTLInSeconds: -1, maximumLoadBalancerRuleCount: 0 }),
      want: { vmssCacheTTLInSeconds: 600, vmCacheTTLInSeconds: -1, maximumLoadBalancerRuleCount: 250 },
    },
    {
      name: "a wait for routes below 1 selects the default",
      input: file({ routeUpdateWaitingInSeconds: -5 }),
      want: { routeUpdateWaitingInSeconds: 30 },
    },
    {
      name: "null means not set",
      input: file('{"vmType": null, "tenantId": null}'),
      want: { vmType: "vmss" },
    },
    {
      name: "a number for a top-level text is its text",
      input: file({ routeTableName: 12, systemTags: true }),
      want: { routeTableName: "12", systemTags: ["true"] },
    },
    {
      name: "an unknown vmType is read as standard",
      input: file({ vmType: "availabilitySet" }),
      want: { vmType: "standard" },
    },
    {
      name: "of two spellings the exact one wins",
      input: file('{"location":"a","LOCATION":"b"}'),
      want: { location: "a" },
    },
    {
      name: "without an exact spelling the last in byte order wins",
      input: file('{"locatioN":"b","LOCATION":"a"}'),
      want: { location: "b" },
    },
    {
      name: "an edge zone needs name and type, and has one type only",
      input: file({ extendedLocationName: "microsoftlosangeles1", extendedLocationType: "whatever" }),
      want: { extendedLocation: { name: "microsoftlosangeles1", type: "EdgeZone" } },
    },
    {
      name: "tags and tagsMap are put together, the map wins whatever the letter case",
      input: file({ tags: "a=b, Team = x ", tagsMap: { team: "y" }, systemTags: "k8s, ,aks" }),
      want: { tags: { a: "b", team: "y" }, systemTags: ["k8s", "aks"] },
    },
  ];
  for (const { name, input, want } of cases) {
    it(name, () => {
      const config: Partial<Record<string, unknown>> = { ...configOf(input) };
      for (const [key, value] of Object.entries(want)) assert.deepEqual(config[key], value, key);
    });
  }

  it("an edge zone without a type is none", () => {
    assert.equal(configOf(file({ extendedLocationName: "z" })).extendedLocation, undefined);
  });
});

describe("INS 16 a file and a Secret", () => {
  const text = (cloudConfigType: string): string =>
    JSON.stringify({
      cloud: "AzurePublicCloud",
      useInstanceMetadata: true,
      tagsMap: { a: "1", b: "1" },
      cloudConfigType,
    });
  const secret = { name: "Secret", text: '{"cloud":"AzureUSGovernment","tagsMap":{"b":"2"},"fromSecret":true}' };
  const both = (kind: string): CloudConfig => configOf({ file: { name: "f", text: text(kind) }, secret });

  it("merge lays the Secret's keys over the file's", () => {
    const config = both("merge");
    assert.equal(config.environment.name, "AzureUSGovernmentCloud");
    assert.equal(config.useInstanceMetadata, true);
    assert.deepEqual(config.tags, { a: "1", b: "2" });
  });

  it("secret counts the Secret alone", () => {
    const config = both("secret");
    assert.equal(config.environment.name, "AzureUSGovernmentCloud");
    assert.equal(config.useInstanceMetadata, false);
  });

  it("file counts the file alone, even if the Secret is broken", () => {
    const config = configOf({ file: { name: "f", text: text("FILE") }, secret: { name: "s", text: "{" } });
    assert.equal(config.environment.name, "AzurePublicCloud");
  });
});

describe("azure.json is refused", () => {
  const several = (entries: readonly unknown[], more: object = {}): ConfigInput =>
    file({
      loadBalancerBackendPoolConfigurationType: "nodeIP",
      multipleStandardLoadBalancerConfigurations: entries,
      ...more,
    });
  const cases: readonly { name: string; input: ConfigInput; fields: readonly string[]; says?: RegExp }[] = [
    {
      name: "INS 2 a number for a tenant",
      input: file({ tenantId: 123 }),
      fields: ["tenantId"],
      says: /got "123", want text/,
    },
    {
      name: "INS 6 an unknown cloudConfigType",
      input: file({ cloudConfigType: "bogus" }),
      fields: ["cloudConfigType"],
      says: /got "bogus", want one of merge, file, secret/,
    },
    {
      name: "INS 7 disableAvailabilitySetNodes without vmss",
      input: file({ disableAvailabilitySetNodes: true, vmType: "standard" }),
      fields: ["disableAvailabilitySetNodes"],
      says: /vmType is standard and not vmss/,
    },
    {
      name: "INS 8 neither credentials nor instance metadata in a file that counts alone",
      input: file({ cloudConfigType: "file" }),
      fields: ["useInstanceMetadata"],
      says: /no credentials/,
    },
    {
      name: "INS 11 disableOutboundSNAT on a basic balancer",
      input: file({ loadBalancerSku: "basic", disableOutboundSNAT: true }),
      fields: ["disableOutboundSNAT"],
    },
    {
      name: "INS 12 an unknown pool type",
      input: file({ loadBalancerBackendPoolConfigurationType: "invalid" }),
      fields: ["loadBalancerBackendPoolConfigurationType"],
      says: /got "invalid", want one of nodeIPConfiguration, nodeIP, podIP/,
    },
    {
      name: "INS 13 the gateway flag alone",
      input: file({ serviceGatewayEnabled: true }),
      fields: ["serviceGatewayEnabled"],
    },
    {
      name: "INS 13 the gateway's SKU alone",
      input: file({ loadBalancerSku: "service" }),
      fields: ["serviceGatewayEnabled"],
    },
    {
      name: "INS 13 the gateway's pool type alone",
      input: file({ loadBalancerBackendPoolConfigurationType: "podIP" }),
      fields: ["serviceGatewayEnabled"],
    },
    {
      name: "INS 13 the service gateway together with what it excludes",
      input: file({
        serviceGatewayEnabled: true,
        loadBalancerSku: "service",
        loadBalancerBackendPoolConfigurationType: "podIP",
        enableMigrateToIPBasedBackendPoolAPI: true,
        multipleStandardLoadBalancerConfigurations: [{ name: "a", primaryVMSet: "v" }],
      }),
      fields: ["enableMigrateToIPBasedBackendPoolAPI", "multipleStandardLoadBalancerConfigurations"],
    },
    {
      name: "INS 14 one balancer's name twice",
      input: several([
        { name: "kubernetes", primaryVMSet: "a" },
        { name: "lb1", primaryVMSet: "b" },
        { name: "Kubernetes", primaryVMSet: "c" },
      ]),
      fields: ["multipleStandardLoadBalancerConfigurations[2].name"],
    },
    {
      name: "one primary scale set twice, and none at all",
      input: several([{ name: "a", primaryVMSet: "v" }, { name: "b", primaryVMSet: "V" }, { name: "c" }]),
      fields: [
        "multipleStandardLoadBalancerConfigurations[1].primaryVMSet",
        "multipleStandardLoadBalancerConfigurations[2].primaryVMSet",
      ],
    },
    {
      name: "several balancers with pools of interfaces",
      input: file({ multipleStandardLoadBalancerConfigurations: [{ name: "a", primaryVMSet: "v" }] }),
      fields: ["loadBalancerBackendPoolConfigurationType"],
    },
    {
      name: 'the text "true" for a flag',
      input: file({ useInstanceMetadata: "true" }),
      fields: ["useInstanceMetadata"],
    },
    { name: "a fraction of a second", input: file({ vmCacheTTLInSeconds: 1.5 }), fields: ["vmCacheTTLInSeconds"] },
    {
      name: "a port above 65535",
      input: file({ clusterServiceSharedLoadBalancerHealthProbePort: 65_536 }),
      fields: ["clusterServiceSharedLoadBalancerHealthProbePort"],
      says: /1 to 65535/,
    },
    {
      name: "an address without a scheme",
      input: file({ resourceManagerEndpoint: "arm.local" }),
      fields: ["resourceManagerEndpoint"],
    },
    {
      name: "workload identity without client, tenant and token",
      input: file({ useFederatedWorkloadIdentityExtension: true }),
      fields: ["aadClientId", "aadFederatedTokenFile", "tenantId"],
    },
    {
      name: "a service principal with a malformed tenant",
      input: file({ aadClientId: "c", aadClientSecret: "s", tenantId: "a/b" }),
      fields: ["tenantId"],
    },
    {
      name: "a managed identity for a network in another tenant without a token for it",
      input: file({ useManagedIdentityExtension: true, tenantId: "a", networkResourceTenantID: "b" }),
      fields: ["auxiliaryTokenProvider"],
    },
    {
      name: "a nested field of the wrong type",
      input: file({ tagsMap: { a: 1 } }),
      fields: ["tagsMap.a"],
    },
    {
      name: "everything at once, between keys too",
      input: file({ vmType: "standard", disableAvailabilitySetNodes: true, tenantId: 1, loadBalancerSku: "gold" }),
      fields: ["disableAvailabilitySetNodes", "loadBalancerSku", "tenantId"],
    },
  ];
  for (const { name, input, fields, says } of cases) {
    it(name, () => {
      const problems = problemsOf(input);
      assert.deepEqual(
        problems.map(({ field }) => field),
        fields,
      );
      if (says !== undefined) assert.match(problems.map(describeProblem).join("; "), says);
    });
  }

  it("a secret that is refused is not quoted", () => {
    const [problem] = problemsOf(file({ aadClientSecret: 31_337 }));
    assert.deepEqual(problem, { field: "aadClientSecret", got: "[redacted]", want: "text" });
  });

  it("a key that was refused is not called missing as well", () => {
    const problems = problemsOf(file({ ...workload, useFederatedWorkloadIdentityExtension: true, tenantId: 5 }));
    assert.deepEqual(
      problems.map(({ field }) => field),
      ["tenantId"],
    );
  });
});

describe("broken text", () => {
  const cases: readonly { name: string; text: string; field: string; got: RegExp }[] = [
    { name: "an object that does not end", text: '{"a": 1,\n "b": 2', field: "azure.json:2:8", got: /Flow map/ },
    {
      name: "a text that does not end",
      text: '{\n  "aadClientSecret": "hunter2\n',
      field: "azure.json",
      got: /Missing closing/,
    },
    {
      name: "a mapping where a value should be",
      text: "a: hunter2: c\n",
      field: "azure.json:1:4",
      got: /Nested mappings/,
    },
    { name: "a list", text: "[1]", field: "azure.json", got: /a list/ },
    { name: "an alias without an anchor", text: "aadClientSecret: *hunter2", field: "azure.json", got: /alias/i },
    {
      name: "aliases that grow without bound",
      text: `a: &a [x, x]\n${"bcdefghijklm".replaceAll(/./g, (c) => `${c}: &${c} [${`*${String.fromCharCode(c.charCodeAt(0) - 1)}, `.repeat(9)}]\n`)}`,
      field: "azure.json",
      got: /alias/i,
    },
    { name: "a word", text: "hunter2", field: "azure.json", got: /a plain value/ },
  ];
  for (const { name, text, field, got } of cases) {
    it(`${name} is refused with its place and without its content`, () => {
      const problems = problemsOf(file(text));
      assert.ok(problems[0]?.field.startsWith(field), problems[0]?.field);
      assert.match(problems[0]?.got ?? "", got);
      assert.ok(!JSON.stringify(problems).includes("hunter2"));
    });
  }

  const lenient: readonly { name: string; text: string; want: Partial<CloudConfig> }[] = [
    { name: "comments and trailing commas in JSON", text: '{ # c\n\t"location": "x",\n}', want: { location: "x" } },
    { name: "yes for true", text: "useInstanceMetadata: yes", want: { useInstanceMetadata: true } },
    { name: "the later of two equal keys", text: '{"location":"a","location":"b"}', want: { location: "b" } },
    { name: "a date stays text", text: "primaryScaleSetName: 2026-01-01", want: { primaryScaleSetName: "2026-01-01" } },
    { name: "a time of day stays text", text: "primaryScaleSetName: 12:30", want: { primaryScaleSetName: "12:30" } },
  ];
  for (const { name, text, want } of lenient) {
    it(`${name} is accepted`, () => {
      const config: Partial<Record<string, unknown>> = { ...configOf(file(text)) };
      for (const [key, value] of Object.entries(want)) assert.equal(config[key], value);
    });
  }
});

describe("remarks", () => {
  const cases: readonly { name: string; value: unknown; want: readonly string[] }[] = [
    { name: "nothing to say", value: { location: "eastus" }, want: [] },
    {
      name: "an unknown key, without its value",
      value: { aadClientSecrt: "hunter2" },
      want: ["aadClientSecrt is not a known key and is ignored"],
    },
    {
      name: "keys of old files",
      value: { cloudProviderBackoffMode: "v2" },
      want: ["cloudProviderBackoffMode is no longer read"],
    },
    {
      name: "a key without effect",
      value: { cloudProviderBackoffExponent: 2 },
      want: ["cloudProviderBackoffExponent has no effect: the throttle gate follows Azure's own limits and answers"],
    },
    {
      name: "INS 18 an unknown cloud",
      value: { cloud: "wrong" },
      want: ['cloud "wrong" is unknown and read as AzurePublicCloud'],
    },
    {
      name: "a tag that is none",
      value: { tags: "a=b,c,=d,e=f=g" },
      want: [
        'tags "c" is not key=value and is ignored',
        'tags "=d" is not key=value and is ignored',
        'tags "e=f=g" is not key=value and is ignored',
      ],
    },
    {
      name: "a word that stands for another",
      value: { vmType: "VMAS" },
      want: ['vmType got "VMAS", which is read as standard; want one of vmss, standard, vmssflex'],
    },
  ];
  for (const { name, value, want } of cases) {
    it(name, () => assert.deepEqual(remarksOf(file(value)), want));
  }
});

describe("whether a controller may run", () => {
  const place = { subscriptionId: "s", resourceGroup: "r", location: "l", tenantId: "T" };
  const cases: readonly { name: string; value: object; fields: readonly string[] }[] = [
    {
      name: "not without subscription, group and region",
      value: {},
      fields: ["subscriptionId", "resourceGroup", "location"],
    },
    { name: "with subscription, group and region", value: place, fields: [] },
    { name: "with a network in the same tenant", value: { ...place, networkResourceTenantID: "t" }, fields: [] },
    {
      name: "not with a network in another tenant",
      value: { ...place, networkResourceTenantID: "u" },
      fields: ["networkResourceTenantID"],
    },
    {
      name: "not with an identity of the data plane",
      value: { ...place, aadMSIDataPlaneIdentityPath: "/p" },
      fields: ["aadMSIDataPlaneIdentityPath"],
    },
    {
      name: "not with the service gateway",
      value: {
        ...place,
        serviceGatewayEnabled: true,
        loadBalancerSku: "service",
        loadBalancerBackendPoolConfigurationType: "podIP",
      },
      fields: ["serviceGatewayEnabled"],
    },
    {
      name: "not with several standard load balancers",
      value: {
        ...place,
        loadBalancerBackendPoolConfigurationType: "nodeIP",
        multipleStandardLoadBalancerConfigurations: [{ name: "a", primaryVMSet: "v" }],
      },
      fields: ["multipleStandardLoadBalancerConfigurations"],
    },
  ];
  for (const { name, value, fields } of cases) {
    it(name, () => {
      const problems = checkForController(configOf(file(value)));
      assert.deepEqual(
        problems.map(({ field }) => field),
        fields,
      );
    });
  }
});
