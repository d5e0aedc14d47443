import assert from "node:assert/strict";
import { describe, it } from "vitest";
import type { ProbeAnswers } from "../../../../../src/simulator/arm/reach/probing.ts";
import { reachOf } from "../../../../../src/simulator/arm/reach/reach.ts";
import { brief, configuration, network, OPEN, packet, type TownWords, town } from "./town.ts";

interface Case {
  readonly name: string;
  readonly town?: TownWords;
  /** `source > destination:port protocol` */
  readonly packet: string;
  /** Nodes that answer no probe. */
  readonly silent?: readonly string[];
  readonly comes: string;
}

function table(cases: readonly Case[]): void {
  for (const { name, town: words, packet: text, silent = [], comes } of cases) {
    const answers: ProbeAnswers = ({ node }) => !silent.includes(node);
    it(name, () => assert.equal(brief(reachOf(town(words), packet(text), answers)), comes));
  }
}

const WEB = "Internet > 20.0.0.1:80";
const opened = (...rules: readonly string[]): TownWords => ({ subnetRules: rules });
const ALL_OPEN: TownWords = opened("all 100 Allow * * -> *:*");

describe("rules of a frontend", () => {
  table([
    { name: "floating IP keeps the frontend's address", packet: WEB, comes: "n1 n2 n3 as 20.0.0.1:80" },
    {
      name: "without floating IP the node sees its own address and the backend port",
      town: { rules: ["a:80 Tcp -> 30080"], ...opened("n 500 Allow Tcp Internet -> 10.0.0.0/24:30080") },
      packet: WEB,
      comes: "n1 n2 n3 as 10.0.0.4:30080 10.0.0.5:30080 10.0.0.6:30080",
    },
    {
      name: "floating IP may still change the port",
      town: { rules: ["a:80 Tcp -> 8080 floating"], ...opened("n 500 Allow Tcp Internet -> 20.0.0.1:8080") },
      packet: WEB,
      comes: "n1 n2 n3 as 20.0.0.1:8080",
    },
    { name: "another port has no rule", packet: "Internet > 20.0.0.1:81", comes: "no-rule lb/a" },
    { name: "another frontend has no rule", packet: "Internet > 20.0.0.2:80", comes: "no-rule lb/b" },
    { name: "another protocol is said so", packet: `${WEB} Udp`, comes: "protocol-mismatch rule-a-80" },
    {
      name: "ports of several frontends are kept apart",
      town: { rules: ["a:80 Tcp -> 80 floating", "b:443 Tcp -> 443 floating"] },
      packet: "Internet > 20.0.0.2:443",
      comes: "n1 n2 n3 as 20.0.0.2:443",
    },
    {
      name: "a UDP rule takes UDP",
      town: { rules: ["a:53 Udp -> 53 floating"], ...ALL_OPEN },
      packet: "Internet > 20.0.0.1:53 Udp",
      comes: "n1 n2 n3 as 20.0.0.1:53",
    },
    {
      name: "HA ports take every TCP port and leave it",
      town: { rules: ["inside:0 All -> 0 floating"] },
      packet: "10.0.5.5 > 10.0.0.100:7777",
      comes: "n1 n2 n3 as 10.0.0.100:7777",
    },
    {
      name: "HA ports take UDP",
      town: { rules: ["inside:0 All -> 0"] },
      packet: "10.0.5.5 > 10.0.0.100:7777 Udp",
      comes: "n1 n2 n3 as 10.0.0.4:7777 10.0.0.5:7777 10.0.0.6:7777",
    },
    {
      name: "HA ports do not take ICMP",
      town: { rules: ["inside:0 All -> 0"] },
      packet: "10.0.5.5 > 10.0.0.100:0 Icmp",
      comes: "protocol-mismatch rule-inside-0",
    },
    {
      name: "a rule with protocol All and a port of its own is for that port",
      town: { rules: ["a:80 All -> 80 floating"] },
      packet: "Internet > 20.0.0.1:81",
      comes: "no-rule lb/a",
    },
    {
      name: "a frontend of an outbound rule takes nothing",
      town: { rules: [], outbound: ["a"] },
      packet: WEB,
      comes: "outbound-only lb/a",
    },
    {
      name: "a frontend of an outbound rule that has rules takes what those take",
      town: { outbound: ["a"] },
      packet: WEB,
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
    {
      name: "a NAT rule leads to one interface",
      town: { natRules: [{}], ...ALL_OPEN },
      packet: "Internet > 20.0.0.1:22",
      comes: "n1 as 10.0.0.4:22",
    },
    {
      name: "a NAT rule that no interface has joined leads nowhere",
      town: { natRules: [{ key: "other", id: "other" }], ...ALL_OPEN },
      packet: "Internet > 20.0.0.1:22",
      comes: "empty-pool other",
    },
  ]);
});

describe("addresses", () => {
  const east = network("east", ["10.9.0.0/16"]);
  const inside: TownWords = { rules: ["inside:80 Tcp -> 80 floating"], others: [east] };
  const TO = "10.0.0.100:80";
  table([
    { name: "nobody has it", packet: "Internet > 20.9.9.9:80", comes: "no-such-address 20.9.9.9" },
    { name: "a public one that nothing uses", packet: "Internet > 20.0.0.8:80", comes: "no-such-address Idle" },
    {
      name: "a private one from the internet",
      town: inside,
      packet: `Internet > ${TO}`,
      comes: "not-routable lb/inside",
    },
    {
      name: "a private one from a public address",
      town: inside,
      packet: `8.8.8.8 > ${TO}`,
      comes: "not-routable lb/inside",
    },
    {
      name: "a private one from its network",
      town: inside,
      packet: `10.0.200.1 > ${TO}`,
      comes: "n1 n2 n3 as 10.0.0.100:80",
    },
    {
      name: "a private one from its network, as a tag",
      town: inside,
      packet: `VirtualNetwork > ${TO}`,
      comes: "n1 n2 n3 as 10.0.0.100:80",
    },
    {
      name: "a private one from a network without peering",
      town: inside,
      packet: `10.9.0.4 > ${TO}`,
      comes: "not-routable lb/inside",
    },
    {
      name: "a private one from a peered network, which counts as VirtualNetwork",
      town: { ...inside, peers: ["east"] },
      packet: `10.9.0.4 > ${TO}`,
      comes: "n1 n2 n3 as 10.0.0.100:80",
    },
    {
      name: "a private one from the premises, which are not VirtualNetwork",
      town: inside,
      packet: `192.168.7.7 > ${TO}`,
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "a private one from the premises that a rule lets in",
      town: { ...inside, ...opened("prem 300 Allow Tcp 192.168.0.0/16 -> 10.0.0.100:80") },
      packet: `192.168.7.7 > ${TO}`,
      comes: "n1 n2 n3 as 10.0.0.100:80",
    },
    {
      name: "a node's own public address",
      town: opened("ssh 300 Allow Tcp Internet -> 10.0.0.4:22"),
      packet: "Internet > 20.0.0.9:22",
      comes: "n1 as 10.0.0.4:22",
    },
    {
      name: "a node's own public address, closed",
      packet: "Internet > 20.0.0.9:22",
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "a node's own public address without any security group",
      town: { subnetRules: "none" },
      packet: "Internet > 20.0.0.9:22",
      comes: "no-security-group n1-4",
    },
    {
      name: "a node's private address from its network",
      packet: "10.0.0.6 > 10.0.0.4:10250",
      comes: "n1 as 10.0.0.4:10250",
    },
    {
      name: "IPv6: the pool's members of that family",
      town: { rules: ["six:80 Tcp -> 80 floating"] },
      packet: "Internet > 2603::1:80",
      comes: "n1 n2 n3 as 2603::1:80",
    },
    {
      name: "IPv6, internal, without floating IP",
      town: { rules: ["inside6:80 Tcp -> 30080"] },
      packet: "fd00::99 > fd00::100:80",
      comes: "n1 n2 n3 as fd00::4:30080 fd00::5:30080 fd00::6:30080",
    },
    {
      name: "IPv6 from the internet is not let in by a rule for IPv4",
      town: { rules: ["six:80 Tcp -> 80 floating"], ...opened("v4 500 Allow Tcp 0.0.0.0/0 -> *:80") },
      packet: "Internet > 2603::1:80",
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "a Standard frontend is closed where nothing has a security group",
      town: { subnetRules: "none" },
      packet: WEB,
      comes: "no-security-group n1-4",
    },
    {
      name: "a Basic one is open there",
      town: { subnetRules: "none", sku: "Basic" },
      packet: WEB,
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
    {
      name: "an internal one is open there",
      town: { ...inside, subnetRules: "none" },
      packet: `10.0.0.9 > ${TO}`,
      comes: "n1 n2 n3 as 10.0.0.100:80",
    },
  ]);
});

describe("members", () => {
  const at = (address: string, adminState: "None" | "Up" | "Down" = "None", net: string | undefined = "v") => ({
    address,
    adminState,
    network: net,
  });
  table([
    {
      name: "only those that have joined",
      town: { members: ["n2", "n3"] },
      packet: WEB,
      comes: "n2 n3 as 20.0.0.1:80",
    },
    { name: "none", town: { members: [] }, packet: WEB, comes: "empty-pool rule-a-80" },
    { name: "by address", town: { members: [at("10.0.0.5")] }, packet: WEB, comes: "n2 as 20.0.0.1:80" },
    {
      name: "by address of the other family",
      town: { members: [at("fd00::5")] },
      packet: WEB,
      comes: "empty-pool rule-a-80",
    },
    {
      name: "by an address that no interface has",
      town: { members: [at("10.0.0.77")] },
      packet: WEB,
      comes: "no-machine rule-a-80",
    },
    {
      name: "by an address that no interface has, beside a good one: connections are lost",
      town: { members: [at("10.0.0.77"), at("10.0.0.5")] },
      packet: WEB,
      comes: "n2 as 20.0.0.1:80, lost 10.0.0.77 (no-machine rule-a-80)",
    },
    {
      name: "by an address in another network than the interface's",
      town: { members: [at("10.0.0.5", "None", "elsewhere")] },
      packet: WEB,
      comes: "no-machine rule-a-80",
    },
    {
      name: "on a machine that is stopped: without a probe nobody notices",
      town: { off: ["n2"] },
      packet: WEB,
      comes: "n1 n3 as 20.0.0.1:80, lost n2 (machine-off vm-n2)",
    },
    {
      name: "on a machine that is stopped: with a probe nothing is lost",
      town: { off: ["n2"], rules: ["a:80 Tcp -> 80 floating probe"] },
      packet: WEB,
      comes: "n1 n3 as 20.0.0.1:80, idle n2 (no-probe-answering probe)",
    },
    {
      name: "at an interface without a machine",
      town: {
        members: [],
        nics: [
          {
            id: "x-nic",
            machine: undefined,
            securityGroup: undefined,
            configurations: [configuration("x", "10.0.0.50", ["pool"])],
          },
        ],
      },
      packet: WEB,
      comes: "no-machine x-nic",
    },
    {
      name: "by address, taken down",
      town: { members: [at("10.0.0.4", "Down"), at("10.0.0.5")] },
      packet: WEB,
      comes: "n2 as 20.0.0.1:80, idle n1 (no-probe-answering 10.0.0.4)",
    },
    {
      name: "by address, kept up against its probe",
      town: { rules: ["a:80 Tcp -> 80 floating probe"], members: [at("10.0.0.4", "Up"), at("10.0.0.5")] },
      packet: WEB,
      silent: ["n1", "n2"],
      comes: "n1 as 20.0.0.1:80, idle n2 (no-probe-answering probe)",
    },
  ]);
});

describe("probes", () => {
  const rules = ["a:80 Tcp -> 80 floating probe"];
  table([
    { name: "everybody answers", town: { rules }, packet: WEB, comes: "n1 n2 n3 as 20.0.0.1:80" },
    {
      name: "who does not answer gets nothing",
      town: { rules },
      packet: WEB,
      silent: ["n1"],
      comes: "n2 n3 as 20.0.0.1:80, idle n1 (no-probe-answering probe)",
    },
    {
      name: "nobody answers",
      town: { rules },
      packet: WEB,
      silent: ["n1", "n2", "n3"],
      comes: "no-probe-answering probe",
    },
    {
      name: "nobody answers, and the probe says that all are up then",
      town: { rules, probe: { whenAllDown: "AllProbedUp" } },
      packet: WEB,
      silent: ["n1", "n2", "n3"],
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
    {
      name: "a rule without probe asks nobody",
      packet: WEB,
      silent: ["n1", "n2", "n3"],
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
    {
      name: "a rule that shuts out the platform shuts out probes",
      town: { rules, ...opened(...OPEN, "no-probes 600 Deny * AzureLoadBalancer -> *:*") },
      packet: WEB,
      comes: "no-probe-answering probe",
    },
    {
      name: "the deny-all rule of one interface silences its node",
      town: { rules, nicRules: { n2: ["shut 4000 Deny * * -> *:*", "web 500 Allow Tcp Internet -> *:80"] } },
      packet: WEB,
      comes: "n1 n3 as 20.0.0.1:80, idle n2 (no-probe-answering probe)",
    },
    {
      name: "a deny-all that leaves the platform out does not",
      town: { rules, ...opened(...OPEN, "shut 4000 Deny * Internet -> *:*") },
      packet: WEB,
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
  ]);
});

describe("security groups", () => {
  table([
    { name: "the default rules deny the internet", town: opened(), packet: WEB, comes: "security-rule DenyAllInBound" },
    {
      name: "the lower number decides: allow before deny",
      town: opened("no 600 Deny * * -> *:*", "yes 500 Allow * * -> *:*"),
      packet: WEB,
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
    {
      name: "the lower number decides: deny before allow",
      town: opened("no 400 Deny * * -> *:*", "yes 500 Allow * * -> *:*"),
      packet: WEB,
      comes: "security-rule no",
    },
    {
      name: "with floating IP the destination is the frontend's address",
      town: opened("nodes 500 Allow Tcp Internet -> 10.0.0.0/16:80"),
      packet: WEB,
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "without floating IP the destination is the node's address",
      town: { rules: ["a:80 Tcp -> 80"], ...OPEN_FRONTEND() },
      packet: WEB,
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "without floating IP the port is the node's",
      town: { rules: ["a:80 Tcp -> 30080"], ...opened("n 500 Allow Tcp Internet -> *:80") },
      packet: WEB,
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "without floating IP the node's address is in VirtualNetwork",
      town: { rules: ["a:80 Tcp -> 80"], ...opened("n 500 Allow Tcp Internet -> VirtualNetwork:80") },
      packet: WEB,
      comes: "n1 n2 n3 as 10.0.0.4:80 10.0.0.5:80 10.0.0.6:80",
    },
    {
      name: "a range of sources lets its members in",
      town: opened("range 500 Allow Tcp 198.51.100.0/24 -> 20.0.0.1:80"),
      packet: "198.51.100.7 > 20.0.0.1:80",
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
    {
      name: "a range of sources lets nobody else in",
      town: opened("range 500 Allow Tcp 198.51.100.0/24 -> 20.0.0.1:80"),
      packet: "203.0.113.7 > 20.0.0.1:80",
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "the internet at large is not in a range",
      town: opened("range 500 Allow Tcp 198.51.100.0/24 -> 20.0.0.1:80"),
      packet: WEB,
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "the internet at large is in 0.0.0.0/0",
      town: opened("all 500 Allow Tcp 0.0.0.0/0 -> 20.0.0.1:80"),
      packet: WEB,
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
    {
      name: "a denied range within the allowed internet",
      town: opened(...OPEN, "bad 450 Deny * 203.0.113.0/24 -> *:*"),
      packet: "203.0.113.7 > 20.0.0.1:80",
      comes: "security-rule bad",
    },
    {
      name: "a tag that is not known here matches itself",
      town: opened("fd 500 Allow Tcp AzureFrontDoor.Backend -> *:80"),
      packet: "azurefrontdoor.backend > 20.0.0.1:80",
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
    {
      name: "a tag that is not known here does not match addresses",
      town: opened("fd 500 Allow Tcp AzureFrontDoor.Backend -> *:80"),
      packet: "8.8.8.8 > 20.0.0.1:80",
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "Azure's own public addresses are internet too",
      packet: "AzureCloud > 20.0.0.1:80",
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
    {
      name: "a range of ports",
      town: opened("ports 500 Allow Tcp Internet -> *:70-90,443"),
      packet: WEB,
      comes: "n1 n2 n3 as 20.0.0.1:80",
    },
    {
      name: "one port beside a range",
      town: opened("ports 500 Allow Tcp Internet -> *:70-79,443"),
      packet: WEB,
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "a rule for another protocol",
      town: opened("udp 500 Allow Udp Internet -> *:80"),
      packet: WEB,
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "a rule for one source port: clients have another",
      town: opened("src 500 Allow Tcp Internet -> *:80 from 53"),
      packet: WEB,
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "subnet and interface must both allow: interface denies",
      town: { nicRules: { n1: [], n2: OPEN, n3: OPEN } },
      packet: WEB,
      comes: "n2 n3 as 20.0.0.1:80, lost n1 (security-rule DenyAllInBound)",
    },
    {
      name: "subnet and interface must both allow: subnet denies",
      town: { ...opened(), nicRules: { n1: OPEN, n2: OPEN, n3: OPEN } },
      packet: WEB,
      comes: "security-rule DenyAllInBound",
    },
    {
      name: "an interface's group alone opens its node",
      town: { subnetRules: "none", nicRules: { n1: OPEN } },
      packet: WEB,
      comes: "n1 as 20.0.0.1:80, lost n2 (no-security-group n2-4) n3 (no-security-group n3-4)",
    },
    {
      name: "a network's default rule lets its own in at an internal frontend",
      town: { rules: ["inside:80 Tcp -> 80 floating"], ...opened() },
      packet: "10.0.3.3 > 10.0.0.100:80",
      comes: "n1 n2 n3 as 10.0.0.100:80",
    },
    {
      name: "unless a rule denies them",
      town: { rules: ["inside:80 Tcp -> 80 floating"], ...opened("shut 4095 Deny * * -> 10.0.0.100:*") },
      packet: "10.0.3.3 > 10.0.0.100:80",
      comes: "security-rule shut",
    },
    {
      name: "the whole network is denied by a block that covers it, not by half of it",
      town: { rules: ["inside:80 Tcp -> 80 floating"], ...opened("half 200 Deny * 10.0.0.0/17 -> *:*") },
      packet: "VirtualNetwork > 10.0.0.100:80",
      comes: "n1 n2 n3 as 10.0.0.100:80",
    },
    {
      name: "application security groups stand for their members",
      town: {
        members: [],
        rules: ["a:80 Tcp -> 80 floating"],
        ...opened("asg 500 Allow Tcp Internet -> asg-web:80"),
        nics: [
          {
            id: "x",
            machine: { id: "vm-x", name: "x", running: true },
            securityGroup: undefined,
            configurations: [{ ...configuration("x-4", "10.0.0.50", ["pool"]), applicationGroups: ["asg-web"] }],
          },
          {
            id: "y",
            machine: { id: "vm-y", name: "y", running: true },
            securityGroup: undefined,
            configurations: [configuration("y-4", "10.0.0.51", ["pool"])],
          },
        ],
      },
      packet: WEB,
      comes: "x as 20.0.0.1:80, lost y (security-rule DenyAllInBound)",
    },
  ]);
});

function OPEN_FRONTEND(): TownWords {
  return opened("frontend 500 Allow Tcp Internet -> 20.0.0.1:80");
}
