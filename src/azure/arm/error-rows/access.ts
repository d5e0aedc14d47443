import type { ErrorRow } from "./error-row.ts";

/** Credentials, permissions, policies and locks. */
export const ACCESS: readonly ErrorRow[] = [
  {
    arm: [
      "ExpiredAuthenticationToken",
      "InvalidAuthenticationToken",
      "InvalidAuthenticationTokenAudience",
      "InvalidAuthenticationTokenTenant",
      "AuthenticationFailed",
      "AuthenticationFailedMissingToken",
      "AuthenticationFailedInvalidHeader",
      "invalid_client",
    ],
    class: "everyone",
    code: "Unauthenticated",
    says: "Azure does not accept our credentials",
    advice: "Check the client id, its secret or certificate, and the tenant in azure.json.",
  },
  {
    arm: ["AuthorizationFailed", "Forbidden"],
    class: "everyone",
    code: "PermissionDenied",
    says: "the identity of this controller lacks a permission",
    advice: "Assign the role that the message names; assignments take up to five minutes to arrive.",
  },
  {
    arm: ["LinkedAuthorizationFailed", "LinkedAuthorizationFailedForLinkedResource", "LinkedInvalidPropertyId"],
    class: "content",
    code: "PermissionDenied",
    says: "the identity of this controller may not use a resource that this one refers to",
    advice: "Assign a role on the linked scope that the message names, such as Network Contributor on the subnet.",
  },
  {
    arm: [
      "RequestDisallowedByPolicy",
      "PolicyViolation",
      "RequestDisallowedByAzure",
      "DenyAssignmentAuthorizationFailed",
    ],
    class: "content",
    code: "PermissionDenied",
    says: "a policy of the subscription forbids it",
    advice: "Change the resource so that it satisfies the policy in the message, or ask for an exemption.",
  },
  {
    arm: ["ScopeLocked"],
    class: "everyone",
    code: "Locked",
    says: "a lock forbids changes here",
    advice: "Remove the lock that the message names.",
  },
  {
    arm: ["ReadOnlyDisabledSubscription", "SubscriptionNotRegistered", "DisabledSubscription"],
    class: "everyone",
    code: "PermissionDenied",
    says: "the subscription is disabled",
    advice: "Enable the subscription.",
  },
  {
    arm: ["MissingSubscriptionRegistration", "SubscriptionNotRegisteredForFeature", "FeatureNotRegistered"],
    class: "everyone",
    code: "PermissionDenied",
    says: "the subscription is not registered for this resource provider or feature",
    advice: "Run `az provider register` for the namespace in the message, or `az feature register` for the feature.",
  },
];
