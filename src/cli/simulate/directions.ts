import type { SimulateFacts } from "./facts.ts";

/** What lives in a program that takes part in virtual time, as it is imported. */
const PRELOAD = "azure-cloud-provider/simulator/virtual-time";

/** How clients are pointed at a simulator, ready to be copied: for people, many lines. */
export function directions(facts: SimulateFacts): string {
  const sections = [places, toCurl, toSdks, toTerraform, toAz, toControllers, toTime, toControl];
  return `${sections.map((section) => section(facts).join("\n")).join("\n\n")}\n`;
}

function places({ endpoint, httpsEndpoint, subscriptionId, tenantId, ...facts }: SimulateFacts): readonly string[] {
  const { cluster, resumed } = facts;
  const nodes = cluster?.nodes.map(({ name }) => name).join(", ");
  return [
    "A simulated Azure, until Ctrl-C",
    `  http          ${endpoint}`,
    `  https         ${httpsEndpoint}`,
    `  CA            ${facts.caFile ?? "--ca-file FILE writes it"}`,
    `  subscription  ${subscriptionId}`,
    `  tenant        ${tenantId}`,
    `  client        ${facts.clientId}`,
    `  secret        ${facts.clientSecret}`,
    ...(cluster === undefined ? [] : [`  cluster       ${cluster.resourceGroup} in ${cluster.location}: ${nodes}`]),
    ...(resumed === undefined ? [] : [`  resumed       ${resumed} resources`]),
  ];
}

function toCurl({ endpoint, subscriptionId }: SimulateFacts): readonly string[] {
  const url = `${endpoint}/subscriptions/${subscriptionId}/resourceGroups?api-version=2021-04-01`;
  return ["curl", `  curl -s -H 'Authorization: Bearer any' '${url}'`];
}

function toSdks({ httpsEndpoint, subscriptionId, ...facts }: SimulateFacts): readonly string[] {
  return [
    "JavaScript SDK (https only)",
    `  export NODE_EXTRA_CA_CERTS=${caOf(facts)} AZURE_SUBSCRIPTION_ID=${subscriptionId}`,
    ...credentials(facts),
    `  new ClientSecretCredential(tenant, client, secret, { authorityHost: "${httpsEndpoint}", disableInstanceDiscovery: true })`,
    `  new NetworkManagementClient(credential, subscription, { endpoint: "${httpsEndpoint}" })`,
    "",
    "Go SDK",
    `  export SSL_CERT_FILE=${caOf(facts)} AZURE_SUBSCRIPTION_ID=${subscriptionId}`,
    `  cloud.Configuration{ActiveDirectoryAuthorityHost: "${httpsEndpoint}/", Services: map[cloud.ServiceName]cloud.ServiceConfiguration{`,
    `    cloud.ResourceManager: {Endpoint: "${httpsEndpoint}", Audience: "https://management.azure.com"}}}`,
    "  and DisableInstanceDiscovery: true in the options of the credential",
  ];
}

function toTerraform({ httpsEndpoint, subscriptionId, ...facts }: SimulateFacts): readonly string[] {
  const { host } = new URL(httpsEndpoint);
  return [
    "Terraform (azurerm)",
    `  export SSL_CERT_FILE=${caOf(facts)} ARM_METADATA_HOSTNAME=${host} ARM_SUBSCRIPTION_ID=${subscriptionId}`,
    `  export ARM_TENANT_ID=${facts.tenantId} ARM_CLIENT_ID=${facts.clientId} ARM_CLIENT_SECRET=${facts.clientSecret}`,
    '  provider "azurerm" {',
    "    features {}",
    '    resource_provider_registrations = "none"',
    "  }",
  ];
}

function toAz({ httpsEndpoint, ...facts }: SimulateFacts): readonly string[] {
  return [
    "az",
    `  export REQUESTS_CA_BUNDLE=${caOf(facts)}`,
    `  az cloud register --name simulator --endpoint-resource-manager ${httpsEndpoint} --endpoint-active-directory ${httpsEndpoint} \\`,
    "    --endpoint-active-directory-resource-id https://management.azure.com/ --endpoint-management https://management.azure.com/",
    "  az cloud set --name simulator && az config set core.instance_discovery=false",
    `  az login --service-principal --username ${facts.clientId} --password ${facts.clientSecret} --tenant ${facts.tenantId}`,
  ];
}

function toControllers({ endpoint, httpsEndpoint, ...facts }: SimulateFacts): readonly string[] {
  const identity = '"useManagedIdentityExtension": true';
  return [
    "Controllers, in azure.json",
    `  {"resourceManagerEndpoint": "${httpsEndpoint}", "tenantId": "${facts.tenantId}", "subscriptionId": "${facts.subscriptionId}", ${identity}, ...}`,
    `  this one      AZURE_POD_IDENTITY_AUTHORITY_HOST=${endpoint} azure-ccm run --ca-file ${caOf(facts)} --cloud-config azure.json`,
    `  the one in Go SSL_CERT_FILE=${caOf(facts)} IDENTITY_ENDPOINT=${endpoint}/msi/token IDENTITY_HEADER=${facts.identityHeader} cloud-controller-manager ...`,
  ];
}

function toTime({ clock, endpoint }: SimulateFacts): readonly string[] {
  if (clock !== "shared") return [`Time is that of the ${clock === "system" ? "system" : `${clock} clock`}`];
  return [
    "Time is virtual: it moves when every program that takes part waits, and nobody else is answered",
    `  AZURE_SIMULATOR_TIME=${endpoint} NODE_OPTIONS='--import ${PRELOAD}' azure-ccm run ...`,
  ];
}

function toControl({ control }: SimulateFacts): readonly string[] {
  return [
    "What it can be asked beside ARM",
    `  curl -s ${control}/journal`,
    `  curl -s ${control}/state`,
    `  curl -s -X POST ${control}/faults -d '{"fault": "F02", "method": "PUT", "path": "loadBalancers"}'`,
  ];
}

function credentials({ tenantId, clientId, clientSecret }: Credentials): readonly string[] {
  return [`  export AZURE_TENANT_ID=${tenantId} AZURE_CLIENT_ID=${clientId} AZURE_CLIENT_SECRET=${clientSecret}`];
}

type Credentials = Pick<SimulateFacts, "tenantId" | "clientId" | "clientSecret">;

function caOf({ caFile }: Pick<SimulateFacts, "caFile">): string {
  return caFile ?? "FILE";
}
