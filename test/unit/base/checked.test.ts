import { describe, expect, it } from "vitest";
import { assertNever, checked, describeProblem } from "../../../src/base/checked.ts";

describe("a check", () => {
  it("has the value only without problems", () => {
    const problem = { field: "spec.port", got: "0", want: "1 to 65535" };
    expect(checked(4, [])).toEqual({ ok: true, value: 4 });
    expect(checked(4, [problem, problem])).toEqual({ ok: false, problems: [problem, problem] });
  });
});

describe("a problem", () => {
  const cases: readonly { name: string; got: string | undefined; want: string }[] = [
    { name: "quotes what was written", got: "0", want: 'port: got "0", want 1 to 65535' },
    { name: "shows blanks and quotes", got: ' "', want: 'port: got " \\"", want 1 to 65535' },
    { name: "shows that nothing was written", got: "", want: 'port: got "", want 1 to 65535' },
    { name: "says what is missing", got: undefined, want: "port is missing, want 1 to 65535" },
  ];
  for (const { name, got, want } of cases) {
    it(name, () => {
      expect(describeProblem({ field: "port", got, want: "1 to 65535" })).toBe(want);
    });
  }
});

it("a value that cannot be is quoted", () => {
  expect(() => assertNever({ verb: "patch" } as never)).toThrow('unexpected value {"verb":"patch"}');
});
