import type { ErrorRow } from "./error-row.ts";

/** What the login service (Entra ID) says when it gives no token. Its codes are in the text, not in a field. */
export const LOGIN: readonly ErrorRow[] = [
  {
    arm: ["AADSTS7000215", "AADSTS7000222", "AADSTS7000216", "AADSTS50012"],
    class: "everyone",
    code: "Unauthenticated",
    says: "the client secret or certificate is wrong or has expired",
    advice: "Put the current secret or certificate into azure.json; it is read again at the next start.",
  },
  {
    arm: ["AADSTS700016", "AADSTS700025", "AADSTS7000112", "AADSTS500011", "AADSTS70011", "unauthorized_client"],
    class: "everyone",
    code: "Unauthenticated",
    says: "the login service does not know this application, or not in this tenant, or not for Azure",
    advice: "Check `aadClientId`, `tenantId` and `cloud` in azure.json.",
  },
  {
    arm: ["AADSTS90002", "AADSTS900023", "AADSTS50020"],
    class: "everyone",
    code: "Unauthenticated",
    says: "the login service does not know this tenant",
    advice: "Check `tenantId` and `cloud` in azure.json.",
  },
  {
    arm: ["AADSTS700024", "AADSTS700027", "AADSTS70021", "AADSTS700213", "AADSTS700211", "AADSTS700212"],
    class: "everyone",
    code: "Unauthenticated",
    says: "the login service does not accept the federated token of this pod",
    advice: "Check issuer, subject and audience of the federated credential in Entra ID, and the pod's clock.",
  },
  {
    arm: ["AADSTS90055", "AADSTS50196"],
    class: "everyone",
    code: "Throttled",
    says: "the login service limits how many tokens this identity may ask for",
    advice: "Nothing, unless it lasts: then find out who else uses this identity.",
  },
  {
    arm: ["AADSTS90033", "AADSTS90036", "AADSTS50001", "temporarily_unavailable"],
    class: "everyone",
    code: "Unavailable",
    says: "the login service is not available",
    advice: "Nothing, unless it lasts: then look at https://status.azure.com.",
  },
  {
    arm: ["ManagedIdentityNotFound"],
    class: "everyone",
    code: "Unauthenticated",
    says: "the machine has no such managed identity",
    advice: "Assign the identity to the machine, or correct `userAssignedIdentityID` in azure.json.",
  },
];
