const LABEL_1123 = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN_1123 = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** What is wrong with `name` as a DNS-1123 label; undefined when nothing is. */
export function label1123Problem(name: string): string | undefined {
  if (name.length > 63) return "must be no more than 63 characters";
  if (LABEL_1123.test(name)) return undefined;
  return (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with" +
    " an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is" +
    " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
  );
}

/** What is wrong with `name` as a DNS-1123 subdomain; undefined when nothing is. */
export function subdomain1123Problem(name: string): string | undefined {
  if (name.length > 253) return "must be no more than 253 characters";
  if (SUBDOMAIN_1123.test(name)) return undefined;
  return (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and" +
    " end with an alphanumeric character (e.g. 'example.com', regex used for validation is" +
    " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
  );
}

/** What is wrong with `name` as a DNS-1035 label, which Services must have; undefined when nothing is. */
export function label1035Problem(name: string): string | undefined {
  if (name.length > 63) return "must be no more than 63 characters";
  if (LABEL_1035.test(name)) return undefined;
  return (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character," +
    " and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is" +
    " '[a-z]([-a-z0-9]*[a-z0-9])?')"
  );
}

/** What is wrong with `key` as the key of a label, annotation or finalizer; undefined when nothing is. */
export function qualifiedNameProblem(key: string): string | undefined {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2)
    return `a qualified name ${QUALIFIED_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  const prefixProblem = parts.length === 2 ? subdomain1123Problem(parts[0] ?? "") : undefined;
  if (prefixProblem !== undefined) return `prefix part ${prefixProblem}`;
  if (name === "") return "name part must be non-empty";
  if (name.length > 63) return "name part must be no more than 63 characters";
  return QUALIFIED.test(name) ? undefined : `name part ${QUALIFIED_RULE}`;
}

/** What is wrong with `value` as the value of a label; undefined when nothing is. */
export function labelValueProblem(value: string): string | undefined {
  if (value.length > 63) return "must be no more than 63 characters";
  if (value === "" || QUALIFIED.test(value)) return undefined;
  return (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and" +
    " end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is" +
    " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
  );
}

const QUALIFIED_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character" +
  " (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is" +
  " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
