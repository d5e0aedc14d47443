import { flag, integer, PORT } from "./define.ts";

/** Minutes until an idle flow is dropped. */
export const idleTimeoutMinutes = integer({
  key: "azure-load-balancer-tcp-idle-timeout",
  doc: "How long Azure keeps an idle flow before dropping it. Written on every rule, UDP included.",
  accepts: "whole minutes, 4 to 100",
  least: 4,
  most: 100,
  fallback: 4,
});

/** No reset for idle flows. */
export const disableTcpReset = flag({
  key: "azure-load-balancer-disable-tcp-reset",
  doc: "Drops idle TCP flows silently instead of sending a reset to both ends. Standard SKU only.",
});

/** One rule for all ports. */
export const highAvailabilityPorts = flag({
  key: "azure-load-balancer-enable-high-availability-ports",
  doc: "One rule for all ports and protocols instead of one per Service port. Only for internal Services on the standard SKU.",
});

/** Nodes see their own address and the node port. */
export const disableFloatingIp = flag({
  key: "azure-disable-load-balancer-floating-ip",
  doc: "Sends packets to the node's own address and the node port instead of to the balancer's address and the Service port. Not together with high-availability ports.",
});

/** No rule for one port. */
export const noRule = flag({
  key: `port_${PORT}_no_lb_rule`,
  doc: "No rule and no probe for this Service port. The security group still opens it.",
});
