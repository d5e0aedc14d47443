import assert from "node:assert/strict";
import { describe, it } from "vitest";
import { svgOf } from "../../../scripts/docs/performance/svg.ts";
import { checkRace, type RaceFlags } from "../../bench/race/asked.ts";
import { type Counted, costOf } from "../../bench/race/cost.ts";
import { raisedFor } from "../../bench/race/raised.ts";

/** Flags, and the flags that are refused. */
const REFUSED: readonly (readonly [RaceFlags, readonly string[]])[] = [
  [{}, []],
  [{ services: "1,20", profile: "P5", "pool-type": "nodeIPConfiguration", nodes: "650", workers: "10" }, []],
  [{ services: "0" }, ["--services"]],
  [{ services: "1,,2" }, ["--services"]],
  [{ services: "2e3" }, ["--services"]],
  [{ profile: "p1" }, ["--profile"]],
  [{ "pool-type": "podIP" }, ["--pool-type"]],
  [{ nodes: "-1", workers: "1.5", timeout: "soon" }, ["--nodes", "--workers", "--timeout"]],
  [{ clock: "manual" }, ["--clock"]],
  [{ services: "20", endpoint: "http://127.0.0.1:1" }, []],
  [{ services: "20", endpoint: "https://127.0.0.1:1" }, ["--endpoint"]],
  [{ services: "20", endpoint: "127.0.0.1" }, ["--endpoint"]],
  [{ endpoint: "http://127.0.0.1:1" }, ["--services"]],
  [{ services: "20", external: true, clock: "virtual" }, ["--clock"]],
  [{ services: "20", external: true, kubeconfig: "file" }, []],
  [{ services: "20", kubeconfig: "file" }, ["--kubeconfig"]],
];

describe("the flags of a race", () => {
  for (const [flags, refused] of REFUSED) {
    it(`${JSON.stringify(flags)}: ${refused.length === 0 ? "good" : `refused for ${refused.join(", ")}`}`, () => {
      const asked = checkRace(flags);
      assert.deepEqual(asked.ok ? [] : asked.problems.map(({ field }) => field), refused);
    });
  }

  it("ask for 1, 20 and 100 Services on a virtual clock when there are none", () => {
    const asked = checkRace({});
    assert.ok(asked.ok);
    assert.deepEqual(
      asked.value.runs.map(({ services, profile, nodes }) => [services, profile, nodes]),
      [
        [1, "P1", 3],
        [20, "P1", 3],
        [100, "P1", 3],
      ],
    );
    assert.equal(asked.value.clock, "virtual");
  });
});

const GROUP = "/subscriptions/s/resourceGroups/g/providers";

function entry(method: string, path: string, status = 200): Counted {
  return { method, path, status, requestBytes: 10, responseBytes: 100 };
}

describe("what requests cost", () => {
  it("counts accepted writes by type, polls, rejections and bytes", () => {
    const scaleSet = `${GROUP}/Microsoft.Compute/virtualMachineScaleSets/set`;
    const entries = [
      entry("GET", `${GROUP}/Microsoft.Network/loadBalancers`),
      entry("PUT", `${GROUP}/Microsoft.Network/loadBalancers/lb`, 201),
      entry("PUT", `${GROUP}/Microsoft.Network/loadBalancers/lb`, 429),
      entry("PUT", `${scaleSet}/virtualMachines/0`, 202),
      entry("GET", "/subscriptions/s/providers/Microsoft.Network/locations/l/operations/o"),
      entry("GET", "/subscriptions/s/providers/Microsoft.Compute/locations/l/operationResults/o"),
    ];
    assert.deepEqual(costOf(entries), {
      armRequests: 6,
      writes: {
        loadBalancers: 1,
        networkSecurityGroups: 0,
        publicIPAddresses: 0,
        "virtualMachineScaleSets/virtualMachines": 1,
      },
      polls: 2,
      bytes: 660,
      bytesSent: 60,
      bytesReceived: 600,
      rejected: 1,
    });
  });
});

describe("limits that a run exceeds", () => {
  it("stay as they are when it does not", () => assert.deepEqual(raisedFor({ services: 300, nodes: 50 }).notes, []));

  it("are raised to what it needs, and told", () => {
    const { notes, quotas, oracles } = raisedFor({ services: 601, nodes: 51 });
    assert.deepEqual(notes, [
      "frontendsPerBalancer from 600 to 601",
      "rulesPerInterface from 300 to 601",
      "coresPerRegion from 100 to 102",
    ]);
    assert.deepEqual(
      [quotas.frontendsPerBalancer, quotas.rulesPerBalancer, oracles],
      [601, 1500, { frontendsPerBalancer: 601 }],
    );
  });
});

describe("a plot", () => {
  const yTicks = [
    { value: 1, label: "1 s" },
    { value: 100, label: "<100 s" },
  ];
  const points = [
    { x: 1, y: 1 },
    { x: 10, y: 10 },
    { x: 100, y: 100 },
  ];
  const svg = svgOf(
    [
      {
        title: "T",
        xLabel: "X",
        xTicks: [1, 10, 100],
        yTicks,
        series: [{ name: "a & b", colour: "#000", points, guessedFrom: 2 }],
      },
    ],
    "all",
  );

  it("has equal distances for equal factors", () => {
    const dots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
    assert.deepEqual(dots, [
      [64, 272],
      [240, 158],
      [416, 44],
    ]);
  });

  it("dashes what was not measured, and escapes its texts", () => {
    assert.equal(svg.match(/stroke-dasharray/g)?.length, 1);
    assert.match(svg, /a &amp; b/);
    assert.match(svg, /&lt;100 s/);
  });
});
