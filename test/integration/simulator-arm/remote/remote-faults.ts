import type {
  Answer,
  CatalogueTarget,
  FaultName,
  FaultTarget,
  OperationFault,
  RequestFault,
  ScriptedActor,
  SeededFaults,
  SetActor,
  SetFault,
} from "../../../../src/simulator/index.ts";
import { type Control, query } from "./control.ts";
import { only, skip } from "./skip.ts";

/** `arm.faults` of a simulator in another process. */
export function remoteFaults(control: Control): object {
  const set = (fault: object): SetFault => {
    const [id] = control.ask("POST", "/faults", fault).ids;
    const counted = (): number =>
      control.ask("GET", "/faults").faults.find((one: { id: string }) => one.id === id)?.fired ?? 0;
    let last: number | undefined;
    return {
      fired: () => last ?? counted(),
      remove: () => {
        last = counted();
        control.ask("DELETE", `/faults${query("id", id)}`);
      },
    };
  };
  const hands = {
    catalogue: (fault: FaultName, target: CatalogueTarget = {}) => set({ fault, ...targetData(target) }),
    script: ({ with: fate, ...rest }: RequestFault) => set({ ...targetData(rest), ...fateData(fate) }),
    failOperation: ({ status, ...rest }: OperationFault) => set({ operation: status, ...targetData(rest) }),
    seeded: (faults: SeededFaults) => set(seededData(faults)),
  };
  return only(hands, "arm.faults");
}

/** `arm.actors` of a simulator in another process: deeds are data there. */
export function remoteActors(control: Control): object {
  const script = ({ when, do: deed }: ScriptedActor): SetActor => {
    if (typeof deed === "function") skip("an actor whose deed is a function");
    const { id } = control.ask("POST", "/actors", { when: targetData(when), do: deed });
    const own = () => control.ask("GET", "/actors").actors.find((one: { id: string }) => one.id === id);
    return {
      acted: () => own().acted,
      failures: () => own().failures.map((text: string) => new Error(text)),
      remove: () => void control.ask("DELETE", `/actors${query("id", id)}`),
    };
  };
  return only({ script }, "arm.actors");
}

/** Drawn faults as a scenario has them. */
export function seededData({ path, ...rest }: SeededFaults): object {
  return { ...rest, ...(path !== undefined && { pattern: path.source }) };
}

/** A target as a scenario has it: patterns are texts. */
function targetData<T extends Partial<FaultTarget>>({ path, ...rest }: T): object {
  return { ...rest, ...(path !== undefined && (typeof path === "string" ? { path } : { pattern: path.source })) };
}

function fateData(fate: RequestFault["with"]): object {
  if (typeof fate === "string") return { cut: fate };
  return "spoiling" in fate ? skip("a spoiled connection that is not of the catalogue") : { answer: fate as Answer };
}
