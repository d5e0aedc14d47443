import { networkError } from "../arm-error.ts";
import { nameOf } from "../arm-id.ts";
import type { ResourceType } from "../resource-type.ts";
import { seconds, timing } from "../timing.ts";
import { NETWORK_HABITS } from "./network-habits.ts";

/** Names for sets of interfaces, which security rules use in place of addresses. They have nothing of their own. */
export const applicationSecurityGroups: ResourceType = {
  name: "Microsoft.Network/applicationSecurityGroups",
  ...NETWORK_HABITS,
  shape: {},
  computed: [],
  operationNoun: "ApplicationSecurityGroup",
  timing: {
    put: timing(seconds(0.5, 0.8), seconds(1, 4), { first: 1, poll: 10 }),
    delete: timing(seconds(0.5, 1), seconds(2, 6), { first: 10, poll: 10 }),
  },
  blocked: ({ id }, world) => {
    const users = world.inboundOrPending(id.key).map(({ from }) => from.split("/"));
    const [user] = users;
    if (user === undefined) return undefined;
    const kind = KINDS[user.at(-2) ?? ""] ?? "resource(s)";
    const names = users.filter((other) => other.at(-2) === user.at(-2)).map((other) => other.at(-1) ?? "");
    const message = `Application Security Group ${nameOf(id)} cannot be deleted because it is referenced by ${kind} ${names.join(", ")}.`;
    return networkError("ApplicationSecurityGroupInUse", message); // the sentence is ARM's, the code is unconfirmed
  },
};

/** Who refers to a group, in ARM's words. */
const KINDS: Readonly<Record<string, string>> = {
  ipConfigurations: "IpConfiguration(s)",
  securityRules: "SecurityRule(s)",
};
