/** A time as the compute provider writes it: seven digits and an offset. @param ms - since the epoch. */
export function computeTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "0000+00:00");
}
