import { afterEach, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../src/base/virtual-clock.ts";
import { type ArmSimulatorOptions, BUDGETS, type JsonObject, type Limiting } from "../../../src/simulator/index.ts";
import { balancer, smallNetwork, standardAddress, startWire, type Wire, type WireAnswer } from "./wire.ts";

const opened: Wire[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ arm }) => arm.close()));
});

interface Limited extends Wire {
  readonly clock: VirtualClock;
  /** Sends the same request so many times, one after the other. */
  readonly repeat: (times: number, send: () => Promise<WireAnswer>) => Promise<readonly WireAnswer[]>;
}

async function limited(limits: Limiting, options: ArmSimulatorOptions = {}): Promise<Limited> {
  const clock = new VirtualClock("manual");
  const wire = await startWire({ clock, limits, ...options });
  opened.push(wire);
  const repeat: Limited["repeat"] = async (times, send) => {
    const answers: WireAnswer[] = [];
    for (let i = 0; i < times; i++) answers.push(await send());
    return answers;
  };
  return { ...wire, clock, repeat };
}

const statuses = (answers: readonly WireAnswer[]): string => answers.map(({ status }) => status).join(" ");
const small = { kind: "bucket", size: 2, perSecond: 0.1 } as const;
const remaining = (answer: WireAnswer, kind: string): string | null =>
  answer.headers.get(`x-ms-ratelimit-remaining-subscription-${kind}`);

describe("ARM's own budgets", () => {
  it("ARM 29 count down with each request and refill with time", async () => {
    const { clock, get, network, repeat } = await limited("documented");
    const list = () => get(`${network}/loadBalancers`);
    const answers = await repeat(3, list);
    expect(answers.map((answer) => remaining(answer, "reads"))).toEqual(["249", "248", "247"]);
    expect(answers.map((answer) => remaining(answer, "global-reads"))).toEqual(["3749", "3748", "3747"]);
    await clock.advance(1000);
    expect(remaining(await list(), "reads")).toBe("249");
  });

  it("ARM 29 the older style counts by the hour", async () => {
    const { put, delete: remove, get, network } = await limited({ arm: "hourly" });
    const pip = `${network}/publicIPAddresses/p`;
    expect(remaining(await put(pip, standardAddress), "writes")).toBe("1199");
    expect(remaining(await get(pip), "reads")).toBe("11999");
    expect(remaining(await remove(pip), "deletes")).toBe("14999");
  });

  it("ARM 29 may be told of and not enforced", async () => {
    const { get, network, repeat } = await limited({ reject: false, budgets: { "arm.reads": small } });
    const answers = await repeat(4, () => get(`${network}/loadBalancers`));
    expect(statuses(answers)).toBe("200 200 200 200");
    expect(answers.map((answer) => remaining(answer, "reads"))).toEqual(["1", "0", "0", "0"]);
  });

  it("ARM 124 refuse with Retry-After, and only the class that is used up", async () => {
    const { arm, clock, get, put, network, repeat } = await limited({ budgets: { "arm.reads": small } });
    const list = () => get(`${network}/loadBalancers`);
    const [, , third] = await repeat(3, list);
    expect(third?.status).toBe(429);
    expect(third?.headers.get("retry-after")).toBe("10");
    expect(third?.headers.get("x-ms-failure-cause")).toBe("gateway");
    expect(third && remaining(third, "reads")).toBe("0");
    expect(third?.body.error.code).toBe("SubscriptionRequestsThrottled");
    expect(third?.body.error.message).toMatch(
      /^Number of 'read' requests for subscription '[\w-]+' actor '[\w-]+' exceeded\. Please try again after '10' seconds\.$/,
    );
    expect((await put(`${network}/publicIPAddresses/p`, standardAddress)).status).toBe(201);
    await clock.advance(9000);
    expect((await list()).headers.get("retry-after")).toBe("1");
    await clock.advance(1000);
    expect((await list()).status).toBe(200);
    expect([...arm.limits.refused()]).toEqual([["arm.reads", 2]]);
  });

  it("ARM 124 the subscription's budget has words of its own", async () => {
    const { get, network, repeat } = await limited({ budgets: { "arm.global-reads": small } });
    const answers = await repeat(3, () => get(`${network}/loadBalancers`));
    expect(statuses(answers)).toBe("200 200 429");
    expect(answers[2]?.body.error.code).toBe("TooManyRequests");
  });

  it("each caller has a budget of its own", async () => {
    const wire = await limited({ budgets: { "arm.reads": small } });
    wire.arm.identity.register({ clientId: "other", secrets: [{ value: "s" }] });
    const body = `grant_type=client_credentials&client_id=other&client_secret=s&scope=${encodeURIComponent("https://management.azure.com/.default")}`;
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const path = `/${wire.arm.tenantId}/oauth2/v2.0/token`;
    const token = (await wire.send("POST", path, { version: null, body, headers: form })).body.access_token;
    const list = (authorization: string) => wire.get(`${wire.network}/loadBalancers`, { headers: { authorization } });
    expect(statuses(await wire.repeat(3, () => list("Bearer t")))).toBe("200 200 429");
    expect((await list(`Bearer ${token}`)).status).toBe(200);
  });

  it("others of the subscription eat their share", async () => {
    const { get, network, repeat, clock } = await limited({
      background: 0.5,
      budgets: { "arm.reads": { ...small, size: 4 } },
    });
    const list = () => get(`${network}/loadBalancers`);
    expect(statuses(await repeat(3, list))).toBe("200 200 429");
    expect((await list()).headers.get("retry-after")).toBe("20");
    await clock.advance(20_000);
    expect(statuses(await repeat(2, list))).toBe("200 429");
  });

  it("can be changed and used up at run time", async () => {
    const { arm, get, network } = await limited("none");
    const list = () => get(`${network}/loadBalancers`);
    expect(remaining(await list(), "reads")).toBe("249");
    arm.limits.set("documented");
    await list();
    arm.limits.drain("arm.reads");
    expect((await list()).status).toBe(429);
    arm.limits.set("none");
    expect((await list()).status).toBe(200);
  });
});

