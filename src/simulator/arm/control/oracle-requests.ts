import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { refused } from "../control-surface.ts";
import type { Oracles } from "../oracles/oracles.ts";
import { describeViolations } from "../oracles/violation.ts";
import { checkDocument } from "../read-document.ts";
import { answerAbout, answerBody, told } from "./control-request.ts";
import { askSchema, oracleSchema, publicationSchema } from "./oracle-spec.ts";

/** `GET /simulator/oracles`: whether they watch, what has gone wrong, and a report of it for people. */
export function answerOracles({ armed, violations }: Oracles): Answer {
  return told({ armed, violations, report: describeViolations(violations) });
}

/** `POST /simulator/oracles`: begins to watch; earlier asks and violations are forgotten. */
export function armOracles(request: SimulatedRequest, oracles: Oracles): Answer {
  return answerBody(request, {
    check: (body) => checkDocument(oracleSchema, body),
    code: "InvalidOracles",
    answer: (options) => {
      oracles.arm(options);
      return answerOracles(oracles);
    },
  });
}

/** `DELETE /simulator/oracles`: watches no longer. */
export function disarmOracles(oracles: Oracles): Answer {
  oracles.disarm();
  return answerOracles(oracles);
}

/** `POST /simulator/oracles/asks`: what is asked for from now on under its name. */
export function ask(request: SimulatedRequest, oracles: Oracles): Answer {
  return answerBody(request, {
    check: (body) => checkDocument(askSchema, body),
    code: "InvalidAsk",
    answer: (asked) => whileArmed(oracles, () => oracles.ask(asked)),
  });
}

/** `DELETE /simulator/oracles/asks` with `name`: nothing is asked for under it any more. */
export function release(request: SimulatedRequest, oracles: Oracles): Answer {
  return answerAbout(request, "name", (name) => whileArmed(oracles, () => oracles.release(name)));
}

/** `POST /simulator/oracles/published`: the status of `name` shows these addresses now. */
export function publish(request: SimulatedRequest, oracles: Oracles): Answer {
  return answerBody(request, {
    check: (body) => checkDocument(publicationSchema, body),
    code: "InvalidPublication",
    answer: ({ name, addresses }) => whileArmed(oracles, () => oracles.published(name, addresses)),
  });
}

/** `POST /simulator/oracles/conclude`: looks a last time. */
export function conclude(oracles: Oracles): Answer {
  return whileArmed(oracles, () => oracles.conclude());
}

function whileArmed(oracles: Oracles, act: () => unknown): Answer {
  if (!oracles.armed) return refused(409, "NotArmed", "the oracles are not armed: POST /simulator/oracles does it");
  act();
  return answerOracles(oracles);
}
