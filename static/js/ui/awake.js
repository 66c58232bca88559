// @ts-check
/** Keeps this device's screen on; browsers grant that to secure addresses only, and take it back from a hidden page. */

/**
 * @param {() => boolean} wanted asked whenever it may have changed
 * @param {(granted: boolean) => void} [told] hears whether the browser grants it, each time it was asked
 * @returns {() => void} to be called when `wanted` may have changed
 */
export function keepAwake(wanted, told = () => {}) {
  /** @type {WakeLockSentinel | null} */
  let held = null;
  let asking = false;
  const settle = async () => {
    if (asking) return;
    if (!wanted()) {
      const before = held;
      held = null;
      await before?.release();
      return;
    }
    if ((held && !held.released) || document.visibilityState !== "visible") return;
    asking = true;
    try {
      held = await navigator.wakeLock.request("screen");
      told(true);
    } catch {
      told(false);
    }
    asking = false;
    if (held && !wanted()) void settle(); // no longer, while it was being asked for
  };
  document.addEventListener("visibilitychange", settle);
  void settle();
  return () => void settle();
}
