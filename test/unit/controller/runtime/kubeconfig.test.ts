import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { stringify } from "yaml";
import { connectionSettings } from "../../../../src/controller/runtime/index.ts";

function kubeconfig(cluster: object, user: object = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "c", cluster },
      { name: "other", cluster: { server: "https://other" } },
    ],
    users: [{ name: "u", user }],
    contexts: [
      { name: "x", context: { cluster: "c", user: "u" } },
      { name: "y", context: { cluster: "other", user: "u" } },
    ],
    "current-context": "x",
  });
}

const now = (): number => 0;

describe("connection settings from a kubeconfig", () => {
  it("hold server, CA and token", async () => {
    const kubeconfigText = kubeconfig(
      { server: "https://api:6443", "certificate-authority-data": Buffer.from("CA").toString("base64") },
      { token: "secret" },
    );
    const settings = await connectionSettings({ kubeconfigText }, now);
    assert.equal(settings.server, "https://api:6443");
    assert.equal(String(settings.tls?.["ca"]), "CA");
    assert.equal((await settings.headers?.())?.["Authorization"], "Bearer secret");
  });

  it("hold a client certificate", async () => {
    const data = (text: string): string => Buffer.from(text).toString("base64");
    const user = { "client-certificate-data": data("CERT"), "client-key-data": data("KEY") };
    const { tls } = await connectionSettings({ kubeconfigText: kubeconfig({ server: "https://api" }, user) }, now);
    assert.deepEqual([String(tls?.["cert"]), String(tls?.["key"])], ["CERT", "KEY"]);
  });

  it("switch the server's certificate off only when told", async () => {
    const strict = await connectionSettings({ kubeconfigText: kubeconfig({ server: "https://api" }) }, now);
    assert.notEqual(strict.tls?.["rejectUnauthorized"], false);
    const lax = { server: "https://api", "insecure-skip-tls-verify": true };
    const settings = await connectionSettings({ kubeconfigText: kubeconfig(lax) }, now);
    assert.equal(settings.tls?.["rejectUnauthorized"], false);
  });

  it("take a server without TLS", async () => {
    const kubeconfigText = kubeconfig({ server: "http://127.0.0.1:8080" }, { token: "t" });
    const settings = await connectionSettings({ kubeconfigText }, now);
    assert.equal(settings.server, "http://127.0.0.1:8080");
    assert.equal((await settings.headers?.())?.["Authorization"], "Bearer t");
  });

  it("turn user and password into a header", async () => {
    const kubeconfigText = kubeconfig({ server: "https://api" }, { username: "me", password: "pw" });
    const settings = await connectionSettings({ kubeconfigText }, now);
    assert.equal((await settings.headers?.())?.["Authorization"], `Basic ${Buffer.from("me:pw").toString("base64")}`);
  });

  it("follow the context asked for", async () => {
    const kubeconfigText = kubeconfig({ server: "https://api" });
    assert.equal((await connectionSettings({ kubeconfigText, context: "y" }, now)).server, "https://other");
  });

  it("are refused when the context does not exist", async () => {
    const kubeconfigText = kubeconfig({ server: "https://api" });
    await assert.rejects(connectionSettings({ kubeconfigText, context: "nowhere" }, now), /set a current context/);
  });

  it("are refused for a proxy, which is not supported", async () => {
    const kubeconfigText = kubeconfig({ server: "https://api", "proxy-url": "http://proxy" });
    await assert.rejects(connectionSettings({ kubeconfigText }, now), /proxy-url http:\/\/proxy/);
  });

  it("see a token that was rotated, within a minute", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kubeconfig-"));
    try {
      const path = join(folder, "config");
      const command = {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "cat",
        args: [join(folder, "credential")],
      };
      const credential = (token: string): string =>
        JSON.stringify({
          apiVersion: command.apiVersion,
          kind: "ExecCredential",
          status: { token, expirationTimestamp: "2020-01-01T00:00:00Z" },
        });
      await writeFile(path, kubeconfig({ server: "https://api" }, { exec: command }));
      await writeFile(join(folder, "credential"), credential("one"));
      let time = 0;
      const settings = await connectionSettings({ kubeconfig: path }, () => time);
      assert.equal((await settings.headers?.())?.["Authorization"], "Bearer one");
      await writeFile(join(folder, "credential"), credential("two"));
      assert.equal((await settings.headers?.())?.["Authorization"], "Bearer one");
      time = 60_000;
      assert.equal((await settings.headers?.())?.["Authorization"], "Bearer two");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
