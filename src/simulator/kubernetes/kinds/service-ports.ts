import { type Cause, causeIf, invalidValue } from "../api-error.ts";
import { compact } from "../json.ts";
import { Pool } from "./pool.ts";
import { needsHealthCheckPort, needsNodePorts, type ServicePort, type ServiceSpec } from "./service-shape.ts";

/** A range of port numbers; both ends belong to it. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Node ports that `spec` has or asks for, the one for health checks included. */
export function explicitPorts({ ports = [], healthCheckNodePort }: ServiceSpec): readonly number[] {
  return [...ports.map(({ nodePort }) => nodePort), healthCheckNodePort].filter((port) => port !== undefined);
}

/** Node ports and health-check node ports: one pool for both. */
export class ServicePorts {
  readonly pool: Pool<number>;
  readonly #range: PortRange;

  constructor(range: PortRange) {
    this.#range = range;
    this.pool = new Pool(range.to - range.from + 1, (index) => range.from + index);
  }

  /** `spec` with the numbers it needs; nothing is taken yet. */
  assign(spec: ServiceSpec, owner: string): { readonly spec: ServiceSpec; readonly causes: readonly Cause[] } {
    const chosen = new Set(explicitPorts(spec));
    const ports = needsNodePorts(spec) ? this.#withNodePorts(spec.ports ?? [], chosen) : spec.ports;
    const healthCheckNodePort = needsHealthCheckPort(spec)
      ? (spec.healthCheckNodePort ?? this.pool.offer(chosen))
      : spec.healthCheckNodePort;
    const assigned = compact({ ...spec, ports, healthCheckNodePort }) as ServiceSpec;
    return { spec: assigned, causes: this.#causes(assigned, owner) };
  }

  /** Two ports with one number and different protocols share a node port, as in the real server. */
  #withNodePorts(ports: readonly ServicePort[], chosen: Set<number>): readonly ServicePort[] {
    const byNumber = new Map<number, number>();
    return ports.map((port) => {
      const nodePort = port.nodePort ?? byNumber.get(port.port) ?? this.pool.offer(chosen);
      if (nodePort === undefined) return port;
      chosen.add(nodePort);
      byNumber.set(port.port, nodePort);
      return { ...port, nodePort };
    });
  }

  #causes(spec: ServiceSpec, owner: string): readonly Cause[] {
    const ports = (spec.ports ?? []).flatMap(({ nodePort }, index) => {
      const field = `spec.ports[${index}].nodePort`;
      if (nodePort !== undefined) return this.#portCauses(field, nodePort, owner);
      const full = "failed to allocate a nodePort: range is full";
      return causeIf(needsNodePorts(spec), () => invalidValue(field, 0, full));
    });
    const { healthCheckNodePort: probed } = spec;
    // A number that the type has no use for is validation's complaint, not the pool's.
    if (probed === undefined || !needsHealthCheckPort(spec)) return ports;
    return [...ports, ...this.#portCauses("spec.healthCheckNodePort", probed, owner)];
  }

  #portCauses(field: string, port: number, owner: string): readonly Cause[] {
    const { from, to } = this.#range;
    if (port < from || port > to) {
      const why = `provided port is not in the valid range. The range of valid ports is ${from}-${to}`;
      return [invalidValue(field, port, why)];
    }
    return causeIf(this.pool.isTaken(port, owner), () =>
      invalidValue(field, port, "provided port is already allocated"),
    );
  }
}
