import { z } from "zod";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import type { ServiceLimits } from "../limits/limits.ts";
import type { Limiting } from "../limits/options.ts";
import { checkDocument } from "../read-document.ts";
import { budgetSchema, limitsSchema } from "../scenario/limits-schema.ts";
import { answerBody, told } from "./control-request.ts";

const drainSchema = z.strictObject({ budget: budgetSchema });

/** `GET /simulator/limits`: what is limited, and how many requests each budget has refused. */
export function answerLimits(limits: ServiceLimits): Answer {
  return told({ limits: limits.limiting, refused: Object.fromEntries(limits.refused()) });
}

/** `POST /simulator/limits`: limits otherwise from now on; what `limits` of a scenario may say. */
export function setLimits(request: SimulatedRequest, limits: ServiceLimits): Answer {
  return answerBody(request, {
    check: (body) => checkDocument(limitsSchema, body),
    code: "InvalidLimits",
    answer: (limiting) => {
      limits.set(limiting as Limiting);
      return answerLimits(limits);
    },
  });
}

/** `POST /simulator/limits/drain`: uses up a budget of everybody who has drawn from it. */
export function drainBudget(request: SimulatedRequest, limits: ServiceLimits): Answer {
  return answerBody(request, {
    check: (body) => checkDocument(drainSchema, body),
    code: "InvalidBudget",
    answer: ({ budget }) => {
      limits.drain(budget);
      return answerLimits(limits);
    },
  });
}
