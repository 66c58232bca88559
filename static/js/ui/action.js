// @ts-check
/** Commands: the button waits for the API's answer, errors are told with their detail. */

import { Problem } from "../api.js";
import { toast } from "./toast.js";

/**
 * Carries a command out while its button shows that it is pending; a second press meanwhile is ignored.
 * @param {Element | null} button
 * @param {() => Promise<unknown>} command
 * @param {string} [done] said when it succeeded
 * @returns {Promise<boolean>} whether it succeeded
 */
export async function act(button, command, done) {
  if (button?.getAttribute("aria-busy") === "true") return false;
  button?.setAttribute("aria-busy", "true");
  try {
    await command();
    if (done) toast(done);
    return true;
  } catch (error) {
    toast(explain(error), "bad");
    return false;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/**
 * What to tell the host about an error.
 * @param {unknown} error
 */
export function explain(error) {
  if (error instanceof Problem) return error.detail;
  console.error(error);
  return error instanceof Error ? error.message : String(error);
}
