import { z } from "zod";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import type { Identity, IdentityChange } from "../identity/identity.ts";
import { checkDocument } from "../read-document.ts";
import { allowedActionsSchema, IDENTITY_MEMBERS, tokensSchema } from "../scenario/identity-schema.ts";
import { answerBody, told } from "./control-request.ts";

const changeSchema: z.ZodType<IdentityChange> = z.strictObject({
  ...IDENTITY_MEMBERS,
  unassign: z.array(z.string("a client id"), "a list of client ids").exactOptional(),
  tokens: tokensSchema.exactOptional(),
  allowedActions: allowedActionsSchema.nullable().exactOptional(),
} satisfies Record<keyof IdentityChange, z.ZodType>);

const issueSchema = z.strictObject({ audience: z.string("the audience of a token").exactOptional() });
const endSchema = z.strictObject({ as: z.enum(["revoked", "expired"], "revoked or expired").default("revoked") });

/** `GET /simulator/identity`: who exists, and what is checked. */
export function answerIdentity(identity: Identity): Answer {
  return told(identity.facts());
}

/** `POST /simulator/identity`: changes what it names, from now on. */
export function changeIdentity(request: SimulatedRequest, identity: Identity): Answer {
  return answerBody(request, {
    check: (body) => checkDocument(changeSchema, body),
    code: "InvalidIdentity",
    answer: (change) => {
      identity.change(change);
      return answerIdentity(identity);
    },
  });
}

/** `POST /simulator/identity/tokens`: a token that ARM takes, without asking the endpoint. */
export function issueToken(request: SimulatedRequest, identity: Identity): Answer {
  return answerBody(request, {
    check: (body) => checkDocument(issueSchema, body),
    code: "InvalidAudience",
    answer: ({ audience }) => ({ ...told({ token: identity.issueToken(audience) }, 201), confidential: true }),
  });
}

/** `POST /simulator/identity/tokens/end`: no token counts any more that was issued until now. */
export function endTokens(request: SimulatedRequest, identity: Identity): Answer {
  return answerBody(request, {
    check: (body) => checkDocument(endSchema, body),
    code: "InvalidEnd",
    answer: ({ as }) => {
      if (as === "expired") identity.expireTokens();
      else identity.revokeTokens();
      return told({ ended: as });
    },
  });
}
