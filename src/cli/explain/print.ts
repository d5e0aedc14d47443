import { nameOf } from "../../azure/arm/index.ts";
import type { RecordedCall } from "../../azure/index.ts";
import { table } from "../table.ts";
import type { Difference, Explanation } from "./explanation.ts";
import { picture } from "./picture.ts";
import { wrap } from "./wrap.ts";

/** Longest line. */
const WIDTH = 100;

/** Calls and events that are printed; `--json` has all. */
const CALLS_SHOWN = 10;
const EVENTS_SHOWN = 5;

/** Fields of one resource that are printed. */
const FIELDS_SHOWN = 8;

/** An explanation for people: verdict, picture, and then what it rests on. Lines of at most 100 characters, as a rule. */
export function printed(explanation: Explanation): string {
  const { service, verdict, wanted } = explanation;
  if (!wanted && verdict === "as asked") return `Service ${service}: ${ASKS_FOR_NONE}`;
  return [
    `Service ${service}: ${VERDICTS[verdict]}`,
    picture(explanation).join("\n"),
    ...section("In the way", blockers(explanation)),
    ...section("Not as asked", differences(explanation)),
    ...section("Asked", asked(explanation)),
    ...section("Last calls to Azure", calls(explanation)),
    ...section("Events", events(explanation)),
    ...section("Controller", [controller(explanation)]),
  ].join("\n\n");
}

const ASKS_FOR_NONE =
  "it asks for no load balancer of this controller. It is not of type LoadBalancer, or names another one's class.";

const VERDICTS: Readonly<Record<Explanation["verdict"], string>> = {
  "as asked": "all is as asked",
  differs: "not as asked yet",
  blocked: "something is in the way",
};

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}\n${lines.join("\n")}`];
}

function bullet(text: string): string {
  return wrap(text, WIDTH, { first: "  - ", indent: "    " });
}

function blockers({ blockers: found }: Explanation): readonly string[] {
  return found.flatMap(({ text, advice }) => [
    bullet(text),
    wrap(`→ ${advice}`, WIDTH, { indent: "      ", first: "    " }),
  ]);
}

function differences({ differences: found }: Explanation): readonly string[] {
  return found.flatMap((difference) => [bullet(sentenceOf(difference)), ...fieldsOf(difference)]);
}

function sentenceOf({ where, verb, text }: Difference): string {
  return verb === "show" ? text : `${verb} ${where}: ${text}`;
}

function fieldsOf({ fields }: Difference): readonly string[] {
  const more = fields.length - FIELDS_SHOWN;
  const shown = fields.slice(0, FIELDS_SHOWN).map(fieldText);
  const lines = more > 0 ? [...shown, `and ${more} more`] : shown;
  return lines.map((line) => wrap(line, WIDTH, { first: "      ", indent: "        " }));
}

/** A child that comes or goes is named, not spelled out. */
function fieldText({ path, old, new: next }: Difference["fields"][number]): string {
  if (old === null && typeof next === "object") return `+ ${path}`;
  if (next === null && typeof old === "object") return `- ${path}`;
  return `${path}: ${shortValue(old)} → ${shortValue(next)}`;
}

/** A value on one line; what is long is cut, `--json` has it whole. */
function shortValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

function asked({ asked: { settings, remarks } }: Explanation): readonly string[] {
  const rows = settings.map(({ name, value, from }) => [
    name,
    cut(value, 38),
    cut(from.replace(ANNOTATION_PREFIX, ""), 36),
  ]);
  return [table([["SETTING", "VALUE", "FROM"], ...rows], 2), ...remarks.map(bullet)];
}

/** What all annotations start with; it says nothing here. */
const ANNOTATION_PREFIX = "service.beta.kubernetes.io/";

function calls({ calls: made }: Explanation): readonly string[] {
  if (made.length === 0) return [];
  const rows = made
    .slice(-CALLS_SHOWN)
    .map((call) => [
      call.at.slice(11, 19),
      call.method,
      resourceOf(call),
      `${call.status === 0 ? "none" : call.status}${call.failure === undefined ? "" : " ✗"}`,
      String(call.requests),
      call.requestId ?? "-",
    ]);
  const failures = made.flatMap(({ failure, at }) =>
    failure === undefined ? [] : [bullet(`${at.slice(11, 19)} ended in ${failure}`)],
  );
  return [table([["TIME", "METHOD", "RESOURCE", "STATUS", "SENT", "REQUEST ID"], ...rows], 2), ...failures];
}

function resourceOf({ path }: RecordedCall): string {
  const type = /\/providers\/[^/]+\/([^/]+)/i.exec(path)?.[1] ?? "";
  const name = nameOf(path);
  const isList = name.toLowerCase() === type.toLowerCase();
  return cut(isList ? `all ${type}` : `${SHORT[type] ?? type} ${name}`, LONGEST_RESOURCE);
}

/** What is left for it between the other columns. */
const LONGEST_RESOURCE = 28;

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Types that stand behind Services, in one word or two. */
const SHORT: Readonly<Record<string, string>> = {
  loadBalancers: "balancer",
  publicIPAddresses: "public IP",
  networkSecurityGroups: "group",
};

function events({ events: told }: Explanation): readonly string[] {
  return told.slice(-EVENTS_SHOWN).map(({ at, reason, message, count }) => {
    const times = count === 1 ? "" : ` (${count} times)`;
    return bullet(`${at.slice(11, 19)} ${reason}${times}: ${message}`);
  });
}

function controller({ controller: known }: Explanation): string {
  if (known.silent !== undefined)
    return bullet(`${known.silent}. What is above comes from the cluster and from Azure.`);
  const { succeededAt, failure } = known;
  const last =
    succeededAt === undefined ? "no pass has succeeded since it started" : `the last pass succeeded at ${succeededAt}`;
  return bullet(failure === undefined ? last : `${last}; failing since ${failure.firstAt}`);
}
