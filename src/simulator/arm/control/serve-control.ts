import type { ControlSurface } from "../control-surface.ts";
import { answerReach } from "../reach/reach-request.ts";
import { answerActors, setActor } from "./actor-requests.ts";
import { checkBehaviour } from "./behaviour-spec.ts";
import { answerBody, answerRemoval, told } from "./control-request.ts";
import { answerFaults, setFaults } from "./fault-requests.ts";
import { answerIdentity, changeIdentity, endTokens, issueToken } from "./identity-requests.ts";
import { answerCounts, answerJournal } from "./journal-requests.ts";
import { answerLimits, drainBudget, setLimits } from "./limit-requests.ts";
import { answerOracles, armOracles, ask, conclude, disarmOracles, publish, release } from "./oracle-requests.ts";
import { answerAddress, answerResources, putResource, removeResource } from "./resource-requests.ts";
import { serveClock } from "./serve-clock.ts";
import { answerState, takeState } from "./state-requests.ts";
import { answerFacts, answerPageSizes, type ControlHost, resetWorld, setPageSizes } from "./world-requests.ts";

/** Everything that can be asked below `/simulator`. Always of the world that is behind the sockets now. */
export function serveControl(control: ControlSurface, host: ControlHost): void {
  serveWorld(control, host);
  serveWhatGoesWrong(control, host);
  serveIdentity(control, host);
  serveOracles(control, host);
}

function serveWorld(control: ControlSurface, host: ControlHost): void {
  control.on("GET", "/simulator", () => answerFacts(host));
  control.on("POST", "/simulator/reset", (request) => resetWorld(request, host));
  control.on("POST", "/simulator/reach", (request) => answerReach(request, host.world.reach));
  control.on("GET", "/simulator/state", () => answerState(host.world.state));
  control.on("PUT", "/simulator/state", (request) => takeState(request, host.world.state));
  control.on("GET", "/simulator/resources", (request) => answerResources(request, host.world.direct));
  control.on("PUT", "/simulator/resources", (request) => putResource(request, host.world.direct));
  control.on("DELETE", "/simulator/resources", (request) => removeResource(request, host.world.direct));
  control.on("GET", "/simulator/addresses", (request) => answerAddress(request, host.world.direct));
  control.on("GET", "/simulator/journal", () => answerJournal(host.journal));
  control.on("GET", "/simulator/journal/counts", () => answerCounts(host.journal));
  serveClock(control, () => ({
    clock: host.world.clock,
    barrier: host.world.barrier,
    urls: [host.sockets.httpUrl, host.sockets.httpsUrl],
  }));
}

function serveWhatGoesWrong(control: ControlSurface, host: ControlHost): void {
  control.on("GET", "/simulator/faults", () => answerFaults(host.world.faultBook));
  control.on("POST", "/simulator/faults", (request) => setFaults(request, host.world.faultBook));
  control.on("DELETE", "/simulator/faults", (request) =>
    answerRemoval(request, (id) => host.world.faultBook.remove(id)),
  );
  control.on("GET", "/simulator/actors", () => answerActors(host.world.actorBook));
  control.on("POST", "/simulator/actors", (request) => setActor(request, host.world.actorBook));
  control.on("DELETE", "/simulator/actors", (request) =>
    answerRemoval(request, (id) => host.world.actorBook.remove(id)),
  );
  control.on("GET", "/simulator/limits", () => answerLimits(host.world.limits));
  control.on("POST", "/simulator/limits", (request) => setLimits(request, host.world.limits));
  control.on("POST", "/simulator/limits/drain", (request) => drainBudget(request, host.world.limits));
  control.on("GET", "/simulator/behaviour", () => told(host.world.behave({})));
  control.on("POST", "/simulator/behaviour", (request) =>
    answerBody(request, {
      check: checkBehaviour,
      code: "InvalidBehaviour",
      answer: (change) => told(host.world.behave(change)),
    }),
  );
  control.on("GET", "/simulator/page-sizes", () => answerPageSizes(host.world));
  control.on("POST", "/simulator/page-sizes", (request) => setPageSizes(request, host.world));
}

function serveIdentity(control: ControlSurface, host: ControlHost): void {
  control.on("GET", "/simulator/identity", () => answerIdentity(host.world.identity));
  control.on("POST", "/simulator/identity", (request) => changeIdentity(request, host.world.identity));
  control.on("POST", "/simulator/identity/tokens", (request) => issueToken(request, host.world.identity));
  control.on("POST", "/simulator/identity/tokens/end", (request) => endTokens(request, host.world.identity));
}

function serveOracles(control: ControlSurface, host: ControlHost): void {
  control.on("GET", "/simulator/oracles", () => answerOracles(host.world.oracles));
  control.on("POST", "/simulator/oracles", (request) => armOracles(request, host.world.oracles));
  control.on("DELETE", "/simulator/oracles", () => disarmOracles(host.world.oracles));
  control.on("POST", "/simulator/oracles/asks", (request) => ask(request, host.world.oracles));
  control.on("DELETE", "/simulator/oracles/asks", (request) => release(request, host.world.oracles));
  control.on("POST", "/simulator/oracles/published", (request) => publish(request, host.world.oracles));
  control.on("POST", "/simulator/oracles/conclude", () => conclude(host.world.oracles));
}