describe("the network provider's budgets", () => {
  const few = { budgets: { "network-window.writes": { kind: "window", size: 2, windowMs: 300_000 } } } as const;

  it("ARM 124 refuse with words of their own", async () => {
    const { network, put, clock, arm } = await limited(few);
    const pip = `${network}/publicIPAddresses/p`;
    await put(pip, standardAddress);
    await clock.advance(261_000);
    await put(pip, { ...standardAddress, tags: { a: "b" } });
    const third = await put(pip, standardAddress);
    expect(third.status).toBe(429);
    expect(third.headers.get("retry-after")).toBe("39");
    expect(third.headers.get("x-ms-failure-cause")).toBeNull();
    expect(remaining(third, "writes")).not.toBeNull();
    expect(third.body.error).toEqual({
      code: "RetryableError",
      message: "A retryable error occurred.",
      details: [
        {
          code: "RetryableErrorDueToTooManyCalls",
          message: `Subscription ${arm.subscriptionId} was used to perform too many calls within last 5 minutes. The number of calls exceeds Microsoft.Network throttling limit. The call can be retried in 39 seconds.`,
        },
      ],
    });
  });

  it("are a fixed window by one setting and a bucket by the other", async () => {
    const refusals = { kind: "window", size: 2, windowMs: 300_000 } as const;
    const bucket = { kind: "bucket", size: 2, perSecond: 2 / 300 } as const;
    const budgets = { "network-window.writes": refusals, "network-bucket.writes": bucket };
    const seen: string[] = [];
    for (const network of ["window", "bucket"] as const) {
      const wire = await limited({ network, budgets });
      const write = (n: number) => wire.put(`${wire.network}/publicIPAddresses/p${n}`, standardAddress);
      const answers = [await write(1), await write(2), await write(3)];
      await wire.clock.advance(150_000);
      answers.push(await write(4), await write(5));
      seen.push(statuses(answers));
    }
    expect(seen).toEqual(["201 201 429 429 429", "201 201 429 201 429"]);
  });

  it("are counted for each region", async () => {
    const { network, put } = await limited(few);
    const write = (n: number, location: string) =>
      put(`${network}/publicIPAddresses/p${n}`, { ...standardAddress, location });
    const answers = [await write(1, "westeurope"), await write(2, "westeurope"), await write(3, "westeurope")];
    answers.push(await write(4, "East US"));
    expect(statuses(answers)).toBe("201 201 429 201");
  });
});

