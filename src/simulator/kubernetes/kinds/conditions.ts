import { int64, object, text, time } from "../schema.ts";

/** `metav1.Condition`, as newer statuses use it. */
export const condition = object("Condition", {
  type: text,
  status: text,
  observedGeneration: int64,
  lastTransitionTime: time,
  reason: text,
  message: text,
});
