/** What a size of machine can do. */
export interface MachineSize {
  readonly name: string;
  readonly tier: "Standard" | "Basic";
  /** The name without its tier: `D2s_v3`. */
  readonly size: string;
  readonly family: string;
  readonly vcpus: number;
  readonly memoryGB: number;
  readonly maxDataDisks: number;
  /** Whether premium disks can be attached. */
  readonly premiumIO: boolean;
}

/** Sizes that the list of SKUs shows. Machines can have any other whose name is well-formed. */
export const LISTED_SIZES: readonly string[] = [
  ...["1ms", "2s", "2ms", "4ms", "8ms"].map((size) => `Standard_B${size}`),
  ...[2, 4, 8, 16, 32, 48, 64].flatMap((cpus) => [`Standard_D${cpus}s_v3`, `Standard_D${cpus}s_v5`]),
  ...[2, 4, 8, 16, 32].flatMap((cpus) => [`Standard_D${cpus}_v3`, `Standard_E${cpus}s_v5`, `Standard_F${cpus}s_v2`]),
  ...[1, 2, 3, 4, 5].map((step) => `Standard_DS${step}_v2`),
  "Standard_A2_v2",
  "Standard_L8s_v3",
  "Standard_M64ms",
  "Standard_NC6s_v3",
];

const NAME =
  /^(?<tier>Standard|Basic)_(?<letters>[A-Z]+)(?<digits>\d+)(?:-\d+)?(?<additions>[a-z]*)(?:_(?<version>\w+))?$/;

/** GiB of memory for each processor, by the first letter of the family; 4 for others. */
const MEMORY: Readonly<Record<string, number>> = { A: 2, E: 8, F: 2, L: 8, M: 16 };

/** Processors of the second generation of D, whose numbers only count up. */
const STEPS: readonly number[] = [1, 2, 4, 8, 16];

/** A size's name, taken apart. */
interface NameParts {
  readonly tier: string;
  /** The family: `DS`. */
  readonly letters: string;
  readonly number: number;
  /** Lower-case letters after the number: `ds`. */
  readonly additions: string;
  readonly version: string;
}

/** Whether the numbers of a family only count up: D and DS of the first two generations. */
function countsSteps(letters: string, version: string): boolean {
  return /^DS?$/.test(letters) && (version === "v2" || version === "");
}

function processors(letters: string, number: number, version: string): number {
  return countsSteps(letters, version) ? (STEPS[number - 1] ?? number) : number;
}

/** The size with this name, read from the name's grammar; `undefined` for anything that is none. */
export function machineSize(name: string): MachineSize | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const part = (group: string): string => match.groups?.[group] ?? "";
  return sized(name, {
    tier: part("tier"),
    letters: part("letters"),
    number: Number(part("digits")),
    additions: part("additions"),
    version: part("version"),
  });
}

function sized(name: string, { tier, letters, number, additions, version }: NameParts): MachineSize {
  const vcpus = processors(letters, number, version);
  const most = countsSteps(letters, version) ? { each: 4, end: 64 } : { each: 2, end: 32 };
  return {
    name,
    tier: tier === "Basic" ? "Basic" : "Standard",
    size: name.slice(tier.length + 1),
    family: `${tier.toLowerCase()}${letters}${additions.toUpperCase()}${version}Family`,
    vcpus,
    memoryGB: vcpus * (MEMORY[letters.charAt(0)] ?? 4),
    maxDataDisks: Math.max(2, Math.min(most.end, vcpus * most.each)),
    premiumIO: additions.includes("s") || letters.endsWith("S"),
  };
}
