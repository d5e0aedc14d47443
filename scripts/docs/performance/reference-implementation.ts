/** Seconds until the last Service is ready, or a count; `extrapolated` from a measured one, else measured. */
export interface ReferenceFigure {
  readonly value: number;
  readonly extrapolated?: true;
}

/**
 * What kubernetes-sigs/cloud-provider-azure takes: its own code and the real SDK against a simulated Azure with the
 * latencies of the profiles, IP-based pools, one worker (it starts with no other number). The queue of the service
 * controller was not part of it. One Service after the other takes 17.1 s: from that follow 100 and 1000.
 */
export const REFERENCE = {
  /** Profile and number of Services. */
  last: {
    "P1 1": { value: 17.2 },
    "P1 20": { value: 342.9 },
    "P1 100": { value: 1716, extrapolated: true },
    "P1 1000": { value: 17_280, extrapolated: true },
    "P2 1": { value: 31.9 },
    "P3 1": { value: 22.3 },
  } as Readonly<Record<string, ReferenceFigure>>,
  median: { "P1 20": { value: 188.6 } } as Readonly<Record<string, ReferenceFigure>>,
  /** ARM requests of each Service, operations of 1 to 2 s: 19 reads and polls, 3 writes. */
  requestsPerService: 22,
  /** Reads of a pass over 600 Services that need nothing: 4 for each. */
  restartReads: 2400,
  /** Reads when a node joins 600 Services: 5 for each, and one write. */
  nodeJoinReads: 3000,
  /** Bytes of one pass over 240 Services with 650 nodes, NIC-based pools. */
  wideBytes: 408e6,
} as const;
