import type { Action } from "./action.ts";
import { ArmError } from "./arm-error.ts";
import { type ArmId, armId, typeName } from "./arm-id.ts";
import { type Call, methodNotAllowed, readBody } from "./call.ts";
import type { Engine } from "./engine.ts";
import { type FoundType, findType } from "./registry.ts";
import { missingResource, type OperationAnswer, toldAnswer, writeOf } from "./resource-routes.ts";
import type { CollectionRoute } from "./route.ts";
import { checkVersion, unknownType } from "./type-errors.ts";

/** POSTs of a word after a resource. */
export class ActionRoutes {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Answers a POST whose resource group exists. @throws ArmError */
  serve(call: Call, route: CollectionRoute): OperationAnswer {
    if (route.names.length === 0) throw methodNotAllowed(call);
    const id = holderOf(route);
    const holder = findType(id);
    if (holder === undefined) throw unknownType(id, call);
    checkVersion(holder.type, call.caller.apiVersion);
    const record = this.#engine.store.get(id.key);
    if (record === undefined) throw missingResource(id, this.#engine);
    const [name, action] = actionOf(holder, route);
    const body = call.request.body === "" ? {} : readBody(call);
    const write = { ...writeOf(call, id, holder, body), action: name };
    return toldAnswer(call, this.#engine.act(write, record, action), true);
  }
}

function holderOf({ subscription, resourceGroup = "", namespace, types, names }: CollectionRoute): ArmId {
  return armId({ subscription, resourceGroup, namespace, types: types.slice(0, -1), names });
}

function actionOf({ type, depth }: FoundType, { namespace, types }: CollectionRoute): readonly [string, Action] {
  const word = types.at(-1) ?? "";
  const found = Object.entries(type.actions ?? {}).find(([name]) => name.toLowerCase() === word.toLowerCase());
  if (found !== undefined && depth === types.length - 1) return found;
  const action = `${typeName({ namespace, types: types.slice(0, -1) })}/${word}/action`;
  throw new ArmError(501, "NotImplemented", `The simulator does not serve the action '${action}' yet.`);
}
