/**
 * `work`, which remembers its last answer for as long as it is asked about the very same objects. For pure functions of
 * objects that are never changed in place.
 */
export function remembering<About extends readonly unknown[], Answer>(
  work: (...about: About) => Answer,
): (...about: About) => Answer {
  let last: { readonly about: About; readonly answer: Answer } | undefined;
  return (...about) => {
    if (last === undefined || !areSame(last.about, about)) last = { about, answer: work(...about) };
    return last.answer;
  };
}

function areSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((each, index) => each === now[index]);
}
