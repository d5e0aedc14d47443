import type { HeaderReader } from "../retry-after.ts";
import type { Remaining } from "./gate.ts";

const KINDS = { reads: "read", writes: "write", deletes: "delete" } as const;

/** `Microsoft.Compute/HighCostGet3Min;239` */
const POLICY = /^\s*[^/;,]+\/(?<policy>[^;,]+);(?<left>\d+)\s*$/;

/**
 * What the headers of an answer say is left, in both styles: ARM's own, one header for each count, and that of the
 * compute provider, `x-ms-ratelimit-remaining-resource: Microsoft.Compute/{policy};{n}`, several in one. What cannot be
 * read is left out.
 */
export function remainingOf(headers: HeaderReader): readonly Remaining[] {
  return [...armCounts(headers), ...policyCounts(headers)];
}

/** How the compute provider calls its limits: `HighCostGet30Min`, `UpdateVMResource`, `PutVMSubscriptionMaximum`. */
const POLICY_NAME = /^\w+(\dMin|Resource|SubscriptionMaximum)$/i;

/** The limits that the details of an error name as used up; their targets may also be other things. */
export function policiesNamed(details: readonly { readonly target: string | undefined }[]): readonly string[] {
  return details.flatMap(({ target }) => (target !== undefined && POLICY_NAME.test(target) ? [target] : []));
}

function armCounts(headers: HeaderReader): readonly Remaining[] {
  return Object.entries(KINDS).flatMap(([plural, kind]) => {
    const own = count(`arm.${kind}`, headers.get(`x-ms-ratelimit-remaining-subscription-${plural}`));
    const global = count(`arm-global.${kind}`, headers.get(`x-ms-ratelimit-remaining-subscription-global-${plural}`));
    return [...own, ...global];
  });
}

function count(policy: string, text: string | undefined): readonly Remaining[] {
  return text !== undefined && /^\s*\d+\s*$/.test(text) ? [{ policy, left: Number(text) }] : [];
}

function policyCounts(headers: HeaderReader): readonly Remaining[] {
  const value = headers.get("x-ms-ratelimit-remaining-resource") ?? "";
  return value.split(",").flatMap((each) => {
    const { policy, left } = POLICY.exec(each)?.groups ?? {};
    return policy === undefined ? [] : [{ policy: policy.trim().toLowerCase(), left: Number(left) }];
  });
}
