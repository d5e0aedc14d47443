/** Kinds of requests as ARM counts them. */
export type ArmClass = "reads" | "writes" | "deletes";

/** How ARM counts a method. */
export function armClass(method: string): ArmClass {
  if (method === "GET" || method === "HEAD") return "reads";
  return method === "DELETE" ? "deletes" : "writes";
}
