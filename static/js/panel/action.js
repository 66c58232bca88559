// @ts-check
// Lives in ui/ now; this stays until every page imports it from there.
export * from "../ui/action.js";
