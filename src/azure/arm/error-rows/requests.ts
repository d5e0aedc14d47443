import type { ErrorRow } from "./error-row.ts";

/** Requests that Azure cannot read, or whose values are out of range. */
export const REQUESTS: readonly ErrorRow[] = [
  {
    arm: [
      "InvalidRequestFormat",
      "InvalidRequestContent",
      "InvalidJson",
      "MissingJsonReferenceId",
      "InvalidJsonReferenceFormat",
      "InvalidJsonReferenceWrongType",
      "UnsupportedMediaType",
      "MethodNotAllowed",
      "InvalidRequestUri",
      "InvalidDeploymentParameterValue",
    ],
    class: "content",
    code: "InvalidArgument",
    says: "Azure cannot read the request",
    advice: "Look for a value in the Service's annotations that Azure refuses; if there is none, report it as a bug.",
  },
  {
    arm: ["InvalidResourceName", "InvalidResourceId", "ReservedResourceName", "InvalidTemplateDeploymentName"],
    class: "content",
    code: "InvalidArgument",
    says: "Azure does not accept the name of a resource",
    advice: "Choose a name of letters, digits, hyphens, dots and underscores, of at most 80 characters.",
  },
  {
    arm: ["DuplicateResourceName", "DuplicateIdentifier"],
    class: "content",
    code: "AlreadyExists",
    says: "two children of the resource have the same name",
    advice: "Rename or remove the one that this controller has not made.",
  },
  {
    arm: ["InvalidTagNameCharacters", "InvalidTagName", "InvalidTagValue", "ReservedTagName"],
    class: "content",
    code: "InvalidArgument",
    says: "Azure does not accept a tag",
    advice: "Correct `tags` in azure.json or in the Service's annotation; a key may not hold <>%&\\?/ .",
  },
  {
    arm: ["InvalidParameter", "BadRequest"],
    when: /not in (the same|zone)|zone/i,
    class: "content",
    code: "InvalidArgument",
    says: "the availability zones do not match",
    advice: "Use resources of the same zone, or zone-redundant ones.",
  },
  {
    arm: ["InvalidParameter", "InvalidParameterValue", "InvalidValue", "InvalidInput", "MissingRequiredParameter"],
    class: "content",
    code: "InvalidArgument",
    says: "Azure does not accept a value",
    advice: "Correct the value that the message names.",
  },
  {
    arm: ["BadRequest", "HttpRequestFailed"],
    class: "content",
    code: "InvalidArgument",
    says: "Azure does not accept the request",
    advice: "Correct what the message names.",
  },
  {
    arm: ["PropertyChangeNotAllowed", "ResourceAvailabilityZonesCannotBeModified", "PropertyUpdateNotAllowed"],
    class: "content",
    code: "InvalidArgument",
    says: "this property cannot change on an existing resource",
    advice: "Delete and create the resource, or keep the property as it is.",
  },
];
