import type { RaceAsk } from "./asked.ts";
import type { Scene } from "./scene.ts";
import { LABEL } from "./watchers.ts";

/** How any controller is pointed at a race, ready to be copied. */
export function raceDirections(race: RaceAsk, scene: Scene): string {
  return [...places(race, scene), ...controllers(scene), whatNext(scene)].join("\n");
}

function places({ kubeconfig }: RaceAsk, { azure, kubernetes, files }: Scene): readonly string[] {
  return [
    "A cluster to race on, until every Service has an address",
    `  Azure         ${azure.https?.endpoint ?? azure.endpoint}, its journal at ${azure.endpoint}/simulator/journal`,
    `  API server    ${kubernetes?.httpsUrl ?? `that of ${kubeconfig}`}`,
    `  kubeconfig    ${files.kubeconfig}`,
    `  azure.json    ${files.cloudConfig}`,
    `  CA            ${authority(files)}`,
  ];
}

function controllers({ azure, files }: Scene): readonly string[] {
  const header = azure.https?.identityHeader ?? "HEADER, as azure-ccm simulate has printed it";
  const flags = `--cloud-config ${files.cloudConfig} --kubeconfig ${files.kubeconfig}`;
  const trust = files.ca === undefined ? "" : ` --ca-file ${files.ca}`;
  const identity = `IDENTITY_ENDPOINT=${azure.endpoint}/msi/token IDENTITY_HEADER=${header}`;
  return [
    "Controllers",
    `  this one      AZURE_POD_IDENTITY_AUTHORITY_HOST=${azure.endpoint} azure-ccm run${trust} ${flags}`,
    `  the one in Go SSL_CERT_FILE=${authority(files)} ${identity} \\`,
    `                cloud-controller-manager --cloud-provider azure --controllers service --leader-elect=false --authentication-skip-lookup \\`,
    `                --kube-api-content-type application/json --secure-port 0 ${flags}`,
    ...(files.ca === undefined
      ? [
          `                and the https address of azure-ccm simulate as resourceManagerEndpoint in ${files.cloudConfig}`,
        ]
      : []),
  ];
}

function authority({ ca }: Scene["files"]): string {
  return ca ?? "FILE, as azure-ccm simulate --ca-file has written it";
}

function whatNext({ kubernetes }: Scene): string {
  if (kubernetes !== undefined) return "Services are applied when a controller watches Services and Nodes";
  return `Services are applied at once; afterwards: kubectl delete service -l ${LABEL.key}=${LABEL.value}`;
}
