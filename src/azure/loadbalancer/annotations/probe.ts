import { custom, flag, integer, PORT, text } from "./define.ts";

/** Protocol of a health probe, as ARM spells it. */
export type ProbeProtocol = "Tcp" | "Http" | "Https";

/** What an unreadable probe protocol means, as in the original. */
export const DEFAULT_PROBE_PROTOCOL: ProbeProtocol = "Tcp";

/** Reads a probe protocol in any letter case; undefined for any other word. */
export function probeProtocolOf(word: string): ProbeProtocol | undefined {
  switch (word.trim().toLowerCase()) {
    case "tcp":
      return "Tcp";
    case "http":
      return "Http";
    case "https":
      return "Https";
    default:
      return undefined;
  }
}

/** Protocol of all probes of the Service. */
export const probeProtocol = protocol(
  "azure-load-balancer-health-probe-protocol",
  "Protocol of the Service's health probes, for ports that have no `appProtocol`.",
);

/** Protocol of the probe of one port. */
export const portProbeProtocol = protocol(
  `port_${PORT}_health-probe_protocol`,
  "Protocol of the health probe of this Service port. Wins over `appProtocol` and the Service's annotation.",
);

function protocol(key: string, doc: string) {
  return custom<ProbeProtocol | undefined>(
    { key, doc, accepts: "tcp, http or https", shown: "tcp" },
    undefined,
    (raw) => {
      const value = probeProtocolOf(raw);
      if (value !== undefined) return { value };
      return { value: DEFAULT_PROBE_PROTOCOL, remark: `${JSON.stringify(raw)} is read as tcp` };
    },
  );
}

/** Path of all HTTP probes of the Service. */
export const probePath = text({
  key: "azure-load-balancer-health-probe-request-path",
  doc: "Path that HTTP and HTTPS probes ask for.",
  accepts: "a path",
  shown: "/",
});

/** Path of the probe of one port. */
export const portProbePath = text({
  key: `port_${PORT}_health-probe_request-path`,
  doc: "As azure-load-balancer-health-probe-request-path, for this Service port.",
  accepts: "a path",
  shown: "the Service's",
});

/** Seconds between probes. */
export const probeIntervalSeconds = interval(
  "azure-load-balancer-health-probe-interval",
  "Time between two probes of a node.",
);

/** Seconds between probes of one port. */
export const portProbeIntervalSeconds = interval(
  `port_${PORT}_health-probe_interval`,
  "As azure-load-balancer-health-probe-interval, for this Service port.",
);

function interval(key: string, doc: string) {
  return integer({
    key,
    doc,
    accepts: "whole seconds, 5 or more; times the number of probes less than 120",
    least: 5,
    fallback: 5,
  });
}

/** Failed probes until a node is out. */
export const probeThreshold = threshold(
  "azure-load-balancer-health-probe-num-of-probe",
  "How many probes in a row decide that a node is healthy or not.",
);

/** Failed probes of one port until a node is out. */
export const portProbeThreshold = threshold(
  `port_${PORT}_health-probe_num-of-probe`,
  "As azure-load-balancer-health-probe-num-of-probe, for this Service port.",
);

function threshold(key: string, doc: string) {
  return integer({
    key,
    doc,
    accepts: "a whole number, 2 or more; times the interval less than 120",
    least: 2,
    fallback: 2,
  });
}

/** Longest time, seconds, that Azure lets a probe take to decide: interval times number of probes stays below it. */
export const LONGEST_PROBING_SECONDS = 120;

/** Where one port is probed instead. */
export const portProbePort = text({
  key: `port_${PORT}_health-probe_port`,
  doc: "Port to probe for this Service port: the name or number of a port of this Service stands for its node port, any other number for itself. Wins over the probe of externalTrafficPolicy Local.",
  accepts: "the name or number of a port of this Service, or a port number, 0 to 65535",
  shown: "the node port",
});

/** No probe for one port. */
export const noProbe = flag({
  key: `port_${PORT}_no_probe_rule`,
  doc: "No health probe for this Service port: all nodes count as healthy.",
});