const machine: JsonObject = {
  location: "westeurope",
  properties: { hardwareProfile: { vmSize: "Standard_D2s_v3" } },
};

describe("the compute provider's budgets", () => {
  it("ARM 30 are told of in one header", async () => {
    const { compute, get, put, send } = await limited("documented");
    const vm = `${compute}/virtualMachines/vm`;
    const created = await put(vm, machine);
    const header = (answer: WireAnswer) => answer.headers.get("x-ms-ratelimit-remaining-resource");
    expect(header(created)).toBe("Microsoft.Compute/PutVMResource;11,Microsoft.Compute/PutVMSubscriptionMaximum;1499");
    expect(header(await get(vm))).toBe(
      "Microsoft.Compute/LowCostGetResource;35,Microsoft.Compute/LowCostGetSubscriptionMaximum;23999",
    );
    expect(header(await get(`${compute}/virtualMachines`))).toBe(
      "Microsoft.Compute/HighCostGetSubscriptionMaximum;899",
    );
    const poll = await send("GET", created.headers.get("azure-asyncoperation") ?? "");
    expect(header(poll)).toBe(
      "Microsoft.Compute/GetOperationResource;44,Microsoft.Compute/GetOperationSubscriptionMaximum;14999",
    );
  });

  it("ARM 30 the older style counts in windows of 3 and 30 minutes", async () => {
    const { compute, get, put } = await limited({ compute: "windows" });
    const vm = `${compute}/virtualMachines/vm`;
    await put(vm, machine);
    const answer = await get(vm);
    expect(answer.headers.get("x-ms-ratelimit-remaining-resource")).toBe(
      "Microsoft.Compute/LowCostGet3Min;3999,Microsoft.Compute/LowCostGet30Min;31999",
    );
  });

  it("ARM 124 a machine takes 12 updates at once and 4 a minute, and the detail's message is JSON", async () => {
    const { compute, put, repeat, clock } = await limited("documented");
    const vm = `${compute}/virtualMachines/vm`;
    let n = 0;
    const update = () => put(vm, { ...machine, tags: { n: String(n++) } });
    await update();
    const answers = await repeat(13, update);
    expect(statuses(answers)).toBe(`${"200 ".repeat(12)}429`);
    const refused = answers[12];
    expect(refused?.headers.get("retry-after")).toBe("15");
    expect(refused?.headers.get("x-ms-ratelimit-remaining-resource")).toBe("Microsoft.Compute/UpdateVMResource;0");
    expect(refused?.body.error.code).toBe("OperationNotAllowed");
    const [detail] = refused?.body.error.details ?? [];
    expect([detail.code, detail.target]).toEqual(["TooManyRequests", "UpdateVMResource"]);
    expect(JSON.parse(detail.message)).toMatchObject({
      operationGroup: "UpdateVMResource",
      allowedRequestCount: 12,
      measuredRequestCount: 13,
    });
    expect((await put(`${compute}/virtualMachines/other`, machine)).status).toBe(201);
    await clock.advance(15_000);
    expect(statuses(await repeat(2, update))).toBe("200 429");
  });
});

