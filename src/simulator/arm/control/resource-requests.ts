import { z } from "zod";
import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import { ArmError } from "../arm-error.ts";
import { refused } from "../control-surface.ts";
import type { DirectWrites } from "../direct-writes.ts";
import type { JsonObject } from "../json.ts";
import { checkDocument } from "../read-document.ts";
import { answerAbout, answerBody, told } from "./control-request.ts";

const documentSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json(), "a JSON object");

/**
 * `GET /simulator/resources`: the document of `id` as GET would print it, or what is in effect of it with
 * `view=effect`; all of a `type`.
 */
export function answerResources(request: SimulatedRequest, direct: DirectWrites): Answer {
  const { searchParams } = request.url;
  const type = searchParams.get("type");
  if (type !== null) return told({ value: direct.list(type) });
  const view = searchParams.get("view") ?? "shown";
  if (view !== "shown" && view !== "effect") {
    return refused(400, "InvalidView", `view: got ${JSON.stringify(view)}, want shown or effect`);
  }
  return answerAbout(request, "id", (id) => {
    const document = view === "effect" ? direct.inEffect(id) : direct.get(id);
    return document === undefined ? nothing(id) : told(document);
  });
}

/** `PUT /simulator/resources` with `id`: writes as somebody else would. */
export function putResource(request: SimulatedRequest, direct: DirectWrites): Answer {
  return answerAbout(request, "id", (id) =>
    answerBody(request, {
      check: (body) => checkDocument(documentSchema, body),
      code: "InvalidRequestContent",
      answer: (body) => asArm(() => told(direct.put(id, body))),
    }),
  );
}

/** `DELETE /simulator/resources` with `id`: deletes as somebody else would. */
export function removeResource(request: SimulatedRequest, direct: DirectWrites): Answer {
  return answerAbout(request, "id", (id) => asArm(() => told({ removed: direct.remove(id) })));
}

/** `GET /simulator/addresses` with `id`: the private address of an IP configuration or frontend. */
export function answerAddress(request: SimulatedRequest, direct: DirectWrites): Answer {
  return answerAbout(request, "id", (id) => {
    const address = direct.addressOf(id);
    return address === undefined ? nothing(id) : told({ address });
  });
}

function nothing(id: string): Answer {
  return refused(404, "NotFound", `id: got ${JSON.stringify(id)}, want the id of something that is there`);
}

/** What ARM refuses is answered in its words. */
function asArm(act: () => Answer): Answer {
  try {
    return act();
  } catch (error) {
    if (error instanceof ArmError) return error.toAnswer();
    return refused(400, "InvalidId", `id: ${error instanceof Error ? error.message : String(error)}`);
  }
}
