/** Why a patch could not be applied: `format` when it is no patch at all, `content` when it does not fit the object. */
export class PatchError extends Error {
  override readonly name = "PatchError";
  readonly fault: "format" | "content";

  constructor(fault: "format" | "content", message: string) {
    super(message);
    this.fault = fault;
  }
}
