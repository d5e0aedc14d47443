import { stringify } from "yaml";

/** Where a server is and how it wants to be talked to. */
export interface KubeconfigOptions {
  readonly server: string;
  /** PEM of the CA of an https server. */
  readonly ca: string | undefined;
  readonly token: string | undefined;
}

/** The text of a kubeconfig file whose only context is the server. */
export function renderKubeconfig({ server, ca, token }: KubeconfigOptions): string {
  const authority = ca === undefined ? {} : { "certificate-authority-data": Buffer.from(ca).toString("base64") };
  const name = "simulator";
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, ...authority } }],
    // Without credentials kubectl asks for a user name, even where the server wants none.
    users: [{ name, user: { token: token ?? "anything" } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: "default" } }],
    "current-context": name,
  });
}
