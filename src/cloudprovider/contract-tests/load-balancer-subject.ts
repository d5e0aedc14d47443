import type { LoadBalancer } from "../load-balancer.ts";
import type { Node, Service } from "../objects.ts";

/** What the cloud holds for one Service, as its traffic sees it. */
export interface BalancerFacts {
  /** Names of the nodes that receive traffic, sorted, each once. */
  readonly members: readonly string[];
  /** `<protocol>/<port>` as clients connect to it, sorted: `TCP/80`. */
  readonly ports: readonly string[];
}

/** A LoadBalancer over a cloud of its own, which nobody else uses. */
export interface LoadBalancerSubject {
  /** The implementation; another instance after {@link restart}. */
  readonly balancer: LoadBalancer;
  readonly clusterName: string;
  /** At least three nodes whose machines the cloud has; none is member of anything yet. */
  readonly nodes: readonly Node[];
  /** Makes the Service what the cluster holds under its key, as a watch would; `undefined` removes it. */
  readonly publish: (key: string, service: Service | undefined) => void;
  /** The Service, changed so that this cloud has to refuse it with `InvalidArgument`. */
  impossible(service: Service): Service;
  /** Looks into the cloud itself; undefined when it holds no balancer for the Service. */
  observe(service: Service): Promise<BalancerFacts | undefined>;
  /** Requests of any kind that the cloud has received so far. */
  requests(): number;
  /** Changes that the cloud has accepted so far. */
  writes(): number;
  /** Replaces {@link balancer} by a new one over the same cloud, as after a crash. */
  restart(): Promise<void>;
}