describe("quotas", () => {
  it("ARM 85 refuses one public address too many, for each region", async () => {
    const { network, put } = await limited({ quotas: { publicIPAddressesPerRegion: 1 } });
    const write = (name: string, location: string) =>
      put(`${network}/publicIPAddresses/${name}`, { ...standardAddress, location });
    await write("a", "westeurope");
    const second = await write("b", "westeurope");
    expect([second.status, second.body.error.code]).toEqual([400, "PublicIPCountLimitReached"]);
    expect(second.body.error.message).toBe(
      "Cannot create more than 1 public IP addresses for this subscription in this region.",
    );
    expect((await write("a", "westeurope")).status).toBe(200);
    expect((await write("c", "eastus")).status).toBe(201);
  });

  it("counts what one resource holds, and lets what was too much become less", async () => {
    const { arm, network, put } = await limited({ quotas: { rulesPerBalancer: 2, frontendsPerBalancer: 1 } });
    arm.put(`${network}/publicIPAddresses/p`, standardAddress);
    const id = `${network}/loadBalancers/lb`;
    const rules = (count: number): JsonObject =>
      balancer(id, {
        frontends: { fe: `${network}/publicIPAddresses/p` },
        rules: Array.from({ length: count }, (_, i) => ({ name: `r${i}`, frontendPort: 80 + i })),
      });
    expect((await put(id, rules(2))).status).toBe(201);
    const third = await put(id, rules(3));
    expect([third.status, third.body.error.code]).toEqual([400, "RulesPerLoadBalancerCountLimitReached"]);
    arm.put(id, rules(5));
    expect((await put(id, rules(4))).status).toBe(200);
    expect((await put(id, rules(5))).status).toBe(400);
  });

  it("counts the rules that lead through one interface, from both sides", async () => {
    const { arm, network, put } = await limited({ quotas: { rulesPerInterface: 1 } });
    arm.put(`${network}/virtualNetworks/v`, smallNetwork);
    arm.put(`${network}/publicIPAddresses/p`, standardAddress);
    const id = `${network}/loadBalancers/lb`;
    const two = balancer(id, {
      frontends: { fe: `${network}/publicIPAddresses/p` },
      rules: [{ name: "r" }, { name: "s", frontendPort: 443 }],
    });
    const one = balancer(id, { frontends: { fe: `${network}/publicIPAddresses/p` }, rules: [{ name: "r" }] });
    const nic: JsonObject = {
      location: "westeurope",
      properties: {
        ipConfigurations: [
          {
            name: "ip",
            properties: {
              subnet: { id: `${network}/virtualNetworks/v/subnets/nodes` },
              loadBalancerBackendAddressPools: [{ id: `${id}/backendAddressPools/pool` }],
            },
          },
        ],
      },
    };
    arm.put(id, two);
    const joining = await put(`${network}/networkInterfaces/n`, nic);
    expect(joining.body.error.code).toBe("LoadBalancerRuleCountLimitReachedForNic");
    arm.put(id, one);
    expect((await put(`${network}/networkInterfaces/n`, nic)).status).toBe(201);
    expect((await put(id, two)).body.error.code).toBe("LoadBalancerRuleCountLimitReachedForNic");
  });

  it("counts cores and resource groups", async () => {
    const { compute, subscription, put, send } = await limited({ quotas: { coresPerRegion: 3, resourceGroups: 1 } });
    expect((await put(`${compute}/virtualMachines/a`, machine)).status).toBe(201);
    const second = await put(`${compute}/virtualMachines/b`, machine);
    expect([second.status, second.body.error.code]).toEqual([409, "OperationNotAllowed"]);
    expect(second.body.error.message).toContain(
      "Current Limit: 3, Current Usage: 2, Additional Required: 2, (Minimum) New Limit Required: 4.",
    );
    const body = { location: "westeurope" };
    const group = await send("PUT", `${subscription}/resourceGroups/more`, { version: "2021-04-01", body });
    expect([group.status, group.body.error.code]).toEqual([409, "ResourceGroupQuotaExceeded"]);
  });
});

it("every documented budget serves at least one request", () => {
  for (const allowance of Object.values(BUDGETS)) expect(allowance.size).toBeGreaterThanOrEqual(1);
});
