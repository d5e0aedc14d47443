import {
  type Application,
  type ArmSimulator,
  type Ask,
  Journal,
  type JsonObject,
  type Limiting,
  type OracleOptions,
  type Packet,
  type PageSizes,
  type ProbeAnswers,
  type Violation,
} from "../../../../src/simulator/index.ts";
import { type Answered, type Control, query } from "./control.ts";
import { remoteActors, remoteFaults } from "./remote-faults.ts";
import { only, skip } from "./skip.ts";

/** A simulator of another process with the hands of one in this process; it was reset and told these facts. */
export function remoteArm(control: Control, facts: Answered, close: () => void): ArmSimulator {
  const hands = {
    ...facts,
    endpoint: control.endpoint,
    identity: remoteIdentity(control),
    limits: remoteLimits(control),
    faults: remoteFaults(control),
    actors: remoteActors(control),
    oracles: remoteOracles(control),
    resources: remoteResources(control),
    get journal() {
      return journalOf(control);
    },
    reach: (packet: Packet, answers?: ProbeAnswers) =>
      answers === undefined ? control.ask("POST", "/reach", packet) : skip("probes that a function answers"),
    behave: (change: object) => void control.ask("POST", "/behaviour", change),
    paginate: (sizes: number | Partial<PageSizes>) => void control.ask("POST", "/page-sizes", sizes),
    put: (id: string, body: JsonObject) => control.ask("PUT", `/resources${query("id", id)}`, body),
    remove: (id: string) => control.ask("DELETE", `/resources${query("id", id)}`).removed,
    dump: () => control.ask("GET", "/state"),
    load: (state: object) => void control.ask("PUT", "/state", state),
    close: async () => close(),
  };
  return only(hands, "arm");
}

function journalOf(control: Control): Journal {
  const journal = new Journal();
  const { text } = control.send("GET", "/journal");
  for (const line of text.split("\n")) if (line !== "") journal.add(JSON.parse(line));
  return journal;
}

function remoteResources(control: Control): object {
  const resources = {
    get: (id: string) => control.find(`/resources${query("id", id)}`),
    inEffect: (id: string) => control.find(`/resources${query("id", id)}&view=effect`),
    addressOf: (id: string) => control.find(`/addresses${query("id", id)}`)?.address,
    list: (type: string) => control.ask("GET", `/resources${query("type", type)}`).value,
  };
  return only(resources, "arm.resources");
}

function remoteLimits(control: Control): object {
  const limits = {
    set: (limiting: Limiting) => void control.ask("POST", "/limits", limiting),
    drain: (budget: string) => void control.ask("POST", "/limits/drain", { budget }),
    refused: () => new Map(Object.entries(control.ask("GET", "/limits").refused)),
  };
  return only(limits, "arm.limits");
}

function remoteIdentity(control: Control): object {
  const change = (what: object): void => void control.ask("POST", "/identity", what);
  const facts = (): Answered => control.ask("GET", "/identity");
  const identity = {
    get application() {
      return facts().application;
    },
    get managedIdentity() {
      return facts().managedIdentity;
    },
    get identityHeader() {
      return facts().identityHeader;
    },
    register: (application: Application) => change({ applications: [application] }),
    allow: (actions: readonly string[] | undefined) => change({ allowedActions: actions ?? null }),
    serveMetadataOf: (machine: string) => change({ machine }),
    issueToken: (audience?: string) =>
      control.ask("POST", "/identity/tokens", audience === undefined ? {} : { audience }).token,
    revokeTokens: () => void control.ask("POST", "/identity/tokens/end", { as: "revoked" }),
  };
  return only(identity, "arm.identity");
}

function remoteOracles(control: Control): object {
  const oracles = {
    arm: ({ answers, ...options }: OracleOptions = {}) => {
      if (answers !== undefined) skip("probes that a function answers");
      if (typeof options.owned === "function") skip("ownership that a function decides");
      control.ask("POST", "/oracles", options);
    },
    disarm: () => void control.ask("DELETE", "/oracles"),
    ask: (ask: Ask) => void control.ask("POST", "/oracles/asks", ask),
    release: (name: string) => void control.ask("DELETE", `/oracles/asks${query("name", name)}`),
    published: (name: string, addresses: readonly string[]) =>
      void control.ask("POST", "/oracles/published", { name, addresses }),
    get violations(): readonly Violation[] {
      return control.ask("GET", "/oracles").violations;
    },
    assertSilent: () => {
      const { violations, report } = control.ask("POST", "/oracles/conclude");
      if (violations.length > 0) throw new Error(report);
    },
  };
  return only(oracles, "arm.oracles");
}
