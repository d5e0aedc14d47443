import type { Answer, SimulatedRequest } from "../../http/exchange.ts";
import type { ActorBook } from "./actor-book.ts";
import { answerBody, told } from "./control-request.ts";

/** `GET /simulator/actors`: who was set by data, and how often each has acted. */
export function answerActors(book: ActorBook): Answer {
  return told({ actors: book.list() });
}

/** `POST /simulator/actors`: somebody else who writes when a request comes by. */
export function setActor(request: SimulatedRequest, book: ActorBook): Answer {
  return answerBody(request, {
    check: (body) => book.add(body),
    code: "InvalidActor",
    answer: (id) => told({ id }, 201),
  });
}
