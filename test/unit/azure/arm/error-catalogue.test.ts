import { describe, expect, it } from "vitest";
import { ERROR_TABLE, STATUS_TABLE } from "../../../../src/azure/arm/error-table.ts";
import { diagnose } from "../../../../src/azure/arm/errors.ts";
import { readErrorBody } from "../../../../src/azure/arm/failure.ts";
import { FAULT_CATALOGUE, FAULT_NAMES, type FaultName } from "../../../../src/simulator/index.ts";
import { ARM_CODES } from "../../../fixtures/arm-codes.ts";

const ROWS = [...ERROR_TABLE, ...STATUS_TABLE.map(({ row }) => row)];

describe("the table of errors", () => {
  for (const [where, codes] of Object.entries(ARM_CODES)) {
    it(`has every code of ${where}`, () => {
      const known = new Set(ERROR_TABLE.flatMap(({ arm }) => arm));
      expect(codes.filter((code) => !known.has(code))).toEqual([]);
    });
  }

  it("knows 150 codes and more", () => {
    expect(new Set(ERROR_TABLE.flatMap(({ arm }) => arm)).size).toBeGreaterThanOrEqual(150);
  });

  it("has a plain sentence and advice in every row", () => {
    for (const { says, advice } of ROWS) {
      expect(says).toMatch(/^[A-Za-z][^\n<>{}]{8,}[^.!?\s]$/);
      expect(advice).toMatch(/^[A-Z][^\n]{3,}[.!]$/);
    }
  });

  it("names no code twice, unless words tell its meanings apart", () => {
    const plain = ERROR_TABLE.filter(({ when }) => when === undefined).flatMap(({ arm }) => arm);
    expect(plain.filter((code, index) => plain.indexOf(code) !== index)).toEqual([]);
  });
});

/** Rows whose refusals have no code of ARM: a page of the edge, and the services that give tokens. */
const WITHOUT_CODE: readonly FaultName[] = ["F40", "F41", "F42", "F43", "F47", "F65"];

/** Every body by which the simulator's catalogue refuses. */
function bodiesOf(name: FaultName): readonly { readonly status: number; readonly body: unknown }[] {
  const { effect } = FAULT_CATALOGUE[name];
  if (effect.kind === "refuse") return [effect.refusal, ...(effect.compute === undefined ? [] : [effect.compute])];
  if (effect.kind !== "operation" || effect.end.status === "Never") return [];
  return [{ status: 200, body: effect.end.error }];
}

describe("each refusal of the fault catalogue", () => {
  for (const name of FAULT_NAMES.filter((each) => !WITHOUT_CODE.includes(each))) {
    for (const { status, body } of bodiesOf(name)) {
      it(`${name}: ${FAULT_CATALOGUE[name].title}, has its row`, () => {
        expect(ERROR_TABLE).toContain(diagnose(status, readErrorBody(body, "")).row);
      });
    }
  }
});
